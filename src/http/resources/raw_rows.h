#pragma once

#include <cstdint>
#include <vector>

#include "base/result.h"
#include "http/call.h"
#include "http/message.h"
#include "model/record.h"

namespace fansipan::http {

inline constexpr std::uint64_t kMaxRawContext = 20;

/// Which archived rows are to be shown.
struct RawRowsQuestion {
  const model::Delivery* delivery = nullptr;
  std::vector<std::uint32_t> own;  ///< 1-based; they are marked
  std::uint64_t context = 2;       ///< rows before and after each
  bool with_bytes = false;         ///< the first bytes of the marked ones, as hexadecimal digits
};

/// The rows as people read them, in order. Rights are the caller's to ask.
base::Result<Response> AnswerRawRows(Call& call, const RawRowsQuestion& question);

}  // namespace fansipan::http
