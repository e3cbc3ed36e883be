#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <vector>

#include "base/clock.h"
#include "center/source_contract.h"
#include "model/record.h"

namespace fansipan::sources {

/// What is remembered of each source's deliveries to compare further ones with: the raw columns of
/// the last good one, and how many rows the last ones had. Follows from the journal alone, so that
/// a start finds what was known before it. One thread.
class ContractMemory {
  struct Known {
    model::Sequence reference{};
    base::Timestamp received_at;                ///< of the reference
    std::vector<model::ColumnProfile> columns;  ///< of it; empty: there is none
    bool drifted = false;                       ///< the last delivery that was compared
    std::deque<std::uint64_t> rows;             ///< of the last accepted ones, the oldest first
  };

 public:
  /// What was known of some sources before deliveries of them were learnt.
  class Before {
    friend class ContractMemory;
    std::map<std::string, Known, std::less<>> sources_;
  };

  /// Takes in a delivery that is recorded, or is about to be: further ones are judged by it.
  void Learn(const model::Delivery& delivery);
  /// Keeps what is known of the source, unless `before` has it from earlier.
  void Keep(const std::string& source, Before& before) const;
  /// Deliveries that were learnt could not be recorded.
  void Restore(const Before& before);
  /// Sets what the delivery shows beside its control totals: drift and volume. A replay keeps what
  /// was found when its payload came. Drops the columns again where nothing later needs them.
  void Judge(const center::Source& source, model::Delivery& delivery) const;

 private:
  static void JudgeSchema(const center::SourceContract& contract, const Known& known,
                          const model::Delivery& delivery, model::ContractFacts& facts);

  std::map<std::string, Known, std::less<>> sources_;
};

}  // namespace fansipan::sources
