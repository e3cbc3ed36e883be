#include "security/authorisation.h"

#include <fmt/format.h>

#include <cstddef>

namespace fansipan::security {
namespace {

/// On which objects a column of the table may do an action.
enum class Grant {
  kNo,
  kAny,
  kPublic,      ///< objects that the center marks public
  kOwnSource,   ///< the source that the token was made for
  kNotPersonal  ///< objects without personal columns
};

struct Rights {
  Action action;
  std::string_view name;
  Grant anonymous;
  Grant source_token;
  Grant viewer;
  Grant administrator;
  Grant local_operator;
};

constexpr Grant kNo = Grant::kNo;
constexpr Grant kAny = Grant::kAny;
constexpr Grant kPub = Grant::kPublic;
constexpr Grant kOwn = Grant::kOwnSource;
constexpr Grant kNoPd = Grant::kNotPersonal;

// A further role is a further column. The operator at the machine has no session to read or end.
// clang-format off
constexpr std::array kTable{
    //                                                         anonymous token viewer admin  operator
    Rights{Action::kReadHealth,         "read_health",         kAny,     kAny, kAny,   kAny,  kAny},
    Rights{Action::kReadScreen,         "read_screen",         kAny,     kNo,  kAny,   kAny,  kAny},
    Rights{Action::kReadDescription,    "read_description",    kNo,      kAny, kAny,   kAny,  kAny},
    Rights{Action::kReadOwnSession,     "read_own_session",    kAny,     kNo,  kAny,   kAny,  kNo},
    Rights{Action::kSignIn,             "sign_in",             kAny,     kNo,  kAny,   kAny,  kNo},
    Rights{Action::kSignOut,            "sign_out",            kNo,      kNo,  kAny,   kAny,  kNo},
    Rights{Action::kCompleteSetUp,      "complete_set_up",     kAny,     kNo,  kNo,    kNo,   kNo},
    Rights{Action::kCreateSetUpLink,    "create_set_up_link",  kNo,      kNo,  kNo,    kNo,   kAny},
    Rights{Action::kChangeOwnPassword,  "change_own_password", kNo,      kNo,  kAny,   kAny,  kNo},
    Rights{Action::kReadCenter,         "read_center",         kPub,     kNo,  kAny,   kAny,  kAny},
    Rights{Action::kReadFigures,        "read_figures",        kPub,     kNo,  kAny,   kAny,  kAny},
    Rights{Action::kOpenLiveStream,     "open_live_stream",    kPub,     kNo,  kAny,   kAny,  kAny},
    Rights{Action::kReadRecords,        "read_records",        kNo,      kNo,  kAny,   kAny,  kAny},
    Rights{Action::kReadDeliveries,     "read_deliveries",     kNo,      kNo,  kAny,   kAny,  kAny},
    Rights{Action::kReadPayload,        "read_payload",        kNo,      kNo,  kNoPd,  kAny,  kAny},
    Rights{Action::kReadQuarantine,     "read_quarantine",     kNo,      kNo,  kNoPd,  kAny,  kAny},
    Rights{Action::kExportQuarantine,   "export_quarantine",   kNo,      kNo,  kNo,    kAny,  kAny},
    Rights{Action::kDecideQuarantine,   "decide_quarantine",   kNo,      kNo,  kNo,    kAny,  kAny},
    Rights{Action::kTryMapping,         "try_mapping",         kNo,      kNo,  kNo,    kAny,  kAny},
    Rights{Action::kPushDelivery,       "push_delivery",       kNo,      kOwn, kNo,    kAny,  kAny},
    Rights{Action::kReplayDelivery,     "replay_delivery",     kNo,      kNo,  kNo,    kAny,  kAny},
    Rights{Action::kPauseSource,        "pause_source",        kNo,      kNo,  kNo,    kAny,  kAny},
    Rights{Action::kTrySource,          "try_source",          kNo,      kNo,  kNo,    kAny,  kAny},
    Rights{Action::kPlanCenter,         "plan_center",         kNo,      kNo,  kNo,    kAny,  kAny},
    Rights{Action::kApplyCenter,        "apply_center",        kNo,      kNo,  kNo,    kAny,  kAny},
    Rights{Action::kAdministerAccounts, "administer_accounts", kNo,      kNo,  kNo,    kAny,  kAny},
    Rights{Action::kAdministerTokens,   "administer_tokens",   kNo,      kNo,  kNo,    kAny,  kAny},
    Rights{Action::kAdministerSecrets,  "administer_secrets",  kNo,      kNo,  kNo,    kAny,  kAny},
    Rights{Action::kReadAudit,          "read_audit",          kNo,      kNo,  kNo,    kAny,  kAny},
    Rights{Action::kReadMetrics,        "read_metrics",        kNo,      kNo,  kNo,    kAny,  kAny},
};
// clang-format on

constexpr bool CoversEveryActionInOrder() {
  if (kTable.size() != kAllActions.size()) return false;
  for (std::size_t i = 0; i < kTable.size(); ++i) {
    if (kTable[i].action != kAllActions[i] || kTable[i].action != static_cast<Action>(i)) {
      return false;
    }
  }
  return true;
}
static_assert(CoversEveryActionInOrder(), "each Action has its row, in the order of the enum");

const Rights& RightsFor(Action action) { return kTable[static_cast<std::size_t>(action)]; }

Grant GrantFor(const Identity& identity, const Rights& rights) {
  switch (identity.kind) {
    case IdentityKind::kAnonymous:
      return rights.anonymous;
    case IdentityKind::kSourceToken:
      return rights.source_token;
    case IdentityKind::kLocalOperator:
      return rights.local_operator;
    case IdentityKind::kAccount:
      break;
  }
  if (identity.role == Role::kViewer) return rights.viewer;
  if (identity.role == Role::kAdministrator) return rights.administrator;
  return Grant::kNo;
}

/// Empty when the grant covers the object, otherwise why it does not.
std::string_view WhyNot(Grant grant, const Identity& identity, const Object& object) {
  switch (grant) {
    case Grant::kAny:
      return "";
    case Grant::kPublic:
      return object.is_public ? "" : "not_public";
    case Grant::kOwnSource:
      return !object.source.empty() && object.source == identity.source ? "" : "other_source";
    case Grant::kNotPersonal:
      return object.personal ? "personal_data" : "";
    case Grant::kNo:
      break;
  }
  return "not_granted";
}

}  // namespace

std::string_view NameOf(Action action) { return RightsFor(action).name; }

Decision Authorise(const Identity& identity, Action action, const Object& object) {
  const std::string_view reason = WhyNot(GrantFor(identity, RightsFor(action)), identity, object);
  if (reason.empty()) return {Verdict::kAllowed, ""};
  const bool anonymous = identity.kind == IdentityKind::kAnonymous;
  return {anonymous ? Verdict::kSignInNeeded : Verdict::kRefused, reason};
}

base::Status Require(const Identity& identity, Action action, const Object& object) {
  const Decision decision = Authorise(identity, action, object);
  if (decision.allowed()) return {};
  if (decision.verdict == Verdict::kSignInNeeded) {
    return base::Error{base::ErrorCode::kUnauthenticated, "sign_in_needed",
                       "nobody is signed in; sign in and try again"};
  }
  return base::Error{base::ErrorCode::kForbidden, std::string(decision.reason),
                     fmt::format("{} may not {}; an administrator can grant the right",
                                 NameForAudit(identity), NameOf(action))};
}

bool MayReadPersonal(const Identity& identity) {
  return identity.kind == IdentityKind::kLocalOperator ||
         (identity.kind == IdentityKind::kAccount && identity.role == Role::kAdministrator);
}

}  // namespace fansipan::security
