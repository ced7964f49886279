#include "registry/domain/field_policy.h"

#include <algorithm>
#include <array>

#include "registry/domain/identity.h"
#include "registry/domain/text.h"

namespace chucai {
namespace {

struct RoleRule {
  std::string_view role;
  Place place;
  std::array<Show, 4> by_sensitivity;  // public, personal, contact, secret
};

// Outside the region only candidates of a match are seen at all: the first character of the name.
// Nobody sees a number in full here: that takes a reveal.
constexpr RoleRule kRoleRules[] = {
    {"province_admin", Place::Within, {Show::Full, Show::Full, Show::Full, Show::Masked}},
    {"local_operator", Place::Within, {Show::Full, Show::Full, Show::Masked, Show::Masked}},
    {"office_admin", Place::Within, {Show::Full, Show::Full, Show::Full, Show::Masked}},
    {"office_admin", Place::Elsewhere, {Show::Full, Show::Masked, Show::Absent, Show::Absent}},
    {"registrar", Place::Within, {Show::Full, Show::Full, Show::Full, Show::Masked}},
    {"registrar", Place::Elsewhere, {Show::Full, Show::Masked, Show::Absent, Show::Absent}},
    {"reviewer", Place::Within, {Show::Full, Show::Full, Show::Full, Show::Masked}},
    {"reviewer", Place::Elsewhere, {Show::Full, Show::Masked, Show::Absent, Show::Absent}},
    {"liaison_officer", Place::Within, {Show::Full, Show::Full, Show::Full, Show::Masked}},
    {"liaison_officer", Place::Elsewhere, {Show::Full, Show::Masked, Show::Absent, Show::Absent}},
    {"service_account", Place::Within, {Show::Full, Show::Full, Show::Full, Show::Masked}},
    {"service_account", Place::Elsewhere, {Show::Full, Show::Masked, Show::Absent, Show::Absent}},
    {"expert_self", Place::Within, {Show::Full, Show::Full, Show::Full, Show::Masked}},
    {"expert_self", Place::Elsewhere, {Show::Full, Show::Absent, Show::Absent, Show::Absent}},
    {"analyst", Place::Within, {Show::Full, Show::Full, Show::Masked, Show::Masked}},
    {"analyst", Place::Elsewhere, {Show::Full, Show::Masked, Show::Absent, Show::Absent}},
    {"requester", Place::Within, {Show::Full, Show::Masked, Show::Masked, Show::Absent}},
    {"requester", Place::Elsewhere, {Show::Full, Show::Masked, Show::Absent, Show::Absent}},
    {"auditor", Place::Within, {Show::Full, Show::Masked, Show::Absent, Show::Absent}},
    {"auditor", Place::Elsewhere, {Show::Full, Show::Absent, Show::Absent, Show::Absent}},
};

struct FieldRule {
  std::string_view role;
  Place place;
  std::string_view field;
  Show show;
};

// Exceptions to the rule of a role.
constexpr FieldRule kFieldRules[] = {
    // Who asks for experts deals with people by name, and leaves a contact of its own in its needs.
    {"requester", Place::Within, "name", Show::Full},
    {"requester", Place::Within, "contact", Show::Full},
};

bool is_name(const Field& field) {
  return field.name == "name" || field.name == "contact";
}

}  // namespace

Show Viewer::sees(const Field& field) const {
  if (revealed && field.sensitivity >= Sensitivity::Contact) return Show::Full;
  for (const FieldRule& rule : kFieldRules) {
    if (rule.role == role && rule.place == place && rule.field == field.name) return rule.show;
  }
  for (const RoleRule& rule : kRoleRules) {
    if (rule.role != role || rule.place != place) continue;
    return rule.by_sensitivity[static_cast<std::size_t>(field.sensitivity)];
  }
  return Show::Absent;
}

bool Viewer::sees_extra() const {
  Field personal{};
  personal.sensitivity = Sensitivity::Personal;
  return sees(personal) == Show::Full;
}

std::optional<std::string> shown_text(const Viewer& viewer, const Field& field,
                                      const std::string& text) {
  switch (viewer.sees(field)) {
    case Show::Full:
      return text;
    case Show::Masked:
      return masked_text(field, text);
    case Show::Absent:
      break;
  }
  return std::nullopt;
}

std::string masked_text(const Field& field, std::string_view text) {
  if (text.empty()) return {};
  if (field.type == FieldType::Sealed) return mask_identity(text);
  if (field.type == FieldType::Date) return std::string(text.substr(0, 3)) + "*";
  if (field.name == "phone") return mask_phone(text);
  if (field.name == "email") return "***@***";
  return is_name(field) ? mask_name(text) : "***";
}

bool must_not_be_kept(std::string_view header) {
  const auto names = [&](std::initializer_list<std::string_view> words) {
    return std::any_of(words.begin(), words.end(), [&](std::string_view word) {
      return header.find(word) != std::string_view::npos;
    });
  };
  if (names({"诊断", "病史", "病情", "病历", "疾病", "用药", "体检结果"})) return true;
  return names({"子女", "孩子", "儿子", "女儿"}) && names({"证", "号", "电话", "手机"});
}

std::string shown_extra(const Viewer& viewer, const std::string& text) {
  if (viewer.revealed) return text;
  if (check_resident_id(text)) return mask_identity(text);
  Field contact{};
  contact.sensitivity = Sensitivity::Contact;
  if (viewer.sees(contact) == Show::Full) return text;
  std::string joined = text;  // 027-8765 4321
  std::erase_if(joined, [](char c) { return c == '-' || c == ' ' || c == '(' || c == ')'; });
  const bool reaches_somebody = holds_a_number(joined) || text.find('@') != std::string::npos;
  return reaches_somebody ? std::string(kHiddenExtra) : text;
}

}  // namespace chucai
