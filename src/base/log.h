#pragma once

#include <fmt/format.h>

#include <string_view>
#include <utility>

namespace fansipan::base {

enum class LogLevel { kDebug, kInfo, kWarning, kError };

/// Writes one line to standard error with time, level and message. Control characters in the
/// message are escaped, so that text from outside cannot forge a line. Safe from any thread.
void WriteLog(LogLevel level, std::string_view message);

/// Lines below this level are dropped. Default: kInfo.
void SetLogLevel(LogLevel level);

template <typename... Args>
void LogInfo(fmt::format_string<Args...> format, Args&&... args) {
  WriteLog(LogLevel::kInfo, fmt::format(format, std::forward<Args>(args)...));
}

template <typename... Args>
void LogWarning(fmt::format_string<Args...> format, Args&&... args) {
  WriteLog(LogLevel::kWarning, fmt::format(format, std::forward<Args>(args)...));
}

template <typename... Args>
void LogError(fmt::format_string<Args...> format, Args&&... args) {
  WriteLog(LogLevel::kError, fmt::format(format, std::forward<Args>(args)...));
}

}  // namespace fansipan::base
