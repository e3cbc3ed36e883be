#include "http/server.h"

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>

#include "base/thread_name.h"
#include "http/application.h"
#include "http/internal/listener.h"
#include "http/rendering/panel_rendering.h"
#include "http/resources/live.h"

namespace fansipan::http {
namespace {

/// Calls the hub when something is due. Owns one thread.
class LivePump {
 public:
  LivePump() = default;
  ~LivePump() { Stop(); }
  LivePump(const LivePump&) = delete;
  LivePump& operator=(const LivePump&) = delete;

  void Start(live::Hub& hub, base::Gauge& viewers, base::QueueGauges fullness) {
    thread_ = std::thread([this, &hub, &viewers, fullness] {
      base::NameThread("live-pump");
      Run(hub, viewers, fullness);
    });
  }

  void Wake() {
    {
      const std::lock_guard lock(mutex_);
      due_ = true;
    }
    woken_.notify_one();
  }

  void Stop() {
    {
      const std::lock_guard lock(mutex_);
      stop_ = true;
    }
    woken_.notify_one();
    if (thread_.joinable()) thread_.join();
  }

 private:
  void Run(live::Hub& hub, base::Gauge& viewers, base::QueueGauges fullness) {
    std::unique_lock lock(mutex_);
    while (!stop_) {
      due_ = false;
      lock.unlock();
      const live::Moment next = hub.Turn(std::chrono::steady_clock::now());
      viewers.Set(static_cast<double>(hub.viewers()));
      fullness.SetItems(hub.viewers());
      lock.lock();
      woken_.wait_until(lock, next, [this] { return due_ || stop_; });
    }
  }

  std::mutex mutex_;
  std::condition_variable woken_;
  bool due_ = false;
  bool stop_ = false;
  std::thread thread_;
};

}  // namespace

/// In the order in which they are made; each stands on those before it.
struct HttpServer::Running {
  Running(const ServerSettings& settings, const Services& services, const RouteContent& content)
      : limits(settings.limits),
        application(services, Router(AllRoutes(content)), content.policy),
        hub({[this](const live::SubscriptionKey& key) {
               return RenderLiveState(application.services(), key);
             },
             [this](const live::SubscriptionKey& key, const live::StateId& since) {
               return MayLiveStateDiffer(application.services(), key, since);
             },
             [this] { pump.Wake(); }, LiveLists()},
            settings.live),
        lanes(settings.lanes, *services.metrics),
        body_fullness(*services.metrics, "body_bytes", settings.limits.body_memory) {
    application.SetViewerCount([this] { return hub.viewers(); });
  }

  ServerLimits limits;
  LivePump pump;
  Application application;
  live::Hub hub;
  Lanes lanes;
  std::atomic<std::uint64_t> body_memory{0};
  base::QueueGauges body_fullness;
  std::atomic<bool> stopping{false};
  std::unique_ptr<internal::Listener> listener;
};

HttpServer::HttpServer(std::unique_ptr<Running> running) : running_(std::move(running)) {}

base::Result<std::unique_ptr<HttpServer>> HttpServer::Start(const ServerSettings& settings,
                                                            const Services& services,
                                                            const RouteContent& content) {
  base::MetricsRegistry& metrics = *services.metrics;
  auto running = std::make_unique<Running>(settings, services, content);
  internal::ConnectionParts parts;
  parts.application = &running->application;
  parts.lanes = &running->lanes;
  parts.hub = &running->hub;
  parts.limits = settings.limits;
  parts.metrics = &metrics;
  parts.body_memory = &running->body_memory;
  parts.body_fullness = &running->body_fullness;
  parts.stopping = &running->stopping;
  FANSIPAN_ASSIGN_OR_RETURN(running->listener, internal::Listener::Start(settings, parts));
  running->pump.Start(running->hub,
                      metrics.GetGauge("fansipan_live_viewers", "Live streams that are open"),
                      base::QueueGauges(metrics, "live_viewers", settings.live.viewers));
  return std::unique_ptr<HttpServer>(new HttpServer(std::move(running)));
}

HttpServer::~HttpServer() { Stop(); }

std::uint16_t HttpServer::port() const { return running_->listener->port(); }

void HttpServer::Publish(base::Timestamp tick) { running_->hub.Publish(tick); }

void HttpServer::Stop() {
  if (running_->stopping.exchange(true)) return;
  running_->hub.Close();
  running_->listener->Drain();
  running_->listener->WaitUntilEmpty(running_->limits.stop_grace);
  running_->listener->GiveUp();
  running_->lanes.Stop();
  running_->listener->Stop();
  running_->pump.Stop();
}

}  // namespace fansipan::http
