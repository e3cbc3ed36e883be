#include "simulation/province/e_documents/document_draw.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "simulation/province/e_documents/document_texts.h"

namespace fansipan::simulation::internal {
namespace {

using std::chrono::days;
using std::chrono::seconds;

constexpr std::uint64_t kSalt = 0xD0C5;
constexpr double kDocumentsOfADay = 32;
constexpr std::array<double, 5> kWeek = {1.2, 1.1, 1.0, 0.95, 0.75};
constexpr double kDecember = 1.25;
constexpr double kSmallAreaKm2 = 100;  // wards and towns: more letters
constexpr std::int64_t kEndOfDay = 17 * 60;

constexpr double kInstructionLateness = 0.05;
constexpr double kLateness = 0.06;
constexpr double kDueShare = 0.35;
constexpr double kRefused = 0.015;
constexpr double kRevoked = 0.008;
constexpr double kSigned = 0.97;
constexpr double kReplied = 0.92;

constexpr std::int64_t kRecalledDocuments = 24;
constexpr std::int64_t kFirstRecalledNumber = 65;
constexpr std::int64_t kOverdueNumber = 95;
// An agency of nowhere in Vietnam stands for all that write from outside the province.
constexpr std::string_view kOutside = "000.00.01.H99";

struct Task {
  std::string_view subject;
  std::string_view indicator;
};

constexpr std::array kTasks = {
    Task{"V/v khắc phục tình trạng chậm giải quyết hồ sơ thủ tục hành chính", "on_time_rate"},
    Task{"V/v rà soát, giải quyết dứt điểm hồ sơ quá hạn", "overdue_cases"},
    Task{"V/v đẩy mạnh số hóa hồ sơ khi tiếp nhận", "digitisation_rate"},
    Task{"V/v tăng tỷ lệ thanh toán trực tuyến", "online_payment_rate"},
    Task{"V/v chấn chỉnh việc xử lý văn bản điện tử đến", "edoc_waiting_3d"},
    Task{"V/v báo cáo kết quả thực hiện kết luận phiên họp tháng", ""}};

struct Letter {
  std::string_view type;
  std::string_view subject;
};

constexpr std::array kLetters = {
    Letter{"Công văn", "V/v phối hợp cung cấp số liệu phục vụ báo cáo định kỳ"},
    Letter{"Công văn", "V/v góp ý dự thảo kế hoạch công tác quý"},
    Letter{"Kế hoạch", "Kế hoạch kiểm tra công tác văn thư, lưu trữ"},
    Letter{"Báo cáo", "Báo cáo kết quả thực hiện nhiệm vụ tháng"},
    Letter{"Giấy mời", "Giấy mời họp triển khai nhiệm vụ trọng tâm"},
    Letter{"Thông báo", "Thông báo lịch trực cơ quan"},
    Letter{"Tờ trình", "Tờ trình đề nghị điều chỉnh kế hoạch"}};

template <typename T, std::size_t kSize>
const T& OneOf(const std::array<T, kSize>& list, Dice& dice) {
  return list[static_cast<std::size_t>(dice.Between(0, static_cast<std::int64_t>(kSize) - 1))];
}

std::uint64_t NumberOfDay(std::chrono::local_days day) {
  return static_cast<std::uint64_t>(day.time_since_epoch().count());
}

/// How the office that the identifier is of marks its documents, such as VP0599.
std::string NotationOf(const std::string& identifier) {
  std::string digits;
  for (const char c : identifier.substr(0, identifier.rfind('.'))) {
    if (c >= '0' && c <= '9') digits += c;
  }
  return "VP" + (digits.size() > 3 ? digits.substr(3) : digits);
}

std::string IdOf(const Envelope& envelope) {
  return fmt::format("{},{},{}/{}", envelope.sender, SlashedDay(envelope.day), envelope.number,
                     envelope.notation);
}

/// What has not come when the document is given back does not come any more.
void EndWithRecall(Handling& handling, base::Timestamp asked, base::Timestamp agreed) {
  std::erase_if(handling.steps, [&](const Step& step) { return step.at > asked; });
  if (handling.accepted && *handling.accepted > asked) handling.accepted.reset();
  if (handling.assigned && *handling.assigned > asked) handling.assigned.reset();
  handling.finished = agreed;
  handling.steps.push_back({asked, "13"});
  handling.steps.push_back({agreed, "15"});
}

}  // namespace

DocumentDraw::DocumentDraw(const Province& province)
    : places_(province.places), seed_(MixSeeds(province.seed, kSalt)), year_(province.zone) {
  Dice dice(seed_);
  for (const Commune& commune : places_.communes) {
    const bool is_small = commune.area_km2 > 0 && commune.area_km2 < kSmallAreaKm2;
    commune_weights_.push_back(dice.Spread(0.5, 2) * (is_small ? 2 : 1));
  }
}

StoryCycle DocumentDraw::CycleOf(Day day) const { return StoryCycleOf(day, places_, year_, seed_); }

std::vector<ExchangedDocument> DocumentDraw::DocumentsOf(Day day) const {
  std::vector<ExchangedDocument> documents;
  if (!year_.IsWorked(day)) return documents;
  const std::int64_t count = CountOn(day);
  for (std::int64_t number = 1; number <= count; ++number) AddOrdinary(day, number, documents);
  const StoryCycle cycle = CycleOf(day);
  if (day == cycle.instructed_on) AddOverdueInstruction(cycle, documents);
  if (day == cycle.recalled_on) AddRecalled(cycle, documents);
  return documents;
}

std::int64_t DocumentDraw::CountOn(Day day) const {
  Dice dice(MixSeeds(seed_, NumberOfDay(day)));
  const std::chrono::year_month_day date{day};
  const unsigned weekday = std::chrono::weekday(day).iso_encoding() - 1;
  double mean = kDocumentsOfADay * (weekday < kWeek.size() ? kWeek[weekday] : 1);
  if (date.month() == std::chrono::December) mean *= kDecember;
  const auto count = static_cast<std::int64_t>(mean * dice.Spread(0.85, 1.15));
  return std::min(count, kFirstRecalledNumber - 1);
}

void DocumentDraw::Number(Envelope& envelope, Day day, std::int64_t number) const {
  const std::chrono::year_month_day date{day};
  const auto first = std::chrono::local_days(date.year() / std::chrono::January / 1);
  envelope.day = day;
  envelope.number = fmt::format("{}", ((day - first).count() + 1) * 100 + number);
  envelope.notation = NotationOf(envelope.sender);
  envelope.id = IdOf(envelope);
}

void DocumentDraw::AddDepartments(Envelope& envelope, std::int64_t count, Dice& dice) const {
  for (std::int64_t i = 0; i < count; ++i) {
    const auto last = static_cast<std::int64_t>(places_.departments.size()) - 1;
    const std::string& id = places_.departments[static_cast<std::size_t>(dice.Between(0, last))];
    const auto& taken = envelope.recipients;
    if (id == envelope.sender || std::ranges::find(taken, id) != taken.end()) continue;
    envelope.recipients.push_back(id);
  }
}

void DocumentDraw::AddCommunes(Envelope& envelope, std::int64_t count, Dice& dice) const {
  for (std::int64_t i = 0; i < count; ++i) {
    const std::string& id = places_.communes[dice.Pick(commune_weights_)].agency_code;
    const auto& taken = envelope.recipients;
    if (id == envelope.sender || std::ranges::find(taken, id) != taken.end()) continue;
    envelope.recipients.push_back(id);
  }
}

/// Who writes to whom.
void DocumentDraw::Address(Envelope& envelope, Dice& dice) const {
  constexpr std::array<double, 4> kSenders = {0.12, 0.42, 0.33, 0.13};
  switch (dice.Pick(kSenders)) {
    case 0:
      envelope.instructs = true;
      envelope.sender = places_.departments.front();
      AddDepartments(envelope, dice.Between(0, 2), dice);
      AddCommunes(envelope, dice.Between(1, 3), dice);
      break;
    case 1: {
      const auto last = static_cast<std::int64_t>(places_.departments.size()) - 1;
      envelope.sender = places_.departments[static_cast<std::size_t>(dice.Between(0, last))];
      AddDepartments(envelope, dice.Between(1, 2), dice);
      if (dice.Chance(0.35)) AddCommunes(envelope, dice.Between(2, 5), dice);
      break;
    }
    case 2:
      envelope.sender = places_.communes[dice.Pick(commune_weights_)].agency_code;
      AddDepartments(envelope, dice.Between(1, 2), dice);
      break;
    default:
      envelope.sender = kOutside;
      envelope.recipients = {places_.departments.front()};
      AddDepartments(envelope, dice.Between(0, 1), dice);
  }
  if (envelope.recipients.empty()) AddCommunes(envelope, 1, dice);
}

Envelope DocumentDraw::DrawEnvelope(Day day, std::int64_t number, Dice& dice) const {
  Envelope envelope;
  Address(envelope, dice);
  const std::int64_t morning = dice.Between(7 * 60 + 40, 11 * 60 + 25);
  const std::int64_t afternoon = dice.Between(13 * 60 + 35, 16 * 60 + 55);
  const base::Timestamp minute = year_.At(day, dice.Chance(0.52) ? morning : afternoon);
  envelope.sent_at = minute + seconds(dice.Between(0, 59));
  if (envelope.instructs) {
    const Task& task = OneOf(kTasks, dice);
    envelope.type = "Công văn";
    envelope.subject = task.subject;
    envelope.indicator = task.indicator;
    envelope.due = year_.DayAfter(day, dice.Between(4, 12));
  } else {
    const Letter& letter = OneOf(kLetters, dice);
    envelope.type = letter.type;
    envelope.subject = letter.subject;
    const std::int64_t term = dice.Between(3, 10);
    if (dice.Chance(kDueShare)) envelope.due = year_.DayAfter(day, term);
  }
  envelope.is_signed = dice.Chance(kSigned);
  Number(envelope, day, number);
  return envelope;
}

bool DocumentDraw::LiesWith(const std::string& recipient, base::Timestamp arrived,
                            base::Timestamp& until) const {
  const Day day = year_.DayOf(arrived);
  const StoryCycle cycle = CycleOf(day);
  until = year_.At(cycle.lies_until, 0);
  return recipient == cycle.lying_agency && day >= cycle.lies_from && day < cycle.lies_until;
}

base::Timestamp DocumentDraw::PickEnd(const Envelope& envelope, base::Timestamp arrived,
                                      base::Timestamp working, Dice& dice) const {
  const base::Timestamp earliest = year_.After(working, 0.5);
  if (!envelope.due) return year_.After(working, dice.Spread(2, 24));
  const base::Timestamp ends = year_.At(*envelope.due, kEndOfDay);
  if (dice.Chance(envelope.instructs ? kInstructionLateness : kLateness)) {
    return std::max(earliest, year_.After(ends, dice.Spread(2, 18)));
  }
  const double allowed = year_.HoursBetween(arrived, ends);
  return std::max(earliest, year_.After(arrived, allowed * dice.Spread(0.35, 0.92)));
}

Handling DocumentDraw::DrawHandling(const Envelope& envelope, const std::string& recipient,
                                    Dice& dice) const {
  Handling handling;
  handling.recipient = recipient;
  const base::Timestamp arrived = envelope.sent_at + seconds(dice.Between(60, 900));
  handling.steps.push_back({arrived, "01"});
  if (!envelope.instructs && dice.Chance(kRefused)) {
    handling.finished = year_.After(arrived, dice.Spread(0.3, 3));
    handling.steps.push_back({*handling.finished, "02"});
    return handling;
  }
  handling.accepted = year_.After(arrived, dice.Spread(0.1, 2.5));
  const double waits = dice.Chance(0.05) ? dice.Spread(8, 14) : dice.Spread(0.3, 5);
  base::Timestamp assigned = year_.After(*handling.accepted, waits);
  base::Timestamp lies_until;
  if (LiesWith(recipient, arrived, lies_until)) {
    assigned = std::max(assigned, year_.After(lies_until, dice.Spread(1, 16)));
  }
  handling.assigned = assigned;
  const base::Timestamp working = year_.After(assigned, dice.Spread(0.2, 3));
  handling.finished = PickEnd(envelope, arrived, working, dice);
  handling.steps.push_back({*handling.accepted, "03"});
  handling.steps.push_back({assigned, "04"});
  handling.steps.push_back({working, "05"});
  handling.steps.push_back({*handling.finished, "06"});
  return handling;
}

void DocumentDraw::AddOrdinary(Day day, std::int64_t number,
                               std::vector<ExchangedDocument>& documents) const {
  Dice dice(MixSeeds(MixSeeds(seed_, NumberOfDay(day)), static_cast<std::uint64_t>(number)));
  ExchangedDocument document;
  document.envelope = DrawEnvelope(day, number, dice);
  std::vector<ExchangedDocument> replies;
  for (const std::string& recipient : document.envelope.recipients) {
    document.handlings.push_back(DrawHandling(document.envelope, recipient, dice));
    if (document.envelope.instructs && dice.Chance(kReplied)) {
      AddReply(document.envelope, document.handlings.back(), dice, replies);
    }
  }
  if (!document.envelope.instructs && dice.Chance(kRevoked)) {
    const base::Timestamp at = year_.After(document.envelope.sent_at, dice.Spread(0.5, 4));
    Revoke(document, at, dice.Chance(0.85), dice);
  }
  documents.push_back(std::move(document));
  for (ExchangedDocument& reply : replies) documents.push_back(std::move(reply));
}

void DocumentDraw::AddReply(const Envelope& asked, Handling& handling, Dice& dice,
                            std::vector<ExchangedDocument>& documents) const {
  ExchangedDocument reply;
  Envelope& envelope = reply.envelope;
  envelope.sender = handling.recipient;
  envelope.recipients = {asked.sender};
  envelope.sent_at = *handling.finished;
  envelope.type = "Báo cáo";
  envelope.subject = "Báo cáo kết quả thực hiện văn bản số " + asked.number + "/" + asked.notation;
  envelope.responds_to = asked.id;
  envelope.day = year_.DayOf(envelope.sent_at);
  envelope.number = asked.number;
  envelope.notation = "BC-" + NotationOf(envelope.sender);
  envelope.id = IdOf(envelope);
  handling.reply = envelope.id;
  reply.handlings.push_back(DrawHandling(envelope, asked.sender, dice));
  documents.push_back(std::move(reply));
}

void DocumentDraw::Revoke(ExchangedDocument& document, base::Timestamp at, bool is_agreed,
                          Dice& dice) const {
  document.revocation = document.envelope;
  document.revocation->revokes = true;
  document.revocation->sent_at = at;
  for (Handling& handling : document.handlings) {
    const base::Timestamp asked = at + seconds(dice.Between(60, 600));
    const base::Timestamp answered = year_.After(asked, dice.Spread(0.3, 4));
    if (*handling.finished <= asked) continue;
    if (is_agreed || *handling.finished <= answered) {
      EndWithRecall(handling, asked, answered);
      continue;
    }
    handling.steps.push_back({asked, "13"});
    handling.steps.push_back({answered, "16"});
    std::ranges::stable_sort(handling.steps, {}, &Step::at);
  }
}

void DocumentDraw::AddOverdueInstruction(const StoryCycle& cycle,
                                         std::vector<ExchangedDocument>& documents) const {
  Dice dice(MixSeeds(seed_, ~NumberOfDay(cycle.instructed_on)));
  ExchangedDocument document;
  Envelope& envelope = document.envelope;
  envelope.sender = places_.departments.front();
  envelope.recipients = {cycle.overdue_agency};
  envelope.sent_at = year_.At(cycle.instructed_on, 8 * 60 + 15);
  envelope.instructs = true;
  envelope.type = "Công văn";
  envelope.subject = kTasks.front().subject;
  envelope.indicator = kTasks.front().indicator;
  envelope.due = cycle.due_on;
  Number(envelope, cycle.instructed_on, kOverdueNumber);
  Handling handling = DrawHandling(envelope, cycle.overdue_agency, dice);
  handling.finished = year_.At(cycle.answered_on, 10 * 60);
  handling.steps.back().at = *handling.finished;
  std::vector<ExchangedDocument> replies;
  AddReply(envelope, handling, dice, replies);
  document.handlings.push_back(std::move(handling));
  documents.push_back(std::move(document));
  documents.push_back(std::move(replies.front()));
}

void DocumentDraw::AddRecalled(const StoryCycle& cycle,
                               std::vector<ExchangedDocument>& documents) const {
  for (std::int64_t i = 0; i < kRecalledDocuments; ++i) {
    const std::int64_t number = kFirstRecalledNumber + i;
    Dice dice(MixSeeds(MixSeeds(seed_, ~NumberOfDay(cycle.recalled_on)),
                       static_cast<std::uint64_t>(number)));
    ExchangedDocument document;
    Envelope& envelope = document.envelope;
    envelope.sender = cycle.recalling_agency;
    AddCommunes(envelope, 3, dice);
    envelope.sent_at = year_.At(cycle.recalled_on, dice.Between(8 * 60, 10 * 60));
    envelope.type = kLetters.front().type;
    envelope.subject = kLetters.front().subject;
    Number(envelope, cycle.recalled_on, number);
    for (const std::string& recipient : envelope.recipients) {
      document.handlings.push_back(DrawHandling(envelope, recipient, dice));
    }
    Revoke(document, year_.At(cycle.recalled_on, dice.Between(14 * 60, 15 * 60 + 30)), true, dice);
    documents.push_back(std::move(document));
  }
}

}  // namespace fansipan::simulation::internal
