#include "registry/coverage/suppress.h"

#include <algorithm>

namespace chucai::coverage {
namespace {

constexpr std::size_t kPartners = 24;  // groups of an axis that are tried in all, the best first

class Hiding {
 public:
  explicit Hiding(const Margined& table)
      : table_(table), strides_(table.sizes.size(), 1), hidden_(table.cells(), 0) {
    for (std::size_t axis = strides_.size(); axis-- > 1;) {
      strides_[axis - 1] = strides_[axis] * table.sizes[axis];
    }
  }

  std::vector<std::uint8_t> run() {
    std::vector<std::size_t> small;
    for (std::size_t cell = 0; cell < table_.cells(); ++cell) {
      const bool is_small = table_.values[cell] > 0 && table_.values[cell] < kSmallest;
      if (is_small && table_.is_foreign[cell] != 0) small.push_back(cell);
    }
    for (const std::size_t cell : small) hidden_[cell] = 1;
    for (const std::size_t cell : small) protect(cell);
    return std::move(hidden_);
  }

 private:
  std::size_t group_of(std::size_t cell, std::size_t axis) const {
    return cell / strides_[axis] % table_.sizes[axis];
  }
  bool is_total(std::size_t axis, std::size_t group) const {
    return group + 1 == table_.sizes[axis];
  }

  // The cheapest box with `cell` in a corner: the one that hides least beside what is hidden.
  void protect(std::size_t cell) {
    best_cost_ = INT64_MAX;
    partners_.assign(strides_.size(), 0);
    search(cell, 0);
    for (const std::size_t corner : best_) hidden_[corner] = 1;
  }

  void search(std::size_t cell, std::size_t axis) {
    if (axis == strides_.size()) {
      weigh(cell);
      return;
    }
    const std::size_t own = group_of(cell, axis);
    for (const std::size_t group : partners_of(cell, axis)) {
      if (group == own) continue;
      partners_[axis] = group;
      search(cell, axis + 1);
    }
  }

  // Groups whose cells in the cell's own line are hidden already or hold something; the smallest
  // first, the total last.
  std::vector<std::size_t> partners_of(std::size_t cell, std::size_t axis) const {
    const std::size_t first = cell - group_of(cell, axis) * strides_[axis];
    std::vector<std::size_t> groups;
    for (std::size_t group = 0; group + 1 < table_.sizes[axis]; ++group) {
      if (table_.values[first + group * strides_[axis]] > 0) groups.push_back(group);
    }
    const auto cost = [&](std::size_t group) {
      const std::size_t at = first + group * strides_[axis];
      return hidden_[at] != 0 ? std::int64_t{0} : table_.values[at];
    };
    std::stable_sort(groups.begin(), groups.end(),
                     [&](std::size_t a, std::size_t b) { return cost(a) < cost(b); });
    if (groups.size() > kPartners) groups.resize(kPartners);
    groups.push_back(table_.sizes[axis] - 1);
    return groups;
  }

  // Going along an axis from one part to another turns up into down; between a part and its total
  // both go the same way.
  void weigh(std::size_t cell) {
    std::vector<std::size_t> corners;
    std::int64_t cost = 0;
    const std::size_t count = std::size_t{1} << strides_.size();
    for (std::size_t corner = 0; corner < count; ++corner) {
      std::size_t at = cell;
      bool up = true;
      for (std::size_t axis = 0; axis < strides_.size(); ++axis) {
        if ((corner >> axis & 1) == 0) continue;
        const std::size_t own = group_of(cell, axis);
        at += (partners_[axis] - own) * strides_[axis];
        if (!is_total(axis, own) && !is_total(axis, partners_[axis])) up = !up;
      }
      if (!up && table_.values[at] < 1) return;  // cannot go down
      if (table_.values[at] == 0) return;        // a zero stays in sight
      if (hidden_[at] == 0) cost += 1 + table_.values[at];
      corners.push_back(at);
    }
    if (cost >= best_cost_) return;
    best_cost_ = cost;
    best_ = std::move(corners);
  }

  const Margined& table_;
  std::vector<std::size_t> strides_;
  std::vector<std::uint8_t> hidden_;
  std::vector<std::size_t> partners_;
  std::vector<std::size_t> best_;
  std::int64_t best_cost_ = 0;
};

}  // namespace

std::vector<std::uint8_t> hidden_cells(const Margined& table) {
  return Hiding(table).run();
}

}  // namespace chucai::coverage
