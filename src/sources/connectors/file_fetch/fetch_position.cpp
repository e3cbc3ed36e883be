#include "sources/connectors/file_fetch/fetch_position.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

namespace fansipan::sources {
namespace {

constexpr std::size_t kMembers = 7;

/// [name, bytes, day, minute, modified, settled, taken at].
nlohmann::json JsonOf(const TakenFile& file) {
  return nlohmann::json::array({file.listed.name, file.listed.bytes, file.listed.time.day,
                                file.listed.time.minute, file.modified, file.settled,
                                file.taken_at});
}

std::optional<TakenFile> ReadTaken(const nlohmann::json& json) {
  if (!json.is_array() || json.size() != kMembers || !json[0].is_string() ||
      !json[1].is_number_unsigned() || !json[5].is_boolean()) {
    return std::nullopt;
  }
  for (const std::size_t at : {2U, 3U, 4U, 6U}) {
    if (!json[at].is_number_integer()) return std::nullopt;
  }
  TakenFile file;
  file.listed.name = json[0].get<std::string>();
  file.listed.bytes = json[1].get<std::uint64_t>();
  file.listed.time = {json[2].get<std::int64_t>(), json[3].get<std::int32_t>()};
  file.modified = json[4].get<std::int64_t>();
  file.settled = json[5].get<bool>();
  file.taken_at = json[6].get<std::int64_t>();
  return file;
}

}  // namespace

TakenFile* FetchPosition::Find(const std::string& name) {
  const auto found =
      std::ranges::find_if(taken, [&](const TakenFile& file) { return file.listed.name == name; });
  return found == taken.end() ? nullptr : &*found;
}

void FetchPosition::Take(TakenFile file) {
  ++count;
  if (TakenFile* earlier = Find(file.listed.name)) {
    *earlier = std::move(file);
  } else {
    taken.push_back(std::move(file));
  }
}

void FetchPosition::KeepListed(const std::vector<ListedFile>& files) {
  std::set<std::string_view> names;
  for (const ListedFile& file : files) names.insert(file.name);
  std::erase_if(taken, [&](const TakenFile& file) { return !names.contains(file.listed.name); });
}

std::string Encode(const FetchPosition& position) {
  nlohmann::json json = {{"of", position.of}, {"count", position.count}};
  json["taken"] = nlohmann::json::array();
  for (const TakenFile& file : position.taken) json["taken"].push_back(JsonOf(file));
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

FetchPosition DecodeFetchPosition(const std::string& text, const std::string& of) {
  FetchPosition position;
  position.of = of;
  const auto json = nlohmann::json::parse(text, nullptr, false);
  if (!json.is_object()) return position;
  const auto count = json.find("count");
  if (count != json.end() && count->is_number_unsigned()) {
    position.count = count->get<std::uint64_t>();
  }
  const auto place = json.find("of");
  const auto taken = json.find("taken");
  if (place == json.end() || *place != of || taken == json.end() || !taken->is_array()) {
    return position;
  }
  for (const nlohmann::json& entry : *taken) {
    if (auto file = ReadTaken(entry)) position.taken.push_back(*std::move(file));
  }
  return position;
}

}  // namespace fansipan::sources
