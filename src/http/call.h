#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/patience.h"
#include "base/result.h"
#include "http/message.h"
#include "http/services.h"
#include "model/period.h"
#include "model/unit.h"
#include "security/authorisation.h"

namespace fansipan::http {

/// One request on its way to its handler: who asks, for what, of which running center. Owned by the
/// thread that handles it. Its Find and Get functions read parameters strictly; when they fail with
/// kNotFound, `nearest` holds names that exist.
struct Call {
  const Services* services = nullptr;
  const Request* request = nullptr;
  security::Identity identity;
  std::map<std::string, std::string, std::less<>> path;  ///< {name} → decoded segment
  std::shared_ptr<const RunningCenter> running;
  std::shared_ptr<const indicators::Engine> engine;
  std::size_t viewers = 0;  ///< live streams open now
  std::string instance;     ///< names this request in the log
  base::Patience patience;  ///< of whoever asked; handed on to all that may last
  std::vector<std::string> nearest;

  const center::Center& center() const { return engine->center(); }
  const std::string& PathText(std::string_view name) const;
  /// Nothing when the query parameter is not there or empty.
  std::optional<std::string> QueryText(std::string_view name) const;
  /// The one decision point again, for an act that the route alone does not name.
  base::Status Require(security::Action action, const security::Object& object = {}) const {
    return security::Require(identity, action, object);
  }
  /// kNotFound with `reason`, naming those of `names` that are nearest to `wanted`.
  base::Error Unknown(std::string_view what, const std::string& wanted,
                      const std::vector<std::string>& names);

  /// Returns once the fact store holds everything up to the sequence.
  base::Status WaitForFacts(model::Sequence sequence) const {
    return running->wait_for_facts(sequence, patience);
  }

  base::Result<std::string> GetQueryText(std::string_view name) const;
  base::Result<std::optional<std::uint64_t>> FindNumber(std::string_view name, std::uint64_t least,
                                                        std::uint64_t most) const;
  base::Result<bool> FindFlag(std::string_view name, bool otherwise) const;
  /// 1 to 1,000; 100 when not said.
  base::Result<std::size_t> GetLimit() const;
  /// A sequence in the path; kNotFound with `reason` for anything else.
  base::Result<model::Sequence> GetSequence(std::string_view reason) const;

  base::Result<model::TreeKind> GetTree() const;
  /// kInvalidArgument with reason as_of_ahead when the moment is in the future.
  base::Result<std::optional<base::Timestamp>> FindAsOf() const { return FindMoment("as_of"); }
  /// The same of another parameter; the reason is its name and `_ahead`.
  base::Result<std::optional<base::Timestamp>> FindMoment(const std::string& name) const;
  /// The day on whose territory figures are asked; nothing: as reported. kInvalidArgument with
  /// reason unit_not_on_day when `unit` is no unit of that day; it names those that hold its
  /// content.
  base::Result<std::optional<model::Date>> FindTerritory(model::TreeKind tree, model::UnitId unit);
  /// The unit of parameter `unit`, or the tree's root.
  base::Result<model::UnitId> GetUnit(model::TreeKind tree);
  base::Result<model::UnitId> GetUnitByCode(model::TreeKind tree, const std::string& code);
  base::Result<std::optional<model::Period>> FindPeriod();
  base::Result<model::Period> GetPeriod();
  base::Result<const center::Source*> GetSource(const std::string& name);
  base::Result<const model::Dataset*> GetDataset(const std::string& name);
  base::Result<const model::Indicator*> GetIndicator(const std::string& name);
  base::Result<const model::Measure*> GetMeasure(const std::string& name);
  base::Result<const center::Panel*> GetPanel(const std::string& name);
};

/// True when CSV is asked for by `format`, or by `Accept` before JSON. kInvalidArgument for another
/// format.
base::Result<bool> WantsCsv(const Call& call);

/// How answers differ between readers: the name of a role or kind.
std::string RightsOf(const security::Identity& identity);

/// True when one of the source's datasets has a personal column.
bool HoldsPersonal(const center::Center& center, std::string_view source);
bool HoldsPersonal(const model::Dataset& dataset);

}  // namespace fansipan::http
