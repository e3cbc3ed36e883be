#include "sources/internal/conversion/conversion_tool.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <utility>

#include "sources/internal/conversion/conversion_task_words.h"
#include "sources/internal/processes/memory_file.h"
#include "sources/internal/processes/spawn.h"

namespace fansipan::sources::internal {
namespace {

constexpr std::size_t kMaxComplaints = 4096;

base::Error Unable(std::string_view what, int number) {
  return {base::ErrorCode::kUnavailable, "",
          fmt::format("cannot {}: {}", what, std::strerror(number))};
}

/// A folder of our own with a name for the task's standard input: GDAL knows a file by how its name
/// ends. The file itself reaches no disk.
class NamedInput {
 public:
  explicit NamedInput(const std::string& extension) {
    std::error_code failed;
    folder_ = (std::filesystem::temp_directory_path(failed) / "fansipan-XXXXXX").string();
    if (failed || mkdtemp(folder_.data()) == nullptr) {
      folder_.clear();
      return;
    }
    path_ = folder_ + "/delivery." + extension;
    if (symlink("/proc/self/fd/0", path_.c_str()) != 0) path_.clear();
  }
  ~NamedInput() {
    if (!path_.empty()) unlink(path_.c_str());
    if (!folder_.empty()) rmdir(folder_.c_str());
  }
  NamedInput(const NamedInput&) = delete;
  NamedInput& operator=(const NamedInput&) = delete;
  /// Empty when it could not be made; errno then tells why.
  const std::string& path() const { return path_; }

 private:
  std::string folder_;
  std::string path_;
};

std::vector<std::string> WordsOf(const std::string& program, const ConversionTask& task,
                                 const std::string& path, const ConversionTaskLimits& limits) {
  std::vector<std::string> words = {program, "conversion-task"};
  words.emplace_back(kTaskWords[static_cast<std::size_t>(task.kind)]);
  words.push_back(fmt::format("{}", getpid()));
  words.push_back(fmt::format("{}", limits.memory_bytes));
  words.push_back(fmt::format("{}", limits.output_bytes));
  words.push_back(fmt::format("{}", limits.seconds));
  words.push_back(task.member.empty() ? path : fmt::format("/vsizip/{}/{}", path, task.member));
  words.push_back(task.name);
  words.push_back(task.details);
  return words;
}

// Readers that deliveries have no use for: they follow what a file names, or ask the network.
constexpr const char* kLeftOut =
    "OGR_SKIP=OGR_VRT,HTTP,WFS,OAPIF,CSW,GMLAS,NAS,GML,PDF,netCDF,ODBC,PGeo,MSSQLSpatial,OGR_OGDI,"
    "PostgreSQL,MySQL,Elasticsearch,Carto,AmigoCloud,PLSCENES,NGW,EEDA,OGCAPI,MapML,GeoRSS,"
    "GPSBabel,"
    "ESRIJSON,TopoJSON,SQLite,MVT,MBTiles,OSM,KML";

/// The whole grid as text: no row is a header, no column is guessed to be of another type. Nothing
/// is fetched, and no coordinate is reckoned by less than the whole transformation. SQLite opens
/// files by GDAL, since it would follow our link to a name that is none.
std::vector<std::string> Environment() {
  return {"LC_ALL=C.UTF-8",
          kLeftOut,
          "PROJ_NETWORK=OFF",
          "OGR_ENABLE_PARTIAL_REPROJECTION=NO",
          "SHAPE_RESTORE_SHX=NO",
          "SQLITE_USE_OGR_VFS=YES",
          "OGR_XLS_HEADERS=DISABLE",
          "OGR_XLS_FIELD_TYPES=STRING",
          "OGR_XLSX_HEADERS=DISABLE",
          "OGR_XLSX_FIELD_TYPES=STRING",
          "OGR_ODS_HEADERS=DISABLE",
          "OGR_ODS_FIELD_TYPES=STRING",
          "GDAL_DRIVER_PATH=disable",
          "GDAL_NUM_THREADS=1",
          "CPL_DEBUG=OFF"};
}

/// Waits for the process, which is killed at the deadline.
ConversionTaskEnd Await(pid_t process, std::uint32_t seconds) {
  ConversionTaskEnd end;
  const FileHandle handle(static_cast<int>(syscall(SYS_pidfd_open, process, 0)));
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(seconds);
  while (true) {
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    pollfd ended{handle.number(), POLLIN, 0};
    const int found =
        left.count() <= 0
            ? 0
            : poll(&ended, 1, static_cast<int>(std::min<std::int64_t>(left.count(), 60'000)));
    if (found > 0 || (found < 0 && errno != EINTR)) break;
    if (left.count() > 0) continue;
    end.killed_at_deadline = true;
    kill(process, SIGKILL);
    break;
  }
  int status = 0;
  rusage usage{};
  while (wait4(process, &status, 0, &usage) < 0 && errno == EINTR) {
  }
  end.signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
  end.status = WIFEXITED(status) ? WEXITSTATUS(status) : 0;
  end.peak_bytes = static_cast<std::uint64_t>(usage.ru_maxrss) << 10U;
  return end;
}

std::string FirstBytes(const FileHandle& file) {
  std::string bytes(kMaxComplaints, '\0');
  if (lseek(file.number(), 0, SEEK_SET) != 0 || !file.ReadAll(bytes)) return {};
  return bytes;
}

}  // namespace

base::Result<ConversionTaskEnd> RunConversionTask(const std::string& program,
                                                  const ConversionTask& task,
                                                  const FileHandle& input,
                                                  const ConversionTaskLimits& limits) {
  const NamedInput named(task.extension);
  if (named.path().empty()) return Unable("make a folder for a delivery's name", errno);
  FANSIPAN_ASSIGN_OR_RETURN(const FileHandle output, MakeMemoryFile({}));
  FANSIPAN_ASSIGN_OR_RETURN(const FileHandle complaints, MakeMemoryFile({}));
  const int standard[3] = {input.number(), output.number(), complaints.number()};
  pid_t process = 0;
  const int failed =
      Spawn(WordsOf(program, task, named.path(), limits), Environment(), standard, process);
  if (failed != 0) return Unable(fmt::format("start {}", program), failed);
  ConversionTaskEnd end = Await(process, limits.seconds);
  end.complaints = FirstBytes(complaints);
  FANSIPAN_ASSIGN_OR_RETURN(end.output, ReadMemoryFile(output, limits.output_bytes));
  return end;
}

}  // namespace fansipan::sources::internal
