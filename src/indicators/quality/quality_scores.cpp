#include "indicators/quality/quality_scores.h"

#include <algorithm>
#include <functional>
#include <map>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "model/days.h"
#include "model/row_condition.h"

namespace fansipan::indicators {
namespace {

constexpr std::size_t kPage = 1'000;
constexpr std::size_t kMaxSetAside = 100'000;
/// Steps of time of one group; a group with more is measured by its last ones.
constexpr std::int64_t kMaxSteps = 1'000'000;

/// Values stand in the order of the dataset as last declared, which an apply may have changed.
base::Error ColumnsChanged(const model::Dataset& dataset) {
  return {base::ErrorCode::kConflict, "columns_changed",
          "dataset '" + dataset.name +
              "' has other columns now than at that moment; ask for a later one"};
}

/// The current records of datasets at the question's moment, page by page, the newest first.
class RecordReader {
 public:
  RecordReader(const QualityQuestion& question, store::FactStore& facts,
               const base::Patience& patience)
      : question_(question), facts_(facts), patience_(patience) {}

  /// Calls `visit` for each, up to `most`, until it returns false. True when there are more than
  /// were visited.
  base::Result<bool> ForEach(const model::Dataset& dataset, std::size_t most,
                             const std::function<bool(const model::Version&)>& visit) {
    store::RecordQuery query;
    query.dataset = dataset.name;
    query.as_of = question_.as_of;
    query.whole = true;
    query.limit = kPage;
    query.zone = question_.zone;
    for (std::size_t count = 0; count < most;) {
      FANSIPAN_ASSIGN_OR_RETURN(store::RecordPage page, facts_.PageRecords(query, patience_));
      for (const model::Version& record : page.records) {
        if (record.values.size() != dataset.columns.size()) return ColumnsChanged(dataset);
        if (!visit(record)) return true;
      }
      count += page.records.size();
      if (page.next.empty()) return false;
      query.after = std::move(page.next);
    }
    return true;
  }

 private:
  const QualityQuestion& question_;
  store::FactStore& facts_;
  const base::Patience& patience_;
};

QualityLoss OfRecord(QualityLoss::Kind kind, std::string name, const model::Version& record) {
  QualityLoss loss;
  loss.kind = kind;
  loss.name = std::move(name);
  loss.record = record;
  return loss;
}

/// Which steps of time have a record. What is dated after `now` is not looked at: one slip of the
/// pen would make gaps of years.
class RegularTime {
 public:
  RegularTime(const model::RegularRecords& rule, const base::TimeZone& zone, base::Timestamp now)
      : rule_(rule), zone_(zone), last_(StepOf(now)) {}

  void Add(const model::Row& row) {
    const auto moment = model::MomentOf(row[rule_.column], zone_);
    if (!moment) return;
    const std::int64_t step = StepOf(*moment);
    if (step > last_) return;
    std::vector<std::string> group;
    for (const std::size_t column : rule_.groups) group.push_back(model::ToText(row[column]));
    steps_[std::move(group)].insert(step);
    latest_ = latest_ ? std::max(*latest_, step) : step;
  }

  void Measure(QualityScore& score) const {
    for (const auto& [group, steps] : steps_) {
      const std::int64_t first = std::max(*steps.begin(), *latest_ - kMaxSteps + 1);
      std::int64_t expected = first;
      for (auto step = steps.lower_bound(first); step != steps.end(); ++step) {
        AddGap(group, expected, *step, score);
        ++score.good;
        ++score.whole;
        expected = *step + 1;
      }
      AddGap(group, expected, *latest_ + 1, score);
    }
  }

 private:
  /// Steps of a day begin at midnight of the center's clocks, others with the hour.
  std::int64_t StepOf(base::Timestamp moment) const {
    const auto local = zone_.ToLocal(moment).time_since_epoch();
    const auto count = std::chrono::duration_cast<base::Duration>(local).count();
    const std::int64_t step = rule_.step.count();
    return count / step - (count % step < 0 ? 1 : 0);
  }

  base::Timestamp BeginOf(std::int64_t step) const {
    return zone_.ToUtc(base::LocalTime(rule_.step * step));
  }

  void AddGap(const std::vector<std::string>& group, std::int64_t from, std::int64_t until,
              QualityScore& score) const {
    if (from >= until) return;
    score.whole += static_cast<std::uint64_t>(until - from);
    QualityLoss loss;
    loss.kind = QualityLoss::Kind::kGap;
    loss.group = group;
    loss.from = BeginOf(from);
    loss.until = BeginOf(until);
    score.Lose(std::move(loss));
  }

  const model::RegularRecords& rule_;
  const base::TimeZone& zone_;
  const std::int64_t last_;
  std::map<std::vector<std::string>, std::set<std::int64_t>> steps_;
  std::optional<std::int64_t> latest_;
};

std::uint64_t MillisecondsOf(base::Duration duration) {
  return static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::milliseconds>(duration).count());
}

class Measurement {
 public:
  Measurement(const QualityQuestion& question, store::FactStore& facts,
              const base::Patience& patience)
      : question_(question),
        dataset_(*question.dataset),
        rules_(question.dataset->quality),
        reader_(question, facts, patience),
        facts_(facts),
        patience_(patience) {}

  base::Result<Quality> Take() {
    for (const SourcePast& past : question_.sources) MeasureLive(past);
    FANSIPAN_RETURN_IF_ERROR(CompileChecks());
    FANSIPAN_RETURN_IF_ERROR(MatchRegistry());
    if (rules_.regular) regular_.emplace(*rules_.regular, question_.zone, question_.moment);
    FANSIPAN_ASSIGN_OR_RETURN(
        quality_.newest_only,
        reader_.ForEach(dataset_, kMaxMeasuredRecords, [this](const model::Version& record) {
          Measure(record);
          return true;
        }));
    // Of the newest alone it is not known which steps have a record.
    if (regular_ && !quality_.newest_only) regular_->Measure(quality_.complete);
    FANSIPAN_RETURN_IF_ERROR(ReadSetAside());
    return std::move(quality_);
  }

 private:
  void MeasureLive(const SourcePast& past) {
    const std::vector<SourceSpan> spans = SpansOf(past);
    const KeptTime time = KeptTimeOf(past, spans);
    quality_.live.good += MillisecondsOf(time.kept);
    quality_.live.whole += MillisecondsOf(time.working);
    for (const SourceSpan& span : spans) {
      if (span.keeps_promise || span.state == SourceState::kNever) continue;
      QualityLoss loss;
      loss.kind = QualityLoss::Kind::kSource;
      loss.name = past.source->name;
      loss.from = span.from;
      loss.until = span.until;
      loss.state = NameOf(span.state);
      quality_.live.Lose(std::move(loss));
    }
  }

  base::Status CompileChecks() {
    for (const model::QualityCheck& check : rules_.checks) {
      FANSIPAN_ASSIGN_OR_RETURN(auto condition,
                                model::RowCondition::Compile(check.condition, dataset_));
      checks_.emplace_back(check.name, std::move(condition));
    }
    return {};
  }

  /// Holds the values of the records that are measured, not those of the registry, which may have
  /// many more.
  base::Status MatchRegistry() {
    if (!rules_.match || question_.registry == nullptr) return {};
    quality_.matched.emplace();
    const auto read =
        reader_.ForEach(dataset_, kMaxMeasuredRecords, [this](const model::Version& record) {
          const model::Value& value = record.values[rules_.match->column];
          if (!model::IsMissing(value)) in_registry_.emplace(model::CanonicalBytes({value}), false);
          return true;
        });
    if (!read.ok()) return read.error();
    if (in_registry_.empty()) return {};
    std::size_t left = in_registry_.size();
    FANSIPAN_ASSIGN_OR_RETURN(
        const bool more,
        reader_.ForEach(
            *question_.registry, kMaxRegistryRecords, [&](const model::Version& record) {
              const auto wanted =
                  in_registry_.find(model::CanonicalBytes({record.values[rules_.match->key]}));
              if (wanted != in_registry_.end() && !std::exchange(wanted->second, true)) --left;
              return left > 0;
            }));
    if (!more || left == 0) return {};
    return base::Error{base::ErrorCode::kTooLarge, "registry_too_large",
                       "the registry '" + question_.registry->name + "' of dataset '" +
                           dataset_.name + "' has more than " +
                           std::to_string(kMaxRegistryRecords) +
                           " records; declare a 'match' with a smaller registry"};
  }

  void Measure(const model::Version& record) {
    ++quality_.records;
    MeasureCorrect(record);
    MeasureComplete(record);
    MeasureUnique(record);
    if (regular_) regular_->Add(record.values);
  }

  void MeasureCorrect(const model::Version& record) {
    bool correct = true;
    for (const auto& [name, condition] : checks_) {
      if (condition.Evaluate(record.values).value_or(true)) continue;
      correct = false;
      quality_.correct.Lose(OfRecord(QualityLoss::Kind::kCheck, name, record));
    }
    if (!IsMatched(record)) {
      correct = false;
      quality_.correct.Lose(
          OfRecord(QualityLoss::Kind::kUnmatched, rules_.match->registry, record));
    }
    if (checks_.empty() && !quality_.matched) return;
    ++quality_.correct.whole;
    if (correct) ++quality_.correct.good;
  }

  bool IsMatched(const model::Version& record) {
    if (!quality_.matched) return true;
    const model::Value& value = record.values[rules_.match->column];
    if (model::IsMissing(value)) return true;
    ++quality_.matched->whole;
    const auto wanted = in_registry_.find(model::CanonicalBytes({value}));
    const bool found = wanted != in_registry_.end() && wanted->second;
    if (found) ++quality_.matched->good;
    return found;
  }

  void MeasureComplete(const model::Version& record) {
    for (const std::size_t column : rules_.expected) {
      ++quality_.complete.whole;
      if (!model::IsMissing(record.values[column])) {
        ++quality_.complete.good;
      } else {
        quality_.complete.Lose(
            OfRecord(QualityLoss::Kind::kMissing, dataset_.columns[column].name, record));
      }
    }
  }

  /// The newest of those that agree is the one that counts.
  void MeasureUnique(const model::Version& record) {
    ++quality_.clean.whole;
    model::Row values;
    for (const std::size_t column : rules_.unique) values.push_back(record.values[column]);
    const bool comparable =
        !values.empty() && std::ranges::none_of(values, [](const model::Value& value) {
          return model::IsMissing(value);
        });
    if (!comparable || seen_.insert(model::CanonicalBytes(values)).second) {
      ++quality_.clean.good;
    } else {
      quality_.clean.Lose(OfRecord(QualityLoss::Kind::kDuplicate,
                                   dataset_.columns[rules_.unique.front()].name, record));
    }
  }

  /// A row that could not be decoded belongs to every dataset that its source feeds.
  base::Status ReadSetAside() {
    for (const SourcePast& past : question_.sources) {
      FANSIPAN_RETURN_IF_ERROR(ReadSetAside(past.source->name));
    }
    return {};
  }

  base::Status ReadSetAside(const std::string& source) {
    store::QuarantineQuery query;
    query.source = source;
    query.open_only = false;
    query.limit = kPage;
    std::set<std::pair<model::Sequence, std::uint32_t>> counted;
    for (std::size_t count = 0; count < kMaxSetAside; count += kPage) {
      FANSIPAN_ASSIGN_OR_RETURN(const auto rows, facts_.ListQuarantine(query, patience_));
      for (const store::KeptQuarantine& kept : rows) {
        if (!IsSetAside(kept) || !counted.emplace(kept.delivery, kept.row.raw_row).second) continue;
        ++quality_.clean.whole;
        QualityLoss loss;
        loss.kind = QualityLoss::Kind::kQuarantined;
        loss.name = kept.row.reason;
        loss.delivery = kept.delivery;
        loss.raw_row = kept.row.raw_row;
        quality_.clean.Lose(std::move(loss));
      }
      if (rows.size() < kPage) return {};
      query.after = rows.back().id;
    }
    return {};
  }

  bool IsSetAside(const store::KeptQuarantine& kept) const {
    const bool here = kept.row.dataset.empty() || kept.row.dataset == dataset_.name;
    const bool discarded = kept.decision && kept.decision->sequence <= question_.as_of &&
                           kept.decision->verdict == model::QuarantineVerdict::kDiscarded;
    const bool open = !discarded && (!kept.resolved_by || *kept.resolved_by > question_.as_of);
    return here && open && kept.delivery <= question_.as_of;
  }

  const QualityQuestion& question_;
  const model::Dataset& dataset_;
  const model::QualityRules& rules_;
  RecordReader reader_;
  store::FactStore& facts_;
  const base::Patience& patience_;
  std::vector<std::pair<std::string, model::RowCondition>> checks_;
  std::unordered_map<std::string, bool> in_registry_;  ///< values of the records
  std::unordered_set<std::string> seen_;
  std::optional<RegularTime> regular_;
  Quality quality_;
};

}  // namespace

std::string_view NameOf(QualityLoss::Kind kind) {
  switch (kind) {
    case QualityLoss::Kind::kCheck:
      return "check";
    case QualityLoss::Kind::kUnmatched:
      return "unmatched";
    case QualityLoss::Kind::kMissing:
      return "missing";
    case QualityLoss::Kind::kGap:
      return "gap";
    case QualityLoss::Kind::kDuplicate:
      return "duplicate";
    case QualityLoss::Kind::kQuarantined:
      return "quarantined";
    case QualityLoss::Kind::kSource:
      return "source";
  }
  return "";
}

std::optional<model::Decimal> QualityScore::percent() const {
  if (whole == 0) return std::nullopt;
  return model::Decimal(static_cast<model::Int128>(good) * 10'000 / whole, 2);
}

void QualityScore::Lose(QualityLoss loss) {
  if (losses.size() < kMaxLosses) losses.push_back(std::move(loss));
}

QualityQuestion AskQuality(const View& view, const model::Dataset& dataset) {
  QualityQuestion question;
  question.dataset = &dataset;
  question.zone = view.center->time_zone;
  question.as_of = view.snapshot.sequence;
  question.moment = view.snapshot.tick;
  if (dataset.quality.match) {
    question.registry = view.center->FindDataset(dataset.quality.match->registry);
  }
  for (const center::Source& source : view.center->sources) {
    const bool feeds = std::ranges::any_of(
        source.mappings, [&](const auto& mapping) { return mapping.dataset == dataset.name; });
    if (!feeds) continue;
    question.sources.push_back(CopyPast(view, source, view.snapshot.tick - kLiveSpan));
  }
  return question;
}

base::Result<Quality> ReadQuality(const QualityQuestion& question, store::FactStore& facts,
                                  const base::Patience& patience) {
  return Measurement(question, facts, patience).Take();
}

}  // namespace fansipan::indicators
