#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "indicators/delta.h"

namespace fansipan::indicators {

/// Which numbers a cell of each measure set holds: per measure a count, and a sum or the values it
/// keeps where its aggregate needs them.
class CellLayout {
 public:
  enum class Keeps { kCount, kSum, kValues };
  static constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();

  /// Where a measure's numbers stand in a cell.
  struct Column {
    std::uint32_t set = 0;
    std::uint32_t word = 0;  ///< of the count; a sum follows in two words, low one first
    bool has_sum = false;
    std::uint32_t values = kNone;  ///< number of its multiset
  };
  struct Set {
    std::uint32_t words = 0;
    std::uint32_t multisets = 0;
    std::vector<MeasureId> measures;
  };

  /// The next measure; they come in the order of their ids.
  void Add(std::uint32_t set, Keeps keeps);
  const Column& column(MeasureId id) const { return columns_[id]; }
  const Set& set(std::size_t index) const { return sets_[index]; }
  std::size_t sets() const { return sets_.size(); }

 private:
  std::vector<Column> columns_;
  std::vector<Set> sets_;
};

/// What a measure adds up to in some cells. Addition only, so that any grouping gives the same.
struct Accumulator {
  std::int64_t count = 0;
  model::Int128 sum = 0;
  /// Multiset: value id → how often, by id; never zero.
  std::vector<std::pair<std::uint32_t, std::int64_t>> values;
};

/// Brings values that were gathered in any order, some of them several times, into that form.
void CombineValues(std::vector<std::pair<std::uint32_t, std::int64_t>>& values);

/// Highest ids plus one that a stored chunk may name.
struct CellChunkBounds {
  std::size_t tuples = 0;
  std::size_t values = 0;  ///< ids of values count from 1
};

/// The cells of one measure set in one unit over 32 leaves of time. Rows of plain numbers ordered
/// by leaf and dimension tuple, and beside them totals over all tuples, so that what asks for no
/// dimension reads 32 numbers next to each other. A value; changing it is its owner's.
class CellChunk {
 public:
  static constexpr int kLeafBits = 5;
  static constexpr std::uint32_t kLeaves = 1U << kLeafBits;
  using Accepts = std::function<bool(std::uint32_t)>;

  explicit CellChunk(const CellLayout::Set& set);

  /// Adds deltas of one cell, whose leaf lies in this chunk; at least one.
  void Apply(const CellLayout& layout, std::span<const Delta> of_one_cell);
  /// Adds the cells of another chunk of the same measure set.
  void Add(const CellLayout& layout, std::uint32_t set, const CellChunk& other);
  /// Adds leaves `first` to `last` (excluded, both from 0 to kLeaves) to `total`, whose values must
  /// be combined afterwards.
  void Read(const CellLayout::Column& column, std::uint32_t first, std::uint32_t last,
            const Accepts& accepts, Accumulator& total) const;
  /// Calls visit(leaf, tuple, sum) for every row.
  template <typename Visit>
  void ForEach(const CellLayout::Column& column, Visit visit) const {
    for (std::uint32_t leaf = 0; leaf < kLeaves; ++leaf) {
      for (std::uint32_t row = starts_[leaf]; row < starts_[leaf + 1]; ++row) {
        Accumulator sum;
        ReadRow(column, row, sum);
        CombineValues(sum.values);
        visit(leaf, tuples_[row], sum);
      }
    }
  }
  void AppendTuples(std::uint32_t first, std::uint32_t last,
                    std::vector<std::uint32_t>& tuples) const;

  /// How many deltas were ever applied: tells whether it is still what it was.
  std::uint64_t changes() const { return changes_; }
  std::size_t rows() const { return tuples_.size(); }

  /// The bytes that a seal keeps of it. What decodes encodes to the same bytes.
  void Encode(const CellLayout& layout, std::uint32_t set, std::string& bytes) const;
  /// kCorrupt.
  static base::Result<CellChunk> Decode(const CellLayout& layout, std::uint32_t set,
                                        const CellChunkBounds& bounds, std::string_view bytes);

 private:
  /// A count that does not fit takes several of them.
  struct ValueCount {
    std::uint32_t value = 0;
    std::int32_t count = 0;
  };
  using Multiset = std::vector<ValueCount>;
  static void AddValue(Multiset& multiset, std::uint32_t value, std::int64_t count);

  std::uint32_t RowOf(std::uint32_t leaf, std::uint32_t tuple);
  void ApplyTo(std::uint32_t row, std::uint32_t leaf, const CellLayout::Column& column,
               const Delta& delta);
  void AddRow(const std::vector<MeasureId>& measures, const CellLayout& layout, std::uint32_t leaf,
              const CellChunk& other, std::uint32_t from);
  void AddNumber(std::uint32_t row, std::uint32_t leaf, std::uint32_t word, std::int64_t number);
  void AddWide(std::uint32_t row, std::uint32_t leaf, std::uint32_t word, model::Int128 number);
  void ReadRow(const CellLayout::Column& column, std::uint32_t row, Accumulator& total) const;
  void ReadTotals(const CellLayout::Column& column, std::uint32_t first, std::uint32_t last,
                  Accumulator& total) const;

  class Coding;

  std::uint64_t changes_ = 0;
  std::uint32_t width_;                              ///< words of a row
  std::uint32_t multisets_;                          ///< of a row
  std::array<std::uint32_t, kLeaves + 1> starts_{};  ///< first row of each leaf
  std::vector<std::uint32_t> tuples_;                ///< of each row
  std::vector<std::int64_t> words_;                  ///< row by row
  std::vector<Multiset> values_;                     ///< row by row
  std::vector<std::int64_t> totals_;                 ///< word by word, kLeaves each
};

}  // namespace fansipan::indicators
