#include "indicators/cell_chunk.h"

#include <algorithm>
#include <iterator>

#include "indicators/internal/bytes.h"

namespace fansipan::indicators {
namespace {

constexpr std::int64_t kLeastCount = std::numeric_limits<std::int32_t>::min();
constexpr std::int64_t kMostCount = std::numeric_limits<std::int32_t>::max();
// Far above what a center can hold.
constexpr std::int64_t kMaxStoredCount = 1LL << 48U;
constexpr model::Int128 kMaxStoredSum = static_cast<model::Int128>(1) << 126U;

/// Vectors of a chunk grow by a quarter: there are very many of them, and most stay as they are.
template <typename Element>
void MakeRoom(std::vector<Element>& elements, std::size_t more) {
  constexpr std::size_t kLeast = 4;
  const std::size_t needed = elements.size() + more;
  if (needed <= elements.capacity()) return;
  elements.reserve(needed + std::max(elements.size() / 4, kLeast * more));
}

model::Int128 Joined(std::int64_t low, std::int64_t high) {
  const auto wide = static_cast<model::Int128>(high) << 64U;
  return wide | static_cast<model::Int128>(static_cast<std::uint64_t>(low));
}

void AddTo(std::int64_t& low, std::int64_t& high, model::Int128 number) {
  const model::Int128 sum = Joined(low, high) + number;
  low = static_cast<std::int64_t>(sum);
  high = static_cast<std::int64_t>(sum >> 64U);
}

base::Error Corrupt() {
  return {base::ErrorCode::kCorrupt, "cell_log_seal", "the cells of a seal are damaged"};
}

}  // namespace

void CellLayout::Add(std::uint32_t set, Keeps keeps) {
  if (set >= sets_.size()) sets_.resize(set + 1);
  Set& with = sets_[set];
  Column column{set, with.words, keeps == Keeps::kSum, kNone};
  with.words += column.has_sum ? 3 : 1;
  if (keeps == Keeps::kValues) column.values = with.multisets++;
  with.measures.push_back(static_cast<MeasureId>(columns_.size()));
  columns_.push_back(column);
}

void CombineValues(std::vector<std::pair<std::uint32_t, std::int64_t>>& values) {
  if (values.size() < 2) return;
  const auto lower = [](const auto& left, const auto& right) { return left.first < right.first; };
  const std::uint32_t most = std::max_element(values.begin(), values.end(), lower)->first;
  constexpr std::size_t kSparse = 8;
  if (most / kSparse <= values.size()) {
    // Ids are dense: counting by id is quicker than sorting.
    std::vector<std::int64_t> counts(static_cast<std::size_t>(most) + 1);
    for (const auto& [value, count] : values) counts[value] += count;
    values.clear();
    for (std::uint32_t value = 0; value <= most; ++value) {
      if (counts[value] != 0) values.emplace_back(value, counts[value]);
    }
    return;
  }
  std::sort(values.begin(), values.end(), lower);
  std::size_t kept = 0;
  for (std::size_t i = 0; i < values.size();) {
    auto sum = values[i];
    for (++i; i < values.size() && values[i].first == sum.first; ++i)
      sum.second += values[i].second;
    if (sum.second != 0) values[kept++] = sum;
  }
  values.resize(kept);
}

CellChunk::CellChunk(const CellLayout::Set& set)
    : width_(set.words),
      multisets_(set.multisets),
      totals_(static_cast<std::size_t>(set.words) * kLeaves) {}

std::uint32_t CellChunk::RowOf(std::uint32_t leaf, std::uint32_t tuple) {
  const auto begin = tuples_.begin() + starts_[leaf];
  const auto end = tuples_.begin() + starts_[leaf + 1];
  const auto at = std::lower_bound(begin, end, tuple);
  const auto row = static_cast<std::uint32_t>(at - tuples_.begin());
  if (at != end && *at == tuple) return row;
  MakeRoom(tuples_, 1);
  tuples_.insert(tuples_.begin() + row, tuple);
  MakeRoom(words_, width_);
  words_.insert(words_.begin() + static_cast<std::ptrdiff_t>(row) * width_, width_, 0);
  if (multisets_ > 0) {
    MakeRoom(values_, multisets_);
    values_.insert(values_.begin() + static_cast<std::ptrdiff_t>(row) * multisets_, multisets_, {});
  }
  for (std::uint32_t after = leaf + 1; after <= kLeaves; ++after) ++starts_[after];
  return row;
}

void CellChunk::AddNumber(std::uint32_t row, std::uint32_t leaf, std::uint32_t word,
                          std::int64_t number) {
  words_[static_cast<std::size_t>(row) * width_ + word] += number;
  totals_[static_cast<std::size_t>(word) * kLeaves + leaf] += number;
}

void CellChunk::AddWide(std::uint32_t row, std::uint32_t leaf, std::uint32_t word,
                        model::Int128 number) {
  std::int64_t* of_row = &words_[static_cast<std::size_t>(row) * width_ + word];
  AddTo(of_row[0], of_row[1], number);
  std::int64_t* of_leaf = &totals_[static_cast<std::size_t>(word) * kLeaves + leaf];
  AddTo(of_leaf[0], of_leaf[kLeaves], number);
}

void CellChunk::AddValue(Multiset& multiset, std::uint32_t value, std::int64_t count) {
  auto at = std::lower_bound(
      multiset.begin(), multiset.end(), value,
      [](const ValueCount& held, std::uint32_t wanted) { return held.value < wanted; });
  if (at != multiset.end() && at->value == value) {
    const std::int64_t sum = at->count + count;
    if (sum == 0) {
      multiset.erase(at);
      return;
    }
    if (kLeastCount <= sum && sum <= kMostCount) {
      at->count = static_cast<std::int32_t>(sum);
      return;
    }
  }
  // What is more than one number holds stands in several, the smallest first.
  const std::int64_t most = count < 0 ? kLeastCount : kMostCount;
  const auto full = static_cast<std::size_t>(count / most);
  const auto rest = static_cast<std::int32_t>(count % most);
  const auto position = at - multiset.begin();
  MakeRoom(multiset, 1);
  multiset.insert(multiset.begin() + position, full, {value, static_cast<std::int32_t>(most)});
  if (rest != 0) multiset.insert(multiset.begin() + position, {value, rest});
}

void CellChunk::Apply(const CellLayout& layout, std::span<const Delta> of_one_cell) {
  const CellKey& cell = of_one_cell.front().cell;
  const auto leaf = static_cast<std::uint32_t>(cell.leaf) & (kLeaves - 1);
  const std::uint32_t row = RowOf(leaf, cell.dimensions);
  changes_ += of_one_cell.size();
  for (const Delta& delta : of_one_cell) {
    ApplyTo(row, leaf, layout.column(delta.measure), delta);
  }
}

void CellChunk::ApplyTo(std::uint32_t row, std::uint32_t leaf, const CellLayout::Column& column,
                        const Delta& delta) {
  AddNumber(row, leaf, column.word, delta.count);
  if (column.has_sum && delta.sum != 0) AddWide(row, leaf, column.word + 1, delta.sum);
  if (column.values == CellLayout::kNone || delta.value == 0) return;
  AddValue(values_[static_cast<std::size_t>(row) * multisets_ + column.values], delta.value,
           delta.count);
}

void CellChunk::Add(const CellLayout& layout, std::uint32_t set, const CellChunk& other) {
  changes_ += other.changes_;
  for (std::uint32_t leaf = 0; leaf < kLeaves; ++leaf) {
    for (std::uint32_t from = other.starts_[leaf]; from < other.starts_[leaf + 1]; ++from) {
      AddRow(layout.set(set).measures, layout, leaf, other, from);
    }
  }
}

void CellChunk::AddRow(const std::vector<MeasureId>& measures, const CellLayout& layout,
                       std::uint32_t leaf, const CellChunk& other, std::uint32_t from) {
  const std::uint32_t row = RowOf(leaf, other.tuples_[from]);
  const std::int64_t* words = &other.words_[static_cast<std::size_t>(from) * width_];
  for (const MeasureId measure : measures) {
    const CellLayout::Column& column = layout.column(measure);
    AddNumber(row, leaf, column.word, words[column.word]);
    if (!column.has_sum) continue;
    AddWide(row, leaf, column.word + 1, Joined(words[column.word + 1], words[column.word + 2]));
  }
  for (std::uint32_t i = 0; i < multisets_; ++i) {
    Multiset& to = values_[static_cast<std::size_t>(row) * multisets_ + i];
    const Multiset& more = other.values_[static_cast<std::size_t>(from) * multisets_ + i];
    for (const auto& [value, count] : more) AddValue(to, value, count);
  }
}

void CellChunk::ReadTotals(const CellLayout::Column& column, std::uint32_t first,
                           std::uint32_t last, Accumulator& total) const {
  const std::int64_t* counts = &totals_[static_cast<std::size_t>(column.word) * kLeaves];
  for (std::uint32_t leaf = first; leaf < last; ++leaf) total.count += counts[leaf];
  if (!column.has_sum) return;
  const std::int64_t* low = counts + kLeaves;
  for (std::uint32_t leaf = first; leaf < last; ++leaf) {
    total.sum += Joined(low[leaf], low[leaf + kLeaves]);
  }
}

void CellChunk::ReadRow(const CellLayout::Column& column, std::uint32_t row,
                        Accumulator& total) const {
  const std::int64_t* words = &words_[static_cast<std::size_t>(row) * width_ + column.word];
  total.count += words[0];
  if (column.has_sum) total.sum += Joined(words[1], words[2]);
  if (column.values == CellLayout::kNone) return;
  for (const auto& [value, count] :
       values_[static_cast<std::size_t>(row) * multisets_ + column.values]) {
    total.values.emplace_back(value, count);
  }
}

void CellChunk::Read(const CellLayout::Column& column, std::uint32_t first, std::uint32_t last,
                     const Accepts& accepts, Accumulator& total) const {
  if (!accepts && column.values == CellLayout::kNone) {
    ReadTotals(column, first, last, total);
    return;
  }
  for (std::uint32_t row = starts_[first]; row < starts_[last]; ++row) {
    if (!accepts || accepts(tuples_[row])) ReadRow(column, row, total);
  }
}

void CellChunk::AppendTuples(std::uint32_t first, std::uint32_t last,
                             std::vector<std::uint32_t>& tuples) const {
  tuples.insert(tuples.end(), tuples_.begin() + starts_[first], tuples_.begin() + starts_[last]);
}

/// Both directions beside each other, so that they stay the same.
class CellChunk::Coding {
 public:
  static void EncodeValues(const Multiset& multiset, internal::ByteWriter& writer) {
    std::vector<std::pair<std::uint32_t, std::int64_t>> values;
    values.reserve(multiset.size());
    for (const auto& [value, count] : multiset) {
      if (!values.empty() && values.back().first == value) {
        values.back().second += count;
      } else {
        values.emplace_back(value, count);
      }
    }
    std::erase_if(values, [](const auto& value) { return value.second == 0; });
    writer.Varint(values.size());
    std::uint32_t before = 0;
    for (const auto& [value, count] : values) {
      writer.Varint(value - before - 1);
      writer.Signed(count);
      before = value;
    }
  }

  static void DecodeValues(internal::ByteReader& reader, std::size_t bound, Multiset& multiset) {
    const std::size_t count = reader.Count(2);
    multiset.reserve(count);
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < count && !reader.failed(); ++i) {
      value += reader.UpTo(bound) + 1;
      const std::int64_t times = reader.SignedUpTo(kMaxStoredCount);
      if (value > bound || times == 0) reader.Fail();
      if (!reader.failed()) AddValue(multiset, static_cast<std::uint32_t>(value), times);
    }
  }

  static void DecodeRow(const CellLayout& layout, std::uint32_t set, internal::ByteReader& reader,
                        std::uint32_t row, std::uint32_t leaf, CellChunk& chunk) {
    for (const MeasureId measure : layout.set(set).measures) {
      const CellLayout::Column& column = layout.column(measure);
      chunk.AddNumber(row, leaf, column.word, reader.SignedUpTo(kMaxStoredCount));
      if (!column.has_sum) continue;
      const model::Int128 sum = reader.Wide();
      if (sum < -kMaxStoredSum || sum > kMaxStoredSum) reader.Fail();
      if (!reader.failed()) chunk.AddWide(row, leaf, column.word + 1, sum);
    }
  }
};

void CellChunk::Encode(const CellLayout& layout, std::uint32_t set, std::string& bytes) const {
  internal::ByteWriter writer(bytes);
  writer.Varint(changes_);
  for (std::uint32_t leaf = 0; leaf < kLeaves; ++leaf) {
    writer.Varint(starts_[leaf + 1] - starts_[leaf]);
    std::uint32_t next = 0;
    for (std::uint32_t row = starts_[leaf]; row < starts_[leaf + 1]; ++row) {
      writer.Varint(tuples_[row] - next);
      next = tuples_[row] + 1;
      for (const MeasureId measure : layout.set(set).measures) {
        const CellLayout::Column& column = layout.column(measure);
        const std::int64_t* words = &words_[static_cast<std::size_t>(row) * width_ + column.word];
        writer.Signed(words[0]);
        if (column.has_sum) writer.Wide(Joined(words[1], words[2]));
      }
      for (std::uint32_t i = 0; i < multisets_; ++i) {
        Coding::EncodeValues(values_[static_cast<std::size_t>(row) * multisets_ + i], writer);
      }
    }
  }
}

base::Result<CellChunk> CellChunk::Decode(const CellLayout& layout, std::uint32_t set,
                                          const CellChunkBounds& bounds, std::string_view bytes) {
  internal::ByteReader reader(bytes);
  CellChunk chunk(layout.set(set));
  chunk.changes_ = reader.Varint();
  for (std::uint32_t leaf = 0; leaf < kLeaves && !reader.failed(); ++leaf) {
    const std::size_t rows = reader.Count(1 + chunk.width_ / 3);
    std::uint64_t next = 0;
    for (std::size_t i = 0; i < rows && !reader.failed(); ++i) {
      const std::uint64_t tuple = next + reader.UpTo(bounds.tuples);
      if (tuple >= bounds.tuples) reader.Fail();
      if (reader.failed()) break;
      next = tuple + 1;
      const auto row = static_cast<std::uint32_t>(chunk.tuples_.size());
      chunk.tuples_.push_back(static_cast<std::uint32_t>(tuple));
      chunk.words_.resize(chunk.words_.size() + chunk.width_);
      Coding::DecodeRow(layout, set, reader, row, leaf, chunk);
      for (std::uint32_t k = 0; k < chunk.multisets_; ++k) {
        Coding::DecodeValues(reader, bounds.values, chunk.values_.emplace_back());
      }
    }
    chunk.starts_[leaf + 1] = static_cast<std::uint32_t>(chunk.tuples_.size());
  }
  if (!reader.finished()) return Corrupt();
  chunk.tuples_.shrink_to_fit();
  chunk.words_.shrink_to_fit();
  chunk.values_.shrink_to_fit();
  return chunk;
}

}  // namespace fansipan::indicators
