#pragma once

#include <cstdint>
#include <functional>

#include "base/result.h"
#include "bench/big_history.h"
#include "bench/latencies.h"
#include "bench/server_process.h"
#include "bench/settings.h"

namespace fansipan::bench {

/// What was seen of the load in a span of time.
struct LoadSpan {
  double until = 0;        ///< seconds since the load began
  double taken_until = 0;  ///< the same when the last delivery was acknowledged
  Latencies acknowledged;  ///< from the moment a delivery was due to its acknowledgement
  Latencies seen;          ///< from that moment to the state on a viewer's connection
  Latencies as_of;         ///< panels of past moments
  std::uint64_t rows = 0;
  std::uint64_t refused = 0;  ///< deliveries; tried again until taken
  double latest = 0;          ///< milliseconds that the last delivery was sent after it was due
  void Add(const LoadSpan& other);
};

struct LoadPlan {
  double seconds = 600;
  double span_seconds = 30;
  std::size_t rows_per_second = 10'000;
  std::size_t rows_per_delivery = 500;
  double new_share = 0.2;  ///< of the rows: cases not known before; the others correct known ones
  std::function<void(const LoadSpan&)> on_span;  ///< may be empty
};

/// Pushes over HTTP at a steady rate on four connections, deliveries being due whether or not the
/// ones before were answered, beside one viewer of the province and one reader of panels of random
/// past moments, who rests half a second between two. Ends early when deliveries go out more than
/// half a minute late.
base::Result<LoadSpan> RunLoad(const ServerProcess& server, const BigHistory& history,
                               const LoadPlan& plan);

}  // namespace fansipan::bench
