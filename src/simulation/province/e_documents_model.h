#pragma once

#include <memory>

#include "simulation/province/system_model.h"

namespace fansipan::simulation {

/// The documents that the province's agencies exchange: envelopes in edXML, several in one body
/// `<documents count="…">`, and how each stands at each recipient, in NDJSON. Both are sent a few
/// times on each working day. Documents of a day come from the seed and the day alone. Holidays of
/// 2025 to 2027 are kept; in other years only those with a fixed date are.
std::unique_ptr<SystemModel> MakeEDocumentsModel(const Province& province);

}  // namespace fansipan::simulation
