#include "center/connectors/query_text.h"

#include <gtest/gtest.h>

namespace fansipan::center {
namespace {

std::vector<std::string> PartsOf(std::string_view sql) {
  QueryFault fault;
  auto text = ReadQueryText(sql, fault);
  return text.ok() ? text->parts : std::vector<std::string>{"refused: " + fault.message};
}

std::size_t FaultOf(std::string_view sql) {
  QueryFault fault;
  const auto text = ReadQueryText(sql, fault);
  EXPECT_FALSE(text.ok()) << sql;
  return fault.offset;
}

TEST(QueryText, IsTakenApartAtItsPosition) {
  EXPECT_EQ(PartsOf("SELECT 1"), (std::vector<std::string>{"SELECT 1"}));
  EXPECT_EQ(PartsOf("SELECT a FROM t WHERE b >= $since::date AND c >= $since ;\n"),
            (std::vector<std::string>{"SELECT a FROM t WHERE b >= ", "::date AND c >= ", " "}));
  EXPECT_EQ(PartsOf("-- cases; $since\n with x as (select 1) select * from x").size(), 1U);
}

TEST(QueryText, LeavesTextsNamesAndCommentsAlone) {
  for (const std::string_view sql : {"SELECT '$since; ? $1', 'it''s $1'", "SELECT \"a;$b\" FROM t",
                                     "SELECT `a;?` FROM t", "SELECT 1 /* ; $1 ? */ -- ; $2"}) {
    EXPECT_EQ(PartsOf(sql), (std::vector<std::string>{std::string(sql)}));
  }
}

TEST(QueryText, SaysWhereItCannotBeUsed) {
  EXPECT_EQ(FaultOf("SELECT 1; DROP TABLE t"), 10U);
  EXPECT_EQ(FaultOf("  DELETE FROM t"), 2U);
  EXPECT_EQ(FaultOf("SELECT $1"), 7U);
  EXPECT_EQ(FaultOf("SELECT $sincere"), 7U);
  EXPECT_EQ(FaultOf("SELECT $$a$$"), 7U);
  EXPECT_EQ(FaultOf("SELECT ?"), 7U);
  EXPECT_EQ(FaultOf(" -- nothing\n"), 0U);
  EXPECT_EQ(FaultOf("selection"), 0U);
}

}  // namespace
}  // namespace fansipan::center
