#include "center/internal/connectors/asking.h"

#include <array>
#include <string_view>

#include "center/internal/connectors/database_source.h"
#include "center/internal/connectors/exchange.h"
#include "center/internal/connectors/file_fetch.h"
#include "center/internal/connectors/http_pull.h"
#include "center/internal/connectors/mqtt.h"

namespace fansipan::center {
namespace {

/// A connector that asks, and where a source keeps what is declared for it.
struct Asking {
  std::string_view name;
  std::string_view missing;  ///< what the declaration says, for a source that lacks it
  bool calls = true;         ///< only places of `reach`
  void (*read)(Draft&, const YamlMap&, Source&);
  void (*forget)(Source&);
};

constexpr std::array kAsking{
    Asking{"http_pull", "it says what is asked", true,
           [](Draft&, const YamlMap& map, Source& source) {
             source.http_pull = ReadHttpPull(map, source);
           },
           [](Source& source) { source.http_pull = nullptr; }},
    Asking{"file_fetch", "it says what is fetched", true,
           [](Draft&, const YamlMap& map, Source& source) {
             source.file_fetch = ReadFileFetch(map, source);
           },
           [](Source& source) { source.file_fetch = nullptr; }},
    Asking{"exchange", "it says what is asked", true,
           [](Draft&, const YamlMap& map, Source& source) {
             source.exchange = ReadExchange(map, source);
           },
           [](Source& source) { source.exchange = nullptr; }},
    Asking{"mqtt", "it says what is listened to", true,
           [](Draft&, const YamlMap& map, Source& source) { source.mqtt = ReadMqtt(map, source); },
           [](Source& source) { source.mqtt = nullptr; }},
    Asking{"postgres", "it says what is asked", true,
           [](Draft& draft, const YamlMap& map, Source& source) {
             source.postgres = ReadPostgres(draft, map, source);
           },
           [](Source& source) { source.postgres = nullptr; }},
    Asking{"odbc", "it says what is asked", false,
           [](Draft& draft, const YamlMap& map, Source& source) {
             source.odbc = ReadOdbc(draft, map, source);
           },
           [](Source& source) { source.odbc = nullptr; }},
};

}  // namespace

void ReadAsking(const std::set<std::string>& named, Draft& draft, const YamlMap& map,
                Source& source) {
  source.reach = ReadReach(map);
  bool calls = false;
  std::string callers;
  for (const Asking& asking : kAsking) {
    const std::string name(asking.name);
    const bool is_named = named.contains(name);
    calls = calls || (is_named && asking.calls);
    if (asking.calls) callers += (callers.empty() ? "" : ", ") + name;
    asking.read(draft, map, source);
    if (is_named && !map.Has(name)) map.ReportMissing(name, std::string(asking.missing));
    if (is_named) continue;
    if (map.Has(name)) map.Report(*map.Find(name), "is for the connector " + name + " only");
    asking.forget(source);
  }
  if (!calls && map.Has("reach")) {
    map.Report(*map.Find("reach"), "is for connectors that call: " + callers);
  }
  if (named.size() > 1) {
    map.Report(*map.Find("connector"), "names more than one that asks; make a source of each");
  }
}

}  // namespace fansipan::center
