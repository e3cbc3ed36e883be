#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <tuple>
#include <vector>

#include "base/files.h"
#include "base/testing/temporary_folder.h"
#include "indicators/figures.h"
#include "indicators/verification.h"
#include "server/engine_ledger.h"
#include "server/testing/history_center.h"
#include "server/testing/random_history.h"
#include "sources/committer.h"
#include "store/testing/fake_fact_store.h"
#include "store/testing/fake_journal.h"

namespace fansipan::server {
namespace {

constexpr int kSteps = 60;
constexpr std::uint64_t kSealAfter = 60;
constexpr std::uint64_t kSnapshotAfter = 30;
constexpr std::size_t kSnapshotPiece = 300;

base::Timestamp Start() {
  // Two days before the clocks of Amsterdam change, so that histories cross it.
  return base::Timestamp(std::chrono::sys_days(std::chrono::year(2026) / 3 / 27));
}

/// A period of Amsterdam, of the calendar or of the center's regime, as text and as its first and
/// last day.
struct Span {
  std::string text;
  std::chrono::sys_days first;
  std::chrono::sys_days last;
};

/// The month of the regime "shifted", from the 10th to the 9th in years from 10 March, and the same
/// from the start of the year.
std::vector<Span> ShiftedSpansOf(std::chrono::sys_days day) {
  using std::chrono::sys_days;
  const std::chrono::year_month_day ninth_earlier(day - std::chrono::days(9));
  const auto month = ninth_earlier.year() / ninth_earlier.month();
  const auto into_year = (static_cast<unsigned>(month.month()) + 9) % 12;  // March is 0
  const auto march = month - std::chrono::months(into_year);
  const sys_days last = sys_days((month + std::chrono::months(1)) / 9);
  const auto year = static_cast<int>(march.year());
  return {{fmt::format("shifted:{}-{:02}", year, into_year + 1), sys_days(month / 10), last},
          {fmt::format("shifted:{}-{}M", year, into_year + 1), sys_days(march / 10), last}};
}

/// Day, week, month, quarter and year of a day, worked out here and not by the model.
std::vector<Span> SpansOf(std::chrono::sys_days day) {
  using std::chrono::days;
  using std::chrono::sys_days;
  const std::chrono::year_month_day date(day);
  const auto quarter = (static_cast<unsigned>(date.month()) - 1) / 3;
  const std::chrono::month first_month(quarter * 3 + 1);
  const std::chrono::month last_month(quarter * 3 + 3);
  const sys_days monday = day - (std::chrono::weekday(day) - std::chrono::Monday);
  const std::chrono::year week_year = std::chrono::year_month_day(monday + days(3)).year();
  const auto week = (monday + days(3) - sys_days(week_year / 1 / 1)) / days(7) + 1;
  const auto year = static_cast<int>(date.year());
  std::vector<Span> spans = ShiftedSpansOf(day);
  const std::vector<Span> calendar = {
      {fmt::format("{}-{:02}-{:02}", year, static_cast<unsigned>(date.month()),
                   static_cast<unsigned>(date.day())),
       day, day},
      {fmt::format("{}-W{:02}", static_cast<int>(week_year), week), monday, monday + days(6)},
      {fmt::format("{}-{:02}", year, static_cast<unsigned>(date.month())),
       sys_days(date.year() / date.month() / 1),
       sys_days(date.year() / date.month() / std::chrono::last)},
      {fmt::format("{}-Q{}", year, quarter + 1), sys_days(date.year() / first_month / 1),
       sys_days(date.year() / last_month / std::chrono::last)},
      {fmt::format("{}", year), sys_days(date.year() / 1 / 1), sys_days(date.year() / 12 / 31)}};
  spans.insert(spans.end(), calendar.begin(), calendar.end());
  return spans;
}

/// What the plain evaluator's cells of one unit come to: a flow over the span, a stock at its end.
std::optional<model::Decimal> PlainValue(
    const std::map<indicators::PlainEvaluator::Place, indicators::PlainEvaluator::Total>& cells,
    const model::Measure& measure, int scale, const model::FigureKey& key, const Span& span) {
  indicators::PlainEvaluator::Total total;
  const int leaves = measure.grain == model::Grain::kHour ? 24 : 1;
  const auto first = span.first.time_since_epoch().count() * leaves;
  const auto last = (span.last.time_since_epoch().count() + 1) * leaves - 1;
  for (const auto& [place, cell] : cells) {
    if (place.tree != key.tree || place.unit != key.unit.value || place.leaf > last) continue;
    if (measure.kind == model::MeasureKind::kFlow && place.leaf < first) continue;
    total.count += cell.count;
    total.sum += cell.sum;
    for (const auto& [value, count] : cell.values) total.values[value] += count;
  }
  if (measure.aggregate == model::Aggregate::kCount) {
    return model::Decimal::FromInteger(total.count);
  }
  if (measure.aggregate == model::Aggregate::kSum) return model::Decimal(total.sum, scale);
  if (measure.aggregate != model::Aggregate::kDistinct) return std::nullopt;
  const auto distinct = std::count_if(total.values.begin(), total.values.end(),
                                      [](const auto& value) { return value.second > 0; });
  return model::Decimal::FromInteger(distinct);
}

/// What befalls a file of the engine between two processes.
enum class Mishap { kNone, kCut, kGarbled, kRemoved };

/// A center whose process can be ended and started again over what it recorded.
class Restartable {
 public:
  explicit Restartable(std::uint64_t seed)
      : center_(testing::MakeHistoryCenter()), clock_(Start()), history_(center_, seed, Start()) {
    StartProcess();
  }

  void StartProcess(Mishap mishap = Mishap::kNone) {
    if (committer_) committer_->Stop();
    committer_.reset();
    ledger_.reset();
    Befall(mishap);
    metrics_ = std::make_unique<base::MetricsRegistry>();
    journal_ = std::make_unique<store::FakeJournal>(kept_);
    ledger_ =
        std::make_unique<EngineLedger>(*journal_, facts_,
                                       indicators::CellLogPlace{&files_, folder_.path(), kSealAfter,
                                                                kSnapshotAfter, kSnapshotPiece});
    ASSERT_TRUE(ledger_->Switch(center_).ok());
    CompareLogWithReplay();
    sources::Committer::Parts parts;
    parts.journal = journal_.get();
    parts.ledger = ledger_.get();
    parts.clock = &clock_;
    parts.metrics = metrics_.get();
    committer_ = std::make_unique<sources::Committer>(parts, sources::Committer::Settings{});
    committer_->Start();
    committer_->TickNow();
  }

  void Step() {
    switch (history_.Below(10)) {
      case 0:
        StartProcess(static_cast<Mishap>(history_.Below(4)));
        Check();
        return;
      case 1:
      case 2:
        clock_.Advance(std::chrono::minutes(history_.Below(60 * 20)));
        committer_->TickNow();
        return;
      case 3:
        if (!recorded_.empty()) ReplayOne();
        return;
      case 4:
        FailOne();
        return;
      default:
        clock_.Advance(std::chrono::seconds(history_.Below(4'000)));
        Record(history_.Next(clock_.Now()));
    }
  }

  /// Every cell of every measure, and what clocks say, equals the plain evaluator, now and at some
  /// past moments.
  void Check() {
    indicators::PlainEvaluator plain(center_);
    ASSERT_TRUE(journal_
                    ->Read(1,
                           [&](const store::JournalEntry& entry) -> base::Status {
                             plain.Add(entry);
                             return {};
                           })
                    .ok());
    std::vector<std::optional<base::Timestamp>> moments = {std::nullopt};
    const auto span = static_cast<std::uint64_t>((clock_.Now() - Start()).count()) + 1;
    for (int i = 0; i < 6; ++i) {
      moments.emplace_back(Start() + base::Duration(history_.Below(span)));
    }
    for (const auto& moment : moments) {
      for (const auto& finding : Compare(moment, plain)) {
        ADD_FAILURE() << finding.what << ": expected " << finding.expected << ", found "
                      << finding.found << (moment ? " (as of)" : " (now)");
      }
    }
  }

  std::size_t recorded() const { return recorded_.size(); }
  int snapshots_found() const { return snapshots_found_; }
  int figures_compared() const { return figures_compared_; }

 private:
  /// Figures of every kind of period around some day, in every unit of both trees.
  void CompareFigures(const indicators::View& view, const indicators::PlainEvaluator& plain,
                      std::vector<indicators::Finding>& findings) {
    const auto day =
        std::chrono::floor<std::chrono::days>(Start()) + std::chrono::days(history_.Below(40));
    for (indicators::MeasureId id = 0; id < center_->measures.size(); ++id) {
      const model::Measure& measure = center_->measures[id];
      const auto cells = plain.Compute(measure, view.snapshot.tick);
      for (const Span& span : SpansOf(day)) {
        for (const auto tree : {model::TreeKind::kTerritory, model::TreeKind::kOrganisation}) {
          for (std::uint32_t unit = 0; unit < center_->TreeOf(tree).size(); ++unit) {
            const model::FigureKey key{"", tree, model::UnitId{unit},
                                       center_->ParsePeriod(span.text).value()};
            const auto expected = PlainValue(cells, measure, view.plan->ScaleOf(id), key, span);
            const auto found = indicators::ReadMeasure(view, id, key);
            if (!expected || !found.value) continue;
            ++figures_compared_;
            if (found.value->Normalized() == expected->Normalized()) continue;
            findings.push_back({measure.name + " " + span.text + " unit " + std::to_string(unit),
                                expected->ToText(), found.value->ToText()});
          }
        }
      }
    }
  }

  /// A seal that was garbled is found when it is asked: each byte costs a process one question.
  std::vector<indicators::Finding> Compare(const std::optional<base::Timestamp>& moment,
                                           const indicators::PlainEvaluator& plain) {
    std::vector<indicators::Finding> findings;
    const auto compare = [&](const indicators::View& view) {
      findings = indicators::CompareCells(view, plain, 3);
      const auto clocks = plain.CompareClocks(view.snapshot.tick, 3);
      findings.insert(findings.end(), clocks.begin(), clocks.end());
      if (history_.Below(4) == 0) CompareFigures(view, plain, findings);
    };
    auto read = ledger_->engine()->Read(moment, compare);
    for (int refused = 0; !read.ok() && refused < garbled_; ++refused) {
      EXPECT_EQ(read.error().code, base::ErrorCode::kCorrupt);
      read = ledger_->engine()->Read(moment, compare);
    }
    EXPECT_TRUE(read.ok()) << read.error().message;
    return findings;
  }

  std::string LogPath() const { return folder_ / (center_->revision + ".fcl"); }
  std::string IndexPath() const { return folder_ / (center_->revision + ".fix"); }

  void Befall(Mishap mishap) {
    if (files_.Exists(IndexPath())) ++snapshots_found_;
    const std::string path = history_.Below(2) == 0 ? LogPath() : IndexPath();
    if (mishap == Mishap::kNone || !files_.Exists(path)) return;
    const bool is_log = path == LogPath();
    std::string bytes = files_.ReadWhole(path, 1ULL << 30U).value();
    const auto at = static_cast<std::size_t>(history_.Below(bytes.size()));
    ASSERT_TRUE(files_.Remove(path).ok());
    if (mishap == Mishap::kRemoved) {
      if (is_log) garbled_ = 0;
      return;
    }
    if (mishap == Mishap::kCut) bytes.resize(at);
    if (mishap == Mishap::kGarbled && is_log) ++garbled_;
    if (mishap == Mishap::kGarbled) bytes[at] = static_cast<char>(bytes[at] ^ 0x20);
    ASSERT_TRUE(files_.OpenForAppend(path).value()->Append(bytes).ok());
  }

  /// Moment, sequence and size of every block, and the snapshot, are those of a full replay.
  void CompareLogWithReplay() {
    const auto plain = indicators::Engine::Restore(center_, *journal_, {}).value();
    EXPECT_EQ(Blocks(*ledger_->engine()), Blocks(*plain));
    const auto restored = ledger_->engine()->snapshot();
    EXPECT_EQ(restored.sequence, plain->snapshot().sequence);
    EXPECT_EQ(restored.tick, plain->snapshot().tick);
  }

  using Block = std::tuple<base::Timestamp, std::uint64_t, std::size_t>;
  static std::vector<Block> Blocks(const indicators::Engine& engine) {
    std::vector<Block> blocks;
    const auto read = engine.Read(std::nullopt, [&](const indicators::View& view) {
      const auto span = view.log->Span(0, view.block_count);
      const auto whole = span.ForEach([&](const indicators::CellLogBlock& block) {
        blocks.emplace_back(block.at, block.sequence.value, block.deltas.size());
      });
      EXPECT_TRUE(whole.ok()) << whole.error().message;
    });
    EXPECT_TRUE(read.ok());
    return blocks;
  }

  void Record(sources::PendingDelivery pending) {
    auto recorded = committer_->Commit(std::move(pending));
    ASSERT_TRUE(recorded.ok()) << recorded.error().message;
    const model::DeliveryCounts& counts = recorded->delivery.counts;
    EXPECT_EQ(counts.candidates, counts.accepted + counts.repeated + counts.in_conflict);
    recorded_.push_back(*recorded);
    committer_->TickNow();
  }

  void ReplayOne() {
    const auto& earlier = recorded_[history_.Below(recorded_.size())];
    Record(history_.ReplayFrom(*journal_, earlier, clock_.Now()));
  }

  /// A full disk: the delivery is refused and leaves no trace.
  void FailOne() {
    const auto before = ledger_->engine()->snapshot().sequence;
    journal_->FailNextAppend({base::ErrorCode::kStorageFull, "", "no room"});
    const auto refused = committer_->Commit(history_.Next(clock_.Now()));
    EXPECT_FALSE(refused.ok());
    EXPECT_EQ(ledger_->engine()->snapshot().sequence, before);
  }

  std::shared_ptr<const center::Center> center_;
  int garbled_ = 0;          ///< bytes of the log, so far
  int snapshots_found_ = 0;  ///< by processes that began
  int figures_compared_ = 0;
  base::PosixFileSystem files_;
  base::TemporaryFolder folder_;
  base::VirtualClock clock_;
  testing::RandomHistory history_;
  store::FakeFactStore facts_;
  std::shared_ptr<store::FakeJournal::Kept> kept_ = std::make_shared<store::FakeJournal::Kept>();
  std::unique_ptr<base::MetricsRegistry> metrics_;
  std::unique_ptr<store::FakeJournal> journal_;
  std::unique_ptr<EngineLedger> ledger_;
  std::unique_ptr<sources::Committer> committer_;
  std::vector<sources::RecordedDelivery> recorded_;
};

class HistoryProperty : public ::testing::TestWithParam<std::uint64_t> {};

TEST_P(HistoryProperty, FiguresEqualThePlainEvaluatorNowAndInThePast) {
  Restartable center(GetParam());
  for (int step = 0; step < kSteps && !HasFailure(); ++step) center.Step();
  center.Check();
  for (const Mishap mishap : {Mishap::kNone, Mishap::kCut, Mishap::kGarbled, Mishap::kRemoved}) {
    center.StartProcess(mishap);
    center.Check();
  }
  EXPECT_GT(center.recorded(), 5U);
  EXPECT_GT(center.snapshots_found(), 0);
  EXPECT_GT(center.figures_compared(), 100);
}

INSTANTIATE_TEST_SUITE_P(Seeds, HistoryProperty, ::testing::Range<std::uint64_t>(1, 41));

}  // namespace
}  // namespace fansipan::server
