// Makes the matcher's values from the registry's records: reads codes into grades, levels and bits,
// finds disciplines by name where the code is missing, and joins engagements to experts and needs.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "matcher/pool.h"
#include "registry/domain/code_book.h"
#include "registry/domain/engagement.h"
#include "registry/domain/need.h"
#include "registry/domain/person.h"
#include "registry/domain/work.h"

namespace chucai::matcher {

/// Experts and needs of one year.
struct Pool {
  std::vector<Expert> experts;  ///< in the order of the persons
  std::vector<NeedView> needs;  ///< in the order of the needs
  std::vector<WrittenWork> works;
};

/// What an office decides, not the records.
struct PoolPolicy {
  int year = 0;                         ///< whose engagements count as load
  std::uint32_t services_per_year = 4;  ///< most services of one expert in a year
};

/// A question of the moment instead of a stored need; blank parts are left open.
struct Question {
  std::string region;
  std::string industry;
  std::string discipline;  ///< code or name
  std::string text;
};

class PoolBuilder {
 public:
  /// `codes` must outlive the builder.
  PoolBuilder(const CodeBook& codes, PoolPolicy policy) : codes_(&codes), policy_(policy) {}

  /// Persons without the expert role are left out. An engagement counts as load of the policy's
  /// year when it starts (or was enrolled) in it, or when it has no date at all: overbooking is the
  /// worse mistake. Seats that engagements fill are taken from the need's headcount.
  /// Wishes of a need are firm where its setting says so (code table match_weight): a need is for a
  /// long post by its programme or its days. Authors of works are found by their 专家编号.
  /// O(records).
  Pool build(std::span<const Person> persons, std::span<const Need> needs,
             std::span<const Engagement> engagements, std::span<const Work> works = {}) const;

  NeedView need(const Need& need) const;
  NeedView need(const Question& question) const;
  Expert expert(const Person& person) const;

 private:
  std::vector<std::string> disciplines(const std::string& code, const std::string& text) const;
  std::uint8_t title_grade(const Person& person) const;
  void place(const Need& need, NeedView& view) const;
  std::string industry(const std::string& code, const std::string& text) const;

  const CodeBook* codes_;
  PoolPolicy policy_;
};

}  // namespace chucai::matcher
