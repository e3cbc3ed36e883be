#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"

namespace fansipan::simulation::internal {

/// What an envelope says.
struct Envelope {
  std::string id;
  std::string sender;
  std::string number;  ///< without the notation
  std::string notation;
  std::vector<std::string> recipients;
  base::Timestamp sent_at;
  std::chrono::local_days day;  ///< of promulgation
  std::optional<std::chrono::local_days> due;
  std::string type;
  std::string subject;
  std::string indicator;  ///< that it is about; empty: none
  bool instructs = false;
  bool is_signed = true;
  bool revokes = false;  ///< asks for the document of this id to be given back
  std::string responds_to;
};

/// A code of QCVN 102, and when a document came to it.
struct Step {
  base::Timestamp at;
  std::string code;
};

/// A document at one of its recipients.
struct Handling {
  std::string recipient;
  std::vector<Step> steps;  ///< in order
  std::optional<base::Timestamp> accepted;
  std::optional<base::Timestamp> assigned;
  std::optional<base::Timestamp> finished;
  std::string reply;  ///< id of the document that answers
};

/// A document and all that becomes of it.
struct ExchangedDocument {
  std::chrono::local_days drawn_on;  ///< of a reply, the day of what it answers
  Envelope envelope;
  std::vector<Handling> handlings;
  std::optional<Envelope> revocation;
};

}  // namespace fansipan::simulation::internal
