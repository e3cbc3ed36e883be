#include "sources/internal/processes/confinement.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/landlock.h>
#include <seccomp.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <memory>

#include "sources/internal/processes/allowed_calls.h"
#include "sources/internal/processes/file_handle.h"

namespace fansipan::sources::internal {
namespace {

/// What linking and starting a program need besides computing. None of them changes a file.
constexpr int kProgramCalls[] = {SCMP_SYS(execve),     SCMP_SYS(arch_prctl),    SCMP_SYS(access),
                                 SCMP_SYS(faccessat),  SCMP_SYS(faccessat2),    SCMP_SYS(stat),
                                 SCMP_SYS(lstat),      SCMP_SYS(newfstatat),    SCMP_SYS(statx),
                                 SCMP_SYS(statfs),     SCMP_SYS(fstatfs),       SCMP_SYS(readlink),
                                 SCMP_SYS(readlinkat), SCMP_SYS(getdents64),    SCMP_SYS(getcwd),
                                 SCMP_SYS(fcntl),      SCMP_SYS(dup),           SCMP_SYS(uname),
                                 SCMP_SYS(fadvise64),  SCMP_SYS(get_mempolicy), SCMP_SYS(umask)};

constexpr std::uint64_t kAnyAccess =
    LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_READ_FILE |
    LANDLOCK_ACCESS_FS_READ_DIR | LANDLOCK_ACCESS_FS_REMOVE_DIR | LANDLOCK_ACCESS_FS_REMOVE_FILE |
    LANDLOCK_ACCESS_FS_MAKE_CHAR | LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_MAKE_REG |
    LANDLOCK_ACCESS_FS_MAKE_SOCK | LANDLOCK_ACCESS_FS_MAKE_FIFO | LANDLOCK_ACCESS_FS_MAKE_BLOCK |
    LANDLOCK_ACCESS_FS_MAKE_SYM;

base::Error Unable(std::string_view what, int number) {
  return {base::ErrorCode::kInternal, "",
          fmt::format("a confined program cannot {}: {}", what, std::strerror(number))};
}

/// What is not there needs no permission.
base::Status Permit(const FileHandle& rules, const std::string& path, std::uint64_t access) {
  const FileHandle place(open(path.c_str(), O_PATH | O_CLOEXEC));
  struct stat status {};
  if (!place.valid() || fstat(place.number(), &status) != 0) return {};
  if (!S_ISDIR(status.st_mode)) access &= ~std::uint64_t{LANDLOCK_ACCESS_FS_READ_DIR};
  const landlock_path_beneath_attr rule{.allowed_access = access, .parent_fd = place.number()};
  if (syscall(SYS_landlock_add_rule, rules.number(), LANDLOCK_RULE_PATH_BENEATH, &rule, 0) == 0) {
    return {};
  }
  return Unable(fmt::format("be permitted to read {}", path), errno);
}

/// Without Landlock in the kernel the filter of system calls stands alone.
base::Status RestrictFiles(const std::vector<std::string>& readable,
                           const std::vector<std::string>& programs) {
  const landlock_ruleset_attr handled{.handled_access_fs = kAnyAccess};
  const FileHandle rules(
      static_cast<int>(syscall(SYS_landlock_create_ruleset, &handled, sizeof(handled), 0)));
  if (!rules.valid()) {
    if (errno == ENOSYS || errno == EOPNOTSUPP) return {};
    return Unable("be kept from files", errno);
  }
  constexpr std::uint64_t kRead = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR;
  constexpr std::uint64_t kRun = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_EXECUTE;
  for (const std::string& path : readable) {
    FANSIPAN_RETURN_IF_ERROR(Permit(rules, path, kRead));
  }
  for (const std::string& path : programs) {
    FANSIPAN_RETURN_IF_ERROR(Permit(rules, path, kRun));
  }
  if (syscall(SYS_landlock_restrict_self, rules.number(), 0) == 0) return {};
  return Unable("be kept from files", errno);
}

int AllowProgram(scmp_filter_ctx filter) {
  int failed = AllowComputing(filter);
  for (const int call : kProgramCalls) {
    if (failed == 0) failed = seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, 0);
  }
  // Opening for reading alone.
  constexpr scmp_datum_t kChanges = O_WRONLY | O_RDWR | O_CREAT | O_TRUNC | O_APPEND;
  if (failed == 0) {
    failed = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(openat), 1,
                              scmp_arg_cmp{2, SCMP_CMP_MASKED_EQ, kChanges, 0});
  }
  if (failed == 0) {
    failed = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(open), 1,
                              scmp_arg_cmp{1, SCMP_CMP_MASKED_EQ, kChanges, 0});
  }
  return failed;
}

}  // namespace

base::Status ConfineProgram(const std::vector<std::string>& readable,
                            const std::vector<std::string>& programs) {
  FANSIPAN_RETURN_IF_ERROR(RestrictFiles(readable, programs));
  const std::unique_ptr<void, decltype(&seccomp_release)> filter(
      seccomp_init(SCMP_ACT_ERRNO(EPERM)), &seccomp_release);
  if (!filter) return Unable("have a filter of system calls", ENOMEM);
  int failed = AllowProgram(filter.get());
  // Setting a limit is let through once more, for LimitMemory.
  if (failed == 0) {
    failed = seccomp_rule_add(filter.get(), SCMP_ACT_ALLOW, SCMP_SYS(setrlimit), 1,
                              scmp_arg_cmp{0, SCMP_CMP_EQ, RLIMIT_AS, 0});
  }
  if (failed == 0) failed = seccomp_load(filter.get());
  return failed == 0 ? base::Status() : Unable("have its filter of system calls", -failed);
}

base::Status LimitMemory(std::uint64_t bytes) {
  // By the call that the filter lets through: the C library's function uses another.
  const rlimit limit{bytes, bytes};
  if (syscall(SYS_setrlimit, RLIMIT_AS, &limit) == 0) return {};
  return Unable("have its memory limited", errno);
}

}  // namespace fansipan::sources::internal
