#include "server/source_trial.h"

#include <algorithm>
#include <utility>

#include "sources/connectors/connector_trial.h"
#include "sources/decoding.h"
#include "sources/trial.h"

namespace fansipan::server {
namespace {

/// What is shown of a payload, whatever becomes of its rows.
http::SourceTrial Describe(const center::Source& source, const sources::FetchedOnce& fetched) {
  http::SourceTrial shown;
  shown.source = source.name;
  shown.file_name = fetched.file_name;
  shown.told = fetched.told;
  shown.bytes = fetched.payload.size();
  const auto length = std::min(fetched.payload.size(), sources::kMaxTrialRaw);
  shown.begins = sources::ReadableText(fetched.payload, {0, length, 1}, source);
  return shown;
}

/// The payload itself is at fault, or what is declared of it.
bool ConcernsPayload(const base::Error& error) {
  return error.code == base::ErrorCode::kInvalidArgument ||
         error.code == base::ErrorCode::kTooLarge || error.code == base::ErrorCode::kUnsupported ||
         error.code == base::ErrorCode::kDeadlineExceeded;
}

}  // namespace

base::Result<http::SourceTrial> SourceTrials::Try(std::shared_ptr<const center::Center> center,
                                                  const http::SourceTrialRequest& asked,
                                                  const base::Patience& patience) {
  const std::unique_lock turn(one_, std::try_to_lock);
  if (!turn.owns_lock()) {
    return base::Error{base::ErrorCode::kConflict, "trial_running",
                       "another source is being tried; wait for it"};
  }
  const center::Source* source = center->FindSource(asked.source);
  if (source == nullptr) {
    return base::Error{base::ErrorCode::kNotFound, "unknown_source",
                       "no source '" + asked.source + "' is declared there"};
  }
  std::stop_source gone;
  const auto give_up = [&gone] { gone.request_stop(); };
  const std::stop_callback when_ended(ended_.get_token(), give_up);
  const std::stop_callback when_nobody_waits(patience.gone(), give_up);
  const base::Patience own(patience.deadline(), gone.get_token());
  sources::ConnectorTrialParts parts;
  parts.secret = [this](const std::string& name) { return parts_.secrets->Find(name); };
  parts.clock = parts_.clock;
  FANSIPAN_ASSIGN_OR_RETURN(sources::FetchedOnce fetched, sources::FetchOnce(*source, parts, own));
  http::SourceTrial shown = Describe(*source, fetched);
  auto trial = sources::Try({.center = center.get(),
                             .source = source,
                             .payload = std::move(fetched.payload),
                             .received_at = parts_.clock->Now(),
                             .rows = asked.rows},
                            *parts_.worker);
  FANSIPAN_RETURN_IF_ERROR(own.Check());
  if (trial.ok()) {
    shown.trial = *std::move(trial);
  } else if (ConcernsPayload(trial.error())) {
    shown.refusal = std::move(trial).error();
  } else {
    return std::move(trial).error();
  }
  return shown;
}

}  // namespace fansipan::server
