// One pass over a table of the cube: filters, up to a few axes, and for each cell of their product
// how many facts fell there, of how many different owners, and what their amounts add up to.
// A code may fall into several groups of an axis (a region into its county and its city, a
// programme into those above it): each owner still counts once in each cell, because a cell
// remembers the last owner that it counted and owners come in order.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "registry/coverage/cube.h"

namespace chucai::coverage {

/// Whose column: the fact's own or that of its subject.
enum class From : std::uint8_t { Fact, Subject };

struct Filter {
  From from = From::Fact;
  Column column = Column::Program;
  std::vector<std::uint8_t> allowed;  ///< by code
};

/// How the codes of a column fall into `size` groups: code c into groups[begin[c]..begin[c+1]).
struct Axis {
  From from = From::Fact;
  Column column = Column::Program;
  bool is_owner = false;  ///< the owner itself; the columns do not matter
  std::uint32_t size = 1;
  std::vector<std::uint32_t> begin;
  std::vector<std::uint32_t> groups;

  /// Opens the next code; its groups follow.
  void next_code() { begin.push_back(static_cast<std::uint32_t>(groups.size())); }
  void add(std::uint32_t group) { groups.push_back(group); }
  void finish() { next_code(); }
};

struct Scan {
  const Table* table = nullptr;
  std::vector<Filter> filters;
  std::vector<Axis> axes;
  std::int32_t as_of = INT32_MAX;      ///< facts dated later do not count
  bool any_day = false;                ///< those do count
  bool past = false;                   ///< statuses are those that the log has for as_of
  bool every_status = false;           ///< the axis of statuses takes all that the log has by as_of
  std::vector<std::uint8_t> statuses;  ///< that count, by code; empty: all
  std::vector<std::uint8_t> no_result;  ///< reasons of exits that do not count; empty: all do
  Code exited = 0;                      ///< the status whose reasons no_result judges
  std::vector<std::int8_t> weights;     ///< of amounts, by Type; empty: 1
  const std::vector<std::int64_t>* owner_values = nullptr;  ///< instead of amounts, by owner
  Code own_office = UINT32_MAX;  ///< cells with facts of other offices are marked
};

struct CellCount {
  std::uint64_t cell = 0;  ///< group of the first axis times the sizes of the others, and so on
  std::uint32_t distinct = 0;
  std::uint32_t rows = 0;
  std::int64_t sum = 0;  ///< of amounts or owner_values; of subjects, whose amount is an id, 0
  bool foreign = false;  ///< some fact is not kept by own_office
};

/// Cells with facts, in order. Cost: a few nanoseconds a fact.
std::vector<CellCount> count(const Cube& cube, const Scan& scan);

/// Calls `see` with each fact that counts, in order of owner; axes do not matter.
void visit(const Cube& cube, const Scan& scan,
           const std::function<void(const Chunk& chunk, std::uint32_t row)>& see);

/// The status of a fact on a day, by its log; 0: none yet.
Code status_on(const Chunk& chunk, std::size_t row, std::int32_t day);

}  // namespace chucai::coverage
