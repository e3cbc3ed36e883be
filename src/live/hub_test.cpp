#include "live/hub.h"

#include <gtest/gtest.h>

#include <string>

namespace fansipan::live {
namespace {

using std::chrono::milliseconds;

/// A hub over a panel of two items, with a moment that the test moves.
class HubTest : public ::testing::Test {
 protected:
  HubTest() { Make({}); }

  void Make(Hub::Settings settings) {
    hub_ =
        std::make_unique<Hub>(Hub::Parts{[this](const SubscriptionKey& key) { return Render(key); },
                                         [this](const SubscriptionKey& key, const StateId& since) {
                                           return MayDiffer(key, since);
                                         },
                                         [this] { ++due_; },
                                         {"items", "children"}},
                              settings);
  }

  base::Result<State> Render(const SubscriptionKey& key) {
    if (failure_) return *failure_;
    State state;
    state.id = {sequence_, 0};
    state.head = std::to_string(sequence_);
    state.whole = "{\"whole\":" + first_ + second_ + "}";
    state.shape = shape_ + key.panel;
    state.pieces.push_back({0, "first", first_, base::FingerprintOf(first_)});
    state.pieces.push_back({1, "second", second_, base::FingerprintOf(second_)});
    return state;
  }

  bool MayDiffer(const SubscriptionKey&, const StateId& since) {
    return StateId{touched_.value_or(sequence_), 0} > since;
  }

  SubscriptionId Join(std::optional<StateId> last = std::nullopt, std::string panel = "services",
                      std::string owner = "lan") {
    Subscription subscription;
    subscription.key = {std::move(panel), "15", "viewer"};
    subscription.owner = std::move(owner);
    subscription.last_event = last;
    subscription.may_go_on = [this] { return signed_in_; };
    subscription.wake = [this] { ++wakes_; };
    auto id = hub_->Subscribe(std::move(subscription), now_);
    EXPECT_TRUE(id.ok());
    return id.ok() ? *id : SubscriptionId{};
  }

  void Publish() {
    ++sequence_;
    hub_->Publish(base::Timestamp(base::Duration(sequence_)));
  }

  void Pass(milliseconds time) { now_ += time; }

  std::string Take(SubscriptionId id) {
    const auto frame = hub_->Take(id);
    return frame ? *frame->bytes : "nothing";
  }

  /// Of a viewer who joins, while something changes every millisecond.
  /// Of a viewer that joined a second before.
  int StatesInASecond() {
    const auto viewer = Join();
    int states = 0;
    for (int step = 0; step < 2'000; ++step) {
      first_ = std::to_string(step);
      Publish();
      hub_->Turn(now_);
      if (Take(viewer).find("id: ") != std::string::npos && step >= 1'000) ++states;
      Pass(milliseconds(1));
    }
    return states;
  }

  std::unique_ptr<Hub> hub_;
  Moment now_{};
  std::uint64_t sequence_ = 1;
  std::string first_ = "1";
  std::string second_ = "2";
  std::string shape_;
  std::optional<base::Error> failure_;
  std::optional<std::uint64_t> touched_;  ///< last sequence that concerns the panel; empty: all do
  bool signed_in_ = true;
  int due_ = 0;
  int wakes_ = 0;
};

TEST_F(HubTest, GivesASnapshotAndThenOnlyWhatChanged) {
  const auto viewer = Join();
  EXPECT_EQ(due_, 1);
  EXPECT_EQ(Take(viewer), "nothing");
  hub_->Turn(now_);
  EXPECT_EQ(wakes_, 1);
  EXPECT_EQ(Take(viewer), "event: snapshot\nid: 1.0\ndata: {\"whole\":12}\n\n");
  EXPECT_EQ(Take(viewer), "nothing");
  Pass(milliseconds(300));
  second_ = "3";
  Publish();
  hub_->Turn(now_);
  EXPECT_EQ(Take(viewer),
            "event: change\nid: 2.0\ndata: {\"snapshot\":2,\"items\":[],\"children\":[3]}\n\n");
}

TEST_F(HubTest, SendsNothingWhenNothingThatIsShownChanged) {
  const auto viewer = Join();
  hub_->Turn(now_);
  Take(viewer);
  Pass(milliseconds(300));
  Publish();
  hub_->Turn(now_);
  EXPECT_EQ(wakes_, 1);
  EXPECT_EQ(Take(viewer), "nothing");
}

TEST_F(HubTest, RendersOnceForAllViewersOfAKey) {
  for (int i = 0; i < 50; ++i) Join();
  hub_->Turn(now_);
  EXPECT_EQ(hub_->renderings(), 1U);
  Join(std::nullopt, "other");
  hub_->Turn(now_);
  EXPECT_EQ(hub_->renderings(), 2U);
}

TEST_F(HubTest, SharesTheBytesOfAFrameBetweenViewers) {
  const auto one = Join();
  const auto other = Join();
  hub_->Turn(now_);
  EXPECT_EQ(hub_->Take(one)->bytes, hub_->Take(other)->bytes);
  Pass(milliseconds(300));
  first_ = "7";
  Publish();
  hub_->Turn(now_);
  EXPECT_EQ(hub_->Take(one)->bytes, hub_->Take(other)->bytes);
}

TEST_F(HubTest, GivesASlowViewerTheNewestStateAndNoBacklog) {
  const auto slow = Join();
  hub_->Turn(now_);
  Take(slow);
  for (int i = 10; i < 40; ++i) {
    Pass(milliseconds(300));
    (i % 2 == 0 ? first_ : second_) = std::to_string(i);
    Publish();
    hub_->Turn(now_);
  }
  EXPECT_EQ(
      Take(slow),
      "event: change\nid: 31.0\ndata: {\"snapshot\":31,\"items\":[38],\"children\":[39]}\n\n");
  const std::string rest = Take(slow);
  EXPECT_TRUE(rest == "nothing" || rest.starts_with("event: heartbeat")) << rest;
}

TEST_F(HubTest, GivesAViewerFewerStatesTheMoreThereAre) {
  EXPECT_EQ(StatesInASecond(), 20);
  Hub::Settings settings;
  settings.viewers_per_owner = 10'000;
  settings.frames_per_second = 100;
  Make(settings);
  for (int i = 0; i < 9; ++i) Join();
  EXPECT_EQ(StatesInASecond(), 10) << "ten viewers share a hundred";
  for (int i = 0; i < 90; ++i) Join();
  EXPECT_EQ(StatesInASecond(), 4) << "a state is never older than a quarter of a second";
}

TEST_F(HubTest, RendersAPanelThatNothingConcernsEveryTwoSeconds) {
  Join();
  hub_->Turn(now_);
  touched_ = sequence_;
  for (int step = 0; step < 600; ++step) {
    Pass(milliseconds(10));
    Publish();
    hub_->Turn(now_);
  }
  EXPECT_EQ(hub_->renderings(), 4U);
  touched_.reset();
  Pass(milliseconds(50));
  Publish();
  hub_->Turn(now_);
  EXPECT_EQ(hub_->renderings(), 5U) << "at once when something does";
}

TEST_F(HubTest, RendersWhatWasPublishedLastEvenIfNothingFollows) {
  const auto viewer = Join();
  hub_->Turn(now_);
  Take(viewer);
  touched_ = sequence_;
  Pass(milliseconds(60));
  first_ = "late";
  Publish();
  hub_->Turn(now_);
  EXPECT_EQ(Take(viewer), "nothing");
  for (int i = 0; i < 100 && now_ < Moment{} + milliseconds(2'100); ++i) now_ = hub_->Turn(now_);
  hub_->Turn(now_);
  EXPECT_NE(Take(viewer).find("late"), std::string::npos);
}

TEST_F(HubTest, AViewerThatComesLateToOneStateGetsTheNextWithAllOthers) {
  Hub::Settings settings;
  settings.frame_interval = milliseconds(250);
  Make(settings);
  const auto prompt = Join();
  const auto late = Join();
  hub_->Turn(now_);
  Take(prompt);
  Pass(milliseconds(240));
  Take(late);
  Pass(milliseconds(20));
  first_ = "5";
  Publish();
  hub_->Turn(now_);
  EXPECT_NE(Take(prompt).find("[5]"), std::string::npos);
  EXPECT_NE(Take(late).find("[5]"), std::string::npos);
}

TEST_F(HubTest, WhatIsALittleLateDoesNotMakeTheNextLater) {
  Hub::Settings settings;
  settings.frame_interval = milliseconds(250);
  Make(settings);
  const auto viewer = Join();
  int states = 0;
  for (int step = 0; step < 10'000; ++step) {
    first_ = std::to_string(step);
    Publish();
    // Both the rendering and the viewer come only every 7 or 11 ms.
    if (step % 7 == 0) hub_->Turn(now_);
    if (step % 11 == 0 && Take(viewer).find("id: ") != std::string::npos) ++states;
    Pass(milliseconds(1));
  }
  EXPECT_GE(states, 39);
  EXPECT_LE(states, 41);
}

TEST_F(HubTest, ShowsAtOnceWhatComesShortlyBeforeTheNextStateIsDue) {
  Hub::Settings settings;
  settings.frame_interval = milliseconds(250);
  Make(settings);
  const auto viewer = Join();
  int states = 0;
  Moment published = now_;
  milliseconds longest{0};
  const auto look = [&] {
    hub_->Turn(now_);
    if (Take(viewer).find("id: ") == std::string::npos) return;
    ++states;
    if (states > 2)
      longest = std::max(longest, std::chrono::duration_cast<milliseconds>(now_ - published));
  };
  for (int step = 0; step < 10'000; ++step) {
    if (step % 50 == 20) {
      first_ = std::to_string(step);
      published = now_;
      Publish();
    }
    look();
    Pass(milliseconds(1));
  }
  EXPECT_GE(states, 39);
  EXPECT_LE(states, 41);
  // Each state is as new as the last thing published.
  EXPECT_EQ(longest, milliseconds(0));
}

TEST_F(HubTest, SendsNothingToAViewerThatHasTheStateAlready) {
  const auto first = Join();
  hub_->Turn(now_);
  Take(first);
  Pass(milliseconds(300));
  Publish();  // a newer id, the same content
  hub_->Turn(now_);
  const auto again = Join(StateId{1, 0});
  EXPECT_EQ(Take(again), "nothing");
  Pass(milliseconds(300));
  first_ = "9";
  Publish();
  hub_->Turn(now_);
  EXPECT_TRUE(Take(again).starts_with("event: change"));
}

TEST_F(HubTest, GivesAFreshSnapshotToAViewerWithAnOlderState) {
  const auto first = Join();
  hub_->Turn(now_);
  Pass(milliseconds(300));
  first_ = "9";
  Publish();
  hub_->Turn(now_);
  Take(first);
  EXPECT_TRUE(Take(Join(StateId{1, 0})).starts_with("event: snapshot"));
  EXPECT_TRUE(Take(Join(StateId{77, 0})).starts_with("event: snapshot"));
}

TEST_F(HubTest, FallsBackToASnapshotWhenTheShapeChanged) {
  const auto viewer = Join();
  hub_->Turn(now_);
  Take(viewer);
  Pass(milliseconds(300));
  shape_ = "another center";
  Publish();
  hub_->Turn(now_);
  EXPECT_TRUE(Take(viewer).starts_with("event: snapshot"));
}

TEST_F(HubTest, NeverGoesBackToAnOlderState) {
  const auto viewer = Join();
  sequence_ = 5;
  hub_->Turn(now_);
  Take(viewer);
  Pass(milliseconds(300));
  sequence_ = 3;
  first_ = "old";
  hub_->Publish(base::Timestamp{});
  hub_->Turn(now_);
  EXPECT_EQ(Take(viewer), "nothing");
}

TEST_F(HubTest, BeatsEveryTwoSeconds) {
  const auto viewer = Join();
  hub_->Turn(now_);
  Take(viewer);
  Publish();
  EXPECT_EQ(hub_->Turn(now_ + milliseconds(1'999)) > now_, true);
  EXPECT_EQ(Take(viewer), "nothing");
  Pass(milliseconds(2'000));
  hub_->Turn(now_);
  EXPECT_EQ(Take(viewer), "event: heartbeat\ndata: {\"tick\":\"1970-01-01T00:00:00.000002Z\"}\n\n");
  EXPECT_EQ(Take(viewer), "nothing");
}

TEST_F(HubTest, KeepsOneHeartbeatOnlyForASlowViewer) {
  const auto viewer = Join();
  hub_->Turn(now_);
  Take(viewer);
  for (int i = 0; i < 10; ++i) {
    Pass(milliseconds(2'000));
    hub_->Turn(now_);
  }
  EXPECT_TRUE(Take(viewer).starts_with("event: heartbeat"));
  EXPECT_EQ(Take(viewer), "nothing");
}

TEST_F(HubTest, EndsTheStreamWhenTheSessionEnds) {
  const auto viewer = Join();
  hub_->Turn(now_);
  Take(viewer);
  signed_in_ = false;
  Pass(milliseconds(1'000));
  hub_->Turn(now_);
  EXPECT_EQ(wakes_, 2);
  const auto frame = hub_->Take(viewer);
  ASSERT_TRUE(frame);
  EXPECT_TRUE(frame->last);
  EXPECT_EQ(*frame->bytes, "event: signed_out\ndata: {}\n\n");
}

TEST_F(HubTest, ShowsNothingMoreOnceTheSessionEnded) {
  const auto viewer = Join();
  hub_->Turn(now_);
  signed_in_ = false;
  EXPECT_EQ(Take(viewer), "event: signed_out\ndata: {}\n\n");
}

TEST_F(HubTest, LimitsViewersInAllAndOfOneOwner) {
  Hub::Settings settings;
  settings.viewers = 3;
  settings.viewers_per_owner = 2;
  Make(settings);
  const auto first = Join();
  Join();
  Subscription more;
  more.key = {"services", "15", "viewer"};
  more.owner = "lan";
  EXPECT_EQ(hub_->Subscribe(more, now_).error().reason, "too_many_streams");
  Join(std::nullopt, "services", "minh");
  more.owner = "hoa";
  EXPECT_EQ(hub_->Subscribe(more, now_).error().reason, "too_many_streams");
  hub_->Unsubscribe(first);
  EXPECT_TRUE(hub_->Subscribe(more, now_).ok());
  EXPECT_EQ(hub_->viewers(), 3U);
}

TEST_F(HubTest, TriesAgainWhenARenderingIsNotAvailable) {
  failure_ = base::Error{base::ErrorCode::kUnavailable, "", ""};
  const auto viewer = Join();
  EXPECT_EQ(hub_->Turn(now_) - now_, milliseconds(1'000));
  EXPECT_EQ(Take(viewer), "nothing");
  failure_.reset();
  Pass(milliseconds(1'000));
  hub_->Turn(now_);
  EXPECT_TRUE(Take(viewer).starts_with("event: snapshot"));
}

TEST_F(HubTest, EndsTheStreamsOfAKeyThatIsGone) {
  const auto viewer = Join();
  failure_ = base::Error{base::ErrorCode::kNotFound, "unknown_panel", ""};
  hub_->Turn(now_);
  EXPECT_EQ(wakes_, 1);
  const auto frame = hub_->Take(viewer);
  ASSERT_TRUE(frame);
  EXPECT_TRUE(frame->last);
}

TEST_F(HubTest, EndsEverythingWhenItCloses) {
  const auto viewer = Join();
  hub_->Close();
  EXPECT_TRUE(hub_->Take(viewer)->last);
  EXPECT_EQ(hub_->Subscribe({}, now_).error().reason, "shutting_down");
}

}  // namespace
}  // namespace fansipan::live
