#include "server/past_verification.h"

#include <algorithm>
#include <string>
#include <utility>

#include "indicators/changes/figure_verification.h"
#include "model/value.h"

namespace fansipan::server {
namespace {

constexpr std::size_t kEras = 3;  // the running one and two before it: each needs all rows again
constexpr int kMomentsOfEra = 2;
constexpr int kChanges = 12;
constexpr std::size_t kFiguresAtMoment = 60;

}  // namespace

std::uint64_t PastVerification::Below(std::uint64_t limit) {
  std::uint64_t number = 0;
  for (const char byte : random_.Bytes(sizeof(number))) {
    number = number << 8U | static_cast<unsigned char>(byte);
  }
  return number % limit;
}

base::Timestamp PastVerification::Between(base::Timestamp from, base::Timestamp to) {
  if (to <= from) return to;
  return from + base::Duration(Below(static_cast<std::uint64_t>((to - from).count()) + 1));
}

base::Result<std::vector<PastVerification::Subject>> PastVerification::Subjects() const {
  std::vector<Subject> subjects;
  const std::size_t first = eras_.size() - std::min(eras_.size(), kEras);
  for (std::size_t i = first; i < eras_.size(); ++i) {
    FANSIPAN_ASSIGN_OR_RETURN(auto engine, eras_[i].open());
    const base::Timestamp until =
        i + 1 < eras_.size() ? eras_[i + 1].from - base::Duration(1) : newest_;
    auto plain = std::make_unique<indicators::PlainEvaluator>(engine->shared_center());
    subjects.push_back({eras_[i].from, until, std::move(engine), std::move(plain)});
  }
  return subjects;
}

base::Status PastVerification::Begin() {
  FANSIPAN_ASSIGN_OR_RETURN(subjects_, Subjects());
  return {};
}

void PastVerification::Add(const store::JournalEntry& entry) {
  for (const Subject& subject : subjects_) {
    if (entry.recorded_at <= subject.until) subject.plain->Add(entry);
  }
}

base::Status PastVerification::Finish(std::size_t limit) {
  for (const Subject& subject : subjects_) {
    FANSIPAN_RETURN_IF_ERROR(VerifyAt(subject, subject.until, limit));
    for (int i = 0; i < kMomentsOfEra; ++i) {
      FANSIPAN_RETURN_IF_ERROR(VerifyAt(subject, Between(subject.from, subject.until), limit));
    }
  }
  measures_ = subjects_.empty() ? 0 : subjects_.back().engine->center().measures.size();
  return VerifyChanges(limit);
}

void PastVerification::Take(std::vector<indicators::Finding> findings, base::Timestamp moment,
                            std::size_t limit) {
  for (indicators::Finding& finding : findings) {
    if (findings_.size() >= limit) return;
    finding.what += ", as of " + model::ToText(model::Value(moment));
    findings_.push_back(std::move(finding));
  }
}

base::Status PastVerification::VerifyAt(const Subject& subject, base::Timestamp moment,
                                        std::size_t limit) {
  ++moments_;
  const auto names = NamesAt(subject.engine->center(), moment);
  std::vector<indicators::Finding> cells;
  indicators::FigureFindings figures;
  FANSIPAN_RETURN_IF_ERROR(subject.engine->Read(moment, [&](const indicators::View& view) {
    cells = indicators::CompareCells(view, *subject.plain, limit);
    figures = indicators::CompareFigures(view, *subject.plain, names, limit);
  }));
  figures_ += figures.compared;
  Take(std::move(cells), moment, limit);
  Take(std::move(figures.findings), moment, limit);
  return {};
}

/// What the panels show, at the root and at some unit, in the period of then or one before it.
std::vector<indicators::FigureName> PastVerification::NamesAt(const center::Center& center,
                                                              base::Timestamp at) {
  std::vector<indicators::FigureName> names;
  for (const center::Panel& panel : center.panels) {
    const model::UnitTree& tree = center.TreeOf(panel.tree);
    if (tree.empty()) continue;
    for (const center::PanelItem& item : panel.items) {
      const auto period =
          model::PeriodContaining(*item.regime, *item.period, center.time_zone.ToLocal(at));
      const model::UnitId some{static_cast<std::uint32_t>(Below(tree.size()))};
      names.push_back(
          {item.indicator, panel.tree, tree.Get(tree.root()).code, model::ToText(period)});
      names.push_back({item.indicator, panel.tree, tree.Get(some).code,
                       model::ToText(model::Shift(period, -static_cast<int>(Below(3))))});
      if (names.size() >= kFiguresAtMoment) return names;
    }
  }
  return names;
}

base::Status PastVerification::VerifyChanges(std::size_t limit) {
  const base::Timestamp first = eras_[eras_.size() - std::min(eras_.size(), kEras)].from;
  FANSIPAN_ASSIGN_OR_RETURN(const auto last, eras_.back().open());
  const auto names = NamesAt(last->center(), newest_);
  for (int i = 0; i < kChanges && !names.empty(); ++i) {
    const auto& name = names[static_cast<std::size_t>(Below(names.size()))];
    const base::Timestamp to = Between(first, newest_);
    const base::Timestamp from = Between(first, to);
    FANSIPAN_ASSIGN_OR_RETURN(auto found, indicators::CompareChange(eras_, name, from, to));
    changes_ += found.compared;
    Take(std::move(found.findings), to, limit);
  }
  return {};
}

}  // namespace fansipan::server
