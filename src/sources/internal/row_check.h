#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "center/center.h"
#include "model/record.h"
#include "model/row_condition.h"
#include "sources/mapping_worker.h"

namespace fansipan::sources::internal {

inline constexpr std::string_view kMasked = "•••";

/// Where the raw rows of a delivery stand, see MappedDelivery.
struct RawRowPlaces {
  const std::vector<std::uint64_t>& offsets;
  std::string_view part;  ///< of a converted file: sheet 'M09', layer 'xa'; else empty
};

/// Checks candidates of one dataset, each by itself. Lives within one delivery.
class RowCheck {
 public:
  RowCheck(const model::Dataset& dataset, const center::Center& center, const RawRowPlaces& places);

  /// The version's values, with `withdrawn` set; nothing when the candidate is quarantined: what is
  /// wrong with it is then added to `quarantined`. An accepted one passes declared checks of
  /// values.
  std::optional<model::Version> Check(const Candidate& candidate, bool is_accepted,
                                      std::vector<model::QuarantinedRow>& quarantined) const;

  /// An entry about the whole of a row.
  model::QuarantinedRow EntryFor(const std::vector<std::uint32_t>& raw_rows,
                                 std::string_view reason, std::string message) const;
  /// The key of a row as people read it, personal columns masked.
  std::string KeyText(const model::Row& values) const;

 private:
  struct Rule {
    model::RowCondition condition;
    std::string text;
  };
  struct Place {
    model::PlaceColumn column;
    const model::UnitTree* tree;
  };
  struct Fault {
    std::string reason;
    std::string message;
  };

  std::optional<Fault> CheckColumn(std::size_t index, const std::optional<std::string_view>& text,
                                   bool is_accepted, model::Value& value) const;
  std::optional<Fault> CheckMissing(std::size_t index) const;
  std::optional<Fault> CheckPeriod(model::Value& value) const;
  std::optional<Fault> CheckPlace(std::size_t index, const model::Value& value) const;
  bool IsKey(std::size_t index) const;

  const model::Dataset& dataset_;
  const center::Center& center_;
  const base::TimeZone& zone_;
  const RawRowPlaces raw_rows_;
  std::vector<Rule> rules_;
  std::optional<model::RowCondition> withdrawn_;
  std::vector<Place> places_;
};

}  // namespace fansipan::sources::internal
