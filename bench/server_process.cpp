#include "bench/server_process.h"

#include <chrono>
#include <csignal>
#include <filesystem>
#include <system_error>
#include <thread>

#include "bench/big_center.h"

namespace fansipan::bench {

base::Result<std::unique_ptr<ServerProcess>> ServerProcess::Start(const std::string& data_folder,
                                                                  const Settings& settings) {
  std::unique_ptr<ServerProcess> server(new ServerProcess());
  server->data_folder_ = data_folder;
  const std::string log = data_folder + "/../server.log";
  std::error_code failed;
  std::filesystem::remove(log, failed);
  server->started_ = SteadyNow();
  FANSIPAN_ASSIGN_OR_RETURN(
      server->process_,
      ChildProcess::Start({settings.program, "--data", data_folder, "serve", "--port", "0"}, log));
  constexpr std::string_view kServing = "serving http://127.0.0.1:";
  while (const auto line = server->process_->ReadLine()) {
    if (!line->starts_with(kServing)) continue;
    server->port_ = static_cast<std::uint16_t>(std::stoi(line->substr(kServing.size())));
    server->seconds_to_serve_ = SecondsSince(server->started_);
    return server;
  }
  return base::Error{base::ErrorCode::kIo, "", "the server ended at start; see " + log};
}

ServerProcess::~ServerProcess() { process_->Stop(SIGTERM); }

base::Status ServerProcess::WaitForIntake() const {
  constexpr double kPatience = 600;
  FANSIPAN_ASSIGN_OR_RETURN(const auto client, ConnectAsOperator());
  HttpAnswer answer;
  while (SecondsSince(started_) < kPatience) {
    FANSIPAN_ASSIGN_OR_RETURN(answer, client->Get("/api/v1/status"));
    if (answer.body.find(R"("intake":"open")") != std::string::npos) return {};
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
  }
  return base::Error{base::ErrorCode::kUnavailable, "", "intake did not open: " + answer.body};
}

base::Result<std::string> ServerProcess::MakeToken() const {
  FANSIPAN_ASSIGN_OR_RETURN(const auto client, ConnectAsOperator());
  FANSIPAN_ASSIGN_OR_RETURN(
      const HttpAnswer answer,
      client->Post("/api/v1/sources/" + std::string(kSourceName) + "/tokens",
                   "Content-Type: application/json\r\n", R"({"label":"bench"})"));
  constexpr std::string_view kToken = "\"token\":\"";
  const auto at = answer.body.find(kToken);
  if (at == std::string::npos) {
    return base::Error{base::ErrorCode::kIo, "", "no push token: " + answer.body};
  }
  const auto begin = at + kToken.size();
  return answer.body.substr(begin, answer.body.find('"', begin) - begin);
}

double ServerProcess::Gigabytes(const std::string& field) const {
  return static_cast<double>(ProcessKilobytes(id(), field)) * 1024 / 1e9;
}

}  // namespace fansipan::bench
