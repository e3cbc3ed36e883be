#pragma once

#include <sys/types.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"

namespace fansipan::bench {

/// A program that a bench started and ends, by its id; it also ends with the bench. Its standard
/// output can be read line by line, what it says on standard error goes to a file. One thread.
class ChildProcess {
 public:
  static base::Result<std::unique_ptr<ChildProcess>> Start(std::vector<std::string> command,
                                                           const std::string& error_file);
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  /// Nothing when the program closed its output.
  std::optional<std::string> ReadLine();
  /// Asks it to end, and waits.
  void Stop(int signal);
  pid_t id() const { return id_; }

 private:
  ChildProcess(pid_t id, int output) : id_(id), output_(output) {}

  pid_t id_;
  int output_;
  std::string pending_;
};

/// Runs a program to its end; kIo with its output when it does not succeed. `input`: a file, or
/// nothing. Returns what it printed, both streams.
base::Result<std::string> RunProgram(const std::vector<std::string>& command);

/// A line of /proc/<id>/status in kilobytes, such as "VmRSS"; 0 when it is not there.
std::uint64_t ProcessKilobytes(pid_t id, const std::string& field);
/// Processor time the process and its ended children have taken so far, in seconds.
double ProcessorSeconds(pid_t id);

}  // namespace fansipan::bench
