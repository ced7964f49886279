// Work on many independent things by two threads: preparing the rows of an import costs as much as
// writing them.
#pragma once

#include <cstddef>
#include <future>

namespace chucai {

/// Calls each(0) ... each(count - 1), the upper half on another thread when it is worth one. `each`
/// must bear that for different numbers. What it throws goes on to the caller.
template <class Each>
void in_halves(std::size_t count, const Each& each) {
  constexpr std::size_t kWorthAThread = 256;
  const std::size_t middle = count < kWorthAThread ? count : count / 2;
  std::future<void> upper;
  if (middle < count) {
    upper = std::async(std::launch::async, [&] {
      for (std::size_t i = middle; i < count; ++i) each(i);
    });
  }
  for (std::size_t i = 0; i < middle; ++i) each(i);
  if (upper.valid()) upper.get();
}

}  // namespace chucai
