#include "http/lanes.h"

#include <utility>

#include "base/thread_name.h"

namespace fansipan::http {

namespace {

base::Priority PriorityOf(Lane lane) {
  const bool asks = lane == Lane::kHeavy || lane == Lane::kOperation || lane == Lane::kTrial;
  return asks ? base::Priority::kQuestions : base::Priority::kAnswers;
}

}  // namespace

Lanes::Settings Lanes::DefaultSettings() {
  Settings settings;
  settings[static_cast<std::size_t>(Lane::kFigures)] = {2, 512};
  settings[static_cast<std::size_t>(Lane::kHeavy)] = {2, 64};
  settings[static_cast<std::size_t>(Lane::kIntake)] = {8, 256};
  settings[static_cast<std::size_t>(Lane::kSignIn)] = {2, 32};
  settings[static_cast<std::size_t>(Lane::kOperation)] = {1, 4};
  settings[static_cast<std::size_t>(Lane::kTrial)] = {3, 4};
  return settings;
}

Lanes::Lanes(const Settings& settings, base::MetricsRegistry& metrics) {
  for (std::size_t i = 0; i < kLaneCount; ++i) {
    const auto lane = static_cast<Lane>(i);
    if (lane == Lane::kInline) continue;
    const base::Labels labels{{"lane", std::string(NameOf(lane))}};
    auto pool = std::make_unique<Pool>(settings[i].queue);
    pool->waiting = &metrics.GetHistogram("fansipan_http_lane_wait_seconds",
                                          "Time that requests wait for a thread", labels);
    pool->refused = &metrics.GetCounter("fansipan_http_lane_refused_total",
                                        "Requests refused because a lane was full", labels);
    pool->fullness.emplace(metrics, "lane_" + std::string(NameOf(lane)), settings[i].queue);
    pool->name = "lane-" + std::string(NameOf(lane));
    pool->priority = PriorityOf(lane);
    for (std::size_t j = 0; j < settings[i].threads; ++j) {
      pool->threads.emplace_back([raw = pool.get()] { Run(*raw); });
    }
    pools_[i] = std::move(pool);
  }
}

bool Lanes::TrySubmit(Lane lane, std::function<void(std::chrono::steady_clock::duration)> job) {
  Pool& pool = *pools_[static_cast<std::size_t>(lane)];
  if (pool.queue.TryPush({std::move(job), std::chrono::steady_clock::now()})) {
    pool.fullness->SetItems(pool.queue.size());
    return true;
  }
  pool.refused->Add();
  return false;
}

void Lanes::Run(Pool& pool) {
  base::NameThread(pool.name.c_str());
  base::LowerThread(pool.priority);
  while (auto job = pool.queue.Pop()) {
    pool.fullness->SetItems(pool.queue.size());
    const auto waited = std::chrono::steady_clock::now() - job->submitted;
    pool.waiting->Observe(std::chrono::duration<double>(waited).count());
    job->run(waited);
  }
}

void Lanes::Stop() {
  for (const auto& pool : pools_) {
    if (pool) pool->queue.Close();
  }
  for (const auto& pool : pools_) {
    if (!pool) continue;
    for (std::thread& thread : pool->threads) {
      if (thread.joinable()) thread.join();
    }
  }
}

}  // namespace fansipan::http
