#include "simulation/internal/delivery_report.h"

#include <nlohmann/json.hpp>

namespace fansipan::simulation::internal {
namespace {

constexpr std::size_t kShownBytes = 300;

nlohmann::json ParseObject(std::string_view body) {
  nlohmann::json value = nlohmann::json::parse(body, nullptr, false);
  return value.is_object() ? value : nlohmann::json::object();
}

std::uint64_t CountOf(const nlohmann::json& counts, const char* name) {
  const auto found = counts.find(name);
  return found != counts.end() && found->is_number_unsigned() ? found->get<std::uint64_t>() : 0;
}

std::string TextOf(const nlohmann::json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

}  // namespace

DeliveryReport ParseDeliveryReport(std::string_view body) {
  const nlohmann::json answer = ParseObject(body);
  const auto counts = answer.find("counts");
  if (counts == answer.end() || !counts->is_object()) return {};
  return {.refused = CountOf(*counts, "refused"),
          .accepted = CountOf(*counts, "accepted"),
          .repeated = CountOf(*counts, "repeated"),
          .in_conflict = CountOf(*counts, "in_conflict"),
          .quarantined = CountOf(*counts, "quarantined")};
}

std::string ProblemText(std::string_view body) {
  const nlohmann::json problem = ParseObject(body);
  const std::string code = TextOf(problem, "code");
  if (code.empty()) return std::string(body.substr(0, kShownBytes));
  return code + ": " + TextOf(problem, "detail");
}

}  // namespace fansipan::simulation::internal
