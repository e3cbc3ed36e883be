#include "base/metrics.h"

#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <string>
#include <thread>

namespace fansipan::base {
namespace {

std::size_t CountLinesWith(const std::string& text, std::string_view part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
    ++count;
  }
  return count;
}

TEST(MetricsRegistry, RendersCountersAndGaugesWithHelpAndType) {
  MetricsRegistry registry;
  registry.GetCounter("fansipan_records_total", "Records received.", {{"source", "h38"}}).Add(3);
  registry.GetCounter("fansipan_records_total", "Records received.", {{"source", "dvc"}}).Add();
  registry.GetGauge("fansipan_queue_length", "Deliveries that wait.").Set(2.5);
  EXPECT_EQ(registry.Render(),
            "# HELP fansipan_queue_length Deliveries that wait.\n"
            "# TYPE fansipan_queue_length gauge\n"
            "fansipan_queue_length 2.5\n"
            "# HELP fansipan_records_total Records received.\n"
            "# TYPE fansipan_records_total counter\n"
            "fansipan_records_total{source=\"dvc\"} 1\n"
            "fansipan_records_total{source=\"h38\"} 3\n");
}

TEST(MetricsRegistry, ShowsAGaugeThatWasWithdrawnOnlyOnceItIsSetAgain) {
  MetricsRegistry registry;
  Gauge& gauge = registry.GetGauge("state", "State", {{"source", "a"}});
  gauge.Set(3);
  EXPECT_NE(registry.Render().find("state{source=\"a\"} 3"), std::string::npos);
  gauge.Withdraw();
  EXPECT_EQ(registry.Render().find("state{"), std::string::npos);
  registry.GetGauge("state", "State", {{"source", "a"}}).Set(1);
  EXPECT_NE(registry.Render().find("state{source=\"a\"} 1"), std::string::npos);
}

TEST(QueueGauges, ShowItemsAndCapacityOfAQueue) {
  MetricsRegistry registry;
  QueueGauges fullness(registry, "commit", 128);
  fullness.SetItems(7);
  QueueGauges(registry, "deliveries", 6, {{"source", "desk"}}).SetItems(2);
  const std::string text = registry.Render();
  for (const char* line : {"fansipan_queue_items{queue=\"commit\"} 7\n",
                           "fansipan_queue_capacity{queue=\"commit\"} 128\n",
                           "fansipan_queue_items{queue=\"deliveries\",source=\"desk\"} 2\n",
                           "fansipan_queue_capacity{queue=\"deliveries\",source=\"desk\"} 6\n"}) {
    EXPECT_NE(text.find(line), std::string::npos) << text;
  }
}

TEST(MetricsRegistry, RendersAHistogramWithCumulativeBuckets) {
  MetricsRegistry registry;
  Histogram& histogram =
      registry.GetHistogram("fansipan_stage_seconds", "Time of a stage.", {{"stage", "map"}});
  histogram.Observe(0.001);
  histogram.Observe(0.002);
  histogram.Observe(100);
  const std::string text = registry.Render();
  const auto has = [&text](const std::string& line) {
    return text.find("\n" + line + "\n") != std::string::npos;
  };
  EXPECT_TRUE(has("# TYPE fansipan_stage_seconds histogram"));
  EXPECT_TRUE(has("fansipan_stage_seconds_bucket{stage=\"map\",le=\"0.0005\"} 0"));
  EXPECT_TRUE(has("fansipan_stage_seconds_bucket{stage=\"map\",le=\"0.001\"} 1"));
  EXPECT_TRUE(has("fansipan_stage_seconds_bucket{stage=\"map\",le=\"60\"} 2"));
  EXPECT_TRUE(has("fansipan_stage_seconds_bucket{stage=\"map\",le=\"+Inf\"} 3"));
  EXPECT_TRUE(has("fansipan_stage_seconds_sum{stage=\"map\"} 100.003"));
  EXPECT_TRUE(has("fansipan_stage_seconds_count{stage=\"map\"} 3"));
}

TEST(MetricsRegistry, GivesTheSameMetricForTheSameNameAndLabels) {
  MetricsRegistry registry;
  Counter& first = registry.GetCounter("a_total", "A.", {{"x", "1"}});
  EXPECT_EQ(&first, &registry.GetCounter("a_total", "A.", {{"x", "1"}}));
  EXPECT_NE(&first, &registry.GetCounter("a_total", "A.", {{"x", "2"}}));
}

TEST(MetricsRegistry, EscapesWhatWouldBreakALine) {
  MetricsRegistry registry;
  registry.GetGauge("a", "one\\\ntwo", {{"x", "say \"hi\"\\\n"}}).Set(1);
  EXPECT_EQ(registry.Render(),
            "# HELP a one\\\\\\ntwo\n# TYPE a gauge\na{x=\"say \\\"hi\\\"\\\\\\n\"} 1\n");
}

TEST(MetricsRegistry, WritesNumbersThatAreNoNumbers) {
  MetricsRegistry registry;
  registry.GetGauge("a", "A.").Set(std::numeric_limits<double>::infinity());
  registry.GetGauge("b", "B.").Set(std::numeric_limits<double>::quiet_NaN());
  const std::string text = registry.Render();
  EXPECT_NE(text.find("\na +Inf\n"), std::string::npos);
  EXPECT_NE(text.find("\nb NaN\n"), std::string::npos);
}

TEST(MetricsRegistry, GathersLabelSetsBeyondTheLimitInOne) {
  MetricsRegistry registry;
  for (int i = 0; i < 2'100; ++i) {
    registry.GetCounter("a_total", "A.", {{"x", std::to_string(i)}}).Add();
  }
  const std::string text = registry.Render();
  EXPECT_EQ(CountLinesWith(text, "\na_total{"), 2'001U);
  EXPECT_NE(text.find("a_total{x=\"other\"} 100\n"), std::string::npos);
}

TEST(MetricsRegistry, PassesTheCheckOfPrometheus) {
  MetricsRegistry registry;
  registry.GetCounter("fansipan_records_total", "Records.", {{"source", "một \"hai\"\n\\"}}).Add();
  registry.GetGauge("fansipan_queue_length", "Waiting\ndeliveries.").Set(2.5);
  registry.GetHistogram("fansipan_stage_seconds", "Time.", {{"stage", "map"}}).Observe(0.3);
  registry.GetHistogram("fansipan_commit_seconds", "Time.").Observe(1e-9);
  constexpr int kCommandNotFound = 127;
  // The command is fixed. NOLINTNEXTLINE(cert-env33-c)
  FILE* check = popen("promtool check metrics", "w");
  ASSERT_NE(check, nullptr);
  std::fputs(registry.Render().c_str(), check);
  const int status = WEXITSTATUS(pclose(check));
  if (status == kCommandNotFound) GTEST_SKIP() << "promtool is not installed";
  EXPECT_EQ(status, 0);
}

TEST(MetricsRegistry, CountsFromSeveralThreads) {
  MetricsRegistry registry;
  const auto work = [&registry] {
    for (int i = 0; i < 1'000; ++i) {
      registry.GetCounter("a_total", "A.").Add();
      registry.GetHistogram("b_seconds", "B.").Observe(1);
    }
  };
  std::thread first(work);
  std::thread second(work);
  first.join();
  second.join();
  EXPECT_EQ(registry.GetCounter("a_total", "A.").value(), 2'000U);
  EXPECT_EQ(registry.GetHistogram("b_seconds", "B.").CumulativeCounts().back(), 2'000U);
  EXPECT_EQ(registry.GetHistogram("b_seconds", "B.").sum(), 2'000.0);
}

}  // namespace
}  // namespace fansipan::base
