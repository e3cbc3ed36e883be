// The official text on the mergers of 2025, nationwide. The data is not part of the project:
// without it these tests skip.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "territory/event_text.h"
#include "territory/matcher.h"

namespace fansipan::territory {
namespace {

using nlohmann::json;

class CrosswalkTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const char* external = std::getenv("FANSIPAN_EXTERNAL");
    const std::string folder =
        (external != nullptr ? external : FANSIPAN_SOURCE "/../shared/data") +
        std::string("/territory/");
    std::ifstream before(folder + "units_2025-03-01.json");
    std::ifstream after(folder + "merger_2025_crosswalk.json");
    if (!before || !after) GTEST_SKIP() << "no lists of units in " << folder;
    ReadBefore(json::parse(before).at("data"));
    ReadAfter(json::parse(after));
    // What no name tells. The statement of Đồng Nai carries remarks on later changes.
    Decide("79", "TPHCM", {"79"});
    Decide("75", "tỉnh Đồng Nai. Từ ngày 30%/04%/2026", {"75"});
    Decide("75", "Tỉnh Đồng Nai mới chuyển thành Thành phố Đồng Nai", {});
    Decide("75", "Tỉnh thêm 10 xã chuyển thành phường.", {});
    outcome_ = MatchOrigins(before_, after_, decisions_);
  }

  void Decide(std::string statement, std::string mention, std::vector<std::string> units) {
    decisions_.push_back({std::move(statement), std::move(mention), std::move(units), "test",
                          "2026-01-01", "read in full", 1});
  }

  void Add(const json& unit, const std::string& prefix, const char* level,
           const std::string& parent) {
    before_.push_back({unit.at(prefix + "_id"), level, unit.at("name"), parent, "", 1});
  }

  void ReadBefore(const json& provinces) {
    for (const json& province : provinces) {
      Add(province, "level1", "province", "");
      const std::string above = province.at("level1_id");
      for (const json& district : province.at("level2s")) {
        Add(district, "level2", "district", above);
        // Codes of districts and of communes are apart by their length.
        for (const json& commune : district.at("level3s")) {
          Add(commune, "level3", "commune", district.at("level2_id"));
        }
      }
    }
  }

  void ReadAfter(const json& units) {
    for (const json& unit : units) {
      const std::string parent = unit.at("magoc");
      after_.push_back({unit.at("ma"), parent == "0" ? "province" : "commune", unit.at("ten"),
                        parent == "0" ? "" : parent, unit.at("truocsapnhap"), 1});
    }
  }

  std::string ProvinceOf(std::size_t unit) const {
    std::string code = before_[unit].code;
    std::string above = before_[unit].parent;
    while (!above.empty()) {
      code = above;
      above = std::ranges::find(before_, above, &ListedUnit::code)->parent;
    }
    return code;
  }

  std::vector<ListedUnit> before_;
  std::vector<ListedUnit> after_;
  std::vector<Decision> decisions_;
  MatchOutcome outcome_;
};

TEST_F(CrosswalkTest, All319CommunesOfLaoCaiAndYenBaiLandInOneOfThe99) {
  std::map<std::size_t, std::set<std::string>> taken;
  std::set<std::string> communes;
  for (const ListedUnit& unit : after_) {
    if (unit.parent == "15") communes.insert(unit.code);
  }
  EXPECT_EQ(communes.size(), 99U);
  std::set<std::string> takers;
  for (const Match& match : outcome_.matches) {
    const ListedUnit& statement = after_[match.statement];
    if (statement.parent != "15") continue;
    EXPECT_FALSE(match.open()) << statement.name << ": " << match.mention.text;
    EXPECT_EQ(match.mention.extent, Extent::kWhole) << statement.name;
    for (const std::size_t unit : match.units) {
      taken[unit].insert(statement.code);
      takers.insert(statement.code);
    }
  }
  std::size_t old_communes = 0;
  for (std::size_t i = 0; i < before_.size(); ++i) {
    const std::string province = ProvinceOf(i);
    if (before_[i].level != "commune" || (province != "10" && province != "15")) continue;
    ++old_communes;
    EXPECT_EQ(taken[i].size(), 1U) << before_[i].code << " " << before_[i].name;
  }
  EXPECT_EQ(old_communes, 319U);
  EXPECT_EQ(takers, communes);
  for (const auto& [unit, statements] : taken) {
    const std::string province = ProvinceOf(unit);
    EXPECT_TRUE(statements.empty() || province == "10" || province == "15") << before_[unit].name;
  }
}

TEST_F(CrosswalkTest, LookedUpByHandTheyAreTheRightOnes) {
  const std::map<std::string, std::string> known = {
      {"Xã Nàn Xín", "Xã Sín Chéng"},      {"Xã Nậm Rạng", "Xã Võ Lao"},
      {"Xã Dế Su Phình", "Xã Púng Luông"}, {"Xã Tả Ngải Chồ", "Xã Pha Long"},
      {"Xã Nậm Chầy", "Xã Nậm Chày"},      {"Thị trấn N.T Phong Hải", "Xã Phong Hải"},
      {"Xã Tà Si Láng", "Xã Tà Xi Láng"},  {"Thị trấn Mù Căng Chải", "Xã Mù Cang Chải"},
      {"Phường Kim Tân", "Phường Lào Cai"}};
  std::size_t seen = 0;
  for (const Match& match : outcome_.matches) {
    if (after_[match.statement].parent != "15") continue;
    for (const std::size_t unit : match.units) {
      const auto expected = known.find(before_[unit].name);
      if (expected == known.end()) continue;
      ++seen;
      EXPECT_EQ(after_[match.statement].name, expected->second) << before_[unit].name;
    }
  }
  EXPECT_EQ(seen, known.size());
}

TEST_F(CrosswalkTest, NationwideNearlyAllAreSettledAndTheRestIsListed) {
  const double share =
      100.0 * static_cast<double>(outcome_.settled) / static_cast<double>(outcome_.lowest);
  std::cout << "settled " << outcome_.settled << " of " << outcome_.lowest << " (" << share
            << " %); the rest:\n"
            << WriteOpen(before_, after_, outcome_);
  EXPECT_GE(share, 97.0);
  EXPECT_EQ(outcome_.settled + outcome_.unplaced.size(), outcome_.lowest);
  for (const Match& match : outcome_.matches) {
    EXPECT_EQ(match.open(), !match.doubt.empty()) << match.mention.text;
  }
  EXPECT_TRUE(outcome_.unused_decisions.empty());
}

}  // namespace
}  // namespace fansipan::territory
