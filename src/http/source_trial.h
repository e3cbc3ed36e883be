#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "center/load.h"
#include "sources/trial.h"

namespace fansipan::http {

/// A source that is to be asked once, of the running center or of one in a folder.
struct SourceTrialRequest {
  std::string source;
  std::string folder;     ///< empty: the running center
  std::size_t rows = 10;  ///< as sources::TrialJob::rows
};

/// What a source sent when it was asked once, and what that would become. Nothing is recorded.
struct SourceTrial {
  std::string source;
  std::vector<center::Problem> problems;  ///< of the folder; with any, nothing was asked
  std::string file_name;                  ///< empty: the payload came under none
  std::map<std::string, std::string> told;
  std::uint64_t bytes = 0;
  std::string begins;                  ///< of the payload, as people read it
  std::optional<base::Error> refusal;  ///< why it cannot be taken apart or mapped
  std::optional<sources::Trial> trial;
};

}  // namespace fansipan::http
