#include "api/json/json_table.h"

#include <fstream>
#include <vector>

#include "api/json/writer.h"

namespace chucai {
namespace {

class JsonTable : public importers::TableWriter {
 public:
  explicit JsonTable(const std::string& path) : out_(path, std::ios::binary | std::ios::trunc) {
    out_ << '[';
  }

  Done row(std::span<const std::string> cells) override {
    if (header_.empty()) {
      header_.assign(cells.begin(), cells.end());
      return state();
    }
    JsonWriter json;
    json.begin_object();
    for (std::size_t i = 0; i < cells.size() && i < header_.size(); ++i) {
      if (!cells[i].empty()) json.field(header_[i], cells[i]);
    }
    json.end_object();
    out_ << (rows_++ == 0 ? "\n" : ",\n") << std::move(json).take();
    return state();
  }

  Done finish() override {
    out_ << "\n]\n";
    out_.close();
    return state();
  }

 private:
  Done state() const {
    if (!out_) return fail(ErrorCode::Unavailable, "export.write");
    return {};
  }

  std::ofstream out_;
  std::vector<std::string> header_;
  std::size_t rows_ = 0;
};

}  // namespace

Result<std::unique_ptr<importers::TableWriter>> create_json_table(const std::string& path) {
  auto table = std::make_unique<JsonTable>(path);
  if (!std::ofstream(path, std::ios::app)) return fail(ErrorCode::Unavailable, "export.write");
  return table;
}

}  // namespace chucai
