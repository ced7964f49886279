#include "registry/domain/rules/references.h"

#include "registry/domain/party.h"

namespace chucai {

std::vector<Reference> references_to(std::string_view target) {
  std::vector<Reference> found;
  for (const RecordType* type : record_types()) {
    for (const Field& field : type->fields) {
      if (field.type == FieldType::Ref && field.scheme == target) {
        found.push_back({type, &field, nullptr});
      }
      const Field* party_type = party_type_field(*type, field);
      if (party_type && party_naming(target) == PartyNaming::RecordId) {
        found.push_back({type, &field, party_type});
      }
    }
  }
  return found;
}

Value reference_value(const Reference& reference, std::int64_t id) {
  return reference.party_type ? Value{id_text(id)} : Value{id};
}

}  // namespace chucai
