#include "server/center_archive.h"

#include <map>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "center/load.h"

namespace fansipan::server {
namespace {

nlohmann::json TextOf(const center::WorkbookShape& workbook) {
  return {workbook.sheet,   workbook.range,       workbook.header_has, workbook.header_rows,
          workbook.ends_at, workbook.fill_merged, workbook.null_texts, workbook.columns};
}

/// A member of its own name is told by it alone, as it was before columns had paths.
nlohmann::json TextOf(const std::vector<center::RawColumn>& columns) {
  nlohmann::json text = nlohmann::json::array();
  for (const center::RawColumn& column : columns) {
    if (column.path.empty()) {
      text.push_back(column.name);
    } else {
      text.push_back({column.name, column.path});
    }
  }
  return text;
}

nlohmann::json TextOf(const center::GeodataShape& geodata) {
  nlohmann::json geometry = nlohmann::json::array();
  for (const center::GeometryPart part : geodata.geometry) geometry.push_back(NameOf(part));
  return {geodata.layer, geodata.crs, geometry, geodata.columns};
}

/// All that decides how a raw row becomes a candidate. What other formats have comes after, so that
/// the mappings of a source that has none of it keep their revisions.
std::string TextOf(const center::Source& source, const center::Mapping& mapping) {
  nlohmann::json text = {mapping.sql,
                         center::NameOf(source.format),
                         source.skip_rows,
                         std::string(1, source.csv.delimiter),
                         std::string(1, source.csv.quote),
                         source.csv.header ? source.csv.header_rows : 0,
                         source.csv.skip,
                         source.csv.null_texts,
                         source.csv.columns,
                         source.csv.byte_order_mark,
                         source.json.records_at,
                         TextOf(source.json.columns)};
  if (source.encoding != center::Encoding::kUtf8) text.push_back(NameOf(source.encoding));
  if (!source.csv.header_has.empty()) text.push_back({"header_has", source.csv.header_has});
  if (!source.csv.ends_at.empty()) text.push_back({"ends_at", source.csv.ends_at});
  if (source.format == center::Format::kWorkbook) text.push_back(TextOf(source.workbook));
  if (source.format == center::Format::kParquet) text.push_back(TextOf(source.parquet.columns));
  if (center::IsGeodata(source.format)) text.push_back(TextOf(source.geodata));
  const center::XmlShape& xml = source.xml;
  if (!xml.columns.empty()) {
    text.push_back({xml.records_at, xml.namespaces, TextOf(xml.columns), xml.join.value_or("")});
    text.push_back(xml.join.has_value());
    text.push_back(source.keep_bodies);
  }
  return text.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

base::Result<std::vector<std::string>> CentersInJournal(store::Journal& journal) {
  std::vector<std::string> archive_ids;
  FANSIPAN_RETURN_IF_ERROR(
      journal.ReadHeads(1, [&](const store::JournalHead& head) -> base::Status {
        for (const auto& change : head.centers) archive_ids.push_back(change.archive_id);
        return {};
      }));
  return archive_ids;
}

}  // namespace

base::Result<std::string> ArchiveCenter(store::Archive& archive, const center::Center& center) {
  const nlohmann::json files(center.files);
  return archive.Put(files.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
}

base::Result<std::shared_ptr<const center::Center>> LoadArchivedCenter(
    store::Archive& archive, const std::string& archive_id, const model::ExpressionParser& parser) {
  FANSIPAN_ASSIGN_OR_RETURN(const std::string bytes, archive.Get(archive_id));
  const auto json = nlohmann::json::parse(bytes, nullptr, false);
  if (!json.is_object()) {
    return base::Error{base::ErrorCode::kCorrupt, "not_a_center",
                       "archived center " + archive_id + " is not a set of files"};
  }
  std::map<std::string, std::string, std::less<>> files;
  for (const auto& [path, content] : json.items()) {
    if (content.is_string()) files[path] = content.get<std::string>();
  }
  center::LoadOutcome outcome = center::LoadCenterFiles(std::move(files), parser);
  if (outcome.center) return outcome.center;
  return base::Error{base::ErrorCode::kCorrupt, "not_a_center",
                     "archived center " + archive_id +
                         " is not understood by this program: " + ToText(outcome.problems.front())};
}

base::Result<std::shared_ptr<const center::Center>> LoadLastCenter(
    store::Journal& journal, store::Archive& archive, const model::ExpressionParser& parser) {
  FANSIPAN_ASSIGN_OR_RETURN(const auto archive_ids, CentersInJournal(journal));
  if (archive_ids.empty()) return std::shared_ptr<const center::Center>();
  return LoadArchivedCenter(archive, archive_ids.back(), parser);
}

base::Result<std::shared_ptr<const center::Center>> WithMappingRevisions(
    std::shared_ptr<const center::Center> center, store::Journal& journal, store::Archive& archive,
    const model::ExpressionParser& parser) {
  FANSIPAN_ASSIGN_OR_RETURN(const auto archive_ids, CentersInJournal(journal));
  std::vector<std::shared_ptr<const center::Center>> history;
  for (const std::string& id : archive_ids) {
    FANSIPAN_ASSIGN_OR_RETURN(auto earlier, LoadArchivedCenter(archive, id, parser));
    history.push_back(std::move(earlier));
  }
  history.push_back(center);
  struct Latest {
    std::string text;
    std::uint32_t revision = 0;
  };
  std::map<std::pair<std::string, std::string>, Latest> latest;
  for (const auto& known : history) {
    for (const center::Source& source : known->sources) {
      for (const center::Mapping& mapping : source.mappings) {
        Latest& last = latest[{source.name, mapping.dataset}];
        std::string text = TextOf(source, mapping);
        if (last.revision == 0 || last.text != text) ++last.revision;
        last.text = std::move(text);
      }
    }
  }
  auto numbered = std::make_shared<center::Center>(*center);
  for (const auto& [named, known] : latest) numbered->feeders[named.second].insert(named.first);
  for (center::Source& source : numbered->sources) {
    for (center::Mapping& mapping : source.mappings) {
      mapping.revision = latest[{source.name, mapping.dataset}].revision;
    }
  }
  return std::shared_ptr<const center::Center>(std::move(numbered));
}

}  // namespace fansipan::server
