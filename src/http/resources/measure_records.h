#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "center/center.h"
#include "http/call.h"
#include "model/dataset.h"
#include "model/period.h"
#include "security/authorisation.h"
#include "store/fact_store.h"

namespace fansipan::http {

/// What the parameter `measure` is about, to be authorised.
security::Object MeasureInQuery(const Call& call);

/// The period that a part of a formula is about; nothing for one that no period's text names.
std::optional<model::Period> PeriodOfPart(const std::string& part, const model::Period& period);

/// The store has records in the columns of today. Makes the columns of a question that was asked in
/// those of `then` point there, and returns today's dataset. kNotFound with reason
/// no_longer_declared when one of them is gone.
base::Result<const model::Dataset*> AlignToToday(const model::Dataset& then,
                                                 const center::Center& today,
                                                 store::RecordQuery& query);

}  // namespace fansipan::http
