#include "center/internal/regimes.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <memory>
#include <utility>

#include "center/internal/text_checks.h"
#include "model/period.h"
#include "model/value.h"

namespace fansipan::center {
namespace {

using std::chrono::month_day;

constexpr std::string_view kFile = "regimes.yaml";
constexpr int kMonthsOfYear = 12;
constexpr unsigned kLastDayOfEveryMonth = 28;
// A year that has every day.
constexpr std::chrono::year kLeapYear{2028};
constexpr int kDaysOfLeapYear = 366;
constexpr int kCheckedYear = 2026;

// "12-15"; nothing for anything else.
std::optional<month_day> ParseMonthDay(std::string_view text) {
  if (text.size() != 5 || text[2] != '-') return std::nullopt;
  for (const std::size_t index : {0U, 1U, 3U, 4U}) {
    if (text[index] < '0' || text[index] > '9') return std::nullopt;
  }
  const auto number = [&](std::size_t at) {
    return static_cast<unsigned>((text[at] - '0') * 10 + (text[at + 1] - '0'));
  };
  const month_day day{std::chrono::month(number(0)), std::chrono::day(number(3))};
  return day.ok() ? std::optional(day) : std::nullopt;
}

// The day that lies `days` behind the first one, as it is written.
std::string DayText(month_day first, int days) {
  const std::chrono::sys_days january(kLeapYear / std::chrono::January / 1);
  const auto into_year = std::chrono::sys_days(kLeapYear / first) - january;
  const std::chrono::days behind((into_year.count() + days) % kDaysOfLeapYear);
  // Written in full it is 2028-12-15.
  return model::ToText(model::Value(model::Date(january + behind))).substr(5);
}

// How many days of a year with every day lie between the first day of a regime's year and a day.
int DaysBehind(month_day first, month_day day) {
  const auto between =
      std::chrono::sys_days(kLeapYear / day) - std::chrono::sys_days(kLeapYear / first);
  return static_cast<int>((between.count() + kDaysOfLeapYear) % kDaysOfLeapYear);
}

std::string Between(month_day first, int from, int to) {
  const std::string begin = DayText(first, from);
  return from == to ? begin : begin + " to " + DayText(first, to);
}

// A first and a last day as they stand in the text.
struct Span {
  const YamlNode* from_node = nullptr;
  const YamlNode* to_node = nullptr;
  month_day from{};
  month_day to{};
};

// Reads one regime; whatever is wrong is reported at its place.
class RegimeReader {
 public:
  RegimeReader(Draft& draft, const YamlNode& entry, const FileScope& scope)
      : draft_(draft),
        before_(draft.problems.count()),
        scope_(scope),
        languages_(draft.center.languages),
        map_(entry, scope, "regime '" + entry.key + "'"),
        name_(entry.key) {}

  // Null when anything is wrong with it.
  std::shared_ptr<const model::Regime> Read() {
    map_.Allow({"title", "basis", "year", "due", "kinds"});
    auto title = map_.Localized("title", languages_, Need::kRequired);
    auto basis = map_.Localized("basis", languages_, Need::kRequired);
    ReadYear();
    if (const YamlNode* due = map_.Find("due")) due_ = ReadDue(map_, *due);
    ReadKinds();
    if (draft_.problems.count() != before_) return nullptr;
    auto regime = std::make_shared<const model::Regime>(name_, std::move(title), std::move(basis),
                                                        year_, std::move(kinds_));
    return CheckTexts(*regime) ? regime : nullptr;
  }

 private:
  std::optional<Span> ReadSpan(const YamlMap& map) const {
    Span span;
    const auto day = [&](const char* key, const YamlNode*& node) {
      node = map.FindText(key, Need::kRequired);
      const auto read = node ? ParseMonthDay(node->text) : std::nullopt;
      if (node != nullptr && !read) {
        map.Report(*node, "is '" + node->text + "'; allowed: a day of every year such as 12-15");
      }
      return read;
    };
    const auto from = day("from", span.from_node);
    const auto to = day("to", span.to_node);
    if (!from || !to) return std::nullopt;
    if (*from == std::chrono::February / 29) {
      map.Report(*span.from_node, "is 02-29, a day that not every year has; begin on 03-01");
      return std::nullopt;
    }
    span.from = *from;
    span.to = *to;
    return span;
  }

  void ReadYear() {
    const YamlNode* node = map_.Find("year", Need::kRequired);
    if (node == nullptr) return;
    const YamlMap map(*node, scope_, map_.what() + ": 'year'");
    map.Allow({"from", "to", "named_after"});
    const auto named = map.Choice("named_after", {"start", "end"}, Need::kOptional);
    const auto span = ReadSpan(map);
    if (!span) return;
    year_ = {span->from, named == 1};
    year_is_read_ = true;
    const int last = DaysBehind(span->from, span->to);
    if (last == kDaysOfLeapYear - 1) return;
    if (last > kDaysOfLeapYear / 2) {
      map.Report(*span->to_node,
                 "leaves a gap: " + Between(span->from, last + 1, kDaysOfLeapYear - 1) +
                     " would lie in no year; a year ends on the day before the next begins");
    } else {
      map.Report(*span->to_node, "makes years overlap: " + Between(span->from, 0, last) +
                                     " would lie in two of them; a year ends on the day before the "
                                     "next begins");
    }
    year_is_read_ = false;
  }

  void ReadKinds() {
    const YamlNode* node = map_.Find("kinds", Need::kRequired);
    if (node == nullptr) return;
    const YamlMap map(*node, scope_, map_.what() + ": 'kinds'");
    if (map.entries().size() > kMaxPeriodKinds || map.entries().empty()) {
      map_.Report(*node, "must have 1 to " + std::to_string(kMaxPeriodKinds) + " kinds");
      return;
    }
    for (const YamlNode& entry : map.entries()) ReadKind(entry);
  }

  void ReadKind(const YamlNode& entry) {
    const YamlMap map(entry, scope_, map_.what() + ": kind '" + entry.key + "'");
    map.Allow({"title", "label", "months", "cumulative", "parts", "due"});
    if (!IsName(entry.key)) {
      scope_.Report(entry.anchor(), "'" + entry.key + "' is no name of a kind; a name has " +
                                        std::string(kNameRule));
    }
    model::PeriodKind kind;
    kind.name = entry.key;
    kind.title = map.Localized("title", languages_, Need::kRequired);
    kind.label = map.Localized("label", languages_, Need::kRequired);
    CheckLabel(map);
    if (map.Has("months") == map.Has("parts")) {
      scope_.Report(map.at(), map.what() +
                                  ": must have either 'months: 3' or 'parts', a list such as "
                                  "[{name: summer, from: 06-01, to: 08-31, title: {…}}]");
    } else if (const YamlNode* months = map.Find("months")) {
      ReadMonths(map, *months, kind);
    } else if (const YamlNode* parts = map.Find("parts")) {
      ReadParts(map, *parts, kind);
    }
    const YamlNode* due = map.Find("due");
    kind.due = due == nullptr ? due_ : ReadDue(map, *due);
    kinds_.push_back(std::move(kind));
    kind_nodes_.push_back(&entry);
  }

  void CheckLabel(const YamlMap& kind) const {
    const YamlNode* node = kind.Find("label");
    if (node == nullptr || node->kind != YamlNode::Kind::kMap) return;
    std::vector<std::string> allowed(model::kLabelMarks.begin(), model::kLabelMarks.end());
    std::erase(allowed, kind.Has("parts") ? "months" : "part");
    for (const YamlNode& entry : node->items) {
      std::string_view text = entry.text;
      for (std::size_t open = text.find('{'); open != std::string_view::npos;
           open = text.find('{')) {
        text.remove_prefix(open + 1);
        const std::string mark(text.substr(0, text.find('}')));
        if (std::ranges::find(allowed, mark) != allowed.end()) continue;
        kind.Report(entry,
                    "in 'label': there is no mark {" + mark + "}; " + AllowedText(mark, allowed));
        break;
      }
    }
  }

  void ReadMonths(const YamlMap& map, const YamlNode& node, model::PeriodKind& kind) const {
    kind.tiling = model::Tiling::kMonths;
    kind.cumulative = map.Flag("cumulative", false);
    const std::size_t before = draft_.problems.count();
    kind.months = static_cast<int>(map.Integer("months", {1, kMonthsOfYear}, 1));
    if (draft_.problems.count() != before) return;
    if (!kind.cumulative && kMonthsOfYear % kind.months != 0) {
      map.Report(node, "is " + node.text +
                           ", and so many months do not tile a year; allowed: 1, 2, 3, 4, 6 or 12, "
                           "or add 'cumulative: true' where each period begins with its year");
    }
    if (year_is_read_ && static_cast<unsigned>(year_.from.day()) > kLastDayOfEveryMonth) {
      map.Report(node,
                 "needs a year that begins on a day which every month has, the 28th at the "
                 "latest; divide this one into 'parts'");
    }
  }

  void ReadParts(const YamlMap& map, const YamlNode& list, model::PeriodKind& kind) const {
    kind.tiling = model::Tiling::kParts;
    if (const YamlNode* cumulative = map.Find("cumulative")) {
      map.Report(*cumulative, "goes with 'months' only");
    }
    if (list.kind != YamlNode::Kind::kList || list.items.empty() ||
        list.items.size() > kMaxPeriodParts) {
      map.Report(list, "must be a list of 1 to " + std::to_string(kMaxPeriodParts) +
                           " parts such as {name: summer, from: 06-01, to: 08-31, title: {…}}");
      return;
    }
    int next = 0;  // where the next part must begin, in days behind the year's first
    bool is_sound = year_is_read_;
    for (const YamlNode& item : list.items) {
      const YamlMap part(item, scope_, map.what() + ": part");
      part.Allow({"name", "title", "from", "to"});
      const YamlNode* name = part.FindName("name", Need::kRequired);
      auto title = part.Localized("title", languages_, Need::kRequired);
      const auto span = ReadSpan(part);
      is_sound = is_sound && span;
      if (is_sound) is_sound = CheckFollows(part, *span, next);
      if (!is_sound) continue;
      next = DaysBehind(year_.from, span->to) + 1;
      kind.parts.push_back({name ? name->text : "", std::move(title), span->from});
    }
    if (!is_sound || next == kDaysOfLeapYear) return;
    const YamlMap last(list.items.back(), scope_, map.what() + ": part");
    last.Report(*last.Find("to"),
                "leaves a gap: " + Between(year_.from, next, kDaysOfLeapYear - 1) +
                    " would lie in no part; the last part ends with the year");
  }

  // A part begins on the day after the one before it ends.
  bool CheckFollows(const YamlMap& part, const Span& span, int next) const {
    const int from = DaysBehind(year_.from, span.from);
    const int to = DaysBehind(year_.from, span.to);
    const std::string begins =
        next == kDaysOfLeapYear ? "the year has ended" : "begin on " + DayText(year_.from, next);
    if (from > next) {
      part.Report(*span.from_node, "leaves a gap: " + Between(year_.from, next, from - 1) +
                                       " would lie in no part; " + begins);
    } else if (from < next) {
      part.Report(*span.from_node, "makes parts overlap: " + Between(year_.from, from, next - 1) +
                                       " would lie in two; " + begins);
    } else if (to < from) {
      part.Report(*span.to_node, "is before 'from' in the regime's year, which begins on " +
                                     DayText(year_.from, 0));
    } else {
      return true;
    }
    return false;
  }

  model::DueRule ReadDue(const YamlMap& parent, const YamlNode& node) const {
    const YamlMap map(node, scope_, parent.what() + ": 'due'");
    map.Allow({"working_days", "calendar", "basis"});
    model::DueRule due;
    map.Find("working_days", Need::kRequired);
    due.working_days = static_cast<int>(map.Integer("working_days", {0, kMaxDueWorkingDays}, 0));
    due.basis = map.Localized("basis", languages_, Need::kRequired);
    const YamlNode* calendar = map.FindText("calendar", Need::kRequired);
    if (calendar == nullptr) return due;
    due.calendar = calendar->text;
    if (draft_.center.FindCalendar(due.calendar) == nullptr) {
      draft_.ReportUnknown(Kind::kCalendar, scope_, *calendar, map.what());
    }
    return due;
  }

  // Every period's text means that period alone.
  bool CheckTexts(const model::Regime& regime) const {
    std::map<std::string, std::string> owners;
    bool is_sound = true;
    for (std::size_t index = 0; index < regime.kinds().size(); ++index) {
      const model::PeriodKind& kind = regime.kinds()[index];
      auto period = model::PeriodContaining(regime, kind, regime.StartOfYear(kCheckedYear));
      for (int number = 0; number < model::Regime::PeriodsPerYear(kind); ++number) {
        const std::string text = model::ToText(model::Shift(period, number));
        const auto [owner, added] = owners.emplace(text, kind.name);
        if (added) continue;
        scope_.Report(kind_nodes_[index]->anchor(),
                      map_.what() + ": kind '" + kind.name + "' has the same period " + text +
                          " as '" + owner->second +
                          "'; keep one, or give it other months or names");
        is_sound = false;
        break;
      }
    }
    return is_sound;
  }

  Draft& draft_;
  const std::size_t before_;  ///< problems, those of reading `map_` not among them
  const FileScope& scope_;
  const std::vector<std::string>& languages_;
  YamlMap map_;
  std::string name_;
  model::Regime::Year year_;
  bool year_is_read_ = false;
  std::optional<model::DueRule> due_;  ///< of kinds that have none of their own
  std::vector<model::PeriodKind> kinds_;
  std::vector<const YamlNode*> kind_nodes_;
};

bool IsDeclared(const Draft& draft, std::string_view name) {
  const std::vector<std::string> names = draft.NamesOf(Kind::kRegime);
  return std::ranges::find(names, name) != names.end();
}

}  // namespace

void ReadRegimes(Draft& draft) {
  const FileScope scope = draft.ScopeOf(std::string(kFile));
  const YamlNode* document = draft.FindDocument(scope.file);
  if (document == nullptr) return;
  const YamlMap file(*document, scope, "regimes");
  file.Allow({"regimes"});
  const YamlNode* list = file.Find("regimes", Need::kRequired);
  if (list == nullptr) return;
  const YamlMap regimes(*list, scope, "regimes");
  for (const YamlNode& entry : regimes.entries()) {
    if (entry.key == model::Regime::Calendar().name()) {
      scope.Report(entry.anchor(),
                   "the regime 'calendar' is always there; give this one another name");
      continue;
    }
    const bool declared = draft.Declare(Kind::kRegime, scope, entry);
    auto regime = RegimeReader(draft, entry, scope).Read();
    if (declared && regime) draft.center.regimes.push_back(std::move(regime));
  }
  if (draft.center.regimes.size() > kMaxRegimes) {
    scope.Report(list->anchor(), "more than " + std::to_string(kMaxRegimes) + " regimes");
  }
}

const model::Regime* FindRegime(const Draft& draft, const FileScope& scope,
                                const YamlNode& reference, const std::string& what) {
  if (const auto* regime = model::FindRegime(draft.center.regimes, reference.text)) return regime;
  if (draft.incomplete.contains(Kind::kRegime) || IsDeclared(draft, reference.text)) return nullptr;
  std::vector<std::string> names = draft.NamesOf(Kind::kRegime);
  names.push_back(model::Regime::Calendar().name());
  scope.Report(reference.at, what + ": there is no regime '" + reference.text + "'; " +
                                 AllowedText(reference.text, names));
  return nullptr;
}

bool IsOfUnreadRegime(const Draft& draft, std::string_view period) {
  const std::size_t colon = period.find(':');
  if (colon == std::string_view::npos) return false;
  const std::string_view name = period.substr(0, colon);
  if (model::FindRegime(draft.center.regimes, name) != nullptr) return false;
  return draft.incomplete.contains(Kind::kRegime) || IsDeclared(draft, name);
}

}  // namespace fansipan::center
