#include "importers/mapping.h"

#include <algorithm>
#include <array>

#include "registry/domain/text.h"

namespace chucai::importers {

std::string_view to_text(Meaning meaning) {
  static constexpr std::array<std::string_view, 4> kNames = {"unknown", "known", "learned", "told"};
  return kNames[static_cast<std::size_t>(meaning)];
}

void Mappings::add(Mapping mapping) {
  const auto known = std::find_if(all_.begin(), all_.end(),
                                  [&](const Mapping& one) { return one.header == mapping.header; });
  if (known == all_.end()) {
    all_.push_back(std::move(mapping));
  } else if (mapping.by == Meaning::Told) {
    *known = std::move(mapping);
  }
}

const Mapping* Mappings::of(std::string_view written) const {
  if (all_.empty()) return nullptr;
  const std::string key = header_key(written);
  const auto found =
      std::find_if(all_.begin(), all_.end(), [&](const Mapping& one) { return one.header == key; });
  return found == all_.end() ? nullptr : &*found;
}

const Column* mapping_target(const Kind& kind, std::string_view name) {
  const std::string folded = fold(name);
  if (folded == ignored_column().header) return &ignored_column();
  if (folded == kept_column().header) return &kept_column();
  if (const Column* column = kind.column(tidy(name))) return column;
  const auto by_field = std::find_if(kind.columns.begin(), kind.columns.end(),
                                     [&](const Column& c) { return c.field == folded; });
  if (by_field != kind.columns.end() && !folded.empty()) return &*by_field;
  const Column* column = find_column(kind, name);
  return column == nullptr || column->reading == Reading::Ignored ? nullptr : column;
}

Result<Mapping> parse_mapping(const Kind& kind, std::string_view text) {
  const std::size_t equals = text.rfind('=');
  const std::string header =
      equals == std::string_view::npos ? std::string() : header_key(text.substr(0, equals));
  if (header.empty()) return fail(ErrorCode::InvalidArgument, "import.map.form", "map");
  const std::string_view name = text.substr(equals + 1);
  const Column* column = mapping_target(kind, name);
  if (column == nullptr) {
    return fail(ErrorCode::InvalidArgument, "import.map.column", "map", {tidy(name)});
  }
  return Mapping{header, column, Meaning::Told};
}

}  // namespace chucai::importers
