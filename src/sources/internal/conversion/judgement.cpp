#include "sources/internal/conversion/judgement.h"

#include <fmt/format.h>

#include <algorithm>
#include <csignal>
#include <string>
#include <utility>

#include "sources/internal/conversion/conversion_task_words.h"
#include "sources/internal/utf8.h"

namespace fansipan::sources::internal {
namespace {

// What the programs and their libraries take of addresses before they look at a file.
constexpr std::uint64_t kProgramBytes = 512ULL << 20U;

base::Error Refusal(const ConvertedFile& file, std::string_view what, std::string message) {
  return {base::ErrorCode::kInvalidArgument, fmt::format("{}_{}", file.word, what),
          std::move(message)};
}

/// Our own part's complaint: a reason and a message.
base::Error OwnComplaint(const ConversionTaskEnd& end, base::ErrorCode code) {
  const std::size_t line = std::min(end.complaints.find('\n'), end.complaints.size());
  std::string message = end.complaints.substr(std::min(line + 1, end.complaints.size()));
  while (message.ends_with('\n')) message.pop_back();
  return {code, end.complaints.substr(0, line), std::move(message)};
}

/// The first complaint of the converter in one line.
std::string FirstComplaint(const std::string& complaints) {
  std::string line = complaints.substr(0, complaints.find('\n'));
  return std::string(CutUtf8(line, 300));
}

/// What GDAL's programs left.
base::Status JudgeProgram(const ConversionTaskEnd& end, const center::Limits& limits,
                          const ConvertedFile& file) {
  const bool at_limit = end.signal != 0 && end.peak_bytes > limits.worker_memory_bytes / 5 * 4;
  if (at_limit || end.complaints.find("alloc") != std::string::npos ||
      end.complaints.find("memory") != std::string::npos) {
    return Refusal(file, "out_of_memory",
                   fmt::format("reading it needs more than {} MB of memory; deliver less, or "
                               "raise limits.worker_memory",
                               limits.worker_memory_bytes >> 20U));
  }
  if (end.output.size() >= limits.payload_bytes) {
    return base::Error{base::ErrorCode::kTooLarge, "payload_too_large",
                       fmt::format("what is read of it has more than {} bytes as text, which is "
                                   "what limits.payload allows",
                                   limits.payload_bytes)};
  }
  if (end.signal != 0) {
    return Refusal(file, "unreadable",
                   fmt::format("its reader ended by signal {}; the file is damaged", end.signal));
  }
  if (end.status == kTaskDone && end.complaints.empty()) return {};
  if (end.complaints.starts_with("FAILURE")) {
    return Refusal(file, "unreadable",
                   fmt::format("it cannot be opened as {}: it is damaged, cut off or protected by "
                               "a password. Open it, save it anew, and deliver that",
                               file.reader));
  }
  return Refusal(
      file, "unreadable",
      "it cannot be read whole; save it anew. Its reader says: " + FirstComplaint(end.complaints));
}

}  // namespace

ConversionTaskLimits TaskLimitsOf(const center::Limits& limits) {
  return {.memory_bytes = limits.worker_memory_bytes + kProgramBytes,
          .output_bytes = limits.payload_bytes,
          .seconds = limits.worker_seconds};
}

base::Status JudgeTask(const ConversionTaskEnd& end, const center::Limits& limits,
                       const ConvertedFile& file) {
  if (end.killed_at_deadline || end.signal == SIGXCPU) {
    return Refusal(file, "deadline",
                   fmt::format("reading it was stopped after {} s; deliver less, or raise "
                               "limits.worker_time",
                               limits.worker_seconds));
  }
  if (end.status == kTaskRefused) return OwnComplaint(end, base::ErrorCode::kInvalidArgument);
  if (end.status == kTaskTooLarge) return OwnComplaint(end, base::ErrorCode::kTooLarge);
  if (end.status == kTaskNoProgram) {
    return base::Error{base::ErrorCode::kUnavailable, fmt::format("{}_reader_missing", file.word),
                       fmt::format("{} is not there; install the package gdal-bin, then deliver "
                                   "it again",
                                   kTextProgram)};
  }
  if (end.status == kTaskFailed) {
    return base::Error{base::ErrorCode::kUnavailable, "",
                       "its reader could not be started: " + FirstComplaint(end.complaints)};
  }
  return JudgeProgram(end, limits, file);
}

}  // namespace fansipan::sources::internal
