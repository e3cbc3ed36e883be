#include "server/drop_box.h"

#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

namespace fansipan::server {
namespace {

nlohmann::json ToJson(const model::DeliveryCounts& counts) {
  return {{"raw_rows", counts.raw_rows},      {"mapped", counts.mapped},
          {"skipped", counts.skipped},        {"refused", counts.refused},
          {"candidates", counts.candidates},  {"accepted", counts.accepted},
          {"repeated", counts.repeated},      {"in_conflict", counts.in_conflict},
          {"quarantined", counts.quarantined}};
}

std::string ReportText(const sources::DeliveryReport& report) {
  nlohmann::json rows = nlohmann::json::array();
  for (const model::QuarantinedRow& row : report.quarantined) {
    rows.push_back({{"dataset", row.dataset},
                    {"raw_row", row.raw_row},
                    {"byte_offset", row.byte_offset},
                    {"column", row.column},
                    {"value", row.value},
                    {"reason", row.reason},
                    {"message", row.message}});
  }
  const nlohmann::json text = {{"delivery", report.delivery.sequence.value},
                               {"source", report.delivery.source},
                               {"payload_sha256", report.delivery.payload_sha256},
                               {"counts", ToJson(report.delivery.counts)},
                               {"quarantined", std::move(rows)}};
  return text.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

std::string RefusalText(const base::Error& error) {
  const nlohmann::json text = {
      {"code", error.reason.empty() ? std::string(NameOf(error.code)) : error.reason},
      {"detail", error.message}};
  return text.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

/// Whether the same file may be taken later: then it stays where it is.
bool MayPass(base::ErrorCode code) {
  return code == base::ErrorCode::kUnavailable || code == base::ErrorCode::kStorageFull ||
         code == base::ErrorCode::kIo || code == base::ErrorCode::kDeadlineExceeded;
}

}  // namespace

base::Result<std::unique_ptr<sources::FileDrop>> OpenDropBox(const center::Center& center,
                                                             const std::string& data_folder,
                                                             sources::Intake& intake,
                                                             const base::Clock& clock) {
  std::vector<sources::FileDrop::Folder> folders;
  for (const center::Source& source : center.sources) {
    if (!source.folder) continue;
    folders.push_back(
        {source.name, data_folder + "/drop/" + *source.folder, source.limits.payload_bytes});
  }
  auto receive = [&intake,
                  &clock](sources::DroppedFile file) -> base::Result<sources::DropVerdict> {
    sources::Submission submission;
    submission.source = std::move(file.source);
    submission.payload = std::move(file.bytes);
    submission.file_name = std::move(file.name);
    submission.received_at = clock.Now();
    const auto report = intake.Deliver(std::move(submission));
    if (report.ok()) return sources::DropVerdict{true, ReportText(*report)};
    if (MayPass(report.error().code)) return report.error();
    return sources::DropVerdict{false, RefusalText(report.error())};
  };
  return sources::FileDrop::Open(std::move(folders), std::move(receive), {});
}

}  // namespace fansipan::server
