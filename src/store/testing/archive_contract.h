#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <ostream>
#include <string>

#include "store/archive.h"

namespace fansipan::store {

/// One place where an archive is kept, made new for each test.
class ArchivePlace {
 public:
  virtual ~ArchivePlace() = default;
  /// The archive kept here; the one opened before is gone by then.
  virtual base::Result<std::unique_ptr<Archive>> Open() = 0;
};

struct ArchiveEngine {
  std::string name;
  std::function<std::unique_ptr<ArchivePlace>()> make_place;
  friend std::ostream& operator<<(std::ostream& out, const ArchiveEngine& engine) {
    return out << engine.name;
  }
};

/// What every engine's archive does. An engine's tests instantiate it.
class ArchiveContract : public testing::TestWithParam<ArchiveEngine> {
 protected:
  void SetUp() override;
  void Reopen();
  std::string Put(std::string_view payload);

  std::unique_ptr<ArchivePlace> place_;
  std::unique_ptr<Archive> archive_;
};

}  // namespace fansipan::store
