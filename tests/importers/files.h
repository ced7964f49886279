// Files that tests write: a temporary folder, and packages from parts.
#pragma once

#include <zip.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "importers/table.h"
#include "tests/importers/transcript.h"
#include "tests/support/temp_folder.h"

namespace chucai::importers::testing {

/// A folder of its own that goes when the test ends.
class TemporaryFolder {
 public:
  /// The path of `name` inside, written first when there are bytes.
  std::filesystem::path file(const std::string& name, const std::string& bytes = {}) const {
    const std::filesystem::path path = folder_.path() / name;
    if (!bytes.empty()) std::ofstream(path, std::ios::binary) << bytes;
    return path;
  }

 private:
  chucai::testing::TempFolder folder_;
};

using Parts = std::vector<std::pair<std::string, std::string>>;

/// A zip of the parts.
inline std::filesystem::path write_zip(const std::filesystem::path& path, const Parts& parts) {
  zip_t* archive = zip_open(path.c_str(), ZIP_CREATE | ZIP_TRUNCATE, nullptr);
  for (const auto& [name, text] : parts) {
    zip_file_add(archive, name.c_str(), zip_source_buffer(archive, text.data(), text.size(), 0), 0);
  }
  zip_close(archive);
  return path;
}

/// The parts of a workbook with one sheet around a <sheetData> body.
struct WorkbookText {
  std::string rows;
  std::string after_rows = {};  ///< mergeCells and the like
  std::string shared = {};      ///< body of <sst>
  std::string styles = {};      ///< body of <styleSheet>
  std::string workbook_pr = {};

  Parts parts() const {
    const std::string main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    const std::string rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    const std::string package = "http://schemas.openxmlformats.org/package/2006/relationships";
    return {
        {"_rels/.rels", "<Relationships xmlns=\"" + package + "\"><Relationship Id=\"r1\" Type=\"" +
                            rel + "/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"},
        {"xl/workbook.xml",
         "<workbook xmlns=\"" + main + "\" xmlns:r=\"" + rel + "\"><workbookPr " + workbook_pr +
             "/><sheets><sheet name=\"名册\" sheetId=\"1\" " + "r:id=\"s1\"/></sheets></workbook>"},
        {"xl/_rels/workbook.xml.rels",
         "<Relationships xmlns=\"" + package + "\"><Relationship Id=\"s1\" Type=\"" + rel +
             "/worksheet\" Target=\"worksheets/sheet1.xml\"/><Relationship Id=\"s2\" Type=\"" +
             rel +
             "/sharedStrings\" Target=\"sharedStrings.xml\"/><Relationship Id=\"s3\" Type=\"" +
             rel + "/styles\" Target=\"styles.xml\"/></Relationships>"},
        {"xl/sharedStrings.xml", "<sst xmlns=\"" + main + "\">" + shared + "</sst>"},
        {"xl/styles.xml", "<styleSheet xmlns=\"" + main + "\">" + styles + "</styleSheet>"},
        {"xl/worksheets/sheet1.xml", "<worksheet xmlns=\"" + main + "\"><sheetData>" + rows +
                                         "</sheetData>" + after_rows + "</worksheet>"},
    };
  }
};

/// The transcript, or the reason of the failure.
inline std::string transcript_of(Result<std::unique_ptr<TableReader>> reader) {
  if (!reader) return reader.error().problem.reason;
  Transcript transcript;
  if (const Done done = (*reader)->read(transcript); !done) return done.error().problem.reason;
  return transcript.text;
}

}  // namespace chucai::importers::testing
