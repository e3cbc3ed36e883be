#include "sources/connectors/exchange/exchange_position.h"

#include <nlohmann/json.hpp>

#include "base/hash.h"

namespace fansipan::sources {

std::string Encode(const ExchangePosition& position) {
  nlohmann::json json = {{"taken", position.taken}, {"request", position.request}};
  if (!position.unreported.empty()) json["unreported"] = position.unreported;
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

ExchangePosition DecodeExchangePosition(const std::string& text) {
  ExchangePosition position;
  const auto json = nlohmann::json::parse(text, nullptr, false);
  if (!json.is_object()) return position;
  const auto taken = json.find("taken");
  if (taken != json.end() && taken->is_number_unsigned()) {
    position.taken = taken->get<std::uint64_t>();
  }
  const auto request = json.find("request");
  if (request != json.end() && request->is_string()) position.request = request->get<std::string>();
  const auto ids = json.find("unreported");
  if (ids == json.end() || !ids->is_array()) return position;
  for (const auto& id : *ids) {
    if (id.is_string() && position.unreported.size() < kMaxUnreported) {
      position.unreported.push_back(id.get<std::string>());
    }
  }
  return position;
}

ExchangePosition Under(const center::Exchange& exchange, ExchangePosition position) {
  constexpr std::size_t kDigits = 16;
  const std::string texts = exchange.list.url + "\n" + exchange.fetch.url + "\n" +
                            exchange.report.url + "\n" + exchange.user;
  std::string request = base::ToHex(base::Sha256(texts)).substr(0, kDigits);
  if (position.request != request) position.unreported.clear();
  position.request = std::move(request);
  return position;
}

}  // namespace fansipan::sources
