#include "security/body_signature.h"

#include <gtest/gtest.h>

#include <chrono>

namespace fansipan::security {
namespace {

using std::chrono_literals::operator""min;
using std::chrono_literals::operator""s;

constexpr base::Timestamp kNow{std::chrono::seconds(1'767'225'600)};
constexpr std::string_view kSecret = "Jefe";

SignedBody Told() {
  return {.purpose = "payments/deliveries",
          .signature = "",
          .timestamp = "1767225600",
          .key = "k-1",
          .body = "id;name\n1;A\n"};
}

std::string ReasonOf(const SignedBody& told, base::Timestamp now = kNow,
                     std::string_view secret = kSecret) {
  const auto status = CheckBodySignature(secret, told, now, 5min);
  return status.ok() ? "fine" : status.error().reason;
}

/// Made with: printf 'payments/deliveries\n1767225600\nk-1\nid;name\n1;A\n' |
/// openssl dgst -sha256 -hmac Jefe
TEST(BodySignature, IsTheOneThatOtherProgramsMake) {
  EXPECT_EQ(BodySignature(kSecret, Told()),
            "4294a2bbefa2a7c00170fce7d490fa6b4037bb527b5d04798dca7f1f9e6626a9");
}

TEST(BodySignature, IsTakenWhenItFits) {
  SignedBody told = Told();
  const std::string signature = "sha256=" + BodySignature(kSecret, told);
  told.signature = signature;
  EXPECT_EQ(ReasonOf(told), "fine");
  EXPECT_EQ(CheckBodySignature(kSecret, told, kNow + 1min, 5min).value(), kNow) << "when it was";
  EXPECT_EQ(ReasonOf(told, kNow + 5min), "fine");
  EXPECT_EQ(ReasonOf(told, kNow - 5min), "fine");
  EXPECT_EQ(ReasonOf(told, kNow + 5min + 1s), "signature_too_old");
  EXPECT_EQ(ReasonOf(told, kNow - 5min - 1s), "signature_too_old");
}

TEST(BodySignature, AnyChangeOfWhatItCoversIsSeen) {
  const std::string signature = "sha256=" + BodySignature(kSecret, Told());
  const auto reason = [&](auto change) {
    SignedBody told = Told();
    told.signature = signature;
    change(told);
    return ReasonOf(told);
  };
  EXPECT_EQ(reason([](SignedBody&) {}), "fine");
  EXPECT_EQ(reason([](SignedBody& told) { told.body = "id;name\n1;B\n"; }), "signature_wrong");
  EXPECT_EQ(reason([](SignedBody& told) { told.body = ""; }), "signature_wrong");
  EXPECT_EQ(reason([](SignedBody& told) { told.key = "k-2"; }), "signature_wrong");
  EXPECT_EQ(reason([](SignedBody& told) { told.key = ""; }), "signature_wrong");
  EXPECT_EQ(reason([](SignedBody& told) { told.timestamp = "1767225601"; }), "signature_wrong");
  EXPECT_EQ(reason([](SignedBody& told) { told.purpose = "fees/deliveries"; }), "signature_wrong");
  EXPECT_EQ(reason([](SignedBody& told) { told.purpose = "payments/heartbeat"; }),
            "signature_wrong");
  EXPECT_EQ(reason([](SignedBody& told) { told.timestamp = ""; }), "signature_missing");
}

/// The edge between key and body cannot be moved: a key has no line feed.
TEST(BodySignature, AKeyWithALineFeedIsNone) {
  SignedBody told = Told();
  told.key = "k-1\nid;name";
  told.body = "1;A\n";
  const std::string signature = "sha256=" + BodySignature(kSecret, told);
  EXPECT_EQ(signature, "sha256=" + BodySignature(kSecret, Told()));
  told.signature = signature;
  EXPECT_EQ(ReasonOf(told), "signature_wrong");
}

TEST(BodySignature, WhatIsNotWrittenAsOneIsRefused) {
  const std::string right = BodySignature(kSecret, Told());
  for (const std::string& signature :
       {right, "sha256=" + right.substr(1), "sha256=" + right + "0", "SHA256=" + right,
        "sha1=" + right, std::string("sha256="), "sha256=" + std::string(64, '\0')}) {
    SignedBody told = Told();
    told.signature = signature;
    EXPECT_EQ(ReasonOf(told), "signature_wrong") << signature;
  }
  for (const char* timestamp : {"-1", "1767225600 ", "0x1", "1767225600000000", "soon"}) {
    SignedBody told = Told();
    told.timestamp = timestamp;
    const std::string signature = "sha256=" + BodySignature(kSecret, told);
    told.signature = signature;
    EXPECT_EQ(ReasonOf(told), "signature_wrong") << timestamp;
  }
}

TEST(BodySignature, AnotherSecretOrNoneOpensNothing) {
  SignedBody told = Told();
  const std::string signature = "sha256=" + BodySignature("other", told);
  told.signature = signature;
  EXPECT_EQ(ReasonOf(told), "signature_wrong");
  const std::string empty = "sha256=" + BodySignature("", told);
  told.signature = empty;
  EXPECT_EQ(ReasonOf(told, kNow, ""), "signature_wrong");
}

}  // namespace
}  // namespace fansipan::security
