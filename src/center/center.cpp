#include "center/center.h"

#include <algorithm>

namespace fansipan::center {
namespace {

template <typename Thing>
const Thing* FindByName(const std::vector<Thing>& things, std::string_view name) {
  const auto found = std::ranges::find(things, name, &Thing::name);
  return found == things.end() ? nullptr : &*found;
}

}  // namespace

std::string_view NameOf(Format format) {
  switch (format) {
    case Format::kCsv:
      return "csv";
    case Format::kJson:
      return "json";
    case Format::kNdjson:
      return "ndjson";
    case Format::kXml:
      return "xml";
    case Format::kEdxml:
      return "edxml";
    case Format::kWorkbook:
      return "workbook";
    case Format::kSdmxJson:
      return "sdmx_json";
    case Format::kParquet:
      return "parquet";
    case Format::kGeopackage:
      return "geopackage";
    case Format::kShapefile:
      return "shapefile";
    case Format::kGeojson:
      return "geojson";
    case Format::kKml:
      return "kml";
  }
  return "";
}

bool IsGeodata(Format format) {
  return format == Format::kGeopackage || format == Format::kShapefile ||
         format == Format::kGeojson || format == Format::kKml;
}

bool IsConverted(Format format) {
  return format == Format::kWorkbook || format == Format::kParquet || IsGeodata(format);
}

std::string_view NameOf(Encoding encoding) {
  switch (encoding) {
    case Encoding::kUtf8:
      return "utf-8";
    case Encoding::kUtf16:
      return "utf-16";
    case Encoding::kWindows1258:
      return "windows-1258";
    case Encoding::kTcvn3:
      return "tcvn3";
    case Encoding::kVni:
      return "vni";
  }
  return "";
}

std::uint32_t Source::MappingRevisionOf(std::string_view dataset) const {
  for (const Mapping& mapping : mappings) {
    if (mapping.dataset == dataset) return mapping.revision;
  }
  return 1;
}

const Calendar* Center::FindCalendar(std::string_view calendar_name) const {
  const auto found = calendars.find(calendar_name);
  return found == calendars.end() ? nullptr : &found->second;
}

std::optional<model::Counted<base::Timestamp>> Center::DueAt(const model::Period& period) const {
  const auto& due = period.kind->due;
  const Calendar* calendar = due ? FindCalendar(due->calendar) : nullptr;
  if (calendar == nullptr) return std::nullopt;
  // The term begins with the period's last day, which is not counted.
  const base::Timestamp last = time_zone.ToUtc(period.to - base::Duration(1));
  return calendar->timetable.DueAfterWorkingDays(last, due->working_days);
}

const Source* Center::FindSource(std::string_view source_name) const {
  return FindByName(sources, source_name);
}

const model::Dataset* Center::FindDataset(std::string_view dataset_name) const {
  return FindByName(datasets, dataset_name);
}

const model::Measure* Center::FindMeasure(std::string_view measure_name) const {
  return FindByName(measures, measure_name);
}

const model::Indicator* Center::FindIndicator(std::string_view indicator_name) const {
  return FindByName(indicators, indicator_name);
}

const model::CrossCheck* Center::FindCrossCheck(std::string_view check_name) const {
  return FindByName(cross_checks, check_name);
}

const Panel* Center::FindPanel(std::string_view panel_name) const {
  return FindByName(panels, panel_name);
}

bool Center::IsPublic(std::string_view indicator_name) const {
  return std::ranges::find(public_indicators, indicator_name) != public_indicators.end();
}

}  // namespace fansipan::center
