#pragma once

#include "base/result.h"
#include "http/services.h"
#include "live/hub.h"

namespace fansipan::http {

/// The newest state of a key, for the hub. kNotFound when its panel or unit is no longer declared.
base::Result<live::State> RenderLiveState(const Services& services,
                                          const live::SubscriptionKey& key);

/// False when the cells behind the key are as they were at `since`.
bool MayLiveStateDiffer(const Services& services, const live::SubscriptionKey& key,
                        const live::StateId& since);

}  // namespace fansipan::http
