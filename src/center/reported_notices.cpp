#include "center/reported_notices.h"

#include <set>
#include <string>
#include <utility>

namespace fansipan::center {
namespace {

std::set<std::string> ShownSeries(const Center& center, const std::string& dataset) {
  std::set<std::string> series;
  for (const model::Indicator& indicator : center.indicators) {
    if (indicator.reported && indicator.reported->dataset == dataset) {
      series.insert(indicator.reported->series);
    }
  }
  return series;
}

}  // namespace

std::vector<Problem> ReportedNotices(const Center& center) {
  std::vector<Problem> notices;
  for (const model::Dataset& dataset : center.datasets) {
    if (!dataset.reported) continue;
    const auto tell = [&](const std::string& what, const std::string& rule) {
      std::string text = "dataset '" + dataset.name + "': " + what + " is kept, and ";
      text += "no indicator shows it; declare one with 'reported: " + rule;
      text += "', or report it no longer";
      notices.push_back({"systems/" + dataset.system + "/datasets.yaml", 1, 1, std::move(text)});
    };
    const std::set<std::string> shown = ShownSeries(center, dataset.name);
    const auto& series = dataset.reported->series;
    if (!series || dataset.columns[*series].one_of.empty()) {
      const std::string rule = "{dataset: " + dataset.name + (series ? ", series: …}" : "}");
      if (shown.empty()) tell("what is reported", rule);
      continue;
    }
    for (const std::string& value : dataset.columns[*series].one_of) {
      if (shown.contains(value)) continue;
      tell("series '" + value + "'", "{dataset: " + dataset.name + ", series: " + value + "}");
    }
  }
  return notices;
}

}  // namespace fansipan::center
