#include "simulation/internal/exchange_reports.h"

#include <algorithm>
#include <cstdint>
#include <nlohmann/json.hpp>

namespace fansipan::simulation::internal {
namespace {

constexpr std::uint64_t kLargestFile = 64U << 20U;

std::string Dump(const nlohmann::json& line) {
  return line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

}  // namespace

base::Result<ExchangeReports> ExchangeReports::Open(base::FileSystem& files,
                                                    const std::string& path, base::Timestamp now) {
  ExchangeReports reports;
  reports.began_ = now;
  if (path.empty()) return reports;
  std::string text;
  if (files.Exists(path)) {
    FANSIPAN_ASSIGN_OR_RETURN(text, files.ReadWhole(path, kLargestFile));
  }
  FANSIPAN_ASSIGN_OR_RETURN(reports.file_, files.OpenForAppend(path));
  const std::size_t whole = text.rfind('\n') == std::string::npos ? 0 : text.rfind('\n') + 1;
  if (whole < text.size()) FANSIPAN_RETURN_IF_ERROR(reports.file_->Truncate(whole));
  for (std::size_t at = 0; at < whole;) {
    const std::size_t end = text.find('\n', at);
    const base::Status read = reports.ReadLine(text.substr(at, end - at));
    if (!read.ok()) return base::Annotate(read.error(), path);
    at = end + 1;
  }
  if (whole == 0) {
    FANSIPAN_RETURN_IF_ERROR(
        reports.file_->Append(Dump({{"began", now.time_since_epoch().count()}})));
    FANSIPAN_RETURN_IF_ERROR(reports.file_->Sync());
  }
  return reports;
}

base::Status ExchangeReports::ReadLine(const std::string& line) {
  const auto json = nlohmann::json::parse(line, nullptr, false);
  if (json.is_object() && json.contains("began") && json["began"].is_number_integer()) {
    began_ = base::Timestamp(base::Duration(json["began"].get<std::int64_t>()));
    return {};
  }
  const bool is_report = json.is_object() && json.contains("id") && json["id"].is_string() &&
                         json.contains("status") && json["status"].is_string();
  if (!is_report) {
    return base::Error{base::ErrorCode::kCorrupt, "no_state",
                       "is no state of a simulated exchange; name another file with --state"};
  }
  statuses_[json["id"].get<std::string>()] = json["status"].get<std::string>();
  return {};
}

base::Status ExchangeReports::Add(const std::string& id, const std::string& status,
                                  const std::string& reason) {
  if (file_) {
    FANSIPAN_RETURN_IF_ERROR(
        file_->Append(Dump({{"id", id}, {"status", status}, {"reason", reason}})));
    FANSIPAN_RETURN_IF_ERROR(file_->Sync());
  }
  statuses_[id] = status;
  return {};
}

const std::string* ExchangeReports::StatusOf(const std::string& id) const {
  const auto found = statuses_.find(id);
  return found == statuses_.end() ? nullptr : &found->second;
}

std::size_t ExchangeReports::CountOf(const std::string& status) const {
  return static_cast<std::size_t>(
      std::ranges::count_if(statuses_, [&](const auto& known) { return known.second == status; }));
}

}  // namespace fansipan::simulation::internal
