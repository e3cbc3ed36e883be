#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "center/load.h"
#include "center/testing/pratt_parser.h"
#include "center/testing/sample_center.h"

namespace fansipan::center::testing {

/// All problems, a line each.
inline std::string ProblemsOf(const LoadOutcome& outcome) {
  std::string text;
  for (const Problem& problem : outcome.problems) text += ToText(problem) + "\n";
  return text;
}

/// The sample center, whose first source has this format instead.
inline LoadOutcome LoadWithFormat(const std::string& format) {
  constexpr std::string_view kCsv =
      "format: csv\n    csv: {delimiter: \";\", skip: 2, nulls: [\"..\"], columns: [a, b], "
      "byte_order_mark: true}";
  Files files = SampleCenter();
  for (auto& [path, text] : files) {
    const std::size_t at = text.find(kCsv);
    if (at != std::string::npos) text.replace(at, kCsv.size(), format);
  }
  return LoadCenterFiles(std::move(files), PrattParser());
}

}  // namespace fansipan::center::testing
