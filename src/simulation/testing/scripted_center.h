#pragma once

#include <algorithm>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "simulation/delivery_transport.h"

namespace fansipan::simulation {

/// A center that answers from a list, and afterwards accepts every row and takes every heartbeat.
/// Safe from any thread.
class ScriptedCenter {
 public:
  void AnswerNext(base::Result<HttpAnswer> answer) {
    const std::lock_guard lock(mutex_);
    answers_.push_back(std::move(answer));
  }
  /// Called with each post after it is kept.
  void OnPost(std::function<void()> action) { on_post_ = std::move(action); }

  /// A connection to this center, which must outlive it.
  std::unique_ptr<DeliveryTransport> Connect() { return std::make_unique<Connection>(*this); }

  std::vector<HttpPost> posts() const {
    const std::lock_guard lock(mutex_);
    return posts_;
  }
  /// Bodies of all deliveries in the order in which they came.
  std::string bodies() const {
    std::string all;
    for (const HttpPost& post : posts()) all += post.body;
    return all;
  }

 private:
  class Connection final : public DeliveryTransport {
   public:
    explicit Connection(ScriptedCenter& center) : center_(center) {}
    base::Result<HttpAnswer> Send(const HttpPost& post) override { return center_.Answer(post); }

   private:
    ScriptedCenter& center_;
  };

  base::Result<HttpAnswer> Answer(const HttpPost& post) {
    const std::lock_guard lock(mutex_);
    posts_.push_back(post);
    if (on_post_) on_post_();
    if (!answers_.empty()) {
      base::Result<HttpAnswer> answer = std::move(answers_.front());
      answers_.pop_front();
      return answer;
    }
    if (post.path.ends_with("/heartbeat")) return HttpAnswer{.status = 204};
    const auto rows = std::count(post.body.begin(), post.body.end(), '\n');
    return HttpAnswer{.status = 201,
                      .body = R"({"counts":{"accepted":)" + std::to_string(rows) + "}}"};
  }

  mutable std::mutex mutex_;
  std::deque<base::Result<HttpAnswer>> answers_;
  std::vector<HttpPost> posts_;
  std::function<void()> on_post_;
};

}  // namespace fansipan::simulation
