#include "importers/sniff.h"

#include <array>
#include <string>
#include <string_view>

#include "importers/csv_reader.h"
#include "importers/file.h"
#include "importers/xlsx_reader.h"
#include "importers/zip_package.h"
#include "registry/domain/text.h"

namespace chucai::importers {
namespace {

using namespace std::string_view_literals;

tl::unexpected<Error> refuse(std::string_view reason) {
  return fail(ErrorCode::InvalidArgument, std::string(reason));
}

struct Magic {
  std::string_view bytes;
  std::string_view reason;
};

constexpr std::array kRefused = {
    Magic{"%PDF"sv, "import.file.pdf"},
    Magic{"\x89PNG"sv, "import.file.image"},
    Magic{"\xFF\xD8\xFF"sv, "import.file.image"},
    Magic{"GIF8"sv, "import.file.image"},
    Magic{"BM"sv, "import.file.image"},
    Magic{"II*\0"sv, "import.file.image"},
    Magic{"MM\0*"sv, "import.file.image"},
    Magic{"Rar!"sv, "import.file.archive"},
    Magic{"7z\xBC\xAF\x27\x1C"sv, "import.file.archive"},
    Magic{"\x1F\x8B"sv, "import.file.archive"},
};

/// The name in UTF-16LE, as an OLE2 directory holds it.
std::string wide(std::string_view name) {
  std::string out;
  for (const char c : name) {
    out += c;
    out += '\0';
  }
  return out;
}

/// An OLE2 container is an old workbook, or the wrapper of an encrypted new one.
Result<FileKind> refuse_ole2(InputFile& file, std::string_view head) {
  const std::string mark = wide("EncryptedPackage");
  std::string window(head);
  for (;;) {
    if (window.find(mark) != std::string::npos) return refuse("import.file.encrypted");
    const auto block = file.next();
    if (!block) return tl::make_unexpected(block.error());
    if (block->empty()) return refuse("import.file.xls");
    window.erase(0, window.size() - std::min(window.size(), mark.size()));
    window += *block;
  }
}

Result<FileKind> sniff_zip(const std::filesystem::path& path) {
  auto package = ZipPackage::open(path, Limits{});
  if (!package) return tl::make_unexpected(package.error());
  if (package->encrypted()) return refuse("import.file.encrypted");
  if (package->has("xl/workbook.bin")) return refuse("import.file.xlsb");
  if (package->has("mimetype") && package->has("content.xml")) return refuse("import.file.ods");
  if (package->has("[Content_Types].xml") || package->has("xl/workbook.xml")) return FileKind::Xlsx;
  return refuse("import.file.archive");
}

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

/// HTML tables and XML 2003 workbooks come as .xls from web systems.
std::optional<std::string_view> marked_up(std::string_view head) {
  const std::string start = fold(head.substr(0, std::min<std::size_t>(head.size(), 1024)));
  if (!start.starts_with("<")) return std::nullopt;
  if (contains(start, "urn:schemas-microsoft-com:office:spreadsheet")) return "import.file.xml2003";
  if (contains(start, "<html") || contains(start, "<table") || contains(start, "<meta")) {
    return "import.file.html";
  }
  return std::nullopt;
}

/// The ASCII of `text`, so that folding never meets broken UTF-8.
std::string ascii_of(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c > 0) out += c;
  }
  return out;
}

}  // namespace

Result<FileKind> sniff(const std::filesystem::path& path) {
  auto file = InputFile::open(path);
  if (!file) return tl::make_unexpected(file.error());
  const auto head = file->next();
  if (!head) return tl::make_unexpected(head.error());
  if (head->empty()) return refuse("import.file.empty");
  if (head->starts_with("PK\x03\x04") || head->starts_with("PK\x05\x06")) return sniff_zip(path);
  if (head->starts_with("\xD0\xCF\x11\xE0")) return refuse_ole2(*file, *head);
  for (const Magic& magic : kRefused) {
    if (head->starts_with(magic.bytes)) return refuse(magic.reason);
  }
  if (const auto reason = marked_up(ascii_of(*head))) return refuse(*reason);
  return FileKind::Text;
}

Result<std::unique_ptr<TableReader>> open_table(const std::filesystem::path& path,
                                                const Limits& limits) {
  const auto kind = sniff(path);
  if (!kind) return tl::make_unexpected(kind.error());
  return *kind == FileKind::Xlsx ? open_xlsx(path, limits) : open_csv(path, limits);
}

}  // namespace chucai::importers
