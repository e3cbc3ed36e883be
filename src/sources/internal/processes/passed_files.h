#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "sources/internal/processes/file_handle.h"

namespace fansipan::sources::internal {

/// A packet that came over a channel between processes.
struct ReceivedPacket {
  std::string bytes;  ///< empty: the other end is closed
  std::vector<FileHandle> files;
};

/// Sends one packet of at most 4 kB with open files, which stay open here. False with errno set
/// when it could not be sent.
bool SendWithFiles(int channel, std::string_view bytes, std::span<const int> files);

/// Waits for a packet with at most four files. kUnavailable on a failure.
base::Result<ReceivedPacket> ReceiveWithFiles(int channel);

}  // namespace fansipan::sources::internal
