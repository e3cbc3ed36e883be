#pragma once

#include <memory>
#include <stop_token>
#include <string>

#include "base/result.h"
#include "simulation/delivery_transport.h"

namespace fansipan::simulation {

/// Opens nothing yet: connects with the first post and keeps the connection. `url` is the center's
/// root without a path. Follows no redirect and uses no proxy. A stop ends a post that is under
/// way.
base::Result<std::unique_ptr<DeliveryTransport>> OpenHttpTransport(const std::string& url,
                                                                   const std::string& token,
                                                                   std::stop_token stop);

}  // namespace fansipan::simulation
