#pragma once

#include <vector>

#include "model/dataset.h"
#include "model/record.h"

namespace fansipan::sources::internal {

/// What a sound row is among the other rows of its delivery.
enum class Repetition { kAccepted, kRepeated, kInConflict };

/// Compares the versions of one dataset and one delivery, which stand in the order of `row`; one
/// answer for each. May exchange the `row` of two events so that a withdrawal comes after the event
/// it withdraws.
std::vector<Repetition> FindRepetitions(const model::Dataset& dataset,
                                        std::vector<model::Version>& versions);

}  // namespace fansipan::sources::internal
