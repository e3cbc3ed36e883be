#include "bench/postgres_peer.h"

#include <fmt/format.h>
#include <pwd.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <system_error>
#include <thread>

#include "bench/child_process.h"
#include "bench/latencies.h"
#include "bench/postgres_statements.h"

namespace fansipan::bench {
namespace {

namespace fs = std::filesystem;

constexpr char kServerSettings[] =
    "synchronous_commit=on, fsync=on, full_page_writes=on, shared_buffers=1GB, work_mem=256MB, "
    "maintenance_work_mem=512MB, max_wal_size=16GB, checkpoint_timeout=15min, jit=off";

/// The newest PostgreSQL of Debian's folders; nothing when there is none.
std::optional<std::string> FindBinaries() {
  std::error_code absent;
  std::optional<std::string> found;
  for (const auto& version : fs::directory_iterator("/usr/lib/postgresql", absent)) {
    const std::string folder = version.path().string() + "/bin";
    if (fs::exists(folder + "/postgres") && (!found || *found < folder)) found = folder;
  }
  return found;
}

/// A cluster for one bench.
class Cluster {
 public:
  explicit Cluster(std::string binaries) : binaries_(std::move(binaries)) {}
  ~Cluster() {
    if (server_) server_->Stop(SIGINT);
    std::error_code failed;
    if (!folder_.empty()) fs::remove_all(folder_, failed);
  }
  Cluster(const Cluster&) = delete;
  Cluster& operator=(const Cluster&) = delete;

  base::Status Start() {
    std::string name = (fs::temp_directory_path() / "fansipan-bench-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) return base::Error{base::ErrorCode::kIo, "", name};
    folder_ = name;
    fs::permissions(folder_, fs::perms(0755));
    if (geteuid() == 0) {
      const passwd* user = getpwnam("postgres");
      if (user == nullptr || chown(folder_.c_str(), user->pw_uid, user->pw_gid) != 0) {
        return base::Error{base::ErrorCode::kIo, "", "there is no user 'postgres' to run it as"};
      }
      as_user_ = {"setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups",
                  "--pdeathsig=INT"};
    }
    FANSIPAN_RETURN_IF_ERROR(
        RunProgram(AsUser({binaries_ + "/initdb", "-D", folder_ + "/data", "-U", "bench",
                           "--auth=trust", "-E", "UTF8", "--locale=C"})));
    std::vector<std::string> command = {
        binaries_ + "/postgres", "-D", folder_ + "/data", "-k", folder_, "-c", "listen_addresses="};
    std::string settings = kServerSettings;
    for (std::size_t from = 0; from < settings.size();) {
      const std::size_t comma = std::min(settings.find(", ", from), settings.size());
      command.insert(command.end(), {"-c", settings.substr(from, comma - from)});
      from = comma + 2;
    }
    FANSIPAN_ASSIGN_OR_RETURN(server_, ChildProcess::Start(AsUser(command), "/dev/null"));
    for (int i = 0; i < 100; ++i) {
      if (Query("SELECT 1").ok()) return {};
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
    return base::Error{base::ErrorCode::kIo, "", "the cluster did not start"};
  }

  base::Result<std::string> Query(const std::string& statement) const {
    return RunProgram(Psql({"-c", statement}));
  }
  base::Result<std::string> RunFile(const std::string& file) const {
    return RunProgram(Psql({"-f", file}));
  }
  const std::string& folder() const { return folder_; }

 private:
  std::vector<std::string> AsUser(std::vector<std::string> command) const {
    command.insert(command.begin(), as_user_.begin(), as_user_.end());
    return command;
  }
  std::vector<std::string> Psql(const std::vector<std::string>& what) const {
    std::vector<std::string> command = {
        binaries_ + "/psql", "-X", "-q", "-h", folder_, "-U", "bench", "-d", "postgres", "-v",
        "ON_ERROR_STOP=1"};
    command.insert(command.end(), what.begin(), what.end());
    return command;
  }

  const std::string binaries_;
  std::string folder_;
  std::vector<std::string> as_user_;
  std::unique_ptr<ChildProcess> server_;
};

/// The newest version of each key, in parts of a million.
base::Status LoadCurrent(const Cluster& cluster, const BigHistory& history) {
  constexpr std::uint64_t kPart = 1'000'000;
  const std::string file = cluster.folder() + "/part.csv";
  FANSIPAN_RETURN_IF_ERROR(cluster.Query(kCreateTables));
  std::uint64_t key = 0;
  while (key < history.shape().keys) {
    std::string csv = kCsvHeader;
    const std::uint64_t end = std::min(key + kPart, history.shape().keys);
    for (; key < end; ++key) AppendCsv(history.LastOf(key), csv);
    std::ofstream(file, std::ios::trunc) << csv;
    FANSIPAN_RETURN_IF_ERROR(
        cluster.Query(fmt::format("\\copy current from '{}' (format csv, header)", file)));
  }
  FANSIPAN_RETURN_IF_ERROR(cluster.Query(kCreateKey));
  FANSIPAN_RETURN_IF_ERROR(cluster.Query(FirstRollUp()));
  FANSIPAN_RETURN_IF_ERROR(cluster.Query("VACUUM ANALYZE"));
  return cluster.Query("CHECKPOINT").ok() ? base::Status()
                                          : base::Error{base::ErrorCode::kIo, "", "checkpoint"};
}

base::Status Measure(const Cluster& cluster, const std::vector<std::string>& payloads,
                     PeerOutcome& outcome) {
  const std::string script = cluster.folder() + "/script.sql";
  std::ofstream text(script, std::ios::trunc);
  for (std::size_t i = 0; i < payloads.size(); ++i) {
    const std::string file = fmt::format("{}/batch-{}.csv", cluster.folder(), i);
    std::ofstream(file, std::ios::trunc) << payloads[i];
    text << BatchScript(file);
  }
  text.close();
  const auto start = SteadyNow();
  FANSIPAN_RETURN_IF_ERROR(cluster.RunFile(script));
  outcome.seconds = SecondsSince(start);
  return {};
}

}  // namespace

PeerOutcome RunPostgresPeer(const BigHistory& history, const std::vector<std::string>& payloads,
                            const Settings& settings) {
  PeerOutcome outcome;
  const auto binaries = FindBinaries();
  if (!binaries) {
    outcome.note = "peer skipped: no PostgreSQL under /usr/lib/postgresql (package postgresql-15)";
    return outcome;
  }
  fmt::print("peer: loading {} keys into PostgreSQL\n", history.shape().keys);
  std::fflush(stdout);
  Cluster cluster(*binaries);
  const auto run = [&]() -> base::Status {
    FANSIPAN_RETURN_IF_ERROR(cluster.Start());
    FANSIPAN_RETURN_IF_ERROR(LoadCurrent(cluster, history));
    return Measure(cluster, payloads, outcome);
  };
  const base::Status ran = run();
  if (!ran.ok()) {
    outcome.seconds = 0;
    outcome.note = "peer skipped: " + ran.error().message;
    return outcome;
  }
  outcome.rows = settings.batches * settings.batch_rows;
  std::string version = RunProgram({*binaries + "/postgres", "--version"}).value();
  std::erase(version, '\n');
  outcome.settings =
      fmt::format("{}; {}; one connection, one transaction a delivery", version, kServerSettings);
  return outcome;
}

}  // namespace fansipan::bench
