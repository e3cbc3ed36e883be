#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/files.h"

namespace fansipan::store {

/// Says that every sync was done, without doing it: the control of power-cut tests. A test that
/// does not find losses on it could not find them anywhere.
class UnsyncedFileSystem final : public base::FileSystem {
 public:
  explicit UnsyncedFileSystem(base::FileSystem& inner) : inner_(inner) {}

  base::Result<std::unique_ptr<base::File>> OpenForAppend(const std::string& path) override {
    FANSIPAN_ASSIGN_OR_RETURN(auto file, inner_.OpenForAppend(path));
    return std::unique_ptr<base::File>(std::make_unique<UnsyncedFile>(std::move(file)));
  }
  base::Result<std::unique_ptr<base::File>> OpenForRead(const std::string& path) override {
    return inner_.OpenForRead(path);
  }
  base::Result<std::string> ReadWhole(const std::string& path, std::uint64_t limit) override {
    return inner_.ReadWhole(path, limit);
  }
  base::Status Rename(const std::string& from, const std::string& to) override {
    return inner_.Rename(from, to);
  }
  base::Status Remove(const std::string& path) override { return inner_.Remove(path); }
  base::Status MakeFolder(const std::string& path) override { return inner_.MakeFolder(path); }
  base::Status SyncFolder(const std::string&) override { return {}; }
  base::Result<std::vector<std::string>> List(const std::string& folder) override {
    return inner_.List(folder);
  }
  bool Exists(const std::string& path) override { return inner_.Exists(path); }
  base::Result<std::uint64_t> FreeBytes(const std::string& path) override {
    return inner_.FreeBytes(path);
  }

 private:
  class UnsyncedFile final : public base::File {
   public:
    explicit UnsyncedFile(std::unique_ptr<base::File> inner) : inner_(std::move(inner)) {}
    base::Status Append(std::string_view bytes) override { return inner_->Append(bytes); }
    base::Result<std::string> ReadAt(std::uint64_t offset, std::size_t count) const override {
      return inner_->ReadAt(offset, count);
    }
    base::Result<std::uint64_t> Size() const override { return inner_->Size(); }
    base::Status Truncate(std::uint64_t size) override { return inner_->Truncate(size); }
    base::Status Sync() override { return {}; }

   private:
    std::unique_ptr<base::File> inner_;
  };

  base::FileSystem& inner_;
};

}  // namespace fansipan::store
