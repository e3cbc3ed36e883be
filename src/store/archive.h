#pragma once

#include <memory>
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
  /// A payload on its way into the archive. Destroyed before it was kept, it leaves nothing.
  class Draft {
   public:
    virtual ~Draft() = default;
    /// The id; durable when it returns. Called once at most.
    virtual base::Result<std::string> Keep() = 0;
  };

  virtual ~Archive() = default;
  /// Does all the work of keeping a payload that can be done before it is certain that it will be
  /// kept. kStorageFull: nothing is written. The archive must outlive the draft.
  virtual base::Result<std::unique_ptr<Draft>> Begin(std::string_view payload) = 0;
  /// Begin and Keep in one.
  base::Result<std::string> Put(std::string_view payload);
  /// The payload byte for byte; kNotFound, or kCorrupt when a bit has changed: then nothing is
  /// served.
  virtual base::Result<std::string> Get(const std::string& id) = 0;
  virtual bool Has(const std::string& id) = 0;
  /// All ids there are, sorted.
  virtual base::Result<std::vector<std::string>> List() = 0;
};

}  // namespace fansipan::store
