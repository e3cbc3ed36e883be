#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "center/source.h"

namespace fansipan::sources {

/// The addresses that a place's host has now and that lie in its declared network, as texts that
/// need no further resolution. kUnavailable host_unknown; kForbidden address_not_allowed when none
/// lies there.
base::Result<std::vector<std::string>> AddressesOf(const center::Reach& reach);

}  // namespace fansipan::sources
