#include "sources/internal/repetition.h"

#include <algorithm>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

namespace fansipan::sources::internal {
namespace {

using model::Version;

/// A version of a key and order that may be another's, too. Those of one stand together, in the
/// order of their rows.
struct Place {
  std::string key;      ///< key and order, canonical
  std::string content;  ///< all values, canonical
  std::size_t index = 0;
};

void AppendKey(const model::Dataset& dataset, const model::Row& values, std::string& key) {
  for (const std::size_t column : dataset.key) model::AppendCanonical(values[column], key);
  if (dataset.order) model::AppendCanonical(values[*dataset.order], key);
}

/// Versions whose key and order may be another's, too: most are alone, which a hash tells.
std::vector<std::size_t> NotAlone(const model::Dataset& dataset,
                                  const std::vector<Version>& versions) {
  std::vector<std::pair<std::size_t, std::size_t>> hashes;  // with the version's index
  hashes.reserve(versions.size());
  std::string key;
  for (std::size_t i = 0; i < versions.size(); ++i) {
    key.clear();
    AppendKey(dataset, versions[i].values, key);
    hashes.emplace_back(std::hash<std::string_view>()(key), i);
  }
  std::sort(hashes.begin(), hashes.end());
  std::vector<std::size_t> together;
  for (std::size_t i = 0; i < hashes.size(); ++i) {
    const bool before = i > 0 && hashes[i - 1].first == hashes[i].first;
    const bool after = i + 1 < hashes.size() && hashes[i + 1].first == hashes[i].first;
    if (before || after) together.push_back(hashes[i].second);
  }
  return together;
}

std::vector<Place> PlacesOf(const model::Dataset& dataset, const std::vector<Version>& versions) {
  std::vector<Place> places;
  for (const std::size_t index : NotAlone(dataset, versions)) {
    Place& place = places.emplace_back();
    place.index = index;
    AppendKey(dataset, versions[index].values, place.key);
    place.content = model::CanonicalBytes(versions[index].values);
  }
  std::sort(places.begin(), places.end(), [](const Place& left, const Place& right) {
    return std::tie(left.key, left.index) < std::tie(right.key, right.index);
  });
  return places;
}

/// Those of equal place that may contradict each other: all withdrawals, or all the others.
void JudgeAlike(const std::vector<const Place*>& alike, std::vector<Repetition>& judged) {
  if (alike.empty()) return;
  const std::string& first = alike[0]->content;
  const bool conflict = std::any_of(alike.begin(), alike.end(),
                                    [&](const Place* each) { return each->content != first; });
  for (std::size_t i = 0; i < alike.size(); ++i) {
    judged[alike[i]->index] = conflict ? Repetition::kInConflict
                              : i == 0 ? Repetition::kAccepted
                                       : Repetition::kRepeated;
  }
}

class Judge {
 public:
  Judge(const model::Dataset& dataset, std::vector<Version>& versions)
      : withdrawals_apart_(dataset.kind == model::DatasetKind::kEvent),
        versions_(versions),
        places_(PlacesOf(dataset, versions)),
        judged_(versions.size(), Repetition::kAccepted) {}

  std::vector<Repetition> Run() && {
    for (std::size_t from = 0; from < places_.size();) {
      std::size_t to = from + 1;
      while (to < places_.size() && places_[to].key == places_[from].key) ++to;
      if (to - from > 1) JudgeGroup(from, to);
      from = to;
    }
    return std::move(judged_);
  }

 private:
  void JudgeGroup(std::size_t from, std::size_t to) {
    std::vector<const Place*> told;
    std::vector<const Place*> withdrawn;
    for (std::size_t i = from; i < to; ++i) {
      const bool apart = withdrawals_apart_ && versions_[places_[i].index].withdrawn;
      (apart ? withdrawn : told).push_back(&places_[i]);
    }
    JudgeAlike(told, judged_);
    JudgeAlike(withdrawn, judged_);
    PutWithdrawalLast(told, withdrawn);
  }

  void PutWithdrawalLast(const std::vector<const Place*>& told,
                         const std::vector<const Place*>& withdrawn) {
    if (told.empty() || withdrawn.empty()) return;
    const std::size_t first = told[0]->index;
    const std::size_t last = withdrawn[0]->index;
    if (judged_[first] != Repetition::kAccepted || judged_[last] != Repetition::kAccepted) return;
    if (versions_[last].row < versions_[first].row) {
      std::swap(versions_[last].row, versions_[first].row);
    }
  }

  bool withdrawals_apart_;
  std::vector<Version>& versions_;
  std::vector<Place> places_;
  std::vector<Repetition> judged_;
};

}  // namespace

std::vector<Repetition> FindRepetitions(const model::Dataset& dataset,
                                        std::vector<Version>& versions) {
  return Judge(dataset, versions).Run();
}

}  // namespace fansipan::sources::internal
