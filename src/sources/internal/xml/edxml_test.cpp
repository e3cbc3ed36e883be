#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>

#include "base/hash.h"
#include "center/load.h"
#include "center/testing/pratt_parser.h"
#include "center/testing/sample_center.h"
#include "sources/process_mapping_worker.h"

namespace fansipan::sources {
namespace {

/// As gateways write it: two prefixes for one namespace, attachments beside the envelope.
constexpr std::string_view kDocument = R"(<?xml version="1.0" encoding="utf-8"?>
<edXML xmlns="http://www.mic.gov.vn/TBT/QCVN_102_2016">
  <edXML:edXMLEnvelope xmlns:edXML="http://www.mic.gov.vn/TBT/QCVN_102_2016">
    <edXML:edXMLHeader>
      <edXML:MessageHeader>
        <edXML:From><edXML:OrganId>000.00.15.H38</edXML:OrganId><edXML:OrganName>Sở Y tế</edXML:OrganName></edXML:From>
        <edXML:To><edXML:OrganId>000.01.15.H38</edXML:OrganId></edXML:To>
        <edXML:To><edXML:OrganId>000.02.15.H38</edXML:OrganId></edXML:To>
        <edXML:Code><edXML:CodeNumber>12</edXML:CodeNumber><edXML:CodeNotation>SYT-VP</edXML:CodeNotation></edXML:Code>
        <edXML:PromulgationInfo><edXML:Place>Lào Cai</edXML:Place><edXML:PromulgationDate>2026/06/01</edXML:PromulgationDate></edXML:PromulgationInfo>
        <edXML:DocumentType><edXML:Type>1</edXML:Type><edXML:TypeName>Công văn</edXML:TypeName></edXML:DocumentType>
        <edXML:Subject>V/v họp &amp; báo cáo</edXML:Subject>
        <edXML:DocumentId>000.00.15.H38,2026/06/01,12/SYT-VP</edXML:DocumentId>
      </edXML:MessageHeader>
      <edXML:TraceHeaderList>
        <edXML:TraceHeader><edXML:OrganId>000.00.15.H38</edXML:OrganId><edXML:Timestamp>2026/06/01 08:00:00</edXML:Timestamp></edXML:TraceHeader>
        <edXML:Bussiness><edXML:BussinessDocType>0</edXML:BussinessDocType></edXML:Bussiness>
      </edXML:TraceHeaderList>
    </edXML:edXMLHeader>
    <edXML:edXMLBody><edXML:edXMLManifest version="1.0"/></edXML:edXMLBody>
  </edXML:edXMLEnvelope>
  <AttachmentEncoded>
    <Attachment><ContentId>1</ContentId><ContentTransferEncoded>JVBERi0xLjQ=</ContentTransferEncoded><AttachmentName>12.pdf</AttachmentName></Attachment>
    <Attachment><ContentId>2</ContentId><ContentTransferEncoded>TWFu</ContentTransferEncoded><AttachmentName>phụ lục.doc</AttachmentName></Attachment>
  </AttachmentEncoded>
</edXML>
)";

/// The sample center whose payments are documents, mapped as the guide shows.
std::shared_ptr<const center::Center> DocumentCenter() {
  center::testing::Files files = center::testing::SampleCenter();
  std::string& sources = files.at("systems/services/sources.yaml");
  const std::string was =
      "format: json\n    json: {records_at: /items, columns: [id, paid_on, amount]}";
  sources.replace(sources.find(was), was.size(), "format: edxml");
  files.at("systems/services/mappings/payment.sql") =
      "SELECT document_id AS id, code_number || '/' || code_notation AS commune_code,\n"
      "       strptime(promulgation_date, '%Y/%m/%d')::DATE AS paid_on,\n"
      "       concat_ws('|', from_name, to_ids, subject, business_type, attachment_names,\n"
      "                 attachment_sha256, attachment_bytes) AS amount, _row\n"
      "FROM raw\n";
  auto outcome = center::LoadCenterFiles(files, center::testing::PrattParser());
  for (const auto& problem : outcome.problems) ADD_FAILURE() << ToText(problem);
  return outcome.center;
}

TEST(Edxml, BecomesOneRowOfTheColumnsThatEverySourceHas) {
  const auto center = DocumentCenter();
  ASSERT_NE(center, nullptr);
  ProcessMappingWorker worker({.program = SOURCES_WORKER_PROBE, .processes = 1});
  MappingJob job{.source = center->FindSource("payments"),
                 .center = center.get(),
                 .payload = std::string(kDocument),
                 .received_at = {},
                 .meanwhile = {}};
  auto kept = worker.DropBodies(job);
  ASSERT_TRUE(kept.ok()) << kept.error().message;
  EXPECT_EQ(kept->find("JVBERi0"), std::string::npos);
  job.payload = *std::move(kept);
  const auto mapped = worker.Map(job);
  ASSERT_TRUE(mapped.ok()) << mapped.error().message;
  ASSERT_EQ(mapped->datasets[0].rows.size(), 1U);
  std::map<std::string, std::string> texts;
  const auto* dataset = center->FindDataset("payment");
  for (std::size_t i = 0; i < dataset->columns.size(); ++i) {
    texts[dataset->columns[i].name] = mapped->datasets[0].rows[0].texts[i].value_or("-");
  }
  EXPECT_EQ(texts["id"], "000.00.15.H38,2026/06/01,12/SYT-VP");
  EXPECT_EQ(texts["commune_code"], "12/SYT-VP");
  EXPECT_EQ(texts["paid_on"], "2026-06-01");
  EXPECT_EQ(texts["amount"],
            "Sở Y tế|000.01.15.H38; 000.02.15.H38|V/v họp & báo cáo|0|12.pdf; phụ lục.doc|" +
                base::ToHex(base::Sha256("%PDF-1.4")) + "; " + base::ToHex(base::Sha256("Man")) +
                "|8; 3");
}

}  // namespace
}  // namespace fansipan::sources
