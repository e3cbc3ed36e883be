#include "simulation/province/province_run.h"

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <set>

#include "base/testing/temporary_folder.h"
#include "simulation/testing/listed_model.h"
#include "simulation/testing/passing_waiter.h"
#include "simulation/testing/scripted_center.h"

namespace fansipan::simulation {
namespace {

using std::chrono::days;
using std::chrono::minutes;
using std::chrono::seconds;
using Texts = std::vector<std::string>;

constexpr base::Timestamp kNow{seconds(1'800'000'000)};

SystemDelivery Workbook(base::Timestamp at) {
  SystemDelivery file = ListedDelivery(at, "budget", "");
  file.media_type = "application/octet-stream";
  file.file_name = "thu.xlsx";
  file.body = "PK\x03\x04";
  file.headers = {{"X-Total-Count", "7"}};
  file.rows = 7;
  return file;
}

class ProvinceRunTest : public ::testing::Test {
 protected:
  ProvinceRunTest() {
    options_.tokens = {{"budget", "token_b"}, {"schools", "token_s"}};
    options_.duration = minutes(2);
    options_.on_counts = [this](const ProvinceCounts& counts) { counts_ = counts; };
    budget_ = {Workbook(kNow - days(20)), ListedDelivery(kNow - days(1), "budget", "b2"),
               ListedDelivery(kNow + minutes(1), "budget", "b3")};
    schools_ = {ListedDelivery(kNow - days(3), "schools", "s1"),
                ListedDelivery(kNow + seconds(10), "schools", "s2")};
  }

  base::Status Run() {
    ProvinceModels models;
    models["budget"] = std::make_unique<ListedModel>(Texts{"budget"}, days(30), budget_);
    models["schools"] = std::make_unique<ListedModel>(Texts{"schools"}, days(5), schools_);
    const ProvinceWorld world{
        files_, clock_, waiter_, [this](const std::string& token, const std::stop_token&) {
          opened_.insert(token);
          return base::Result<std::unique_ptr<DeliveryTransport>>(center_.Connect());
        }};
    return RunProvince(options_, world, models, stop_.get_token());
  }

  std::vector<HttpPost> Posts(const std::string& end, const std::string& source = "") const {
    std::vector<HttpPost> found = center_.posts();
    std::erase_if(found, [&](const HttpPost& post) {
      return !post.path.ends_with(end) || post.path.find("/sources/" + source) == std::string::npos;
    });
    return found;
  }
  std::vector<HttpPost> Deliveries(const std::string& source = "") const {
    return Posts("/deliveries", source);
  }
  Texts Bodies(const std::string& source = "") const {
    Texts bodies;
    for (const HttpPost& post : Deliveries(source)) bodies.push_back(post.body);
    return bodies;
  }
  static std::string Row(const std::string& value) { return ListedDelivery(kNow, "", value).body; }

  base::PosixFileSystem files_;
  base::VirtualClock clock_{kNow};
  PassingWaiter waiter_{clock_};
  ScriptedCenter center_;
  std::stop_source stop_;
  ProvinceOptions options_;
  ProvinceCounts counts_;
  std::set<std::string> opened_;
  std::vector<SystemDelivery> budget_;
  std::vector<SystemDelivery> schools_;
};

TEST_F(ProvinceRunTest, SendsTheHistoriesOfAllMergedAndThenWhatHappens) {
  ASSERT_TRUE(Run().ok());
  EXPECT_EQ(Bodies(), (Texts{"PK\x03\x04", Row("s1"), Row("b2"), Row("s2"), Row("b3")}));
  EXPECT_EQ(opened_, (std::set<std::string>{"token_b", "token_s"}));
  EXPECT_EQ(counts_.pushed.deliveries, 5U);
  EXPECT_EQ(counts_.pushed.sent, 11U);
}

TEST_F(ProvinceRunTest, SendsTypeAndWhatIsToldOfAWorkbook) {
  ASSERT_TRUE(Run().ok());
  const HttpPost post = Deliveries("budget").at(0);
  EXPECT_EQ(post.media_type, "application/octet-stream");
  EXPECT_EQ(post.headers, (std::map<std::string, std::string>{{"X-Total-Count", "7"}}));
}

TEST_F(ProvinceRunTest, SendsWhatHappensNotBeforeItsMoment) {
  options_.duration = seconds(9);
  ASSERT_TRUE(Run().ok());
  EXPECT_EQ(Bodies("schools"), Texts{Row("s1")});
}

TEST_F(ProvinceRunTest, LetsTimePassFasterWhenAsked) {
  options_.duration = seconds(9);
  options_.speed = 10;
  ASSERT_TRUE(Run().ok());
  EXPECT_EQ(Bodies("budget").back(), Row("b3"));
}

TEST_F(ProvinceRunTest, GivesSignsOfLifeOfEachSourceThatHasNothingNew) {
  options_.duration = minutes(10);
  ASSERT_TRUE(Run().ok());
  EXPECT_NEAR(static_cast<double>(Posts("/heartbeat", "budget").size()), 20, 2);
  EXPECT_NEAR(static_cast<double>(Posts("/heartbeat", "schools").size()), 20, 2);
}

TEST_F(ProvinceRunTest, SendsTheSameKeysAgainWhenItIsStartedAgain) {
  ASSERT_TRUE(Run().ok());
  const auto first = Deliveries();
  clock_.Set(kNow);
  ASSERT_TRUE(Run().ok());
  const auto both = Deliveries();
  ASSERT_EQ(both.size(), 2 * first.size());
  std::set<std::string> keys;
  for (std::size_t i = 0; i < first.size(); ++i) {
    EXPECT_EQ(both[first.size() + i].idempotency_key, first[i].idempotency_key);
    keys.insert(first[i].idempotency_key);
  }
  EXPECT_EQ(keys.size(), first.size());
}

TEST_F(ProvinceRunTest, SendsAHistoryNoLongerThanAsked) {
  options_.history = days(2);
  options_.duration = seconds(5);
  ASSERT_TRUE(Run().ok());
  EXPECT_EQ(Bodies(), Texts{Row("b2")});
}

TEST_F(ProvinceRunTest, LeavesOutWhatTheCenterDoesNotHaveAndGoesOn) {
  center_.AlwaysAnswer("/sources/budget/", HttpAnswer{.status = 404});
  ASSERT_TRUE(Run().ok());
  EXPECT_EQ(Posts("", "budget").size(), 1U);
  EXPECT_EQ(Bodies("schools"), (Texts{Row("s1"), Row("s2")}));
}

TEST_F(ProvinceRunTest, GoesOnHoweverMuchOfASourceIsRefused) {
  center_.AlwaysAnswer("/sources/schools/deliveries", HttpAnswer{.status = 422});
  schools_.clear();
  for (int i = 0; i < 20; ++i) {
    schools_.push_back(ListedDelivery(kNow - minutes(50 - i), "schools", std::to_string(i)));
  }
  ASSERT_TRUE(Run().ok());
  EXPECT_EQ(Deliveries("schools").size(), 20U);
  EXPECT_EQ(counts_.pushed.refused, 20U);
}

TEST_F(ProvinceRunTest, LeavesOutWhatItHasNoTokenFor) {
  options_.tokens.erase("schools");
  ASSERT_TRUE(Run().ok());
  EXPECT_EQ(Deliveries("budget").size(), 3U);
  EXPECT_TRUE(Posts("", "schools").empty());
}

TEST_F(ProvinceRunTest, EndsWhenNoSourceIsLeft) {
  options_.tokens.clear();
  base::Status ended = Run();
  ASSERT_FALSE(ended.ok());
  EXPECT_EQ(ended.error().reason, "no_source_left");
  options_.tokens = {{"budget", "b"}, {"schools", "s"}};
  center_.AlwaysAnswer("/sources/", HttpAnswer{.status = 401});
  ended = Run();
  ASSERT_FALSE(ended.ok());
  EXPECT_EQ(ended.error().reason, "no_source_left");
}

TEST_F(ProvinceRunTest, EndsWhenTheCenterAnswersNoMore) {
  center_.AlwaysAnswer("/sources/", HttpAnswer{.status = 503});
  options_.duration = seconds(0);
  const base::Status ended = Run();
  ASSERT_FALSE(ended.ok());
  EXPECT_EQ(ended.error().code, base::ErrorCode::kUnavailable);
}

TEST_F(ProvinceRunTest, StopsWithoutErrorWhenAsked) {
  center_.OnPost([this] { stop_.request_stop(); });
  ASSERT_TRUE(Run().ok());
  EXPECT_EQ(center_.posts().size(), 1U);
}

TEST_F(ProvinceRunTest, KeepsTheOrderOfEachSourceOnSeveralConnections) {
  options_.connections = 3;
  budget_.clear();
  schools_.clear();
  Texts expected;
  for (int i = 0; i < 200; ++i) {
    budget_.push_back(ListedDelivery(kNow - minutes(300 - i), "budget", std::to_string(i)));
    schools_.push_back(ListedDelivery(kNow - minutes(300 - i), "schools", std::to_string(i)));
    expected.push_back(Row(std::to_string(i)));
  }
  ASSERT_TRUE(Run().ok());
  EXPECT_EQ(Bodies("budget"), expected);
  EXPECT_EQ(Bodies("schools"), expected);
}

TEST_F(ProvinceRunTest, PutsFilesIntoWatchedFoldersAndPushesTheRest) {
  const base::TemporaryFolder folder;
  options_.drop_folder = folder.path();
  options_.tokens.erase("schools");
  ASSERT_TRUE(Run().ok());
  EXPECT_EQ(files_.ReadWhole(folder.path() + "/budget/thu.xlsx", 100).value(), "PK\x03\x04");
  EXPECT_EQ(counts_.files, 1U);
  EXPECT_EQ(Bodies(), (Texts{Row("b2"), Row("b3")}));
  clock_.Set(kNow);
  ASSERT_TRUE(Run().ok());
  EXPECT_EQ(counts_.files, 0U);
}

TEST_F(ProvinceRunTest, DropsFilesWithoutAnyToken) {
  const base::TemporaryFolder folder;
  options_.drop_folder = folder.path();
  options_.tokens.clear();
  budget_.resize(1);
  schools_.clear();
  ASSERT_TRUE(Run().ok());
  EXPECT_EQ(counts_.files, 1U);
  EXPECT_TRUE(center_.posts().empty());
}

TEST_F(ProvinceRunTest, DoesWrongWhatIsAskedOfOneSource) {
  ASSERT_TRUE(SetSourceFault("schools:silent=1", options_.faults).ok());
  ASSERT_TRUE(Run().ok());
  EXPECT_TRUE(Posts("", "schools").empty());  // no sign of life either
  EXPECT_EQ(Deliveries("budget").size(), 3U);
}

TEST_F(ProvinceRunTest, RefusesToLetAWorkbookDrift) {
  ASSERT_TRUE(SetSourceFault("drifted=1", options_.faults).ok());
  const base::Status ended = Run();
  ASSERT_FALSE(ended.ok());
  EXPECT_EQ(ended.error().code, base::ErrorCode::kInvalidArgument);
  EXPECT_TRUE(Deliveries().empty());
}

TEST_F(ProvinceRunTest, RefusesWrongOptionsBeforeItSendsAnything) {
  const std::vector<std::function<void(ProvinceOptions&)>> wrongs = {
      [](ProvinceOptions& options) { options.url = "http://example.org"; },
      [](ProvinceOptions& options) { options.url = "here"; },
      [](ProvinceOptions& options) { options.speed = 0; },
      [](ProvinceOptions& options) { options.connections = 0; },
      [](ProvinceOptions& options) { options.connections = 99; },
      [](ProvinceOptions& options) { options.heartbeat_every = seconds(0); },
      [](ProvinceOptions& options) { options.faults["no_such_source"] = {}; }};
  const ProvinceOptions right = options_;
  for (const auto& make_wrong : wrongs) {
    options_ = right;
    make_wrong(options_);
    const base::Status ended = Run();
    ASSERT_FALSE(ended.ok());
    EXPECT_EQ(ended.error().code, base::ErrorCode::kInvalidArgument);
  }
  EXPECT_TRUE(center_.posts().empty());
}

TEST(SetSourceFault, ReadsFaultsOfAllAndOfOneSource) {
  std::map<std::string, FaultRates> faults;
  ASSERT_TRUE(SetSourceFault("late=0.1", faults).ok());
  ASSERT_TRUE(SetSourceFault("beds:silent=0.2", faults).ok());
  ASSERT_TRUE(SetSourceFault("beds:truncated=0.3", faults).ok());
  EXPECT_EQ(faults[""].Of(Fault::kLate), 0.1);
  EXPECT_EQ(faults["beds"].Of(Fault::kSilent), 0.2);
  EXPECT_EQ(faults["beds"].Of(Fault::kTruncated), 0.3);
  EXPECT_EQ(faults["beds"].Of(Fault::kLate), 0);
  for (const char* text : {"late", "late=2", "beds:broken=0.1", ":late=0.1", "beds:"}) {
    EXPECT_FALSE(SetSourceFault(text, faults).ok()) << text;
  }
}

}  // namespace
}  // namespace fansipan::simulation
