#include "bench/child_process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdint>
#include <fstream>
#include <sstream>

namespace fansipan::bench {
namespace {

struct Streams {
  int output = -1;
  int error = -1;
};

/// In the child: never returns.
[[noreturn]] void Execute(std::vector<std::string>& command, const Streams& streams) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  dup2(streams.output, STDOUT_FILENO);
  dup2(streams.error, STDERR_FILENO);
  std::vector<char*> arguments;
  arguments.reserve(command.size() + 1);
  for (std::string& word : command) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  execvp(arguments[0], arguments.data());
  _exit(127);
}

}  // namespace

base::Result<std::unique_ptr<ChildProcess>> ChildProcess::Start(std::vector<std::string> command,
                                                                const std::string& error_file) {
  std::array<int, 2> pipe_ends{};
  const int error = open(error_file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (error < 0 || pipe2(pipe_ends.data(), O_CLOEXEC) != 0) {
    return base::Error{base::ErrorCode::kIo, "", "cannot start '" + command.front() + "'"};
  }
  const pid_t id = fork();
  if (id == 0) Execute(command, {pipe_ends[1], error});
  close(error);
  close(pipe_ends[1]);
  if (id < 0) return base::Error{base::ErrorCode::kIo, "", "cannot fork"};
  return std::unique_ptr<ChildProcess>(new ChildProcess(id, pipe_ends[0]));
}

ChildProcess::~ChildProcess() {
  Stop(SIGKILL);
  close(output_);
}

void ChildProcess::Stop(int signal) {
  if (id_ <= 0) return;
  kill(id_, signal);
  waitpid(id_, nullptr, 0);
  id_ = -1;
}

std::optional<std::string> ChildProcess::ReadLine() {
  while (true) {
    if (const auto end = pending_.find('\n'); end != std::string::npos) {
      std::string line = pending_.substr(0, end);
      pending_.erase(0, end + 1);
      return line;
    }
    std::array<char, 4096> bytes{};
    const ssize_t count = read(output_, bytes.data(), bytes.size());
    if (count <= 0) return std::nullopt;
    pending_.append(bytes.data(), static_cast<std::size_t>(count));
  }
}

base::Result<std::string> RunProgram(const std::vector<std::string>& command) {
  std::array<int, 2> pipe_ends{};
  if (pipe2(pipe_ends.data(), O_CLOEXEC) != 0) {
    return base::Error{base::ErrorCode::kIo, "", "no pipe"};
  }
  std::vector<std::string> words = command;
  const pid_t id = fork();
  if (id == 0) Execute(words, {pipe_ends[1], pipe_ends[1]});
  close(pipe_ends[1]);
  std::string text;
  std::array<char, 4096> bytes{};
  while (true) {
    const ssize_t count = read(pipe_ends[0], bytes.data(), bytes.size());
    if (count <= 0) break;
    text.append(bytes.data(), static_cast<std::size_t>(count));
  }
  close(pipe_ends[0]);
  int status = -1;
  if (id < 0 || waitpid(id, &status, 0) != id || !WIFEXITED(status) || WEXITSTATUS(status) != 0) {
    return base::Error{base::ErrorCode::kIo, "", fmt::format("{}: {}", command.front(), text)};
  }
  return text;
}

std::uint64_t ProcessKilobytes(pid_t id, const std::string& field) {
  std::ifstream file(fmt::format("/proc/{}/status", id));
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with(field + ":")) return std::stoull(line.substr(field.size() + 1));
  }
  return 0;
}

double ProcessorSeconds(pid_t id) {
  std::ifstream file(fmt::format("/proc/{}/stat", id));
  std::string text;
  std::getline(file, text);
  const auto end_of_name = text.rfind(')');
  if (end_of_name == std::string::npos) return 0;
  std::istringstream words(text.substr(end_of_name + 1));
  constexpr int kBeforeUser = 11;
  std::string skipped;
  for (int i = 0; i < kBeforeUser; ++i) words >> skipped;
  double taken = 0;
  for (int i = 0; i < 4; ++i) {  // user and system, then those of ended children
    double ticks = 0;
    words >> ticks;
    taken += ticks;
  }
  return taken / static_cast<double>(sysconf(_SC_CLK_TCK));
}

}  // namespace fansipan::bench
