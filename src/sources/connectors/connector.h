#pragma once

#include <functional>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>

#include "base/clock.h"
#include "base/metrics.h"
#include "base/random.h"
#include "base/result.h"
#include "sources/intake.h"

namespace fansipan::sources {

/// What connectors stand on. All of it outlives them and is safe from any thread.
struct ConnectorSurroundings {
  std::function<base::Result<DeliveryReport>(Submission)> deliver;
  std::function<base::Status(const std::string& source, std::string position)> heartbeat;
  std::function<std::string(const std::string& source)> position_of;
  /// The value of a kept secret; nothing when it is not set.
  std::function<base::Result<std::optional<std::string>>(const std::string& name)> secret;
  /// Whether an official has the source stand still. Null: nobody can.
  std::function<bool(const std::string& source)> is_paused;
  /// Records that the source fails, or that it no longer does; what is recorded already is not
  /// recorded again. Null: nobody wants to know.
  std::function<base::Status(const std::string& source, const base::Error& error)> note_failing;
  std::function<base::Status(const std::string& source)> note_answering;
  /// Waits for so long, or until a stop is asked for.
  std::function<void(base::Duration, const std::stop_token&)> wait;
  const base::Clock* clock = nullptr;
  base::RandomSource* random = nullptr;
  base::MetricsRegistry* metrics = nullptr;
};

/// The wait of a running program.
void WaitUnlessStopped(base::Duration duration, const std::stop_token& stop);

/// What a connector may do with the center while it speaks with its source. All that connectors
/// have in common is behind it: waiting while intake is busy, the position recorded in one journal
/// entry with the rows, secrets, and what the operators see. Belongs to the connector's thread.
class Passage {
 public:
  virtual ~Passage() = default;

  virtual const std::string& source() const = 0;
  /// What was recorded last with the source's rows; empty: nothing yet.
  virtual std::string Position() const = 0;
  /// Hands over what the source sent, and where it goes on from there. While intake is busy, or the
  /// disk is full, it waits and offers the same again. Success: both are durable; also when the
  /// payload was kept as refused, to be replayed, which the operators are told. Errors: nothing was
  /// kept, and the position is as before; kUnavailable with reason connector_stopped.
  virtual base::Status Deliver(std::string payload, std::string position) = 0;
  /// The same with a file, whose name stays with the delivery.
  virtual base::Status DeliverFile(const std::string& /*file_name*/, std::string payload,
                                   std::string position) {
    return Deliver(std::move(payload), std::move(position));
  }
  /// What the source told beside the payload that is delivered next (Submission::told).
  virtual void NoteTold(const std::map<std::string, std::string>& /*told*/) {}
  /// The source lives and has nothing new. Waits like Deliver.
  virtual base::Status Heartbeat(std::string position) = 0;
  /// kUnavailable with reason secret_missing when it is not set.
  virtual base::Result<std::string> Secret(const std::string& name) = 0;
  /// The source answered as it should.
  virtual void NoteContact() = 0;
  /// The source asked not to be asked before so long.
  virtual void HoldOff(base::Duration duration) = 0;
  /// kUnavailable with reason connector_stopped when a stop came first.
  virtual base::Status Wait(base::Duration duration) = 0;
  virtual base::Timestamp Now() const = 0;
  virtual const std::stop_token& stop() const = 0;
  /// Nothing of this asking is recorded (connector_trial.h): Deliver looks at the payload and then
  /// answers connector_stopped. A connector that gathers what comes gathers for seconds only, and
  /// one whom its source knows by a name comes under another, so that nothing is kept for it there
  /// and nothing is taken from the one that runs.
  virtual bool is_trial() const { return false; }
};

/// A way by which data is fetched from one source. Made anew when the center changes; keeps nothing
/// that a restart may not lose. Called by one thread; everything it does ends soon after a stop.
class Connector {
 public:
  virtual ~Connector() = default;
  /// Takes what is there, in order, from the position on, and hands it over. An error says what the
  /// source or its operator must mend, without a secret; it is asked again after a growing time.
  virtual base::Status Ask(Passage& passage) = 0;
  /// From the end of one asking that went well to the next.
  virtual base::Duration every() const = 0;
};

/// The error of whatever is broken off by a stop.
base::Error ConnectorStopped();
/// A kept secret as ConnectorSurroundings::secret found it; kUnavailable secret_missing, which says
/// what to do, when it is not set.
base::Result<std::string> GetSecret(const std::string& name,
                                    base::Result<std::optional<std::string>> found);

}  // namespace fansipan::sources
