#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "base/clock.h"
#include "base/result.h"

namespace fansipan::sources {

/// Documents that did not come, could not be read or could not be reported, each with its last
/// error and the moment before which it is left alone: after its first failure for `first`, then
/// twice as long each time, up to an hour (or `first`, when that is longer). So those that always
/// fail hold up none behind them. In memory alone: after a restart each is tried at once. Belongs
/// to one thread.
class FailingDocuments {
 public:
  explicit FailingDocuments(base::Duration first) : first_(first) {}

  /// Notes one more failure of a document. Of no more than kMost it is known; a further one is
  /// tried at each asking.
  void Note(const std::string& id, const base::Error& error, base::Timestamp now);
  void Forget(const std::string& id) { documents_.erase(id); }
  /// Forgets those that are not among `waiting`: nobody will ask for them again.
  void KeepOnly(const std::set<std::string>& waiting);
  /// Its last error, with how often it failed and when it is tried again; nothing when it may be
  /// tried now.
  std::optional<base::Error> SetBack(const std::string& id, base::Timestamp now) const;
  bool Knows(const std::string& id) const { return documents_.contains(id); }
  std::size_t size() const { return documents_.size(); }

  static constexpr std::size_t kMost = 10'000;

 private:
  struct Failing {
    base::Error error;
    std::uint32_t failures = 0;
    base::Timestamp not_before{};
  };

  const base::Duration first_;
  std::map<std::string, Failing> documents_;
};

}  // namespace fansipan::sources
