#include "matcher/instance.h"

#include <limits>

namespace chucai::matcher {
namespace {

constexpr std::string_view kMagic = "CHM1";
constexpr std::size_t kHeader = 16;
constexpr std::uint32_t kMaxByte = 255;

/// Reads little-endian numbers from front to back; the caller has checked the length.
class Cursor {
 public:
  explicit Cursor(std::string_view bytes) : bytes_(bytes) {}

  std::uint32_t byte() { return static_cast<unsigned char>(bytes_[at_++]); }
  std::uint32_t word() {
    std::uint32_t value = 0;
    for (unsigned shift = 0; shift < 32; shift += 8) value |= byte() << shift;
    return value;
  }

 private:
  std::string_view bytes_;
  std::size_t at_ = 0;
};

void put_word(std::string& out, std::uint32_t value) {
  for (unsigned shift = 0; shift < 32; shift += 8) out += static_cast<char>(value >> shift & 0xff);
}

std::string need_at(std::uint32_t need) {
  return "need " + std::to_string(need);
}

std::string candidate_at(std::uint32_t need, std::size_t index) {
  return need_at(need) + ", candidate " + std::to_string(index);
}

Done check_offsets(const Instance& instance) {
  const std::size_t needs = instance.headcount.size();
  if (instance.unfilled_cost.size() != needs || instance.first.size() != needs + 1) {
    return fail(ErrorCode::InvalidArgument, "instance.shape");
  }
  if (instance.first.front() != 0 || instance.first.back() != instance.candidates.size()) {
    return fail(ErrorCode::InvalidArgument, "instance.offsets", need_at(0));
  }
  for (std::uint32_t need = 0; need < needs; ++need) {
    if (instance.first[need] > instance.first[need + 1]) {
      return fail(ErrorCode::InvalidArgument, "instance.offsets", need_at(need));
    }
  }
  return {};
}

/// A best plan costs at most what leaving every seat empty costs, so that bounds every sum.
Done check_total(const Instance& instance) {
  constexpr std::uint64_t kMax = std::numeric_limits<std::int64_t>::max();
  std::uint64_t total = 0;
  for (std::uint32_t need = 0; need < instance.needs(); ++need) {
    const std::uint64_t cost =
        std::uint64_t{instance.headcount[need]} * instance.unfilled_cost[need];
    if (cost > kMax - total) {
      return fail(ErrorCode::InvalidArgument, "instance.overflow", need_at(need));
    }
    total += cost;
  }
  return {};
}

}  // namespace

void Instance::add_need(std::uint32_t heads, std::uint32_t unfilled,
                        std::span<const Candidate> sorted) {
  headcount.push_back(heads);
  unfilled_cost.push_back(unfilled);
  candidates.insert(candidates.end(), sorted.begin(), sorted.end());
  first.push_back(static_cast<std::uint32_t>(candidates.size()));
}

/// `seen[e]` holds 1 + the last need in whose row expert e stood.
Done check_need(std::uint32_t need, std::uint32_t unfilled, std::span<const Candidate> row,
                std::vector<std::uint32_t>& seen) {
  if (unfilled > kDearestEmptySeat) {
    return fail(ErrorCode::InvalidArgument, "instance.unfilled_cost", need_at(need));
  }
  for (std::size_t k = 0; k < row.size(); ++k) {
    if (row[k].expert >= seen.size()) {
      return fail(ErrorCode::InvalidArgument, "instance.expert", candidate_at(need, k),
                  {std::to_string(row[k].expert), std::to_string(seen.size())});
    }
    if (seen[row[k].expert] == need + 1) {
      return fail(ErrorCode::InvalidArgument, "instance.duplicate", candidate_at(need, k),
                  {std::to_string(row[k].expert)});
    }
    seen[row[k].expert] = need + 1;
    const bool sorted = k == 0 || row[k - 1].cost < row[k].cost ||
                        (row[k - 1].cost == row[k].cost && row[k - 1].expert < row[k].expert);
    if (!sorted) {
      return fail(ErrorCode::InvalidArgument, "instance.order", candidate_at(need, k));
    }
  }
  return {};
}

Done check(const Instance& instance) {
  if (auto done = check_offsets(instance); !done) return done;
  std::vector<std::uint32_t> seen(instance.experts(), 0);
  for (std::uint32_t need = 0; need < instance.needs(); ++need) {
    const auto done = check_need(need, instance.unfilled_cost[need], instance.row(need), seen);
    if (!done) return done;
  }
  return check_total(instance);
}

Result<Instance> read_instance(std::string_view bytes) {
  if (bytes.size() < kHeader || bytes.substr(0, kMagic.size()) != kMagic) {
    return fail(ErrorCode::InvalidArgument, "instance.magic");
  }
  Cursor in(bytes);
  in.word();
  const std::uint64_t experts = in.word();
  const std::uint64_t needs = in.word();
  const std::uint64_t candidates = in.word();
  const std::uint64_t size = kHeader + experts + 5 * needs + 4 * (needs + 1) + 8 * candidates;
  if (size != bytes.size()) {
    return fail(ErrorCode::InvalidArgument, "instance.size", {},
                {std::to_string(size), std::to_string(bytes.size())});
  }
  Instance instance;
  instance.capacity.resize(experts);
  instance.headcount.resize(needs);
  instance.unfilled_cost.resize(needs);
  instance.first.resize(needs + 1);
  instance.candidates.resize(candidates);
  for (auto& capacity : instance.capacity) capacity = in.byte();
  for (auto& heads : instance.headcount) heads = in.byte();
  for (auto& cost : instance.unfilled_cost) cost = in.word();
  for (auto& offset : instance.first) offset = in.word();
  for (auto& candidate : instance.candidates) candidate.expert = in.word();
  for (auto& candidate : instance.candidates) candidate.cost = in.word();
  if (auto done = check(instance); !done) return tl::make_unexpected(done.error());
  return instance;
}

Result<std::string> write_instance(const Instance& instance) {
  std::string out(kMagic);
  put_word(out, instance.experts());
  put_word(out, instance.needs());
  put_word(out, static_cast<std::uint32_t>(instance.candidates.size()));
  for (const auto* bytes : {&instance.capacity, &instance.headcount}) {
    for (const std::uint32_t value : *bytes) {
      if (value > kMaxByte) {
        return fail(ErrorCode::TooLarge, "instance.byte", {}, {std::to_string(value)});
      }
      out += static_cast<char>(value);
    }
  }
  for (const std::uint32_t cost : instance.unfilled_cost) put_word(out, cost);
  for (const std::uint32_t offset : instance.first) put_word(out, offset);
  for (const Candidate& candidate : instance.candidates) put_word(out, candidate.expert);
  for (const Candidate& candidate : instance.candidates) put_word(out, candidate.cost);
  return out;
}

}  // namespace chucai::matcher
