#include "security/authorisation.h"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>
#include <vector>

namespace fansipan::security {
namespace {

Identity AccountOf(Role role) {
  return {.kind = IdentityKind::kAccount, .account = {1}, .name = "lan", .role = role};
}

Identity TokenOf(const std::string& source) {
  return {.kind = IdentityKind::kSourceToken, .source = source};
}

/// The rights once more, as the documents state them: by who may do it, not by action.
struct Expected {
  std::set<Action> always;
  std::set<Action> if_public;
  std::set<Action> if_own_source;
  std::set<Action> unless_personal;
};

const std::set<Action> kReading{Action::kReadCenter, Action::kReadFigures, Action::kOpenLiveStream,
                                Action::kReadRecords, Action::kReadDeliveries};
const std::set<Action> kAdministration{
    Action::kPauseSource,        Action::kTrySource,        Action::kExportQuarantine,
    Action::kDecideQuarantine,   Action::kTryMapping,       Action::kPushDelivery,
    Action::kReplayDelivery,     Action::kPlanCenter,       Action::kApplyCenter,
    Action::kAdministerAccounts, Action::kAdministerTokens, Action::kAdministerSecrets,
    Action::kReadAudit,          Action::kReadMetrics};
const std::set<Action> kOwnAccount{Action::kReadOwnSession, Action::kSignIn, Action::kSignOut,
                                   Action::kChangeOwnPassword};
const std::set<Action> kOpen{Action::kReadHealth, Action::kReadScreen, Action::kReadDescription};

std::set<Action> Join(const std::vector<std::set<Action>>& sets) {
  std::set<Action> all;
  for (const auto& set : sets) all.insert(set.begin(), set.end());
  return all;
}

const std::map<std::string, std::pair<Identity, Expected>>& Everybody() {
  static const std::map<std::string, std::pair<Identity, Expected>> everybody{
      {"anonymous",
       {Anonymous(""),
        {.always = {Action::kReadHealth, Action::kReadScreen, Action::kReadOwnSession,
                    Action::kSignIn, Action::kCompleteSetUp},
         .if_public = {Action::kReadCenter, Action::kReadFigures, Action::kOpenLiveStream}}}},
      {"source token",
       {TokenOf("case_system"),
        {.always = {Action::kReadHealth, Action::kReadDescription},
         .if_own_source = {Action::kPushDelivery}}}},
      {"viewer",
       {AccountOf(Role::kViewer),
        {.always = Join({kOpen, kOwnAccount, kReading}),
         .unless_personal = {Action::kReadPayload, Action::kReadQuarantine}}}},
      {"administrator",
       {AccountOf(Role::kAdministrator),
        {.always = Join({kOpen,
                         kOwnAccount,
                         kReading,
                         kAdministration,
                         {Action::kReadPayload, Action::kReadQuarantine}})}}},
      {"local operator",
       {LocalOperator(),
        {.always =
             Join({kOpen,
                   kReading,
                   kAdministration,
                   {Action::kReadPayload, Action::kReadQuarantine, Action::kCreateSetUpLink}})}}},
      {"account of an unknown role", {{.kind = IdentityKind::kAccount, .name = "lan"}, {}}},
  };
  return everybody;
}

std::vector<Object> EveryObject() {
  std::vector<Object> objects;
  for (const std::string source : {"", "case_system", "gauges", "case_system/", "CASE_SYSTEM"}) {
    for (const bool is_public : {false, true}) {
      for (const bool personal : {false, true}) {
        objects.push_back({.system = "public_services",
                           .source = source,
                           .indicator = "on_time_rate",
                           .is_public = is_public,
                           .personal = personal});
      }
    }
  }
  return objects;
}

bool IsExpected(const Expected& expected, Action action, const Object& object) {
  return expected.always.contains(action) ||
         (expected.if_public.contains(action) && object.is_public) ||
         (expected.if_own_source.contains(action) && object.source == "case_system") ||
         (expected.unless_personal.contains(action) && !object.personal);
}

}  // namespace

TEST(Authorise, AgreesWithTheDocumentedRightsForEveryRoleActionAndObject) {
  int decisions = 0;
  for (const auto& [who, entry] : Everybody()) {
    const auto& [identity, expected] = entry;
    for (const Action action : kAllActions) {
      for (const Object& object : EveryObject()) {
        const Decision decision = Authorise(identity, action, object);
        EXPECT_EQ(decision.allowed(), IsExpected(expected, action, object))
            << who << " " << NameOf(action) << " source '" << object.source << "' public "
            << object.is_public << " personal " << object.personal;
        EXPECT_EQ(decision.allowed(), decision.reason.empty());
        ++decisions;
      }
    }
  }
  EXPECT_EQ(decisions, 6 * static_cast<int>(kAllActions.size()) * 20);
}

TEST(Authorise, AsksAnonymousToSignInAndRefusesOthers) {
  EXPECT_EQ(Authorise(Anonymous(""), Action::kReadRecords, {}).verdict, Verdict::kSignInNeeded);
  EXPECT_EQ(Authorise(AccountOf(Role::kViewer), Action::kApplyCenter, {}).verdict,
            Verdict::kRefused);
  EXPECT_EQ(Require(Anonymous(""), Action::kReadRecords).error().code,
            base::ErrorCode::kUnauthenticated);
  EXPECT_EQ(Require(AccountOf(Role::kViewer), Action::kApplyCenter).error().code,
            base::ErrorCode::kForbidden);
  EXPECT_TRUE(Require(AccountOf(Role::kViewer), Action::kReadRecords).ok());
}

TEST(Authorise, GivesNoRightToATokenWithoutASource) {
  EXPECT_FALSE(Authorise(TokenOf(""), Action::kPushDelivery, {}).allowed());
}

TEST(Authorise, ShowsPersonalColumnsToAdministratorsOnly) {
  for (const auto& [who, entry] : Everybody()) {
    EXPECT_EQ(MayReadPersonal(entry.first), who == "administrator" || who == "local operator")
        << who;
  }
}

TEST(Action, HasANameOfItsOwn) {
  std::set<std::string_view> names;
  for (const Action action : kAllActions) names.insert(NameOf(action));
  EXPECT_EQ(names.size(), kAllActions.size());
}

}  // namespace fansipan::security
