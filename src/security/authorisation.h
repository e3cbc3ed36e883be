#pragma once

#include <array>
#include <string>
#include <string_view>

#include "base/result.h"
#include "security/identity.h"

namespace fansipan::security {

/// Everything that can be done with a center, whatever face it is asked through. Closed: what is
/// not here cannot be done.
enum class Action {
  kReadHealth,
  kReadScreen,       ///< the files of the web screens, without data
  kReadDescription,  ///< the description of the interface
  kReadOwnSession,
  kSignIn,
  kSignOut,
  kCompleteSetUp,
  kCreateSetUpLink,
  kChangeOwnPassword,
  kReadCenter,  ///< names and titles of units, panels, indicators, sources
  kReadFigures,
  kOpenLiveStream,
  kReadRecords,
  kReadDeliveries,
  kReadPayload,  ///< archived bytes
  kReadQuarantine,
  kExportQuarantine,
  kDecideQuarantine,  ///< accept, discard or reopen rows
  kTryMapping,        ///< the SQL of a mapping, read and run on archived deliveries
  kPushDelivery,
  kReplayDelivery,
  kPauseSource,  ///< and resume it
  kTrySource,    ///< have it asked once, with its secrets, and see what it sends
  kPlanCenter,
  kApplyCenter,
  kAdministerAccounts,
  kAdministerTokens,
  kAdministerSecrets,  ///< of connectors; nothing lets a value be read
  kReadAudit,
  kReadMetrics,
};

inline constexpr std::array kAllActions{Action::kReadHealth,
                                        Action::kReadScreen,
                                        Action::kReadDescription,
                                        Action::kReadOwnSession,
                                        Action::kSignIn,
                                        Action::kSignOut,
                                        Action::kCompleteSetUp,
                                        Action::kCreateSetUpLink,
                                        Action::kChangeOwnPassword,
                                        Action::kReadCenter,
                                        Action::kReadFigures,
                                        Action::kOpenLiveStream,
                                        Action::kReadRecords,
                                        Action::kReadDeliveries,
                                        Action::kReadPayload,
                                        Action::kReadQuarantine,
                                        Action::kExportQuarantine,
                                        Action::kDecideQuarantine,
                                        Action::kTryMapping,
                                        Action::kPushDelivery,
                                        Action::kReplayDelivery,
                                        Action::kPauseSource,
                                        Action::kTrySource,
                                        Action::kPlanCenter,
                                        Action::kApplyCenter,
                                        Action::kAdministerAccounts,
                                        Action::kAdministerTokens,
                                        Action::kAdministerSecrets,
                                        Action::kReadAudit,
                                        Action::kReadMetrics};

/// Stable name, e.g. "read_figures".
std::string_view NameOf(Action action);

/// What is acted upon; empty names where they do not apply.
struct Object {
  std::string system;
  std::string source;
  std::string indicator;
  bool is_public = false;  ///< the center marks it public
  bool personal = false;   ///< bytes or rows that hold personal columns as they came
};

enum class Verdict {
  kAllowed,
  kSignInNeeded,  ///< nobody is signed in; signing in may help
  kRefused
};

struct Decision {
  Verdict verdict = Verdict::kRefused;
  std::string_view reason;  ///< stable word, empty when allowed
  bool allowed() const { return verdict == Verdict::kAllowed; }
};

/// The one place where rights are decided. Pure; asked where the act is done, with the object it is
/// done on, never with the text of a path.
Decision Authorise(const Identity& identity, Action action, const Object& object);

/// Authorise as a Status: kUnauthenticated or kForbidden.
base::Status Require(const Identity& identity, Action action, const Object& object = {});

/// Whether columns marked personal may be shown to this identity; without, they are left out.
bool MayReadPersonal(const Identity& identity);

}  // namespace fansipan::security
