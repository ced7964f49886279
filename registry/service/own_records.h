// What an expert sees and does with a token of one's own (role expert_self): the own record, the
// own engagements, an answer to an offer. No region bounds it and nothing else is reached by it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "registry/domain/engagement.h"
#include "registry/service/registry.h"

namespace chucai {

/// The expert's record, or the one that it was merged into. Errors: PermissionDenied
/// "token.permission" for other roles; NotFound "record.absent" when it is gone.
Result<Person> own_person(Registry& registry, const Principal& principal);

/// The expert's engagements, in order of id, at most 200. Errors: as own_person.
Result<std::vector<Engagement>> own_engagements(Registry& registry, const Principal& principal);

/// Accepts or declines ("accepted", "declined" with a reason) an offer made to the expert, by
/// opaque id or number. Errors: as own_person; NotFound "record.absent" for anybody else's; those
/// of make_step.
Result<Engagement> answer_offer(Registry& registry, const Principal& principal,
                                std::string_view id_or_number, std::string_view answer,
                                std::string_view decline_reason);

}  // namespace chucai
