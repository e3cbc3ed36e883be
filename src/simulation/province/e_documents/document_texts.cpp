#include "simulation/province/e_documents/document_texts.h"

#include <fmt/format.h>

#include <chrono>
#include <cstdlib>
#include <optional>
#include <string_view>

#include "simulation/internal/documents.h"

namespace fansipan::simulation::internal {
namespace {

constexpr std::string_view kEdxml =
    R"(<edXML xmlns="http://www.mic.gov.vn/TBT/QCVN_102_2016"><edXMLEnvelope><edXMLHeader><MessageHeader>
<From><OrganId>{from}</OrganId></From>{to}
<Code><CodeNumber>{number}</CodeNumber><CodeNotation>{notation}</CodeNotation></Code>
<PromulgationInfo><Place>Lào Cai</Place><PromulgationDate>{day}</PromulgationDate></PromulgationInfo>
<DocumentType><Type>2</Type><TypeName>{type}</TypeName></DocumentType>
<Subject>{subject}</Subject><Content>{content}</Content>{due}
<OtherInfo><Priority>0</Priority><PageAmount>2</PageAmount></OtherInfo>
<SteeringType>{steering}</SteeringType>{response}<DocumentId>{id}</DocumentId>
</MessageHeader><TraceHeaderList>
<TraceHeader><OrganId>{from}</OrganId><Timestamp>{sent}</Timestamp></TraceHeader>
<Bussiness><BussinessDocType>{business}</BussinessDocType>{reason}</Bussiness>
</TraceHeaderList>{signature}</edXMLHeader>
<edXMLBody><edXMLManifest version="1.0"/></edXMLBody></edXMLEnvelope>
<AttachmentEncoded><Attachment><ContentId>1</ContentId><ContentTransferEncoded>{file}</ContentTransferEncoded><AttachmentName>{number}.txt</AttachmentName></Attachment></AttachmentEncoded>
</edXML>
)";

constexpr std::string_view kSignature =
    R"(<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"><SignatureValue>bW8gcGhvbmc=</SignatureValue></Signature>)";

std::string Clock(base::LocalTime local) {
  const auto day = std::chrono::floor<std::chrono::days>(local);
  const std::chrono::hh_mm_ss time{local - day};
  return fmt::format("{:02}:{:02}:{:02}", time.hours().count(), time.minutes().count(),
                     time.seconds().count());
}

std::string Element(std::string_view name, const std::string& text) {
  return text.empty() ? "" : fmt::format("<{0}>{1}</{0}>", name, EscapeXml(text));
}

std::string Recipients(const Envelope& envelope) {
  std::string text;
  for (const std::string& id : envelope.recipients) {
    text += fmt::format("<To>{}</To>", Element("OrganId", id));
  }
  return text;
}

std::string ContentOf(const Envelope& envelope) {
  if (envelope.indicator.empty()) return EscapeXml(envelope.subject);
  return fmt::format("{} [chỉ tiêu: {}]", EscapeXml(envelope.subject), envelope.indicator);
}

std::string Response(const Envelope& envelope) {
  if (envelope.responds_to.empty()) return "";
  const std::string to = envelope.recipients.empty() ? "" : envelope.recipients.front();
  return fmt::format("<ResponseFor>{}{}</ResponseFor>", Element("OrganId", to),
                     Element("DocumentId", envelope.responds_to));
}

std::string DueText(const Envelope& envelope) {
  return envelope.due ? SlashedDay(*envelope.due) : "";
}

/// RFC 3339 in the zone, in quotes.
std::string Quoted(base::Timestamp moment, const base::TimeZone& zone) {
  const base::LocalTime local = zone.ToLocal(moment);
  const std::chrono::year_month_day date{std::chrono::floor<std::chrono::days>(local)};
  const auto offset =
      std::chrono::duration_cast<std::chrono::minutes>(zone.OffsetAt(moment)).count();
  return fmt::format("\"{:04}-{:02}-{:02}T{}{}{:02}:{:02}\"", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     Clock(local), offset < 0 ? '-' : '+', std::abs(offset) / 60,
                     std::abs(offset) % 60);
}

std::string Quoted(const std::string& value) {
  if (value.empty()) return "null";
  std::string text = "\"";
  for (const char c : value) {
    if (c == '"' || c == '\\') text += '\\';
    text += c;
  }
  return text + '"';
}

/// A moment that has come by then.
std::string Quoted(const std::optional<base::Timestamp>& moment, base::Timestamp then,
                   const base::TimeZone& zone) {
  return moment && *moment <= then ? Quoted(*moment, zone) : "null";
}

}  // namespace

std::string SlashedDay(std::chrono::local_days day) {
  const std::chrono::year_month_day date{day};
  return fmt::format("{:04}/{:02}/{:02}", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
}

std::string EdxmlElement(const Envelope& envelope, const base::TimeZone& zone) {
  const base::LocalTime local = zone.ToLocal(envelope.sent_at);
  const std::string sent =
      SlashedDay(std::chrono::floor<std::chrono::days>(local)) + ' ' + Clock(local);
  return fmt::format(
      fmt::runtime(kEdxml), fmt::arg("from", EscapeXml(envelope.sender)),
      fmt::arg("to", Recipients(envelope)), fmt::arg("number", envelope.number),
      fmt::arg("notation", envelope.notation), fmt::arg("day", SlashedDay(envelope.day)),
      fmt::arg("type", envelope.type), fmt::arg("subject", EscapeXml(envelope.subject)),
      fmt::arg("content", ContentOf(envelope)),
      fmt::arg("due", Element("DueDate", DueText(envelope))),
      fmt::arg("steering", envelope.instructs ? 1 : 0), fmt::arg("response", Response(envelope)),
      fmt::arg("id", EscapeXml(envelope.id)), fmt::arg("sent", sent),
      fmt::arg("business", envelope.revokes ? 1 : 0),
      fmt::arg("reason", Element("BussinessDocReason", envelope.revokes ? "Sai thể thức" : "")),
      fmt::arg("signature", envelope.is_signed ? kSignature : ""),
      fmt::arg("file", ToBase64("Tệp mô phỏng\n")));
}

std::string StatusLine(const ExchangedDocument& document, const Handling& handling,
                       std::size_t step, const base::TimeZone& zone) {
  const Envelope& envelope = document.envelope;
  const Step& now = handling.steps[step];
  const bool is_revoked = document.revocation && document.revocation->sent_at <= now.at;
  const auto until_now = [&](const std::optional<base::Timestamp>& moment) {
    return Quoted(moment, now.at, zone);
  };
  std::string line = fmt::format(
      R"({{"maVanBan":{},"soKyHieu":{},"trichYeu":{},"coQuanGui":{},"coQuanNhan":{},"trangThai":"{}")",
      Quoted(envelope.id), Quoted(envelope.number + '/' + envelope.notation),
      Quoted(envelope.instructs ? envelope.subject : ""), Quoted(envelope.sender),
      Quoted(handling.recipient), now.code);
  line += fmt::format(R"(,"nghiepVu":{},"thoiDiem":{},"guiLuc":{},"denLuc":{})",
                      is_revoked ? "\"1\"" : "\"0\"", Quoted(now.at, zone),
                      Quoted(envelope.sent_at, zone), Quoted(handling.steps.front().at, zone));
  line += fmt::format(R"(,"tiepNhanLuc":{},"phanCongLuc":{},"ketThucLuc":{},"hanXuLy":{})",
                      until_now(handling.accepted), until_now(handling.assigned),
                      until_now(handling.finished), Quoted(DueText(envelope)));
  line += fmt::format(R"(,"soNgayXuLy":null,"loaiChiDao":"{}","chiTieu":{},"vanBanPhucDap":{}}})",
                      envelope.instructs ? 1 : 0, Quoted(envelope.indicator),
                      Quoted(now.code == "06" ? handling.reply : ""));
  return line + '\n';
}

}  // namespace fansipan::simulation::internal
