#include "simulation/province/e_documents_model.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <optional>
#include <string_view>
#include <utility>

#include "simulation/province/e_documents/document_draw.h"
#include "simulation/province/e_documents/document_texts.h"

namespace fansipan::simulation {
namespace {

using internal::DocumentDraw;
using internal::Envelope;
using internal::ExchangedDocument;
using internal::SlashedDay;
using internal::StoryCycle;
using std::chrono::days;
using std::chrono::local_days;

constexpr std::string_view kAxis = "edoc_axis";
constexpr std::string_view kStatus = "edoc_status";
constexpr days kHistory{42};
// Nothing happens to a document longer than that after its day, and what would is left out.
constexpr days kLongestLife{60};
constexpr days kLongestHoliday{15};

/// Minutes after midnight at which a source sends, on working days.
constexpr std::array<int, 3> kAxisTimes = {10 * 60, 14 * 60 + 30, 17 * 60};
constexpr std::array<int, 4> kStatusTimes = {9 * 60, 11 * 60, 15 * 60, 17 * 60 + 5};

/// What is sent at one moment: all that happened since the sending before.
struct Sending {
  base::Timestamp after;
  base::Timestamp at;
  std::string_view source;
};

/// One text of a body.
struct Line {
  base::Timestamp at;
  std::string text;
};

class EDocumentsModel final : public SystemModel {
 public:
  explicit EDocumentsModel(const Province& province) : draw_(province) {}

  std::vector<std::string> sources() const override {
    return {std::string(kAxis), std::string(kStatus)};
  }

  base::Duration history() const override { return kHistory; }

  std::vector<SystemDelivery> DeliveriesBetween(base::Timestamp from,
                                                base::Timestamp until) const override {
    std::vector<SystemDelivery> deliveries;
    const std::vector<Sending> sendings = SendingsBetween(from, until);
    if (sendings.empty()) return deliveries;
    base::Timestamp first = sendings.front().after;
    for (const Sending& sending : sendings) first = std::min(first, sending.after);
    const auto documents = DocumentsAlive(first, sendings.back().at);
    const std::vector<Line> envelopes = EnvelopesOf(documents, first);
    const std::vector<Line> statuses = StatusesOf(documents, first);
    for (const Sending& sending : sendings) {
      SystemDelivery delivery = sending.source == kAxis ? AxisDelivery(sending, envelopes)
                                                        : StatusDelivery(sending, statuses);
      if (delivery.rows > 0) deliveries.push_back(std::move(delivery));
    }
    return deliveries;
  }

  std::vector<PlantedStory> StoriesBetween(base::Timestamp from,
                                           base::Timestamp until) const override {
    std::vector<PlantedStory> stories;
    const local_days last = draw_.year().DayOf(until);
    for (local_days day = draw_.year().DayOf(from) - internal::kStoryCycle;
         day <= last + internal::kStoryCycle; day += internal::kStoryCycle) {
      for (PlantedStory& story : StoriesOf(draw_.CycleOf(day))) {
        if (story.from < until && story.until > from) stories.push_back(std::move(story));
      }
    }
    return stories;
  }

 private:
  template <std::size_t kSize>
  void AddSendings(std::string_view source, const std::array<int, kSize>& times,
                   base::Timestamp from, base::Timestamp until,
                   std::vector<Sending>& sendings) const {
    std::optional<base::Timestamp> before;
    const local_days last = draw_.year().DayOf(until);
    for (local_days day = draw_.year().DayOf(from) - kLongestHoliday; day <= last; day += days(1)) {
      if (!draw_.year().IsWorked(day)) continue;
      for (const int minute : times) {
        const base::Timestamp at = draw_.year().At(day, minute);
        if (before && at >= from && at < until) sendings.push_back({*before, at, source});
        before = at;
      }
    }
  }

  std::vector<Sending> SendingsBetween(base::Timestamp from, base::Timestamp until) const {
    std::vector<Sending> sendings;
    AddSendings(kAxis, kAxisTimes, from, until, sendings);
    AddSendings(kStatus, kStatusTimes, from, until, sendings);
    std::ranges::stable_sort(sendings, {}, &Sending::at);
    return sendings;
  }

  std::vector<ExchangedDocument> DocumentsAlive(base::Timestamp from, base::Timestamp until) const {
    std::vector<ExchangedDocument> documents;
    const local_days last = draw_.year().DayOf(until);
    for (local_days day = draw_.year().DayOf(from) - kLongestLife; day <= last; day += days(1)) {
      for (ExchangedDocument& document : draw_.DocumentsOf(day)) {
        document.drawn_on = day;
        documents.push_back(std::move(document));
      }
    }
    return documents;
  }

  /// Where a span is cut must not decide whether something is sent.
  bool IsAlive(const ExchangedDocument& document, base::Timestamp at) const {
    return at < draw_.year().At(document.drawn_on + kLongestLife, 0);
  }

  std::vector<Line> EnvelopesOf(const std::vector<ExchangedDocument>& documents,
                                base::Timestamp after) const {
    std::vector<Line> lines;
    const auto add = [&](const ExchangedDocument& document, const Envelope& envelope) {
      if (envelope.sent_at <= after || !IsAlive(document, envelope.sent_at)) return;
      lines.push_back({envelope.sent_at, EdxmlElement(envelope, draw_.year().zone())});
    };
    for (const ExchangedDocument& document : documents) {
      add(document, document.envelope);
      if (document.revocation) add(document, *document.revocation);
    }
    std::ranges::stable_sort(lines, {}, &Line::at);
    return lines;
  }

  std::vector<Line> StatusesOf(const std::vector<ExchangedDocument>& documents,
                               base::Timestamp after) const {
    std::vector<Line> lines;
    for (const ExchangedDocument& document : documents) {
      for (const internal::Handling& handling : document.handlings) {
        for (std::size_t step = 0; step < handling.steps.size(); ++step) {
          const base::Timestamp at = handling.steps[step].at;
          if (at <= after || !IsAlive(document, at)) continue;
          lines.push_back({at, StatusLine(document, handling, step, draw_.year().zone())});
        }
      }
    }
    std::ranges::stable_sort(lines, {}, &Line::at);
    return lines;
  }

  /// The lines of a sending, one after another, and how many there are.
  static SystemDelivery Gather(const Sending& sending, const std::vector<Line>& lines) {
    SystemDelivery delivery;
    delivery.at = sending.at;
    delivery.source = sending.source;
    auto line = std::ranges::upper_bound(lines, sending.after, {}, &Line::at);
    for (; line != lines.end() && line->at <= sending.at; ++line) {
      delivery.body += line->text;
      ++delivery.rows;
    }
    return delivery;
  }

  static SystemDelivery AxisDelivery(const Sending& sending, const std::vector<Line>& lines) {
    SystemDelivery delivery = Gather(sending, lines);
    delivery.media_type = "application/xml";
    delivery.body = fmt::format(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<documents count=\"{}\">\n{}</documents>\n",
        delivery.rows, delivery.body);
    return delivery;
  }

  static SystemDelivery StatusDelivery(const Sending& sending, const std::vector<Line>& lines) {
    SystemDelivery delivery = Gather(sending, lines);
    delivery.media_type = "application/x-ndjson";
    return delivery;
  }

  std::vector<PlantedStory> StoriesOf(const StoryCycle& cycle) const {
    const auto at = [&](local_days day) { return draw_.year().At(day, 0); };
    const std::string since = SlashedDay(cycle.begins);
    return {{"edoc_documents_lie " + since, "e_documents", "edoc_waiting_3d", cycle.lying_agency,
             fmt::format("{} gives what arrives to nobody", cycle.lying_agency),
             at(draw_.year().DayAfter(cycle.lies_from, 4)), at(cycle.lies_until)},
            {"edoc_instruction_overdue " + since, "e_documents", "edoc_instructions_overdue",
             cycle.overdue_agency,
             fmt::format("{} has not done an instruction about on_time_rate that was due on "
                         "{}",
                         cycle.overdue_agency, SlashedDay(cycle.due_on)),
             at(cycle.due_on + days(1)), at(cycle.answered_on)},
            {"edoc_spate_of_recalls " + since, "e_documents", "edoc_revocations",
             cycle.recalling_agency,
             fmt::format("{} asks for two dozen of its documents back", cycle.recalling_agency),
             at(cycle.recalled_on), at(cycle.recalled_on + days(1))}};
  }

  const DocumentDraw draw_;
};

}  // namespace

std::unique_ptr<SystemModel> MakeEDocumentsModel(const Province& province) {
  return std::make_unique<EDocumentsModel>(province);
}

}  // namespace fansipan::simulation
