#include "territory/matcher.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "territory/event_text.h"
#include "territory/listing.h"

namespace fansipan::territory {
namespace {

// A province P of two districts, which becomes P2.
const std::vector<ListedUnit> kBefore = {
    {"P", "province", "Tỉnh Núi Xanh", "", "", 2},
    {"D1", "district", "Huyện Thượng", "P", "", 3},
    {"D2", "district", "Huyện Hạ", "P", "", 4},
    {"c1", "commune", "Xã Hoà An", "D1", "", 5},
    {"c2", "commune", "Xã Tân Lập", "D1", "", 6},
    {"c3", "commune", "Xã Tân Lập", "D2", "", 7},
    {"c4", "commune", "Thị trấn N.T Đồi Chè", "D2", "", 8},
    {"c5", "commune", "Xã Nàn Xín", "D2", "", 9},
    {"c6", "commune", "Xã Đồng Vui", "D2", "", 10},
};

std::vector<ListedUnit> After(std::vector<std::string> origins) {
  std::vector<ListedUnit> after = {{"P2", "province", "Tỉnh Núi Xanh", "", "tỉnh Núi Xanh", 2}};
  for (std::size_t i = 0; i < origins.size(); ++i) {
    const std::string code = "n" + std::to_string(i + 1);
    after.push_back({code, "commune", "Xã Mới " + code, "P2", origins[i], 3});
  }
  return after;
}

Match MatchOf(const MatchOutcome& outcome, std::string_view mention) {
  for (const Match& match : outcome.matches) {
    if (match.mention.text == mention) return match;
  }
  ADD_FAILURE() << "no mention " << mention;
  return {};
}

std::string CodeOf(const Match& match) {
  return match.units.size() == 1 ? kBefore[match.units.front()].code : "";
}

TEST(MatchOrigins, FindsUnitsByTheFormsOfTheirNames) {
  const auto after = After({"Xã Hòa An, Xã Tân Lập (huyện Thượng), Xã Đồng Vui",
                            "Thị trấn Nông trường Đồi Chè, Xã Nàn Sín, Xã Tân Lập"});
  const MatchOutcome outcome = MatchOrigins(kBefore, after, {});
  EXPECT_EQ(CodeOf(MatchOf(outcome, "Xã Hòa An")), "c1");
  EXPECT_EQ(MatchOf(outcome, "Xã Hòa An").method, Method::kToned);
  EXPECT_EQ(CodeOf(MatchOf(outcome, "Thị trấn Nông trường Đồi Chè")), "c4");
  EXPECT_EQ(CodeOf(MatchOf(outcome, "Xã Nàn Sín")), "c5");
  EXPECT_EQ(MatchOf(outcome, "Xã Nàn Sín").method, Method::kSpelling);
  EXPECT_EQ(outcome.matches.back().method, Method::kElsewhere);
  EXPECT_EQ(CodeOf(outcome.matches.back()), "c3");
  EXPECT_EQ(outcome.settled, 6U);
  EXPECT_TRUE(outcome.unplaced.empty());
}

TEST(MatchOrigins, LeavesOpenWhatCouldBeTwoUnits) {
  const auto after = After({"Xã Tân Lập", "Xã Hòa An, Xã Đồng Vui, Thị trấn NT Đồi Chè"});
  const MatchOutcome outcome = MatchOrigins(kBefore, after, {});
  const Match open = MatchOf(outcome, "Xã Tân Lập");
  EXPECT_TRUE(open.open());
  EXPECT_FALSE(open.doubt.empty());
  ASSERT_EQ(open.candidates.size(), 2U);
  EXPECT_EQ(open.candidates[0].score, 100);
  EXPECT_EQ(outcome.unplaced.size(), 3U);
  EXPECT_EQ(outcome.settled, 3U);
}

TEST(MatchOrigins, GuessesNoNameThatIsTwoLettersAway) {
  const auto after = After({"Xã Nàng Sín"});
  const Match open = MatchOf(MatchOrigins(kBefore, after, {}), "Xã Nàng Sín");
  EXPECT_TRUE(open.open());
  ASSERT_FALSE(open.candidates.empty());
  EXPECT_EQ(kBefore[open.candidates[0].unit].code, "c5");
}

TEST(MatchOrigins, FollowsDecisionsAndTellsUnusedOnes) {
  const auto after = After({"Xã Tân Lập", "Xã Tân Lạp"});
  const std::vector<Decision> decisions = {
      {"n1", "Xã Tân Lập", {"c3"}, "Nguyễn Văn A", "2025-08-01", "Nghị quyết, khoản 2", 2},
      {"n2", "Xã Tân Lập", {"c2"}, "Nguyễn Văn A", "2025-08-01", "viết sai tên", 3}};
  const MatchOutcome outcome = MatchOrigins(kBefore, after, decisions);
  EXPECT_EQ(MatchOf(outcome, "Xã Tân Lập").method, Method::kDecision);
  EXPECT_EQ(CodeOf(MatchOf(outcome, "Xã Tân Lập")), "c3");
  EXPECT_EQ(CodeOf(MatchOf(outcome, "Xã Tân Lạp")), "c2");
  EXPECT_EQ(outcome.unused_decisions, std::vector<std::size_t>{1});
}

TEST(MatchOrigins, TellsUnitsThatAreClaimedTwiceOrInPartOnly) {
  const auto after = After({"Xã Hòa An, một phần diện tích tự nhiên của Xã Đồng Vui",
                            "Xã Hòa An, Xã Nàn Xín (một phần)", "Xã Nàn Xín (phần còn lại)"});
  const MatchOutcome outcome = MatchOrigins(kBefore, after, {});
  std::vector<std::string> unplaced;
  for (const Unplaced& unit : outcome.unplaced) unplaced.push_back(kBefore[unit.unit].code);
  EXPECT_EQ(unplaced, (std::vector<std::string>{"c1", "c2", "c3", "c4", "c6"}));
}

TEST(WriteEvents, TellsMergesSplitsAndEnds) {
  auto after = After({"Xã Hòa An, một phần của Xã Đồng Vui",
                      "Xã Nàn Xín, Xã Đồng Vui (phần còn lại), Thị trấn NT Đồi Chè"});
  after.push_back({"c2", "commune", "Xã Tân Lập", "P2", "giữ nguyên", 9});
  const std::vector<Decision> decisions = {{"c2", "Xã Tân Lập", {"c2"}, "A", "2025-08-01", "x", 2},
                                           {"n1", "", {"c3"}, "A", "2025-08-01", "x", 3}};
  const MatchOutcome outcome = MatchOrigins(kBefore, after, decisions);
  EXPECT_TRUE(outcome.unplaced.size() == 1U) << WriteOpen(kBefore, after, outcome);
  const EventOptions options{"2025-07-01", "@old", "Nghị quyết 1"};
  EXPECT_EQ(WriteEvents(kBefore, after, outcome, options),
            "day,kind,from,to,share,system,basis\n"
            "2025-07-01,merge,P@old,P2,,,Nghị quyết 1\n"
            "2025-07-01,end,D1@old,,,,Nghị quyết 1\n"
            "2025-07-01,end,D2@old,,,,Nghị quyết 1\n"
            "2025-07-01,merge,c1@old,n1,,,Nghị quyết 1\n"
            "2025-07-01,parent,c2,,,,Nghị quyết 1\n"
            "2025-07-01,merge,c4@old,n2,,,Nghị quyết 1\n"
            "2025-07-01,merge,c5@old,n2,,,Nghị quyết 1\n"
            "2025-07-01,split,c6@old,n1,,,Nghị quyết 1\n"
            "2025-07-01,split,c6@old,n2,rest,,Nghị quyết 1\n");
}

TEST(WriteEvents, TellsNothingOfAUnitOfWhichAMentionIsOpen) {
  // n1 names a Tân Lập of which there are two; a part of Đồng Vui goes into it.
  const auto after = After({"Xã Hòa An, Xã Tân Lập, một phần của Xã Đồng Vui",
                            "Xã Nàn Xín, Xã Đồng Vui (phần còn lại), Thị trấn NT Đồi Chè"});
  const MatchOutcome outcome = MatchOrigins(kBefore, after, {});
  ASSERT_TRUE(MatchOf(outcome, "Xã Tân Lập").open());
  ASSERT_FALSE(MatchOf(outcome, "Xã Hòa An").open());
  const std::string events = WriteEvents(kBefore, after, outcome, {"2025-07-01", "", ""});
  EXPECT_EQ(events.find(",n1,"), std::string::npos) << events;
  EXPECT_EQ(events.find(",c6,"), std::string::npos) << events;
  EXPECT_NE(events.find("merge,c4,n2,"), std::string::npos) << events;
}

TEST(ReadListing, TellsWhatIsWrongWithItsLine) {
  const auto lines = [](std::string_view text) {
    std::vector<int> found;
    for (const auto& problem : ReadListing("before.csv", text, false).problems) {
      found.push_back(problem.line);
    }
    return found;
  };
  const std::string head = "code,level,full_name,parent\n";
  EXPECT_EQ(lines(head + "a,p,A,\nb,c,B,a\n"), std::vector<int>{});
  EXPECT_EQ(lines(head + "a,p,A,\na,c,B,\n"), std::vector<int>{3});
  EXPECT_EQ(lines(head + "a,p,A,x\n"), std::vector<int>{2});
  EXPECT_EQ(lines(head + "a,p,A,b\nb,p,B,a\n"), (std::vector<int>{2, 3}));
  EXPECT_EQ(lines("code,level\na,b\n"), std::vector<int>{1});
}

TEST(ReadDecisions, TellsWhatTheyNameInVain) {
  const auto after = After({"Xã Hòa An"});
  const auto lines = [&](const std::string& rows) {
    std::vector<int> found;
    const std::string text = "statement,mention,units,who,day,why\n" + rows;
    for (const auto& problem : ReadDecisions("decisions.csv", text, kBefore, after).problems) {
      found.push_back(problem.line);
    }
    return found;
  };
  EXPECT_EQ(lines("n1,Xã Hòa An,c1,A,2025-08-01,x\n"), std::vector<int>{});
  EXPECT_EQ(lines("n9,Xã Hòa An,c1,A,2025-08-01,x\n"), std::vector<int>{2});
  EXPECT_EQ(lines("n1,Xã Hòa An,c1 c9,A,2025-08-01,x\n"), std::vector<int>{2});
  EXPECT_EQ(lines("n1,,,A,2025-08-01,x\n"), std::vector<int>{2});
  EXPECT_EQ(lines("n1,Xã Hòa An,c1,,2025-08-01,x\n"), std::vector<int>{2});
  EXPECT_EQ(lines("n1,x,c1,A,2025-08-01,x\nn1,x,c2,A,2025-08-01,x\n"), std::vector<int>{3});
}

}  // namespace
}  // namespace fansipan::territory
