#include "sources/trial.h"

#include <gtest/gtest.h>

#include <utility>

#include "sources/internal/writings/refused_text.h"

namespace fansipan::sources {
namespace {

/// Takes each line of the payload as a raw row `number,channel`, but for an empty channel. A line
/// `+` belongs to the candidate of the line before.
class LineWorker final : public MappingWorker {
 public:
  base::Result<MappedDelivery> Map(const MappingJob& job) override {
    if (job.payload.empty()) return base::Error{base::ErrorCode::kInvalidArgument, "cut_off", ""};
    payload_ = std::make_shared<const std::string>(job.payload);
    const std::string_view text = *payload_;
    MappedDelivery mapped;
    mapped.result = payload_;
    mapped.datasets.push_back({"visit", {}});
    for (std::size_t begin = 0; begin < text.size();) {
      const std::size_t end = text.find('\n', begin);
      const std::string_view line = text.substr(begin, end - begin);
      const std::size_t comma = line.find(',');
      spans_.push_back({begin, line.size(), static_cast<std::uint32_t>(spans_.size() + 1)});
      mapped.offsets.push_back(begin);
      const auto row = static_cast<std::uint32_t>(spans_.size());
      if (line == "+") {
        mapped.datasets[0].rows.back().raw_rows.push_back(row);
      } else if (comma + 1 < line.size()) {
        mapped.datasets[0].rows.push_back({{line.substr(0, comma), line.substr(comma + 1)}, {row}});
      }
      begin = end + 1;
    }
    mapped.counts.raw_rows = spans_.size();
    mapped.counts.mapped = mapped.datasets[0].rows.size();
    mapped.counts.skipped = mapped.counts.raw_rows - mapped.counts.mapped;
    return mapped;
  }
  base::Result<LocatedRows> Locate(const MappingJob&,
                                   const std::vector<std::uint32_t>& rows) override {
    LocatedRows located;
    for (const std::uint32_t row : rows) located.spans.push_back(spans_[row - 1]);
    return located;
  }
  base::Result<std::string> DropBodies(const MappingJob& job) override { return job.payload; }

 private:
  std::shared_ptr<const std::string> payload_;
  std::vector<RawRowSpan> spans_;
};

class TrialTest : public testing::Test {
 protected:
  TrialTest() {
    model::Dataset dataset;
    dataset.name = "visit";
    dataset.kind = model::DatasetKind::kEvent;
    dataset.columns = {{.name = "number", .type = model::ColumnType::kInteger},
                       {.name = "channel", .one_of = {"counter", "online"}}};
    dataset.key = {0};
    center_.time_zone = *base::TimeZone::Find("Asia/Ho_Chi_Minh");
    center_.datasets = {dataset};
    source_.name = "desk";
    source_.mappings = {{.dataset = "visit"}};
  }

  base::Result<Trial> TryRows(std::string payload, std::size_t rows) {
    LineWorker worker;
    return Try({.center = &center_,
                .source = &source_,
                .payload = std::move(payload),
                .received_at = {},
                .rows = rows},
               worker);
  }

  center::Center center_;
  center::Source source_;
};

TEST_F(TrialTest, ShowsRawMappedAndRefused) {
  const auto trial = TryRows("1,counter\n2,\n3,online\n4,post\nx,counter\n", 2);
  ASSERT_TRUE(trial.ok());
  EXPECT_EQ(trial->counts.accepted, 2U);
  EXPECT_EQ(trial->counts.skipped, 1U);
  EXPECT_EQ(trial->reasons,
            (std::map<std::string, std::size_t>{{"not_allowed", 1}, {"not_an_integer", 1}}));
  ASSERT_EQ(trial->rows.size(), 4U);
  EXPECT_EQ(trial->rows[0].raw, "1,counter");
  ASSERT_EQ(trial->rows[0].candidates.size(), 1U);
  EXPECT_EQ(trial->rows[0].candidates[0].values[1],
            (std::pair<std::string, std::string>("channel", "counter")));
  EXPECT_TRUE(trial->rows[1].candidates.empty());
  EXPECT_EQ(trial->rows[2].raw_row, 4U);
  ASSERT_EQ(trial->rows[2].refused.size(), 1U);
  EXPECT_EQ(trial->rows[2].refused[0].column, "channel");
  EXPECT_EQ(trial->rows[3].span.offset, 29U);
}

TEST_F(TrialTest, ShowsWhatAMappingCouldNotReadAsItCame) {
  const auto trial =
      TryRows(internal::RefusedText(internal::NotWritten::kNumber, "776.2") + ",counter\n", 1);
  ASSERT_TRUE(trial.ok());
  ASSERT_EQ(trial->rows.size(), 1U);
  ASSERT_EQ(trial->rows[0].candidates.size(), 1U);
  EXPECT_EQ(trial->rows[0].candidates[0].values[0].second, "776.2");
  ASSERT_EQ(trial->rows[0].refused.size(), 1U);
  EXPECT_EQ(trial->rows[0].refused[0].column, "number");
}

TEST_F(TrialTest, ARefusedCandidateIsToldOfAtEachOfItsRows) {
  const auto trial = TryRows("1,post\n+\n+\n2,counter\n+\n3,post\n", 6);
  ASSERT_TRUE(trial.ok());
  ASSERT_EQ(trial->rows.size(), 6U);
  std::vector<std::size_t> faults;
  for (const TrialRow& row : trial->rows) faults.push_back(row.refused.size());
  EXPECT_EQ(faults, (std::vector<std::size_t>{1, 1, 1, 0, 0, 1}));
  EXPECT_EQ(trial->rows[2].refused[0].raw_row, 1U) << "the row that the candidate is told of by";
  EXPECT_EQ(trial->reasons.at("not_allowed"), 2U) << "counted once each";
}

TEST_F(TrialTest, ShowsNoMoreThanAsked) {
  const auto trial = TryRows("1,x\n2,x\n3,x\n4,x\n5,x\n", 1);
  ASSERT_TRUE(trial.ok());
  ASSERT_EQ(trial->rows.size(), 2U);
  EXPECT_EQ(trial->rows[0].raw_row, 1U);
  EXPECT_EQ(trial->rows[1].raw_row, 2U);
  EXPECT_EQ(trial->reasons.at("not_allowed"), 5U);
}

TEST_F(TrialTest, SaysWhyNothingCouldBeRead) {
  const auto trial = TryRows("", 1);
  ASSERT_FALSE(trial.ok());
  EXPECT_EQ(trial.error().reason, "cut_off");
}

}  // namespace
}  // namespace fansipan::sources
