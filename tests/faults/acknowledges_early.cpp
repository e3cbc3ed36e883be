// The program with one fault: its journal says "durable" at once and writes a moment later. The
// kill test must catch it; otherwise that test could not see anything.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <deque>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>

#include "center/load.h"
#include "server/server.h"
#include "sources/process_mapping_worker.h"
#include "store/embedded/duckdb_expression_parser.h"

namespace fansipan {
namespace {

constexpr std::chrono::milliseconds kLate{700};

/// Acknowledges each entry before it is written.
class EarlyJournal final : public store::Journal {
 public:
  explicit EarlyJournal(std::unique_ptr<store::Journal> journal)
      : journal_(std::move(journal)),
        end_(journal_->End()),
        writer_([this](auto stop) { Write(stop); }) {}

  base::Status Append(const store::JournalEntry& entry) override {
    const std::lock_guard lock(mutex_);
    waiting_.push_back(entry);
    end_ = {entry.number, std::max(end_.sequence, entry.LastSequence()), entry.recorded_at};
    return {};
  }
  base::Status Read(std::uint64_t first,
                    const std::function<base::Status(store::JournalEntry)>& visit) override {
    return journal_->Read(first, visit);
  }
  store::JournalEnd End() const override {
    const std::lock_guard lock(mutex_);
    return end_;
  }
  const store::JournalRecovery& recovery() const override { return journal_->recovery(); }

 private:
  void Write(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      std::this_thread::sleep_for(kLate);
      const std::lock_guard lock(mutex_);
      while (!waiting_.empty() && journal_->Append(waiting_.front()).ok()) waiting_.pop_front();
    }
  }

  std::unique_ptr<store::Journal> journal_;
  mutable std::mutex mutex_;
  std::deque<store::JournalEntry> waiting_;
  store::JournalEnd end_;
  std::jthread writer_;
};

int Serve(const std::map<std::string, std::string>& options) {
  const auto parser = store::DuckDbExpressionParser::Open();
  if (!parser.ok()) return 1;
  server::ServerSettings settings;
  settings.center = center::LoadCenter(options.at("--center"), **parser).center;
  settings.runtime.data_folder = options.at("--data");
  settings.runtime.program = std::filesystem::read_symlink("/proc/self/exe").string();
  settings.runtime.wrap_journal = [](std::unique_ptr<store::Journal> journal) {
    return std::unique_ptr<store::Journal>(new EarlyJournal(std::move(journal)));
  };
  settings.port = 0;
  const auto server = server::Server::Start(std::move(settings));
  if (!server.ok()) {
    fmt::print(stderr, "{}\n", server.error().message);
    return 1;
  }
  const unsigned port = (*server)->port();
  if (const auto token = (*server)->set_up_token()) {
    fmt::print("set-up link: http://127.0.0.1:{}/set-up#{}\n", port, *token);
  }
  fmt::print("serving http://127.0.0.1:{}\n", port);
  std::fflush(stdout);
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  int signal = 0;
  sigwait(&signals, &signal);
  return 0;
}

}  // namespace
}  // namespace fansipan

int main(int argc, char** argv) {
  if (argc == 2 && std::strcmp(argv[1], "workers") == 0) return fansipan::sources::RunWorkers();
  std::map<std::string, std::string> options;
  for (int i = 2; i + 1 < argc; i += 2) options[argv[i]] = argv[i + 1];
  return fansipan::Serve(options);
}
