#include "simulation/province/e_documents_model.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <tuple>

#include "base/files.h"
#include "simulation/testing/sample_province.h"

namespace fansipan::simulation {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::sys_days;
using namespace std::chrono_literals;

// A Monday, and six weeks on; 02:00 UTC is 09:00 in Lào Cai.
const base::Timestamp kFrom = sys_days(2026y / 10 / 5) + hours(2);
const base::Timestamp kUntil = kFrom + days(42);

using Told = std::tuple<base::Timestamp, std::string, std::size_t, std::string>;

std::vector<Told> ToldBy(const std::vector<SystemDelivery>& deliveries) {
  std::vector<Told> told;
  for (const auto& delivery : deliveries) {
    told.emplace_back(delivery.at, delivery.source, delivery.rows, delivery.body);
  }
  return told;
}

const std::vector<SystemDelivery>& SampleDeliveries() {
  static const auto deliveries =
      MakeEDocumentsModel(SampleProvince())->DeliveriesBetween(kFrom, kUntil);
  return deliveries;
}

std::string FileOf(const std::string& name) {
  std::ifstream file(std::string(FANSIPAN_SAMPLE_CENTER) + "/systems/e_documents/" + name);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

std::size_t CountOf(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
    ++count;
  }
  return count;
}

std::size_t RevokedBy(const std::string& sender, const std::string& body) {
  std::size_t count = 0;
  std::size_t at = body.find("<edXML ");
  while (at != std::string::npos) {
    const std::size_t next = body.find("<edXML ", at + 1);
    const std::string document = body.substr(at, next == std::string::npos ? next : next - at);
    count += document.find("<From><OrganId>" + sender + '<') != std::string::npos &&
             document.find("<BussinessDocType>1") != std::string::npos;
    at = next;
  }
  return count;
}

std::string BodiesOf(const std::string& source) {
  std::string bodies;
  for (const auto& delivery : SampleDeliveries()) {
    if (delivery.source == source) bodies += delivery.body;
  }
  return bodies;
}

TEST(EDocumentsModel, SaysTheSameHoweverTheSpanIsCut) {
  const auto model = MakeEDocumentsModel(SampleProvince());
  std::vector<SystemDelivery> pieces;
  for (base::Timestamp at = kFrom; at < kUntil; at += hours(31)) {
    const base::Timestamp until = std::min(kUntil, at + hours(31));
    for (auto& delivery : model->DeliveriesBetween(at, until)) {
      pieces.push_back(std::move(delivery));
    }
  }
  EXPECT_EQ(ToldBy(pieces), ToldBy(SampleDeliveries()));
}

TEST(EDocumentsModel, AnotherSeedIsAnotherProvince) {
  const auto other = MakeEDocumentsModel(SampleProvince(2))->DeliveriesBetween(kFrom, kUntil);
  EXPECT_NE(ToldBy(other), ToldBy(SampleDeliveries()));
}

TEST(EDocumentsModel, KeepsItsHistorySmall) {
  std::map<std::string, std::size_t> rows;
  for (const auto& delivery : SampleDeliveries()) rows[delivery.source] += delivery.rows;
  EXPECT_LE(SampleDeliveries().size(), 215U);
  EXPECT_GT(rows["edoc_axis"], 700U);
  EXPECT_LT(rows["edoc_axis"], 2'000U);
  EXPECT_GT(rows["edoc_status"], 5'000U);
  EXPECT_LT(rows["edoc_status"], 20'000U);
}

TEST(EDocumentsModel, TellsHowManyDocumentsABodyHas) {
  for (const auto& delivery : SampleDeliveries()) {
    if (delivery.source == "edoc_status") {
      EXPECT_EQ(CountOf(delivery.body, "\n"), delivery.rows);
      continue;
    }
    EXPECT_EQ(CountOf(delivery.body, "<edXML "), delivery.rows);
    EXPECT_NE(delivery.body.find("<documents count=\"" + std::to_string(delivery.rows) + "\">"),
              std::string::npos);
  }
}

TEST(EDocumentsModel, KeepsTheLunarNewYear) {
  const auto model = MakeEDocumentsModel(SampleProvince());
  EXPECT_TRUE(model->DeliveriesBetween(sys_days(2026y / 2 / 15), sys_days(2026y / 2 / 22)).empty());
}

TEST(EDocumentsModel, WritesTheMembersThatTheSourceDeclares) {
  const std::string sources = FileOf("sources.yaml");
  std::smatch list;
  ASSERT_TRUE(std::regex_search(sources, list, std::regex(R"(columns: \[(maVanBan[^\]]*)\])")));
  std::set<std::string> declared;
  const std::string names = list[1];
  const std::regex name(R"(\w+)");
  for (std::sregex_iterator at(names.begin(), names.end(), name), end; at != end; ++at) {
    declared.insert(at->str());
  }
  const std::string bodies = BodiesOf("edoc_status");
  const std::string line = bodies.substr(0, bodies.find('\n'));
  std::set<std::string> written;
  const std::regex member(R"re("(\w+)":)re");
  for (std::sregex_iterator at(line.begin(), line.end(), member), end; at != end; ++at) {
    written.insert((*at)[1].str());
  }
  EXPECT_EQ(written, declared);
}

TEST(EDocumentsModel, WritesTheElementsThatTheMappingsRead) {
  const std::map<std::string, std::string> elements = {
      {"document_id", "<DocumentId>"},
      {"business_type", "<BussinessDocType>1"},
      {"trace_times", "<Timestamp>"},
      {"from_id", "<From><OrganId>"},
      {"to_ids", "<To><OrganId>"},
      {"code_number", "<CodeNumber>"},
      {"code_notation", "<CodeNotation>"},
      {"subject", "<Subject>"},
      {"content", "[chỉ tiêu: on_time"},
      {"document_type_name", "<TypeName>"},
      {"due_date", "<DueDate>"},
      {"promulgation_date", "<PromulgationDate>"},
      {"steering_type", "<SteeringType>1"},
      {"signature_value", "<SignatureValue>"},
      {"response_for_document_ids", "<ResponseFor><OrganId>"}};
  const std::string mappings = FileOf("mappings/document.sql") + FileOf("mappings/instruction.sql");
  const std::string bodies = BodiesOf("edoc_axis");
  for (const auto& [column, element] : elements) {
    EXPECT_NE(mappings.find(column), std::string::npos) << column;
    EXPECT_NE(bodies.find(element), std::string::npos) << element;
  }
}

TEST(EDocumentsModel, ComesToEveryCodeThatTheMappingKnows) {
  const std::string bodies = BodiesOf("edoc_status");
  const std::string mapping = FileOf("mappings/document_status.sql");
  for (const std::string code : {"01", "02", "03", "04", "05", "06", "13", "15", "16"}) {
    EXPECT_NE(bodies.find("\"trangThai\":\"" + code + '"'), std::string::npos) << code;
    EXPECT_NE(mapping.find("WHEN '" + code + "' THEN"), std::string::npos) << code;
  }
}

TEST(EDocumentsModel, PlantsItsStoriesInWhatItSends) {
  const auto model = MakeEDocumentsModel(SampleProvince());
  const auto stories = model->StoriesBetween(kFrom, kUntil);
  std::set<std::string> names;
  std::map<std::string, std::size_t> of_indicator;
  for (const auto& story : stories) {
    EXPECT_TRUE(names.insert(story.name).second) << story.name;
    EXPECT_LT(story.from, story.until) << story.name;
    ++of_indicator[story.indicator];
    if (story.indicator != "edoc_revocations" || story.from < kFrom) continue;
    std::size_t revoked = 0;
    for (const auto& delivery : model->DeliveriesBetween(story.from, story.until)) {
      if (delivery.source != "edoc_axis") continue;
      revoked += RevokedBy(story.unit, delivery.body);
    }
    EXPECT_GE(revoked, 20U) << story.text;
  }
  for (const char* indicator :
       {"edoc_waiting_3d", "edoc_instructions_overdue", "edoc_revocations"}) {
    EXPECT_GE(of_indicator[indicator], 1U) << indicator;
    EXPECT_NE(FileOf("indicators.yaml").find(std::string("  ") + indicator + ":"),
              std::string::npos);
  }
}

}  // namespace
}  // namespace fansipan::simulation
