#include "registry/coverage/scan.h"

#include <algorithm>
#include <unordered_map>

namespace chucai::coverage {
namespace {

constexpr std::size_t kBlock = 2048;  // rows whose cells are worked out together
constexpr std::uint64_t kNowhere = std::uint64_t{1} << 60;  // a row outside an axis
constexpr std::uint64_t kDenseCells = std::uint64_t{1} << 21;

/// The counts of all cells: an array where there are few, else by hash.
class Counts {
 public:
  explicit Counts(std::uint64_t cells) {
    if (cells <= kDenseCells) dense_.resize(cells);
  }

  void add(std::uint64_t cell, std::uint32_t owner, std::int64_t value, bool foreign) {
    Mark& mark = dense_.empty() ? sparse_[cell] : dense_[cell];
    if (mark.last != owner + 1) {
      mark.last = owner + 1;
      ++mark.distinct;
    }
    ++mark.rows;
    mark.sum += value;
    mark.foreign |= foreign;
  }

  std::vector<CellCount> take() const {
    std::vector<CellCount> cells;
    const auto put = [&](std::uint64_t cell, const Mark& mark) {
      if (mark.rows == 0) return;
      cells.push_back({cell, mark.distinct, mark.rows, mark.sum, mark.foreign});
    };
    for (std::size_t cell = 0; cell < dense_.size(); ++cell) put(cell, dense_[cell]);
    for (const auto& [cell, mark] : sparse_) put(cell, mark);
    if (dense_.empty()) {
      std::sort(cells.begin(), cells.end(),
                [](const CellCount& a, const CellCount& b) { return a.cell < b.cell; });
    }
    return cells;
  }

 private:
  struct Mark {
    std::uint32_t last = 0;  // owner + 1 that was counted last
    std::uint32_t distinct = 0;
    std::int64_t sum = 0;
    std::uint32_t rows = 0;
    bool foreign = false;
  };
  std::vector<Mark> dense_;
  std::unordered_map<std::uint64_t, Mark> sparse_;
};

/// An axis whose codes have one group at most, as what each adds to the cell.
struct Step {
  const Axis* axis;
  std::uint64_t stride;
  std::vector<std::uint64_t> adds;  // by code; empty where codes have several groups
};

class Pass {
 public:
  using See = std::function<void(const Chunk&, std::uint32_t)>;

  Pass(const Cube& cube, const Scan& scan) : cube_(cube), scan_(scan), counts_(make_steps()) {}

  std::vector<CellCount> run(const See& see = {}) {
    for (std::size_t at = 0; at < scan_.table->size(); ++at) {
      chunk_ = (*scan_.table)[at].get();
      first_owner_ = static_cast<std::uint32_t>(at) * kOwners;
      subjects_ = at < cube_.subjects.size() ? cube_.subjects[at].get() : nullptr;
      subject_statuses_.clear();
      for (std::size_t row = 0; row < chunk_->size(); row += kBlock) {
        block(row, std::min(chunk_->size(), row + kBlock));
        if (!see) {
          place();
          continue;
        }
        for (const std::uint32_t alive : alive_) see(*chunk_, alive);
      }
    }
    return counts_.take();
  }

 private:
  std::uint64_t make_steps() {
    std::uint64_t cells = 1;
    for (auto axis = scan_.axes.rbegin(); axis != scan_.axes.rend(); ++axis) {
      steps_.push_back(step_of(*axis, cells));
      cells *= axis->size;
    }
    return cells;
  }

  Step step_of(const Axis& axis, std::uint64_t stride) const {
    Step step{&axis, stride, {}};
    if (axis.is_owner || (scan_.every_status && is_status(axis))) return step;
    const std::size_t codes = axis.begin.size() - 1;
    for (std::size_t code = 0; code < codes; ++code) {
      if (axis.begin[code + 1] - axis.begin[code] > 1) return step;
    }
    for (std::size_t code = 0; code < codes; ++code) {
      const bool has_group = axis.begin[code + 1] > axis.begin[code];
      step.adds.push_back(has_group ? axis.groups[axis.begin[code]] * stride : kNowhere);
    }
    return step;
  }

  static bool is_status(const Axis& axis) {
    return axis.from == From::Fact && axis.column == Column::Status && !axis.is_owner;
  }

  // What of the block counts.
  void block(std::size_t from, std::size_t to) {
    alive_.clear();
    statuses_ = chunk_->column(Column::Status);
    if (scan_.past && !statuses_.empty()) {
      statuses_then_.resize(chunk_->size());
      for (std::size_t row = from; row < to; ++row) {
        statuses_then_[row] = status_on(*chunk_, row, scan_.as_of);
      }
      statuses_ = statuses_then_;
    }
    for (std::size_t row = from; row < to; ++row) {
      if (scan_.any_day || chunk_->day[row] <= scan_.as_of)
        alive_.push_back(static_cast<std::uint32_t>(row));
    }
    if (!scan_.statuses.empty()) {
      keep_if([&](std::uint32_t row) { return scan_.statuses[statuses_[row]] != 0; });
    }
    if (!scan_.no_result.empty()) {
      const auto reasons = chunk_->column(Column::Reason);
      keep_if([&](std::uint32_t row) {
        return statuses_[row] != scan_.exited || scan_.no_result[reasons[row]] == 0;
      });
    }
    for (const Filter& filter : scan_.filters) apply(filter);
  }

  template <class Keep>
  void keep_if(const Keep& keep) {
    std::size_t kept = 0;
    for (const std::uint32_t row : alive_) {
      alive_[kept] = row;
      kept += keep(row) ? 1 : 0;
    }
    alive_.resize(kept);
  }

  void apply(const Filter& filter) {
    const auto& allowed = filter.allowed;
    if (filter.from == From::Subject) {
      const std::span<const Code> column = subject_column(filter.column);
      keep_if([&](std::uint32_t row) { return allowed[column[local(row)]] != 0; });
    } else {
      const auto column = column_of(filter.column);
      keep_if([&](std::uint32_t row) { return allowed[column[row]] != 0; });
    }
  }

  std::uint32_t local(std::uint32_t row) const { return chunk_->owner[row] - first_owner_; }

  std::span<const Code> column_of(Column column) const {
    return column == Column::Status ? statuses_ : chunk_->column(column);
  }

  // Statuses of people are those of the day, too.
  std::span<const Code> subject_column(Column column) {
    if (column != Column::Status || !scan_.past) return subjects_->column(column);
    if (subject_statuses_.empty()) {
      for (std::size_t row = 0; row < subjects_->size(); ++row) {
        subject_statuses_.push_back(status_on(*subjects_, row, scan_.as_of));
      }
    }
    return subject_statuses_;
  }

  void place() {
    cells_.assign(alive_.size(), 0);
    bool several = false;
    for (const Step& step : steps_) {
      if (step.adds.empty() && !step.axis->is_owner) {
        several = true;
        continue;
      }
      add_step(step);
    }
    for (std::size_t i = 0; i < alive_.size(); ++i) {
      if (cells_[i] >= kNowhere) continue;
      if (several) {
        expand(alive_[i], cells_[i]);
      } else {
        put(alive_[i], cells_[i]);
      }
    }
  }

  void add_step(const Step& step) {
    if (step.axis->is_owner) {
      for (std::size_t i = 0; i < alive_.size(); ++i) {
        cells_[i] += chunk_->owner[alive_[i]] * step.stride;
      }
    } else if (step.axis->from == From::Subject) {
      const std::span<const Code> column = subject_column(step.axis->column);
      for (std::size_t i = 0; i < alive_.size(); ++i) {
        cells_[i] += step.adds[column[local(alive_[i])]];
      }
    } else {
      const auto column = column_of(step.axis->column);
      for (std::size_t i = 0; i < alive_.size(); ++i) cells_[i] += step.adds[column[alive_[i]]];
    }
  }

  // Every combination of the groups of the axes that have several.
  void expand(std::uint32_t row, std::uint64_t cell) {
    fan_.assign(1, cell);
    for (const Step& step : steps_) {
      if (!step.adds.empty() || step.axis->is_owner) continue;
      next_fan_.clear();
      if (scan_.every_status && is_status(*step.axis)) {
        for (const StatusAt& entry : chunk_->log_of(row)) {
          if (entry.day <= scan_.as_of) fan_out(step, entry.status);
        }
      } else {
        fan_out(step, code_at(*step.axis, row));
      }
      fan_.swap(next_fan_);
    }
    for (const std::uint64_t one : fan_) put(row, one);
  }

  void fan_out(const Step& step, Code code) {
    for (std::uint32_t at = step.axis->begin[code]; at < step.axis->begin[code + 1]; ++at) {
      for (const std::uint64_t cell : fan_) {
        next_fan_.push_back(cell + step.axis->groups[at] * step.stride);
      }
    }
  }

  Code code_at(const Axis& axis, std::uint32_t row) {
    return axis.from == From::Subject ? subject_column(axis.column)[local(row)]
                                      : column_of(axis.column)[row];
  }

  void put(std::uint32_t row, std::uint64_t cell) {
    std::int64_t value = 0;
    if (scan_.owner_values != nullptr) {
      value = (*scan_.owner_values)[chunk_->owner[row]];
    } else if (has_amounts_) {
      value = chunk_->amount[row];
    }
    if (!scan_.weights.empty()) value *= scan_.weights[chunk_->column(Column::Type)[row]];
    const bool foreign =
        scan_.own_office != UINT32_MAX && chunk_->column(Column::Office)[row] != scan_.own_office;
    counts_.add(cell, chunk_->owner[row], value, foreign);
  }

  const Cube& cube_;
  const Scan& scan_;
  const bool has_amounts_ = scan_.table != &cube_.subjects;  // an id is nothing to add up
  std::vector<Step> steps_;                                  // the last axis first
  Counts counts_;
  const Chunk* chunk_ = nullptr;
  const Chunk* subjects_ = nullptr;
  std::uint32_t first_owner_ = 0;
  std::span<const Code> statuses_;
  std::vector<Code> statuses_then_;
  std::vector<Code> subject_statuses_;
  std::vector<std::uint32_t> alive_;
  std::vector<std::uint64_t> cells_;
  std::vector<std::uint64_t> fan_;
  std::vector<std::uint64_t> next_fan_;
};

}  // namespace

Code status_on(const Chunk& chunk, std::size_t row, std::int32_t day) {
  const auto log = chunk.log_of(row);
  for (std::size_t at = log.size(); at > 0; --at) {
    if (log[at - 1].day <= day) return log[at - 1].status;
  }
  return 0;
}

std::vector<CellCount> count(const Cube& cube, const Scan& scan) {
  return Pass(cube, scan).run();
}

void visit(const Cube& cube, const Scan& scan,
           const std::function<void(const Chunk& chunk, std::uint32_t row)>& see) {
  Scan without_axes = scan;
  without_axes.axes.clear();
  Pass(cube, without_axes).run(see);
}

}  // namespace chucai::coverage
