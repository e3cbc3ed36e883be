#pragma once

#include <compare>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "center/load.h"

namespace fansipan::center {

/// A place in a file, both 1-based; columns count characters, not bytes.
struct Position {
  int line = 1;
  int column = 1;
  auto operator<=>(const Position&) const = default;
};

/// Everything found wrong while one center is read. One thread.
class Problems {
 public:
  void Report(std::string_view file, Position at, std::string message);
  /// How many were reported, to see whether a step found any.
  std::size_t count() const { return count_; }
  /// In order of file, line and column, each once, at most kMaxProblems; `left_out` counts the
  /// rest.
  std::vector<Problem> Take(std::size_t& left_out);

 private:
  std::vector<Problem> found_;
  std::size_t count_ = 0;
};

/// One file being read, and where its problems go. `problems` outlives it.
struct FileScope {
  std::string file;
  Problems* problems = nullptr;

  void Report(Position at, std::string message) const {
    problems->Report(file, at, std::move(message));
  }
};

/// "allowed: a, b, c", with "did you mean 'b'? " before it when one is near to `word`.
std::string AllowedText(std::string_view word, const std::vector<std::string>& allowed);

}  // namespace fansipan::center
