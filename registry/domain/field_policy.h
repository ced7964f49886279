// Who may see what of a record: one table of role x place x sensitivity. Views, lists, exports and
// the names of candidates all ask it, so that nothing is shown in one place and hidden in another.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "registry/domain/record.h"

namespace chucai {

/// How much of a field somebody sees.
enum class Show { Absent, Masked, Full };

/// Where a record lies, seen from the region of whoever looks.
enum class Place { Within, Elsewhere };

/// Somebody who looks at a record.
struct Viewer {
  std::string role;
  Place place = Place::Within;
  /// A purpose was given and is audited person by person: contacts and numbers are shown in full.
  bool revealed = false;

  /// What the table says of a field. Unknown roles see nothing.
  Show sees(const Field& field) const;
  /// Columns that an office added say anything about anybody: shown to those who see personal
  /// fields in full.
  bool sees_extra() const;
};

/// The text of a field as the viewer may see it; nullopt: not at all.
std::optional<std::string> shown_text(const Viewer& viewer, const Field& field,
                                      const std::string& text);

/// The mask of a field's text, behind which at least 500 others may stand: the first character of a
/// name, three of a number, the decade of a birth; nothing of a mail address or anything else.
std::string masked_text(const Field& field, std::string_view text);

/// True for a column that the register must not keep, by its header: what ails a person, and
/// numbers of children. Entitlements are kept, never diagnoses.
bool must_not_be_kept(std::string_view header);

/// What stands for the text of an office's column that the viewer may not see.
inline constexpr std::string_view kHiddenExtra = "***";
/// The text of a column that an office added; an identity number in it is masked, and a phone
/// number or mail address is hidden from those who see no contacts.
std::string shown_extra(const Viewer& viewer, const std::string& text);

}  // namespace chucai
