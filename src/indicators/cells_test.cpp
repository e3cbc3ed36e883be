#include "indicators/cells.h"

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace fansipan::indicators {
namespace {

model::UnitTree MakeTree(model::TreeKind kind) {
  std::vector<model::Unit> units(4);
  for (std::size_t i = 0; i < units.size(); ++i) {
    units[i].code = std::to_string(i);
    if (i > 0) units[i].parent = {0};
  }
  return model::UnitTree::Build(kind, std::move(units), {}).value();
}

std::shared_ptr<const CellLayout> MakeLayout() {
  CellLayout layout;
  layout.Add(0, CellLayout::Keeps::kCount);
  layout.Add(0, CellLayout::Keeps::kSum);
  layout.Add(1, CellLayout::Keeps::kValues);
  return std::make_shared<const CellLayout>(std::move(layout));
}

constexpr std::uint32_t kTuples = 5;
constexpr std::uint32_t kValues = 50;

class CellsTest : public ::testing::Test {
 protected:
  Cells Empty() const { return {territory_, organisation_, layout_}; }

  Delta Random() {
    const auto below = [&](std::uint32_t limit) {
      return static_cast<std::uint32_t>(random_() % limit);
    };
    Delta delta;
    delta.measure = below(3);
    delta.cell = {delta.measure / 2,
                  {below(4)},
                  {below(4)},
                  static_cast<int>(below(90)) - 45,
                  below(kTuples)};
    delta.count = static_cast<std::int64_t>(below(7)) - 3;
    if (delta.measure == 1) delta.sum = (static_cast<model::Int128>(below(9)) - 4) << 70U;
    if (delta.measure == 2) delta.value = 1 + below(kValues);
    return delta;
  }

  static CellRange Whole(std::uint32_t unit) {
    return {model::TreeKind::kTerritory, {unit}, -1'000, 1'000, {}};
  }

  const model::UnitTree territory_ = MakeTree(model::TreeKind::kTerritory);
  const model::UnitTree organisation_ = MakeTree(model::TreeKind::kOrganisation);
  const std::shared_ptr<const CellLayout> layout_ = MakeLayout();
  std::mt19937_64 random_{3};
};

TEST_F(CellsTest, AddUpToTheDeltasOfAnyRangeUnitAndTuple) {
  Cells cells = Empty();
  std::vector<Delta> deltas;
  for (int i = 0; i < 3'000; ++i) {
    deltas.push_back(Random());
    cells.Apply(deltas.back());
  }
  for (int i = 0; i < 300; ++i) {
    const Delta wanted = Random();
    const bool of_tuple = i % 2 == 0;
    CellRange range{model::TreeKind::kTerritory,
                    wanted.cell.territory,
                    wanted.cell.leaf,
                    wanted.cell.leaf + i % 70,
                    {}};
    if (of_tuple) range.accepts = [&](auto tuple) { return tuple == wanted.cell.dimensions; };
    Accumulator sum;
    std::map<std::uint32_t, std::int64_t> values;
    for (const Delta& delta : deltas) {
      const bool inside = delta.measure == wanted.measure &&
                          territory_.IsWithin(delta.cell.territory, range.unit) &&
                          delta.cell.leaf >= range.first && delta.cell.leaf < range.last &&
                          (!of_tuple || delta.cell.dimensions == wanted.cell.dimensions);
      if (!inside) continue;
      sum.count += delta.count;
      sum.sum += delta.sum;
      if (delta.value != 0) values[delta.value] += delta.count;
    }
    std::erase_if(values, [](const auto& value) { return value.second == 0; });
    const Accumulator read = cells.Read(wanted.measure, wanted.cell.measure_set, range);
    EXPECT_EQ(read.count, sum.count);
    EXPECT_TRUE(read.sum == sum.sum);
    EXPECT_EQ(read.values, (decltype(read.values)(values.begin(), values.end())));
  }
}

TEST_F(CellsTest, AreNotChangedByWhatTheirCopyIsGiven) {
  Cells cells = Empty();
  for (int i = 0; i < 200; ++i) cells.Apply(Random());
  const std::int64_t before = cells.Read(0, 0, Whole(0)).count;
  Cells copy = cells;
  Delta more;
  more.cell = {0, {1}, {1}, 3, 0};
  more.count = 1'000;
  copy.Apply(more);
  EXPECT_EQ(cells.Read(0, 0, Whole(0)).count, before);
  EXPECT_EQ(copy.Read(0, 0, Whole(0)).count, before + 1'000);
  more.cell.leaf = 40;
  cells.Apply(more);
  EXPECT_EQ(copy.Read(0, 0, Whole(0)).count, before + 1'000);
}

TEST_F(CellsTest, CountAValueMoreOftenThanFourBytesCan) {
  Cells cells = Empty();
  Delta many;
  many.cell = {1, {1}, {1}, 3, 0};
  many.measure = 2;
  many.value = 7;
  many.count = 3'000'000'000;
  cells.Apply(many);
  cells.Apply(many);
  many.count = -1;
  cells.Apply(many);
  const auto values = cells.Read(2, 1, Whole(0)).values;
  ASSERT_EQ(values.size(), 1U);
  EXPECT_EQ(values[0].second, 5'999'999'999);
  many.count = -5'999'999'999;
  cells.Apply(many);
  EXPECT_TRUE(cells.Read(2, 1, Whole(0)).values.empty());
}

TEST_F(CellsTest, ChunksComeBackFromTheirBytes) {
  Cells cells = Empty();
  for (int i = 0; i < 2'000; ++i) cells.Apply(Random());
  Cells again = Empty();
  for (std::uint32_t set = 0; set < layout_->sets(); ++set) {
    cells.ForEachChunk(set, [&](const CellChunkKey& key, const CellChunk& chunk) {
      std::string bytes;
      chunk.Encode(*layout_, set, bytes);
      auto decoded = CellChunk::Decode(*layout_, set, {kTuples, kValues}, bytes);
      ASSERT_TRUE(decoded.ok());
      EXPECT_EQ(decoded->changes(), chunk.changes());
      EXPECT_FALSE(CellChunk::Decode(*layout_, set, {1, 1}, bytes).ok());
      EXPECT_FALSE(CellChunk::Decode(*layout_, set, {kTuples, kValues}, bytes + '\0').ok());
      again.Append(key, *std::move(decoded));
    });
  }
  for (std::uint32_t unit = 0; unit < 4; ++unit) {
    for (MeasureId measure = 0; measure < 3; ++measure) {
      const Accumulator left = cells.Read(measure, measure / 2, Whole(unit));
      const Accumulator right = again.Read(measure, measure / 2, Whole(unit));
      EXPECT_EQ(left.count, right.count);
      EXPECT_TRUE(left.sum == right.sum);
      EXPECT_EQ(left.values, right.values);
    }
    EXPECT_EQ(cells.TuplesIn(0, Whole(unit)), again.TuplesIn(0, Whole(unit)));
  }
}

}  // namespace
}  // namespace fansipan::indicators
