#include "simulation/internal/gzip.h"

#include <zlib.h>

namespace fansipan::simulation::internal {
namespace {

constexpr int kLevel = 3;
constexpr int kGzipWindow = 15 + 16;  // the largest window; 16 asks for gzip's header
constexpr int kMemory = 8;            // zlib's own choice

}  // namespace

base::Result<std::string> Gzip(std::string_view bytes) {
  const base::Error failed{base::ErrorCode::kInternal, "compression_failed",
                           "a delivery could not be compressed; try without compression"};
  z_stream stream{};
  if (deflateInit2(&stream, kLevel, Z_DEFLATED, kGzipWindow, kMemory, Z_DEFAULT_STRATEGY) != Z_OK) {
    return failed;
  }
  std::string packed(deflateBound(&stream, static_cast<uLong>(bytes.size())), '\0');
  // zlib does not write to its input, but its type does not say so.
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  const int outcome = deflate(&stream, Z_FINISH);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  if (outcome != Z_STREAM_END) return failed;
  return packed;
}

}  // namespace fansipan::simulation::internal
