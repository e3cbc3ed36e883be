#pragma once

#include <string>
#include <string_view>

namespace fansipan::sources::internal {

/// An open file descriptor, closed with its scope.
class FileHandle {
 public:
  explicit FileHandle(int number = -1) : number_(number) {}
  FileHandle(FileHandle&& other) noexcept;
  FileHandle& operator=(FileHandle&& other) noexcept;
  ~FileHandle();

  bool valid() const { return number_ >= 0; }
  int number() const { return number_; }
  /// False, with errno set, when not all could be written.
  bool WriteAll(std::string_view bytes) const;
  /// Fills `bytes`, shortening it where the file ends. False, with errno set, on an error.
  bool ReadAll(std::string& bytes) const;

 private:
  int number_;
};

}  // namespace fansipan::sources::internal
