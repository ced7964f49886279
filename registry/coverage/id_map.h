// Record ids to small numbers: open addressing, 16 bytes a slot.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace chucai::coverage {

class IdMap {
 public:
  /// What the id leads to; nullopt when nothing.
  std::optional<std::uint32_t> find(std::int64_t id) const {
    if (slots_.empty()) return std::nullopt;
    const Slot& slot = slots_[place_of(id)];
    return slot.used && slot.value != kGone ? std::optional(slot.value) : std::nullopt;
  }
  void set(std::int64_t id, std::uint32_t value) {
    if ((used_ + 1) * 2 > slots_.size()) grow();
    Slot& slot = slots_[place_of(id)];
    used_ += !slot.used;
    slot = {id, value, true};
  }
  void erase(std::int64_t id) {
    if (find(id)) slots_[place_of(id)].value = kGone;
  }

 private:
  static constexpr std::uint32_t kGone = UINT32_MAX;
  struct Slot {
    std::int64_t id = 0;
    std::uint32_t value = 0;
    bool used = false;
  };

  std::size_t place_of(std::int64_t id) const {
    const std::size_t mask = slots_.size() - 1;
    std::size_t at = (static_cast<std::uint64_t>(id) * 0x9E3779B97F4A7C15ULL >> 20) & mask;
    while (slots_[at].used && slots_[at].id != id) at = (at + 1) & mask;
    return at;
  }
  void grow() {
    const std::vector<Slot> before = std::move(slots_);
    slots_.assign(before.empty() ? 64 : before.size() * 2, Slot{});
    used_ = 0;
    for (const Slot& slot : before) {
      if (!slot.used || slot.value == kGone) continue;
      slots_[place_of(slot.id)] = slot;
      ++used_;
    }
  }

  std::vector<Slot> slots_;
  std::size_t used_ = 0;
};

}  // namespace chucai::coverage
