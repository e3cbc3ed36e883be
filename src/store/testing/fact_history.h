#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "model/dataset.h"
#include "model/record.h"
#include "store/journal.h"

namespace fansipan::store {

/// Columns of the dataset `case` that tests of fact stores tell of.
enum CaseColumn : std::size_t {
  kCaseNumber,
  kCaseRevision,
  kCaseReceived,
  kCaseFinished,
  kCaseFiled,  ///< a date
  kCaseFee,
  kCasePages,
  kCaseUrgent,
  kCaseChannel,
  kCasePlace,
  kCaseColumns
};

/// Key: case_number; order: revision.
model::Dataset CaseDataset();
DatasetColumns ColumnsOf(const model::Dataset& dataset);

/// A case with every other column missing.
model::Row CaseRow(const std::string& number, std::int64_t revision);

/// A moment of 2026, `hours` after its first in UTC.
base::Timestamp Hour(int hours);

/// Builds journal entries one after the other, each with one delivery, giving out sequences, and
/// says of each version what it follows under the dataset as it is then.
class FactHistory {
 public:
  explicit FactHistory(model::Dataset dataset) : dataset_(std::move(dataset)) {}

  /// A new entry with a delivery that puts in the rows; `replay_of` makes it a replay.
  JournalEntry Deliver(const std::vector<model::Row>& rows,
                       std::optional<model::Sequence> replay_of = std::nullopt);
  /// A new entry in which the center tells a version's row again with other values.
  JournalEntry TellAgain(const model::Version& version, model::Row values);
  model::Sequence last() const { return model::Sequence{sequence_}; }
  model::Dataset& dataset() { return dataset_; }

 private:
  JournalEntry NextEntry();
  /// By a plain look at all versions so far.
  model::Standing StandingOf(const model::Version& version) const;
  void Add(model::Version version, CommittedDelivery& committed);
  bool HaveSameKey(const model::Version& left, const model::Version& right) const;

  model::Dataset dataset_;
  std::vector<model::Version> versions_;
  std::uint64_t number_ = 0;
  std::uint64_t sequence_ = 0;
  std::uint32_t revision_ = 0;
};

/// Texts that would do harm or fail if one ever became a part of a statement.
const std::vector<std::string>& InjectionCorpus();

model::Expression Name(std::string name);
model::Expression Literal(model::Value value);
model::Expression Operation(model::Operator operation, std::vector<model::Expression> operands);
model::Expression Call(std::string function, std::vector<model::Expression> operands);

}  // namespace fansipan::store
