#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/patience.h"
#include "base/result.h"
#include "center/center.h"
#include "sources/connectors/connector.h"

namespace fansipan::sources {

/// What a trial of a connector stands on. All of it outlives the trial and is safe from any thread.
struct ConnectorTrialParts {
  /// The value of a kept secret; nothing when it is not set.
  std::function<base::Result<std::optional<std::string>>(const std::string& name)> secret;
  const base::Clock* clock = nullptr;
  std::chrono::milliseconds limit{30'000};  ///< then the asking is broken off
  std::chrono::milliseconds look{2'000};    ///< before a second asking of a source with nothing
};

/// The first payload that a source sent, whole and unpacked.
struct FetchedOnce {
  std::string payload;
  std::string file_name;                    ///< empty: it came under none
  std::map<std::string, std::string> told;  ///< beside it, as Submission::told
};

/// Asks the source as if it had never been asked, until it sent one payload: a page, a piece of
/// rows, a file, a document, the messages of some seconds. Nothing is recorded, so that a connector
/// acknowledges, reports, moves and deletes nothing. What has nothing is asked once again, since a
/// file is taken only when it is seen unchanged. Waits in the calling thread; shows in no metric.
/// Errors: kInvalidArgument no_connector, of a source that is not asked; kUnavailable with the
/// connector's own reason, nothing_came or source_silent; errors of the patience.
base::Result<FetchedOnce> FetchOnce(const center::Source& source, const ConnectorTrialParts& parts,
                                    const base::Patience& patience);
/// The same by a connector that was made already.
base::Result<FetchedOnce> FetchOnce(const std::string& source, Connector& connector,
                                    const ConnectorTrialParts& parts,
                                    const base::Patience& patience);

}  // namespace fansipan::sources
