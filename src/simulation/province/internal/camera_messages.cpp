#include "simulation/province/internal/camera_messages.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>

namespace fansipan::simulation::internal {
namespace {

using Json = nlohmann::ordered_json;
using std::chrono::days;

constexpr std::array<std::string_view, 5> kKinds = {"Cố định", "Bán cầu", "Xoay (PTZ)",
                                                    "Đọc biển số", "Ảnh nhiệt"};
constexpr std::array<std::string_view, 3> kRights = {"Nơi công cộng", "Giao thông", "Trụ sở"};

std::string MomentText(base::Timestamp moment) {
  const auto day = std::chrono::floor<days>(moment);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(std::chrono::floor<std::chrono::milliseconds>(moment - day));
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     time.hours().count(), time.minutes().count(), time.seconds().count(),
                     time.subseconds().count());
}

std::string LocalText(const base::TimeZone& zone, base::Timestamp moment) {
  const base::LocalTime local = zone.ToLocal(moment);
  const auto day = std::chrono::floor<days>(local);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(std::chrono::floor<std::chrono::minutes>(local - day));
  return fmt::format("{:02}/{:02}/{:04} {:02}:{:02}", static_cast<unsigned>(date.day()),
                     static_cast<unsigned>(date.month()), static_cast<int>(date.year()),
                     time.hours().count(), time.minutes().count());
}

std::string WithComma(double degrees) {
  std::string text = fmt::format("{:.6f}", degrees);
  std::ranges::replace(text, '.', ',');
  return text;
}

Json PayloadOf(const Camera& camera) {
  return {{"camera", camera.id}, {"commune", camera.commune_code}, {"agency", camera.agency_code}};
}

std::string Message(const Camera& camera, std::string_view kind, base::Timestamp received_at,
                    Json payload) {
  Json message;
  message["topic"] = fmt::format("laocai/camera/{}/{}", camera.id, kind);
  message["received_at"] = MomentText(received_at);
  message["retained"] = false;
  message["redelivered"] = false;
  message["payload"] = std::move(payload);
  return message.dump() + "\n";
}

std::string RegistryRow(const base::TimeZone& zone, const Camera& camera) {
  const std::string installed = LocalText(zone, camera.installed_at);
  return fmt::format("{};{};{};{};{};{};{};{};{};{};{};;{}\n", camera.id, camera.name,
                     kKinds.at(static_cast<std::size_t>(camera.kind)), camera.commune_code,
                     camera.agency_code, camera.point ? WithComma(camera.point->latitude) : "",
                     camera.point ? WithComma(camera.point->longitude) : "",
                     kRights.at(static_cast<std::size_t>(camera.rights)),
                     camera.retention_days == 0 ? "" : std::to_string(camera.retention_days),
                     camera.has_detector ? "Có" : "Không", installed, installed);
}

}  // namespace

std::string EncodeMessage(const HealthReport& report) {
  Json payload = PayloadOf(*report.camera);
  payload["told_at"] = MomentText(report.told_at);
  payload["status"] = report.says_online ? "online" : "offline";
  payload["online_since"] = MomentText(report.online_since);
  payload["last_frame_at"] = MomentText(report.last_frame_at);
  payload["frame_age"] =
      std::chrono::duration_cast<std::chrono::seconds>(report.stated_age).count();
  payload["fps"] = report.frames_per_second ? Json(*report.frames_per_second) : Json();
  payload["storage_used"] = report.storage_used_percent;
  payload["closed_at"] = report.closed_at ? Json(MomentText(*report.closed_at)) : Json();
  return Message(*report.camera, "health", report.told_at, std::move(payload));
}

std::string EncodeMessage(const CameraCount& count) {
  Json payload = PayloadOf(*count.camera);
  payload["counted_from"] = MomentText(count.counted_from);
  payload["persons"] = count.persons;
  payload["vehicles"] = count.vehicles;
  return Message(*count.camera, "count", count.counted_from + std::chrono::hours(1),
                 std::move(payload));
}

std::string EncodeMessage(const CameraEvent& event) {
  Json payload = PayloadOf(*event.camera);
  payload["event_id"] = event.id;
  payload["event"] = event.event;
  payload["occurred_at"] = MomentText(event.occurred_at);
  payload["people"] = event.people ? Json(*event.people) : Json();
  payload["confidence"] = event.confidence;
  payload["plate_key"] = event.plate_key.empty() ? Json() : Json(event.plate_key);
  return Message(*event.camera, "event", event.occurred_at, std::move(payload));
}

std::size_t CamerasInService(const CameraNetwork& network, base::Timestamp moment) {
  return static_cast<std::size_t>(std::ranges::count_if(
      network.cameras(), [&](const Camera& camera) { return camera.installed_at <= moment; }));
}

std::string EncodeRegistry(const CameraNetwork& network, base::Timestamp moment) {
  std::string text =
      fmt::format("DANH MỤC CAMERA CỦA TỈNH;;\nTính đến {};;\n", LocalText(network.zone(), moment));
  text +=
      "Mã camera;Vị trí;Loại;Mã xã;Mã cơ quan;Vĩ độ;Kinh độ;Nhóm quyền;Số ngày lưu;Nhận diện;"
      "Đưa vào sử dụng;Ngừng sử dụng;Cập nhật lúc\n";
  for (const Camera& camera : network.cameras()) {
    if (camera.installed_at <= moment) text += RegistryRow(network.zone(), camera);
  }
  text += fmt::format("Tổng số camera;{}\n", CamerasInService(network, moment));
  return text;
}

}  // namespace fansipan::simulation::internal
