#include "http/problem.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>

namespace fansipan::http {
namespace {

using base::ErrorCode;

nlohmann::json BodyOf(const Response& response) { return nlohmann::json::parse(*response.body); }

TEST(Problem, HasTheStatusOfItsError) {
  const std::vector<std::pair<base::Error, int>> cases = {
      {{ErrorCode::kInvalidArgument, "", ""}, 400},
      {{ErrorCode::kInvalidArgument, "unknown_parameter", ""}, 400},
      {{ErrorCode::kInvalidArgument, "not_utf8", ""}, 422},
      {{ErrorCode::kInvalidArgument, "mapping_failed", ""}, 422},
      {{ErrorCode::kInvalidArgument, "password_too_short", ""}, 422},
      {{ErrorCode::kInvalidArgument, "unsupported_media_type", ""}, 415},
      {{ErrorCode::kNotFound, "unknown_indicator", ""}, 404},
      {{ErrorCode::kConflict, "name_taken", ""}, 409},
      {{ErrorCode::kConflict, "idempotency_key_reused", ""}, 422},
      {{ErrorCode::kUnauthenticated, "", ""}, 401},
      {{ErrorCode::kForbidden, "", ""}, 403},
      {{ErrorCode::kTooLarge, "too_many_rows", ""}, 413},
      {{ErrorCode::kTooLarge, "too_many_streams", ""}, 429},
      {{ErrorCode::kDeadlineExceeded, "", ""}, 503},
      {{ErrorCode::kUnavailable, "intake_busy", ""}, 503},
      {{ErrorCode::kStorageFull, "", ""}, 507},
      {{ErrorCode::kInvalidArgument, "unknown_encoding", ""}, 415},
      {{ErrorCode::kUnsupported, "newer_format", ""}, 500},
      {{ErrorCode::kCorrupt, "", ""}, 500},
      {{ErrorCode::kIo, "", ""}, 500},
      {{ErrorCode::kInternal, "", ""}, 500}};
  for (const auto& [error, status] : cases) {
    EXPECT_EQ(StatusOf(error), status) << NameOf(error.code) << " " << error.reason;
    EXPECT_EQ(BodyOf(BuildProblem(error, "1"))["status"], status);
  }
}

TEST(Problem, NamesItselfAndWhatIsNear) {
  const Response response = BuildProblem({ErrorCode::kNotFound, "unknown_unit", "no \"unit\"\n<b>"},
                                         "a-1", {"15", "02647"});
  EXPECT_EQ(response.content_type, "application/problem+json");
  const auto body = BodyOf(response);
  EXPECT_EQ(body["code"], "unknown_unit");
  EXPECT_EQ(body["type"], "urn:fansipan:problem:unknown_unit");
  EXPECT_EQ(body["detail"], "no \"unit\"\n<b>");
  EXPECT_EQ(body["instance"], "a-1");
  EXPECT_EQ(body["nearest"], (nlohmann::json{"15", "02647"}));
}

TEST(Problem, SaysNothingOfWhatIsInside) {
  for (const ErrorCode code :
       {ErrorCode::kIo, ErrorCode::kInternal, ErrorCode::kCorrupt, ErrorCode::kUnsupported}) {
    const Response response =
        BuildProblem({code, "secret_reason", "SELECT * FROM /var/lib/secret"}, "a-2", {"near"});
    EXPECT_EQ(response.body->find("secret"), std::string::npos) << *response.body;
    EXPECT_EQ(response.body->find("near"), std::string::npos);
    EXPECT_NE(response.body->find("a-2"), std::string::npos);
  }
}

TEST(Problem, SaysWhenToComeAgain) {
  const auto has = [](const Response& response, const std::string& name) {
    return std::any_of(response.fields.begin(), response.fields.end(),
                       [&](const auto& field) { return field.first == name; });
  };
  EXPECT_TRUE(has(BuildProblem({ErrorCode::kUnavailable, "", ""}, "1"), "Retry-After"));
  EXPECT_TRUE(
      has(BuildProblem({ErrorCode::kTooLarge, "too_many_streams", ""}, "1"), "Retry-After"));
  EXPECT_TRUE(has(BuildProblem({ErrorCode::kStorageFull, "", ""}, "1"), "Retry-After"));
  EXPECT_TRUE(has(BuildProblem({ErrorCode::kUnauthenticated, "", ""}, "1"), "WWW-Authenticate"));
}

TEST(Problem, SendsThoseWhoAreRefusedTogetherBackAtDifferentTimes) {
  const auto seconds = [](const base::Error& error, int instance) {
    const Response response = BuildProblem(error, "a1b2c3-" + std::to_string(instance));
    const auto found = std::find_if(response.fields.begin(), response.fields.end(),
                                    [](const auto& field) { return field.first == "Retry-After"; });
    return found == response.fields.end() ? -1 : std::stoi(found->second);
  };
  std::set<int> full;
  std::set<int> busy;
  for (int i = 0; i < 500; ++i) {
    full.insert(seconds({ErrorCode::kTooLarge, "too_many_streams", ""}, i));
    busy.insert(seconds({ErrorCode::kUnavailable, "overloaded", ""}, i));
  }
  EXPECT_EQ(full.size(), 21U);
  EXPECT_EQ(*full.begin(), 10);
  EXPECT_EQ(*full.rbegin(), 30);
  EXPECT_EQ(busy, (std::set<int>{2, 3, 4, 5, 6}));
  EXPECT_GE(seconds({ErrorCode::kDeadlineExceeded, "question_too_long", ""}, 1), 20);
}

}  // namespace
}  // namespace fansipan::http
