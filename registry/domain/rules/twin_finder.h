// Likely twins among people held in memory: the rows of one file. Cost: a handful of look-ups a
// person and one comparison a meeting, never all pairs; some 300 bytes a person.
#pragma once

#include <cstdint>
#include <string>
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
  /// A portrait and what it meets others by, worked out apart from the finder: on any thread.
  struct Newcomer {
    Newcomer() = default;
    Newcomer(Portrait person);  // NOLINT: a portrait is one, whatever it meets others by
    Portrait portrait;
    std::vector<std::uint64_t> keys;  ///< hashes of meeting_keys()
  };

  /// Everybody added before who is above Band::No, the likeliest first, then in order of place.
  std::vector<Twin> twins_of(const Newcomer& newcomer);
  /// Adds a person; its place is the number of those before it.
  void add(const Newcomer& newcomer);
  /// Comparisons made so far.
  std::int64_t compared() const { return compared_; }

 private:
  /// One of the people who have a key, and the entry of the one before; kNone: the first.
  struct Entry {
    std::uint32_t place;
    std::uint32_t before;
  };
  static constexpr std::uint32_t kNone = 0xFFFFFFFF;

  std::string packed_;               ///< portraits, for few of them are ever looked at again
  std::vector<std::size_t> starts_;  ///< by place
  std::vector<Entry> entries_;
  std::unordered_map<std::uint64_t, std::uint32_t> last_;  ///< the last entry of each key
  std::int64_t compared_ = 0;
};

}  // namespace chucai
