// The queue of a shortest-path search by whole distances: a four-way heap for what lies ahead, and
// a stack for what is reached at the distance just settled, which needs no order. Ties among the
// former go by number, so that a search is the same each time.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

namespace chucai::matcher {

class SearchQueue {
 public:
  struct Entry {
    std::uint32_t distance;
    std::uint32_t node;
  };

  /// `distance` must be no less than that of the last pop.
  void push(std::uint32_t distance, std::uint32_t node) {
    if (distance == now_) {
      level_.push_back(node);
    } else {
      sift_up(std::uint64_t{distance} << 32 | node);
    }
  }

  /// The nearest entry below `limit`; nullopt when there is none. Entries are not withdrawn: the
  /// caller passes over those that have been reached more cheaply since.
  std::optional<Entry> pop(std::int64_t limit) {
    if (now_ >= limit) return std::nullopt;
    if (!level_.empty()) {
      const std::uint32_t node = level_.back();
      level_.pop_back();
      return Entry{now_, node};
    }
    if (heap_.empty() || static_cast<std::uint32_t>(heap_[0] >> 32) >= limit) return std::nullopt;
    const std::uint64_t top = heap_[0];
    sift_down();
    now_ = static_cast<std::uint32_t>(top >> 32);
    return Entry{now_, static_cast<std::uint32_t>(top)};
  }

  /// Forgets what was not popped; the next search starts at distance 0.
  void clear() {
    heap_.clear();
    level_.clear();
    now_ = 0;
  }

 private:
  static constexpr std::size_t kWays = 4;

  void sift_up(std::uint64_t key) {
    std::size_t at = heap_.size();
    heap_.push_back(key);
    while (at > 0) {
      const std::size_t parent = (at - 1) / kWays;
      if (heap_[parent] <= key) break;
      heap_[at] = heap_[parent];
      at = parent;
    }
    heap_[at] = key;
  }

  void sift_down() {
    const std::uint64_t key = heap_.back();
    heap_.pop_back();
    if (heap_.empty()) return;
    std::size_t at = 0;
    while (true) {
      const std::size_t child = kWays * at + 1;
      if (child >= heap_.size()) break;
      const std::size_t least = least_of(child, std::min(child + kWays, heap_.size()));
      if (heap_[least] >= key) break;
      heap_[at] = heap_[least];
      at = least;
    }
    heap_[at] = key;
  }

  /// Without a branch: which child is least cannot be predicted.
  std::size_t least_of(std::size_t begin, std::size_t end) const {
    std::size_t least = begin;
    std::uint64_t key = heap_[begin];
    for (std::size_t k = begin + 1; k < end; ++k) {
      const bool less = heap_[k] < key;
      least = less ? k : least;
      key = less ? heap_[k] : key;
    }
    return least;
  }

  std::vector<std::uint64_t> heap_;  // distance << 32 | node
  std::vector<std::uint32_t> level_;
  std::uint32_t now_ = 0;
};

}  // namespace chucai::matcher
