#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "center/center.h"
#include "server/center_runtime.h"

namespace fansipan::server {

struct ServerSettings {
  RuntimeSettings runtime;
  std::shared_ptr<const center::Center> center;  ///< null: the one that ran last in the data folder
  std::string web_folder;                        ///< built screens; empty: none
  std::string description_file;                  ///< the API's description; empty: none
  std::uint16_t port = 8080;                     ///< on 127.0.0.1; 0: any that is free
};

/// A whole center: runtime, file drop, access, live streams and HTTP on loopback and on the local
/// socket `<data>/fansipan.sock`. Owns its clock, files and metrics. Start and Stop belong to one
/// thread.
class Server {
 public:
  /// Starts everything in order; on failure what was started is stopped again.
  static base::Result<std::unique_ptr<Server>> Start(ServerSettings settings);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// In the reverse order: nothing new comes in, what was taken is finished.
  void Stop();

  std::uint16_t port() const;
  /// The token of the set-up link, while there is no administrator.
  const std::optional<std::string>& set_up_token() const;
  bool HasSource(std::string_view name) const;

 private:
  struct Parts;
  explicit Server(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace fansipan::server
