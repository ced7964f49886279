#include "importers/sniff.h"

#include <array>
#include <string>
#include <string_view>

#include "importers/compound_file.h"
#include "importers/csv_reader.h"
#include "importers/file.h"
#include "importers/html_reader.h"
#include "importers/ods_reader.h"
#include "importers/xls_reader.h"
#include "importers/xlsx_reader.h"
#include "importers/xml2003_reader.h"
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
    Magic{"\x09\x00\x04\x00"sv, "import.file.xls"},  // Excel 2, 3 and 4
    Magic{"\x09\x02\x06\x00"sv, "import.file.xls"},
    Magic{"\x09\x04\x06\x00"sv, "import.file.xls"},
    Magic{"\x09\x08"sv, "import.file.xls"},  // BIFF5 without its container
    Magic{"MIME-Version:"sv, "import.file.mht"},
};

/// An OLE2 container is an old workbook, the wrapper of an encrypted new one, or another program's.
Result<FileKind> sniff_ole2(const std::filesystem::path& path) {
  const auto file = CompoundFile::open(path, Limits{});
  if (!file) return tl::make_unexpected(file.error());
  if (file->has("EncryptedPackage") || file->has("EncryptionInfo")) {
    return refuse("import.file.encrypted");
  }
  if (file->has("Workbook") || file->has("Book")) return FileKind::Xls;
  return refuse("import.file.document");
}

Result<FileKind> sniff_zip(const std::filesystem::path& path) {
  auto package = ZipPackage::open(path, Limits{});
  if (!package) return tl::make_unexpected(package.error());
  if (package->encrypted()) return refuse("import.file.encrypted");
  if (package->has("xl/workbook.bin")) return refuse("import.file.xlsb");
  if (package->has("word/document.xml") || package->has("ppt/presentation.xml")) {
    return refuse("import.file.document");
  }
  if (package->has("mimetype") && package->has("content.xml")) return FileKind::Ods;
  if (package->has("[Content_Types].xml") || package->has("xl/workbook.xml")) return FileKind::Xlsx;
  return refuse("import.file.archive");
}

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

/// HTML tables and XML 2003 workbooks come as .xls from web systems.
std::optional<FileKind> marked_up(std::string_view head) {
  const std::string start = fold(head);
  if (!start.starts_with("<")) return std::nullopt;
  if (contains(start, "urn:schemas-microsoft-com:office:spreadsheet")) return FileKind::Xml2003;
  if (contains(start, "<html") || contains(start, "<table") || contains(start, "<meta")) {
    return FileKind::Html;
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
  if (head->starts_with("\xD0\xCF\x11\xE0")) return sniff_ole2(path);
  for (const Magic& magic : kRefused) {
    if (head->starts_with(magic.bytes)) return refuse(magic.reason);
  }
  if (const auto kind = marked_up(ascii_of(*head))) return *kind;
  return FileKind::Text;
}

Result<std::unique_ptr<TableReader>> open_table(const std::filesystem::path& path,
                                                const Limits& limits) {
  const auto kind = sniff(path);
  if (!kind) return tl::make_unexpected(kind.error());
  switch (*kind) {
    case FileKind::Xlsx:
      return open_xlsx(path, limits);
    case FileKind::Xls:
      return open_xls(path, limits);
    case FileKind::Ods:
      return open_ods(path, limits);
    case FileKind::Html:
      return open_html(path, limits);
    case FileKind::Xml2003:
      return open_xml2003(path, limits);
    case FileKind::Text:
      return open_csv(path, limits);
  }
  return refuse("import.file.damaged");
}

}  // namespace chucai::importers
