#pragma once

#include <chrono>
#include <cstddef>
#include <string>

#include "base/time_zone.h"
#include "simulation/province/e_documents/document.h"

namespace fansipan::simulation::internal {

/// The element edXML, with a small file attached.
std::string EdxmlElement(const Envelope& envelope, const base::TimeZone& zone);

/// How the document stands at a recipient since the step of that number: one line of NDJSON.
std::string StatusLine(const ExchangedDocument& document, const Handling& handling,
                       std::size_t step, const base::TimeZone& zone);

/// YYYY/MM/DD.
std::string SlashedDay(std::chrono::local_days day);

}  // namespace fansipan::simulation::internal
