#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <string>

#include "base/clock.h"
#include "base/files.h"
#include "base/result.h"

namespace fansipan::simulation::internal {

/// What a simulated exchange was told of its documents: one line of JSON each in a file, behind one
/// that says when the exchange began. Used by one thread at a time.
class ExchangeReports {
 public:
  /// Reads the file, or begins it at `now`. Without a path nothing outlives the object. A last line
  /// that a kill cut off is taken away.
  static base::Result<ExchangeReports> Open(base::FileSystem& files, const std::string& path,
                                            base::Timestamp now);

  /// Durable when it returns.
  base::Status Add(const std::string& id, const std::string& status, const std::string& reason);
  /// Null: nobody has said anything of it.
  const std::string* StatusOf(const std::string& id) const;
  std::size_t CountOf(const std::string& status) const;
  base::Timestamp began() const { return began_; }

 private:
  base::Status ReadLine(const std::string& line);

  std::unique_ptr<base::File> file_;
  base::Timestamp began_{};
  std::map<std::string, std::string> statuses_;  ///< by id
};

}  // namespace fansipan::simulation::internal
