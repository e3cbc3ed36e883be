#include "center/internal/connectors/push_signature.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "center/internal/text_checks.h"
#include "model/spelling/ascii.h"

namespace fansipan::center {
namespace {

constexpr base::Duration kShortest = std::chrono::seconds(30);
constexpr base::Duration kLongest = std::chrono::hours(1);

/// A header of an own kind: those that mean something to HTTP, or to the intake, carry none.
bool IsSignatureHeader(const std::string& name) {
  constexpr std::array<std::string_view, 3> kTaken = {"x-request-id", "x-forwarded-for",
                                                      "x-real-ip"};
  const std::string lower = model::LowerAscii(name);
  const bool letters = std::ranges::all_of(
      lower, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; });
  return letters && lower.starts_with("x-") && lower.size() > 2 && lower.size() <= kMaxNameLength &&
         std::ranges::find(kTaken, lower) == kTaken.end();
}

void ReadHeader(const YamlMap& map, std::string_view key, std::string& header) {
  const YamlNode* node = map.FindText(key, Need::kOptional);
  if (node == nullptr) return;
  header = node->text;
  if (!IsSignatureHeader(header)) {
    map.Report(*node, "must be a header of its own such as X-Signature-256");
  }
}

}  // namespace

std::shared_ptr<const PushSignature> ReadPushSignature(const YamlMap& source) {
  const YamlNode* node = source.Find("push");
  if (node == nullptr) return nullptr;
  const YamlMap push(*node, source.scope(), source.what() + ": 'push'");
  push.Allow({"signed"});
  const YamlNode* how = push.Find("signed", Need::kRequired);
  if (how == nullptr) return nullptr;
  const YamlMap map(*how, source.scope(), push.what() + ": 'signed'");
  map.Allow({"algorithm", "secret", "header", "timestamp_header", "tolerance"});
  auto read = std::make_shared<PushSignature>();
  map.Choice("algorithm", {"sha256"}, Need::kOptional);
  if (const YamlNode* secret = map.FindName("secret", Need::kRequired)) read->secret = secret->text;
  ReadHeader(map, "header", read->header);
  ReadHeader(map, "timestamp_header", read->timestamp_header);
  if (model::LowerAscii(read->header) == model::LowerAscii(read->timestamp_header)) {
    map.Report(*how, "header and timestamp_header must differ");
  }
  read->tolerance = map.Duration("tolerance").value_or(read->tolerance);
  if (read->tolerance < kShortest || read->tolerance > kLongest) {
    map.Report(*map.Find("tolerance"), "allowed: 30s to 1h");
  }
  return read;
}

}  // namespace fansipan::center
