#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace fansipan::base {

/// Only ever grows.
class Counter {
 public:
  void Add(std::uint64_t count = 1) { value_.fetch_add(count, std::memory_order_relaxed); }
  std::uint64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_{0};
};

/// Goes up and down. Shown from its making on, but for the time between a Withdraw and the next
/// Set: of what is no more there is no state.
class Gauge {
 public:
  void Set(double value) {
    value_.store(value, std::memory_order_relaxed);
    shown_.store(true, std::memory_order_relaxed);
  }
  void Withdraw() { shown_.store(false, std::memory_order_relaxed); }
  double value() const { return value_.load(std::memory_order_relaxed); }
  bool is_shown() const { return shown_.load(std::memory_order_relaxed); }

 private:
  std::atomic<double> value_{0};
  std::atomic<bool> shown_{true};
};

/// How often a number of seconds fell under each bound, and their sum.
class Histogram {
 public:
  explicit Histogram(std::vector<double> bounds);
  void Observe(double seconds);

  const std::vector<double>& bounds() const { return bounds_; }
  /// Observations at or below each bound, then all of them.
  std::vector<std::uint64_t> CumulativeCounts() const;
  double sum() const { return sum_.load(std::memory_order_relaxed); }

 private:
  std::vector<double> bounds_;
  std::vector<std::atomic<std::uint64_t>> counts_;
  std::atomic<double> sum_{0};
};

/// Observes the time from its making to its end.
class ScopedTimer {
 public:
  explicit ScopedTimer(Histogram& histogram)
      : histogram_(histogram), start_(std::chrono::steady_clock::now()) {}
  ScopedTimer(const ScopedTimer&) = delete;
  ScopedTimer& operator=(const ScopedTimer&) = delete;
  ~ScopedTimer() {
    const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start_;
    histogram_.Observe(taken.count());
  }

 private:
  Histogram& histogram_;
  const std::chrono::steady_clock::time_point start_;
};

class MetricsRegistry;

/// How full a bounded queue is: the series fansipan_queue_items and fansipan_queue_capacity with
/// the queue's name. Outlived by its registry.
class QueueGauges {
 public:
  QueueGauges(MetricsRegistry& registry, std::string_view queue, std::size_t capacity,
              std::map<std::string, std::string> labels = {});
  void SetItems(std::size_t items) { items_->Set(static_cast<double>(items)); }

 private:
  Gauge* items_;
};

/// The media type of what MetricsRegistry::Render gives.
inline constexpr std::string_view kMetricsMediaType = "text/plain; version=0.0.4; charset=utf-8";

using Labels = std::map<std::string, std::string>;

/// All metrics of a process, rendered for Prometheus. A metric is made once and lives as long as
/// the registry; asking for the same name and labels gives the same metric. Safe from any thread.
/// At most 2,000 label sets a name: beyond, observations go to one set whose labels all say
/// "other". Names are letters, digits and underscores, those of counters end in "_total"; label
/// values are UTF-8.
class MetricsRegistry {
 public:
  Counter& GetCounter(std::string_view name, std::string_view help, const Labels& labels = {});
  Gauge& GetGauge(std::string_view name, std::string_view help, const Labels& labels = {});
  /// Bounds from 0.5 ms to 60 s.
  Histogram& GetHistogram(std::string_view name, std::string_view help, const Labels& labels = {});

  /// The Prometheus text form 0.0.4, which every scraper reads (OpenMetrics would name a counter's
  /// family without its "_total", which `promtool check metrics` refuses).
  std::string Render() const;

 private:
  struct Family;
  Family& GetFamily(std::string_view name, std::string_view help, std::string_view type);

  mutable std::mutex mutex_;
  std::map<std::string, std::shared_ptr<Family>, std::less<>> families_;
};

}  // namespace fansipan::base
