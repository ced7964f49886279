// How well one rule finds the people who stand twice in rosters of which the truth is known: by
// kind of duplicate, what is linked, what is left to a person, what is missed, and what is wrong.
//
//   duplicates_quality [--without id,phone,email,uscc] FOLDER...
//
// A folder holds talents.csv, and may hold experts.csv, beside truth_persons.csv
// (person_id,file,record) and truth_defects.csv (kind dup_person: its `written` names the kind).
// Exit 1 when links are right in less than 995 of 1000 cases, a kind is found less than 95 times in
// a hundred, or more than two pairs per planted duplicate are left to review.
#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "importers/csv_reader.h"
#include "importers/header.h"
#include "importers/interpret.h"
#include "registry/domain/csv_text.h"
#include "registry/domain/rules/twin_finder.h"

using namespace chucai;
using namespace chucai::importers;

namespace {

using Place = std::pair<std::string, std::uint32_t>;  // file, record

/// Reads the people of one roster.
class People : public TableSink {
 public:
  People(const Kind& kind, const Understanding& with) : kind_(kind), with_(with) {}

  bool sheet(const Sheet&) override { return true; }
  Done row(const Row& row) override {
    if (!header_) {
      first_.push_back(row);
      header_ = first_.size() < kHeaderSearchRows ? find_header(first_, kind_) : std::nullopt;
      if (header_) interpreter_.emplace(kind_, *header_, with_);
      return {};
    }
    if (classify_row(row, *header_) != RowClass::Data) return {};
    auto draft = interpreter_->interpret(row);
    found.emplace_back(row.number, static_cast<const Person&>(*draft.record));
    return {};
  }

  std::vector<std::pair<std::uint32_t, Person>> found;

 private:
  const Kind& kind_;
  const Understanding& with_;
  std::vector<Row> first_;
  std::optional<Header> header_;
  std::optional<RowInterpreter> interpreter_;
};

struct Truth {
  std::map<Place, std::string> person;  ///< of records whose person stands there more than once
  std::map<Place, std::string> kind;    ///< of the later record of a planted pair
};

/// Calls `visit` with each record of a truth file; `visit` is given the field of a column.
template <class Visit>
void for_records(const std::filesystem::path& path, Visit visit) {
  std::ifstream in(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  CsvTable table({"truth", text});
  while (table.next()) {
    visit([&](std::string_view column) { return std::string(table.at(table.column(column))); });
  }
}

Truth read_truth(const std::filesystem::path& folder) {
  Truth truth;
  for_records(folder / "truth_persons.csv", [&](const auto& at) {
    const auto record = static_cast<std::uint32_t>(std::stoul(at("record")));
    truth.person[{at("file"), record}] = at("person_id");
  });
  for_records(folder / "truth_defects.csv", [&](const auto& at) {
    if (at("kind") != "dup_person") return;
    const auto record = static_cast<std::uint32_t>(std::stoul(at("record")));
    const std::string written = at("written");
    truth.kind[{at("file"), record}] = written.substr(0, written.find('+'));
  });
  return truth;
}

struct KindTally {
  std::size_t planted = 0;
  std::size_t linked = 0;
  std::size_t reviewed = 0;
};

struct Tally {
  std::map<std::string, KindTally> kinds;
  std::size_t people = 0;
  std::size_t links = 0;
  std::size_t right_links = 0;
  std::size_t reviews = 0;
  std::int64_t compared = 0;
  double seconds = 0;
};

void blank(Person& person, const std::set<std::string>& without) {
  if (without.contains("id")) person.id_no.clear();
  if (without.contains("phone")) person.phone.clear();
  if (without.contains("email")) person.email.clear();
  if (without.contains("uscc")) person.employer_uscc.clear();
}

class Measurement {
 public:
  Measurement(const CodeBook& codes, const RegionMap& regions, std::set<std::string> without)
      : codes_(codes),
        with_{codes, regions, "420000", "", Date{2018, 6, 30}},
        without_(std::move(without)) {}

  void take(const std::filesystem::path& folder) {
    truth_ = read_truth(folder);
    TwinFinder finder;
    places_.clear();
    seen_.clear();
    for (const auto& [file, kind] :
         {std::pair{"talents.csv", "persons"}, std::pair{"experts.csv", "experts"}}) {
      if (std::filesystem::exists(folder / file)) compare(folder, file, kind, finder);
    }
    tally.compared += finder.compared();
  }

  Tally tally;

 private:
  void compare(const std::filesystem::path& folder, const std::string& file, std::string_view kind,
               TwinFinder& finder) {
    auto reader = open_csv(folder / file);
    People people(*find_kind(kind), with_);
    if (!reader || !(*reader)->read(people)) return;
    const auto start = std::chrono::steady_clock::now();
    std::vector<std::vector<TwinFinder::Twin>> found;
    const std::size_t first = places_.size();
    for (auto& [record, person] : people.found) {
      blank(person, without_);
      Portrait portrait = portrait_of(person, codes_.pinyin());
      found.push_back(finder.twins_of(portrait));
      finder.add(std::move(portrait));
      places_.emplace_back(file, record);
    }
    const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
    tally.seconds += taken.count();
    tally.people += found.size();
    for (std::size_t i = 0; i < found.size(); ++i) judge(first + i, found[i]);
  }

  void judge(std::size_t at, const std::vector<TwinFinder::Twin>& twins) {
    Band best = Band::No;
    const auto mine = truth_.person.find(places_[at]);
    for (const TwinFinder::Twin& twin : twins) {
      const auto theirs = truth_.person.find(places_[twin.place]);
      const bool right = mine != truth_.person.end() && theirs != truth_.person.end() &&
                         mine->second == theirs->second;
      ++(twin.likeness.band == Band::Link ? tally.links : tally.reviews);
      if (right && twin.likeness.band == Band::Link) ++tally.right_links;
      if (right) best = std::max(best, twin.likeness.band);
    }
    if (mine == truth_.person.end() || seen_.insert(mine->second).second) return;
    const auto kind = truth_.kind.find(places_[at]);
    KindTally& one = tally.kinds[kind == truth_.kind.end() ? "expert" : kind->second];
    ++one.planted;
    if (best == Band::Link) ++one.linked;
    if (best == Band::Review) ++one.reviewed;
  }

  const CodeBook& codes_;
  Understanding with_;
  std::set<std::string> without_;
  Truth truth_;
  std::vector<Place> places_;   // places_[i]: where the finder's person i stands
  std::set<std::string> seen_;  // people of whom a record came before
};

/// Prints the table; true when it meets the bar.
bool print(const Tally& tally) {
  bool good = tally.right_links * 1000 >= tally.links * 995;
  std::size_t planted = 0;
  std::cout << "| kind | planted | linked | for review | missed | found |\n"
               "| --- | --- | --- | --- | --- | --- |\n";
  for (const auto& [kind, one] : tally.kinds) {
    const std::size_t found = one.linked + one.reviewed;
    const double recall = static_cast<double>(found) / static_cast<double>(one.planted);
    planted += one.planted;
    good = good && recall >= 0.95;
    std::cout << "| " << kind << " | " << one.planted << " | " << one.linked << " | "
              << one.reviewed << " | " << one.planted - found << " | " << recall << " |\n";
  }
  const double per_planted = static_cast<double>(tally.reviews) / static_cast<double>(planted);
  const double millions = static_cast<double>(tally.compared) / tally.seconds / 1e6;
  std::cout << tally.people << " people; " << tally.links << " links, "
            << tally.links - tally.right_links << " of them wrong; " << tally.reviews
            << " pairs for review, " << per_planted << " per planted duplicate; " << tally.compared
            << " pairs compared in " << tally.seconds << " s (" << millions << " million/s, "
            << static_cast<double>(tally.people) / tally.seconds << " people/s)\n";
  return good && per_planted <= 2;
}

std::set<std::string> parts_of(const std::string& text) {
  std::set<std::string> parts;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find(',', at), text.size());
    parts.insert(text.substr(at, end - at));
    at = end + 1;
  }
  return parts;
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<std::string> words(argv + 1, argv + argc);
  std::set<std::string> without;
  if (words.size() > 1 && words[0] == "--without") {
    without = parts_of(words[1]);
    words.erase(words.begin(), words.begin() + 2);
  }
  const auto codes = shipped_codes();
  if (!codes || words.empty()) {
    std::cerr << "usage: duplicates_quality [--without id,phone,email,uscc] FOLDER...\n";
    return 2;
  }
  const RegionMap regions(*codes);
  Measurement measurement(*codes, regions, without);
  for (const std::string& folder : words) measurement.take(folder);
  return print(measurement.tally) ? 0 : 1;
}
