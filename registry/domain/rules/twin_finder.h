// Likely twins among people held in memory: the rows of one file. Cost: a handful of look-ups a
// person and one comparison a meeting, never all pairs.
#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "registry/domain/rules/likeness.h"

namespace chucai {

class TwinFinder {
 public:
  struct Twin {
    std::size_t place = 0;  ///< of the other person, in order of add()
    Likeness likeness;
  };

  /// Everybody added before who is above Band::No, the likeliest first, then in order of place.
  std::vector<Twin> twins_of(const Portrait& portrait);
  /// Adds a person; its place is the number of those before it.
  void add(Portrait portrait);
  /// Comparisons made so far.
  std::int64_t compared() const { return compared_; }

 private:
  std::vector<Portrait> people_;
  std::unordered_map<std::uint64_t, std::vector<std::uint32_t>> by_key_;
  std::int64_t compared_ = 0;
};

}  // namespace chucai
