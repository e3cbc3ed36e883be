#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/result.h"
#include "bench/child_process.h"
#include "bench/http_client.h"
#include "bench/latencies.h"
#include "bench/settings.h"

namespace fansipan::bench {

/// `fansipan serve` as a process of its own, on a data folder in which a center has run.
class ServerProcess {
 public:
  /// Returns once it serves.
  static base::Result<std::unique_ptr<ServerProcess>> Start(const std::string& data_folder,
                                                            const Settings& settings);
  ~ServerProcess();
  ServerProcess(const ServerProcess&) = delete;
  ServerProcess& operator=(const ServerProcess&) = delete;

  std::uint16_t port() const { return port_; }
  pid_t id() const { return process_->id(); }
  const std::string& data_folder() const { return data_folder_; }
  SteadyMoment started() const { return started_; }  ///< just before the process was made
  double seconds_to_serve() const { return seconds_to_serve_; }

  base::Result<std::unique_ptr<HttpClient>> Connect() const { return HttpClient::ToPort(port_); }
  /// With the rights of the machine's operator.
  base::Result<std::unique_ptr<HttpClient>> ConnectAsOperator() const {
    return HttpClient::ToSocket(data_folder_ + "/fansipan.sock");
  }
  /// Returns once deliveries are taken: a big center shows figures long before. Error after ten
  /// minutes.
  base::Status WaitForIntake() const;
  /// A new push token of the bench's source.
  base::Result<std::string> MakeToken() const;
  /// Resident memory, or its highest so far ("VmHWM"), in GB.
  double Gigabytes(const std::string& field) const;
  double cpu_seconds() const { return ProcessorSeconds(id()); }

 private:
  ServerProcess() = default;
  std::unique_ptr<ChildProcess> process_;
  std::string data_folder_;
  std::uint16_t port_ = 0;
  SteadyMoment started_{};
  double seconds_to_serve_ = 0;
};

}  // namespace fansipan::bench
