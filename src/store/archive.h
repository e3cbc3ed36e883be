#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace fansipan::store {

/// Keeps payloads as they came, compressed, encrypted and hashed. An id names its content: the
/// SHA-256 of the payload under a key of this center, so that equal payloads are kept once. Safe
/// from any thread.
class Archive {
 public:
  virtual ~Archive() = default;
  /// Durable when it returns. kStorageFull: nothing is kept.
  virtual base::Result<std::string> Put(std::string_view payload) = 0;
  /// The payload byte for byte; kNotFound, or kCorrupt when a bit has changed: then nothing is
  /// served.
  virtual base::Result<std::string> Get(const std::string& id) = 0;
  virtual bool Has(const std::string& id) = 0;
  /// All ids there are, sorted.
  virtual base::Result<std::vector<std::string>> List() = 0;
};

}  // namespace fansipan::store
