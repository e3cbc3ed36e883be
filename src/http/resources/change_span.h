#pragma once

#include <functional>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "http/call.h"
#include "indicators/changes/figure_change.h"

namespace fansipan::http {

/// From when to when a change is told.
struct ChangeSpan {
  base::Timestamp from;
  base::Timestamp to;
};

/// The parameters `from` and `to`; the end is the newest state where none is asked for.
/// kInvalidArgument with reason moments_reversed; without `from`, and without a default for it that
/// is made of the end, as Call::GetQueryText.
base::Result<ChangeSpan> ParseChangeSpan(
    const Call& call, const std::function<base::Timestamp(base::Timestamp to)>& default_from = {});

/// `link`, which ends with a parameter, with those of the figure's place and of the span.
std::string WithChangeSpan(std::string link, const indicators::FigureName& name,
                           const ChangeSpan& span);

}  // namespace fansipan::http
