#include "simulation/internal/documents.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <chrono>
#include <string_view>

#include "simulation/internal/dice.h"

namespace fansipan::simulation::internal {
namespace {

struct Office {
  std::string_view id;
  std::string_view name;
  std::string_view notation;
  std::string_view position;
};

constexpr std::array kOffices = {
    Office{"000.00.01.H99", "Văn phòng Ủy ban nhân dân tỉnh Sông Bạc", "VPUBND-TH",
           "Chánh Văn phòng"},
    Office{"000.00.02.H99", "Sở Nông nghiệp và Môi trường tỉnh Sông Bạc", "SNNMT-VP", "Giám đốc"},
    Office{"000.00.03.H99", "Sở Y tế tỉnh Sông Bạc", "SYT-NVY", "Phó Giám đốc"},
    Office{"000.00.04.H99", "Sở Khoa học và Công nghệ tỉnh Sông Bạc", "SKHCN-CĐS", "Giám đốc"},
    Office{"000.01.31.H99", "Ủy ban nhân dân xã Bản Mây", "UBND-VP", "Chủ tịch"},
    Office{"000.02.31.H99", "Ủy ban nhân dân phường Hoa Ban", "UBND-KT", "Phó Chủ tịch"}};

constexpr std::array<std::string_view, 4> kTypes = {"Công văn", "Kế hoạch", "Báo cáo", "Giấy mời"};

constexpr std::array<std::string_view, 6> kSubjects = {
    "V/v báo cáo kết quả giải quyết thủ tục hành chính tháng {}",
    "V/v tham gia ý kiến đối với dự thảo kế hoạch chuyển đổi số (lần {})",
    "V/v chủ động ứng phó với mưa lũ, sạt lở đất đợt {}",
    "V/v cung cấp số liệu phục vụ \"giao ban\" tháng {}",
    "V/v rà soát hồ sơ quá hạn <đợt {}> & giải trình nguyên nhân",
    "V/v phân công trực cơ quan trong kỳ nghỉ lễ (đợt {})"};

constexpr std::array<std::string_view, 4> kSigners = {"Lò Văn Thử", "Nguyễn Thị Mẫu", "Giàng A Ví",
                                                      "Trần Văn Dụ"};

constexpr std::string_view kDocument = R"(<?xml version="1.0" encoding="utf-8"?>
<edXML xmlns="http://www.mic.gov.vn/TBT/QCVN_102_2016">
  <edXMLEnvelope>
    <edXMLHeader>
      <MessageHeader>
        <From><OrganId>{from_id}</OrganId><OrganName>{from}</OrganName></From>
        <To><OrganId>{to_id}</OrganId><OrganName>{to}</OrganName></To>
        <Code><CodeNumber>{code}</CodeNumber><CodeNotation>{notation}</CodeNotation></Code>
        <PromulgationInfo><Place>Sông Bạc</Place><PromulgationDate>{day}</PromulgationDate></PromulgationInfo>
        <DocumentType><Type>2</Type><TypeName>{type}</TypeName></DocumentType>
        <Subject>{subject}</Subject>
        <SignerInfo><Position>{position}</Position><FullName>{signer}</FullName></SignerInfo>
        <OtherInfo><Priority>0</Priority><PageAmount>{pages}</PageAmount></OtherInfo>
        <DocumentId>{id}</DocumentId>
      </MessageHeader>
      <TraceHeaderList>
        <TraceHeader><OrganId>{from_id}</OrganId><Timestamp>{day} 08:00:00</Timestamp></TraceHeader>
        <Bussiness><BussinessDocType>0</BussinessDocType></Bussiness>
      </TraceHeaderList>
    </edXMLHeader>
    <edXMLBody><edXMLManifest version="1.0"/></edXMLBody>
  </edXMLEnvelope>
  <AttachmentEncoded>
    <Attachment><ContentId>1</ContentId><ContentTransferEncoded>{file}</ContentTransferEncoded><AttachmentName>{code}_{notation}.txt</AttachmentName></Attachment>
  </AttachmentEncoded>
</edXML>
)";

/// What the texts of one document are drawn from.
struct Draft {
  const Office* from = nullptr;
  const Office* to = nullptr;
  std::size_t type = 0;
  std::string subject;
  std::string_view signer;
  std::chrono::year_month_day day;
  std::int64_t pages = 1;
};

Draft DraftOf(std::uint64_t seed, std::size_t number) {
  Dice dice(MixSeeds(seed, number));
  const auto index = [&](std::size_t count) {
    return static_cast<std::size_t>(dice.Between(0, static_cast<std::int64_t>(count) - 1));
  };
  Draft draft;
  const std::size_t from = index(kOffices.size());
  draft.from = &kOffices[from];
  draft.to = &kOffices[(from + 1 + index(kOffices.size() - 1)) % kOffices.size()];
  draft.type = index(kTypes.size());
  draft.subject = fmt::format(fmt::runtime(kSubjects[index(kSubjects.size())]), number % 12 + 1);
  draft.signer = kSigners[index(kSigners.size())];
  draft.day = std::chrono::sys_days(std::chrono::year(2026) / 1 / 5) +
              std::chrono::days(static_cast<int>(number / 20 % 300));
  draft.pages = dice.Between(1, 12);
  return draft;
}

std::string DayText(const std::chrono::year_month_day& day) {
  return fmt::format("{}/{:02}/{:02}", static_cast<int>(day.year()),
                     static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day()));
}

}  // namespace

std::string DocumentId(std::uint64_t seed, std::size_t number) {
  const Draft draft = DraftOf(seed, number);
  return fmt::format("{},{},{}/{}", draft.from->id, DayText(draft.day), number + 1,
                     draft.from->notation);
}

std::optional<std::size_t> NumberOf(std::uint64_t seed, const std::string& id, std::size_t count) {
  const std::size_t comma = id.rfind(',');
  if (comma == std::string::npos) return std::nullopt;
  std::size_t code = 0;
  const auto [end, error] = std::from_chars(id.data() + comma + 1, id.data() + id.size(), code);
  if (error != std::errc() || code == 0 || code > count) return std::nullopt;
  if (DocumentId(seed, code - 1) != id) return std::nullopt;
  return code - 1;
}

std::string Edxml(std::uint64_t seed, std::size_t number) {
  const Draft draft = DraftOf(seed, number);
  const std::string day = DayText(draft.day);
  const std::string file =
      fmt::format("Tệp mô phỏng, văn bản số {}/{}\n", number + 1, draft.from->notation);
  return fmt::format(fmt::runtime(kDocument), fmt::arg("from_id", draft.from->id),
                     fmt::arg("from", draft.from->name), fmt::arg("to_id", draft.to->id),
                     fmt::arg("to", draft.to->name), fmt::arg("code", number + 1),
                     fmt::arg("notation", draft.from->notation), fmt::arg("day", day),
                     fmt::arg("type", kTypes[draft.type]),
                     fmt::arg("subject", EscapeXml(draft.subject)),
                     fmt::arg("position", draft.from->position), fmt::arg("signer", draft.signer),
                     fmt::arg("pages", draft.pages), fmt::arg("id", DocumentId(seed, number)),
                     fmt::arg("file", ToBase64(file)));
}

std::string EscapeXml(const std::string& text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '&') {
      escaped += "&amp;";
    } else if (c == '<') {
      escaped += "&lt;";
    } else if (c == '>') {
      escaped += "&gt;";
    } else if (c == '"') {
      escaped += "&quot;";
    } else {
      escaped += c;
    }
  }
  return escaped;
}

std::string ToBase64(const std::string& bytes) {
  constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    std::uint32_t bits = 0;
    for (std::size_t i = 0; i < 3; ++i) {
      const bool there = at + i < bytes.size();
      bits = (bits << 8U) | (there ? static_cast<unsigned char>(bytes[at + i]) : 0U);
    }
    for (std::size_t i = 0; i < 4; ++i) {
      const bool there = at + i <= bytes.size();
      text += there ? kDigits[(bits >> (18U - 6U * i)) & 63U] : '=';
    }
  }
  return text;
}

}  // namespace fansipan::simulation::internal
