#include "simulation/internal/access_tokens.h"

#include <nlohmann/json.hpp>
#include <string_view>

#include "base/hash.h"
#include "simulation/internal/documents.h"

namespace fansipan::simulation::internal {
namespace {

constexpr std::size_t kMostTokens = 1'000;

/// Percent-encoded as in a form, which OAuth 2 asks for.
std::string FormEncoded(const std::string& text) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string encoded;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '.' || c == '_' || c == '~';
    if (plain) {
      encoded += c;
    } else {
      encoded += {'%', kHex[byte >> 4U], kHex[byte & 15U]};
    }
  }
  return encoded;
}

}  // namespace

ServedAnswer AccessTokens::Give(const ServedRequest& request, base::Timestamp now) {
  const std::string expected =
      "Basic " + ToBase64(FormEncoded(client_) + ":" + FormEncoded(secret_));
  if (secret_.empty() || request.Header("authorization") != expected) {
    return {.status = 401, .body = "{\"error\":\"invalid_client\"}\n"};
  }
  std::erase_if(tokens_, [&](const auto& known) { return known.second <= now; });
  if (tokens_.size() >= kMostTokens) tokens_.clear();
  const std::string token =
      base::ToHex(base::Sha256(secret_ + "/" + std::to_string(now.time_since_epoch().count()) +
                               "/" + std::to_string(++given_)));
  tokens_[token] = now + life_;
  const nlohmann::json json = {
      {"access_token", token}, {"token_type", "Bearer"}, {"expires_in", life_.count()}};
  return {.body = json.dump() + "\n"};
}

bool AccessTokens::Open(const ServedRequest& request, base::Timestamp now) const {
  if (secret_.empty()) return true;
  constexpr std::string_view kBearer = "Bearer ";
  const std::string header = request.Header("authorization");
  if (!header.starts_with(kBearer)) return false;
  const auto found = tokens_.find(header.substr(kBearer.size()));
  return found != tokens_.end() && now < found->second;
}

void Spoil(ServedAnswer& answer, const FaultRates& faults, base::Duration late_for, Dice& dice) {
  if (dice.Chance(faults.Of(Fault::kSilent))) answer.silent = true;
  if (dice.Chance(faults.Of(Fault::kLate))) answer.delay = late_for;
  if (dice.Chance(faults.Of(Fault::kTruncated))) answer.cut_at = answer.body.size() / 2;
}

}  // namespace fansipan::simulation::internal
