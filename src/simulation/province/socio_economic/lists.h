#pragma once

#include <string_view>

#include "simulation/province/statistics_text.h"

namespace fansipan::simulation::socio {

/// The status of every rural commune in the new-rural programme, as of the middle of 2025.
SystemDelivery NewRuralRegister(const Province& province, base::Timestamp sent);
/// Those that were recognised by the end of the year.
SystemDelivery NewRuralRecognised(const Province& province, int year, base::Timestamp sent);

/// Rankings that were published, each with who published it. These are facts.
SystemDelivery PublishedRankings();
/// An invented edition of the year before `year`.
SystemDelivery RankingEdition(const Province& province, std::string_view index, int year,
                              base::Timestamp sent);
/// The growth of the gross regional product as the press published it. These are facts.
SystemDelivery PublishedGrowth(const base::TimeZone& zone, base::Timestamp sent);

}  // namespace fansipan::simulation::socio
