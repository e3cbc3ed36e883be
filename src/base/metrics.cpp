#include "base/metrics.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstddef>
#include <utility>

namespace fansipan::base {
namespace {

constexpr std::size_t kMaxLabelSets = 2'000;

std::vector<double> DefaultBounds() {
  return {0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25, 60};
}

bool IsNameCharacter(char c, bool first) {
  const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  return letter || (!first && c >= '0' && c <= '9');
}

bool IsName(std::string_view name) {
  if (name.empty()) return false;
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (!IsNameCharacter(name[i], i == 0)) return false;
  }
  return true;
}

std::string Escape(std::string_view text, bool quotes) {
  std::string escaped;
  escaped.reserve(text.size());
  for (const char c : text) {
    if (c == '\n') {
      escaped += "\\n";
      continue;
    }
    if (c == '\\' || (quotes && c == '"')) escaped += '\\';
    escaped += c;
  }
  return escaped;
}

std::string NumberText(double number) {
  if (std::isnan(number)) return "NaN";
  if (std::isinf(number)) return number > 0 ? "+Inf" : "-Inf";
  return fmt::format("{}", number);
}

/// `{a="1",b="2"}`, or nothing without labels. `bound` is a bucket's `le`, empty for none.
std::string LabelText(const Labels& labels, std::string_view bound = {}) {
  std::string text;
  for (const auto& [name, value] : labels) {
    text += fmt::format("{}{}=\"{}\"", text.empty() ? "" : ",", name, Escape(value, true));
  }
  if (!bound.empty()) text += fmt::format("{}le=\"{}\"", text.empty() ? "" : ",", bound);
  return text.empty() ? text : "{" + text + "}";
}

void RenderHistogram(const std::string& name, const Labels& labels, const Histogram& histogram,
                     std::string& text) {
  const std::vector<std::uint64_t> counts = histogram.CumulativeCounts();
  for (std::size_t i = 0; i < counts.size(); ++i) {
    const bool last = i == histogram.bounds().size();
    const std::string bound = last ? "+Inf" : NumberText(histogram.bounds()[i]);
    text += fmt::format("{}_bucket{} {}\n", name, LabelText(labels, bound), counts[i]);
  }
  text += fmt::format("{}_sum{} {}\n", name, LabelText(labels), NumberText(histogram.sum()));
  text += fmt::format("{}_count{} {}\n", name, LabelText(labels), counts.back());
}

template <typename Metric, typename... Args>
Metric& GetMetric(std::map<Labels, std::unique_ptr<Metric>>& metrics, const Labels& labels,
                  Args&&... args) {
  const auto found = metrics.find(labels);
  if (found != metrics.end()) return *found->second;
  Labels own = labels;
  if (metrics.size() >= kMaxLabelSets) {
    for (auto& [name, value] : own) value = "other";
  }
  std::unique_ptr<Metric>& metric = metrics[own];
  if (!metric) metric = std::make_unique<Metric>(std::forward<Args>(args)...);
  return *metric;
}

std::map<std::string, std::string> WithQueue(std::map<std::string, std::string> labels,
                                             std::string_view queue) {
  labels["queue"] = queue;
  return labels;
}

}  // namespace

QueueGauges::QueueGauges(MetricsRegistry& registry, std::string_view queue, std::size_t capacity,
                         std::map<std::string, std::string> labels)
    : items_(&registry.GetGauge("fansipan_queue_items", "Items in a bounded queue",
                                WithQueue(labels, queue))) {
  registry
      .GetGauge("fansipan_queue_capacity", "Most items that a bounded queue takes; then it is full",
                WithQueue(std::move(labels), queue))
      .Set(static_cast<double>(capacity));
}

Histogram::Histogram(std::vector<double> bounds)
    : bounds_(std::move(bounds)), counts_(bounds_.size() + 1) {
  assert(std::is_sorted(bounds_.begin(), bounds_.end()));
}

void Histogram::Observe(double seconds) {
  const auto bound = std::lower_bound(bounds_.begin(), bounds_.end(), seconds);
  const auto bucket = static_cast<std::size_t>(bound - bounds_.begin());
  counts_[bucket].fetch_add(1, std::memory_order_relaxed);
  sum_.fetch_add(seconds, std::memory_order_relaxed);
}

std::vector<std::uint64_t> Histogram::CumulativeCounts() const {
  std::vector<std::uint64_t> cumulative;
  cumulative.reserve(counts_.size());
  std::uint64_t total = 0;
  for (const std::atomic<std::uint64_t>& count : counts_) {
    total += count.load(std::memory_order_relaxed);
    cumulative.push_back(total);
  }
  return cumulative;
}

struct MetricsRegistry::Family {
  std::string help;
  std::string type;
  std::map<Labels, std::unique_ptr<Counter>> counters;
  std::map<Labels, std::unique_ptr<Gauge>> gauges;
  std::map<Labels, std::unique_ptr<Histogram>> histograms;

  void Render(const std::string& name, std::string& text) const {
    text += fmt::format("# HELP {} {}\n# TYPE {} {}\n", name, Escape(help, false), name, type);
    for (const auto& [labels, counter] : counters) {
      text += fmt::format("{}{} {}\n", name, LabelText(labels), counter->value());
    }
    for (const auto& [labels, gauge] : gauges) {
      if (!gauge->is_shown()) continue;
      text += fmt::format("{}{} {}\n", name, LabelText(labels), NumberText(gauge->value()));
    }
    for (const auto& [labels, histogram] : histograms) {
      RenderHistogram(name, labels, *histogram, text);
    }
  }
};

MetricsRegistry::Family& MetricsRegistry::GetFamily(std::string_view name, std::string_view help,
                                                    std::string_view type) {
  assert(IsName(name));
  auto found = families_.find(name);
  if (found == families_.end()) {
    auto family = std::make_shared<Family>();
    family->help = help;
    family->type = type;
    found = families_.emplace(name, std::move(family)).first;
  }
  assert(found->second->type == type);
  return *found->second;
}

Counter& MetricsRegistry::GetCounter(std::string_view name, std::string_view help,
                                     const Labels& labels) {
  assert(name.ends_with("_total"));
  std::lock_guard lock(mutex_);
  return GetMetric(GetFamily(name, help, "counter").counters, labels);
}

Gauge& MetricsRegistry::GetGauge(std::string_view name, std::string_view help,
                                 const Labels& labels) {
  std::lock_guard lock(mutex_);
  return GetMetric(GetFamily(name, help, "gauge").gauges, labels);
}

Histogram& MetricsRegistry::GetHistogram(std::string_view name, std::string_view help,
                                         const Labels& labels) {
  std::lock_guard lock(mutex_);
  return GetMetric(GetFamily(name, help, "histogram").histograms, labels, DefaultBounds());
}

std::string MetricsRegistry::Render() const {
  std::lock_guard lock(mutex_);
  std::string text;
  for (const auto& [name, family] : families_) family->Render(name, text);
  return text;
}

}  // namespace fansipan::base
