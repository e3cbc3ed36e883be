#pragma once

#include <functional>
#include <stop_token>
#include <string>
#include <vector>

#include "base/result.h"
#include "center/source.h"

namespace fansipan::sources::internal {

/// Gives the addresses of a host as texts that need no further look-up; none: it is not known.
/// May take as long as name servers take.
using NameService = std::function<std::vector<std::string>(const std::string& host)>;

/// This machine's.
std::vector<std::string> LookUp(const std::string& host);

/// The addresses that a place's host has now and that lie in its declared network, at most eight.
/// Whoever connects does so to one of these and looks up nothing more. Ends soon after a stop, and
/// in any case within 15 s: the machine's look-up cannot be broken off, so it runs on a thread of
/// its own, which is left to end by itself and touches nothing but its own answer. So many may be
/// under way as kMostLookUps. kUnavailable host_unknown, connector_stopped; kForbidden
/// address_not_allowed when no address lies in the network.
base::Result<std::vector<std::string>> AddressesOf(const center::Reach& reach,
                                                   const std::stop_token& stop,
                                                   const NameService& service = LookUp);

inline constexpr int kMostLookUps = 32;

}  // namespace fansipan::sources::internal
