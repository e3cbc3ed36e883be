#include "simulation/province/province_models.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <set>
#include <utility>

#include "simulation/testing/listed_model.h"

namespace fansipan::simulation {
namespace {

using std::chrono::days;

constexpr base::Timestamp kNow{std::chrono::seconds(1'800'000'000)};

PlantedStory Story(const std::string& name, base::Timestamp from, base::Timestamp until) {
  return {.name = name,
          .system = "budget",
          .indicator = "revenue",
          .unit = "02647",
          .text = "Revenue falls.",
          .from = from,
          .until = until};
}

std::unique_ptr<SystemModel> Feeding(std::vector<std::string> sources,
                                     std::vector<PlantedStory> stories = {}) {
  return std::make_unique<ListedModel>(std::move(sources), days(10), std::vector<SystemDelivery>(),
                                       std::move(stories));
}

class ProvinceModelsTest : public ::testing::Test {
 protected:
  ProvinceModelsTest() {
    models_["budget"] = Feeding({"budget_file", "revenue"});
    models_["schools"] = Feeding({"attendance"});
  }
  std::vector<std::string> Names() const {
    std::vector<std::string> names;
    for (const auto& [name, model] : models_) names.push_back(name);
    return names;
  }
  ProvinceModels models_;
};

using Texts = std::vector<std::string>;

TEST_F(ProvinceModelsTest, ChoosesSystemsByName) {
  ASSERT_TRUE(ChooseModels({}, {}, models_).ok());
  EXPECT_EQ(Names(), (Texts{"budget", "schools"}));
  ASSERT_TRUE(ChooseModels({"schools"}, {}, models_).ok());
  EXPECT_EQ(Names(), Texts{"schools"});
  ASSERT_TRUE(ChooseModels({}, {"schools"}, models_).ok());
  EXPECT_EQ(Names(), Texts{});
}

TEST_F(ProvinceModelsTest, RefusesNamesOfNoSystem) {
  for (const auto& [only, without] :
       std::vector<std::pair<Texts, Texts>>{{{"school"}, {}}, {{}, {"school"}}}) {
    const base::Status chosen = ChooseModels(only, without, models_);
    ASSERT_FALSE(chosen.ok());
    EXPECT_EQ(chosen.error().code, base::ErrorCode::kNotFound);
  }
}

TEST_F(ProvinceModelsTest, ListsSourcesAndRefusesOneThatIsFedTwice) {
  EXPECT_EQ(SourcesOf(models_).value(), (Texts{"attendance", "budget_file", "revenue"}));
  models_["health"] = Feeding({"revenue"});
  EXPECT_FALSE(SourcesOf(models_).ok());
}

TEST_F(ProvinceModelsTest, TellsTheStoriesOfAllInOrder) {
  models_["budget"] = Feeding({"revenue"}, {Story("later", kNow + days(1), kNow + days(2)),
                                            Story("much_later", kNow + days(8), kNow + days(9)),
                                            Story("long_ago", kNow - days(20), kNow - days(19))});
  models_["schools"] = Feeding({"attendance"}, {Story("before", kNow - days(3), kNow)});
  Texts names;
  for (const PlantedStory& story : StoriesOf(models_, kNow, days(7))) names.push_back(story.name);
  EXPECT_EQ(names, (Texts{"before", "later"}));
}

/// What every simulated system of the sample center promises.
class SampleProvinceTest : public ::testing::Test {
 protected:
  static ProvinceModels Make() {
    base::PosixFileSystem files;
    const auto province = LoadProvince(files, FANSIPAN_SAMPLE_CENTER, kNow);
    EXPECT_TRUE(province.ok());
    return MakeProvinceModels(*province);
  }
};

TEST_F(SampleProvinceTest, HasSourcesOfItsOwnInEachSystemAndStoriesOfOneName) {
  const ProvinceModels models = Make();
  EXPECT_TRUE(SourcesOf(models).ok());
  std::set<std::string> names;
  for (const PlantedStory& story : StoriesOf(models, kNow, days(30))) {
    EXPECT_TRUE(names.insert(story.name).second) << story.name;
    EXPECT_LT(story.from, story.until) << story.name;
    const std::string folder = std::string(FANSIPAN_SAMPLE_CENTER) + "/systems/" + story.system;
    EXPECT_TRUE(std::filesystem::is_directory(folder)) << story.name;
  }
}

TEST_F(SampleProvinceTest, SendsOnlyWhatItSaysInOrderAndWithinTheSpan) {
  const ProvinceModels models = Make();
  for (const auto& [name, model] : models) {
    const Texts sources = model->sources();
    base::Timestamp last = kNow - days(2);
    for (const SystemDelivery& each : model->DeliveriesBetween(last, kNow)) {
      EXPECT_NE(std::find(sources.begin(), sources.end(), each.source), sources.end()) << name;
      EXPECT_GE(each.at, last) << name;
      EXPECT_LT(each.at, kNow) << name;
      EXPECT_FALSE(each.body.empty()) << name;
      last = each.at;
    }
  }
}

}  // namespace
}  // namespace fansipan::simulation
