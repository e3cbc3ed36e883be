#pragma once

#include <memory>

#include "center/center.h"

namespace fansipan::server::testing {

/// A small center for random histories: a province with three communes and two agencies, a `state`
/// dataset and an `event` dataset, and a measure for every aggregate, as flow and as stock, with
/// and without condition and dimension.
std::shared_ptr<const center::Center> MakeHistoryCenter();

}  // namespace fansipan::server::testing
