#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "model/record.h"
#include "model/text.h"

namespace fansipan::model {

/// What a vintage's values are marked with.
enum class VintageMark { kNone, kEstimate, kPreliminary };

/// How final a reported value is. Of one value at one node and period there may be several: the
/// estimate, then the preliminary one, then the final one.
struct Vintage {
  std::string name;
  LocalizedText title;
  VintageMark mark = VintageMark::kNone;
};

/// What the columns of a dataset of kind `reported` say: a value that somebody states for a node
/// and a period, and that is kept there. It is never added into leaves or up the tree.
struct ReportedShape {
  std::optional<std::size_t> series;  ///< which quantity; nothing: the dataset is about one alone
  std::size_t period = 0;             ///< text of a period
  std::size_t vintage = 0;            ///< name of a vintage
  std::size_t value = 0;              ///< integer or decimal
  std::optional<std::size_t> signer;
  std::optional<std::size_t> note;
  std::vector<Vintage> vintages;  ///< the weakest first

  /// Its rank: a higher one hides a lower one.
  std::optional<std::size_t> FindVintage(std::string_view name) const;
};

/// Where an indicator's values come from that are stated, not computed.
struct ReportedRule {
  std::string dataset;
  std::string series;  ///< empty when the dataset is about one quantity alone
};

/// The statement that a figure shows, with what it says of itself.
struct StatedValue {
  std::string dataset;
  std::string series;
  std::string vintage;
  LocalizedText vintage_title;
  bool last_vintage = false;  ///< no other can hide it
  std::string signer;         ///< may be empty
  std::string note;           ///< may be empty
  std::string source;
  Sequence version;
  Sequence delivery;
  base::Timestamp recorded_at;
  std::size_t statements = 0;  ///< that are known of this node and period, of all vintages
};

}  // namespace fansipan::model
