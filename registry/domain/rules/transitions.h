// Which status may follow which: one lifecycle per record type, for participations one per kind of
// programme. A step says who may make it and which fields must be filled by then. What is not
// listed is refused.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "registry/domain/code_book.h"
#include "registry/domain/record.h"
#include "registry/domain/result.h"

namespace chucai {

/// Who may make a step; the local operator may make every one.
enum class Actors : std::uint8_t {
  Keepers,    ///< those who keep records: administrators, registrars, interfaces
  Handlers,   ///< keepers, liaison officers and those who asked: they deal with experts
  Invited,    ///< handlers, and the expert to whom the offer was made
  Reviewers,  ///< administrators and reviewers
  Approvers,  ///< reviewers, and never the one who brought the record to where it waits
};

struct Transition {
  std::string_view from;
  std::string_view to;
  Actors who = Actors::Keepers;
  std::array<std::string_view, 3> needs{};  ///< fields that must be filled; empty: none
};

/// The step of a record type ("need") from one status to another, or null. `kind`: of the
/// participation's programme; empty for other types and for programmes of unknown kind.
const Transition* find_step(std::string_view record_type, std::string_view kind,
                            std::string_view from, std::string_view to);

/// True when the type's statuses follow a lifecycle.
bool has_lifecycle(std::string_view record_type);

/// True when the role may make steps of `who`. Default deny.
bool may_step(Actors who, std::string_view role);

/// The date field that says when a record reached a status ("selected" -> "selected_on"); empty
/// when none does.
std::string_view date_field(std::string_view record_type, std::string_view status);

/// The tables that make up a lifecycle, by number from 0; empty behind the last one.
std::span<const Transition> steps_of(std::string_view record_type, std::string_view kind,
                                     std::size_t part);

/// Whether an exit for this reason may skip the notice (拟退出): death, retirement, end of term and
/// the like carry the flag `without_notice` in the code table.
bool needs_notice(const CodeBook& codes, std::string_view exit_reason);

}  // namespace chucai
