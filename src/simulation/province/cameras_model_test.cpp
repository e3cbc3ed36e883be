#include "simulation/province/cameras_model.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "base/files.h"
#include "simulation/province/internal/commune_points.h"

namespace fansipan::simulation {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::sys_days;
using namespace std::chrono_literals;

using Deliveries = std::vector<SystemDelivery>;

// 2026-11-23 is a Monday; 17:00 UTC is midnight in Lào Cai.
const base::Timestamp kMidnight = sys_days(2026y / 11 / 22) + hours(17);

const Province& SampleProvince() {
  static const Province province = [] {
    base::PosixFileSystem files;
    return Province{.places = LoadPlaces(files, FANSIPAN_SAMPLE_CENTER).value(),
                    .zone = base::TimeZone::Find("Asia/Ho_Chi_Minh").value()};
  }();
  return province;
}

const SystemModel& Cameras() {
  static const std::unique_ptr<SystemModel> model = MakeCamerasModel(SampleProvince());
  return *model;
}

const SystemModel& Streams() {
  static const std::unique_ptr<SystemModel> model = MakeCameraStreamModel(SampleProvince());
  return *model;
}

std::string FileText(const std::string& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

/// What sources.yaml says of one source.
std::string DeclarationOf(const std::string& source) {
  const std::string text = FileText(FANSIPAN_SAMPLE_CENTER "/systems/cameras/sources.yaml");
  const std::size_t begin = text.find("\n  " + source + ":");
  EXPECT_NE(begin, std::string::npos) << source;
  const std::size_t end = text.find("\n    simulated: true", begin);
  return text.substr(begin, end - begin);
}

std::set<std::string> DeclaredPointers(const std::string& source) {
  const std::string text = DeclarationOf(source);
  const std::string begin = "/payload/";
  std::set<std::string> names;
  for (std::size_t at = text.find(begin); at != std::string::npos; at = text.find(begin, at + 1)) {
    const std::size_t first = at + begin.size();
    names.insert(text.substr(first, text.find('}', first) - first));
  }
  return names;
}

std::vector<nlohmann::json> Messages(const Deliveries& deliveries, const std::string& source) {
  std::vector<nlohmann::json> messages;
  for (const SystemDelivery& delivery : deliveries) {
    if (delivery.source != source) continue;
    std::istringstream lines(delivery.body);
    for (std::string line; std::getline(lines, line);) {
      messages.push_back(nlohmann::json::parse(line));
    }
  }
  return messages;
}

std::set<std::string> PayloadNames(const std::vector<nlohmann::json>& messages) {
  std::set<std::string> names;
  for (const nlohmann::json& message : messages) {
    for (const auto& [name, value] : message.at("payload").items()) names.insert(name);
  }
  return names;
}

std::vector<std::tuple<base::Timestamp, std::string, std::string>> Contents(
    const Deliveries& deliveries) {
  std::vector<std::tuple<base::Timestamp, std::string, std::string>> contents;
  for (const SystemDelivery& delivery : deliveries) {
    contents.emplace_back(delivery.at, delivery.source, delivery.body);
  }
  return contents;
}

Deliveries InPieces(const SystemModel& model, base::Timestamp from, base::Timestamp until,
                    base::Duration piece) {
  Deliveries all;
  for (; from < until; from += piece) {
    for (auto& delivery : model.DeliveriesBetween(from, std::min(until, from + piece))) {
      all.push_back(std::move(delivery));
    }
  }
  return all;
}

PlantedStory StoryOf(const std::string& begin) {
  for (PlantedStory& story : Cameras().StoriesBetween(kMidnight - days(30), kMidnight)) {
    if (story.name.starts_with(begin)) return std::move(story);
  }
  ADD_FAILURE() << "no story " << begin;
  return {};
}

TEST(CamerasModel, SaysTheSameHoweverTheTimeIsCut) {
  const base::Timestamp from = kMidnight - days(3);
  const auto whole = Contents(Cameras().DeliveriesBetween(from, kMidnight + hours(7)));
  EXPECT_EQ(whole.size(), 5U) << "four nights, and the registry of Monday";
  EXPECT_EQ(whole, Contents(InPieces(*MakeCamerasModel(SampleProvince()), from,
                                     kMidnight + hours(7), minutes(437))));
  const auto streamed = Contents(Streams().DeliveriesBetween(from, from + minutes(8)));
  EXPECT_EQ(streamed, Contents(InPieces(*MakeCameraStreamModel(SampleProvince()), from,
                                        from + minutes(8), 50s)));
}

TEST(CamerasModel, AnotherSeedIsAnotherProvince) {
  Province other = SampleProvince();
  other.seed = 2;
  EXPECT_NE(Contents(MakeCamerasModel(other)->DeliveriesBetween(kMidnight, kMidnight + hours(1))),
            Contents(Cameras().DeliveriesBetween(kMidnight, kMidnight + hours(1))));
}

TEST(CamerasModel, AMonthIsSmallEnoughToBeTakenAtOnce) {
  std::size_t rows = 0;
  const Deliveries history =
      Cameras().DeliveriesBetween(kMidnight - Cameras().history(), kMidnight);
  for (const SystemDelivery& delivery : history) rows += delivery.rows;
  EXPECT_LE(history.size(), 40U);
  EXPECT_GT(rows, 10'000U);
  EXPECT_LE(rows, 60'000U);
}

TEST(CamerasModel, WritesWhatTheSampleCenterReads) {
  const Deliveries night = Cameras().DeliveriesBetween(kMidnight - days(2), kMidnight);
  EXPECT_EQ(PayloadNames(Messages(night, "camera_night_log")),
            DeclaredPointers("camera_night_log"));
  const base::Timestamp evening = kMidnight - hours(5);
  const Deliveries live = Streams().DeliveriesBetween(evening, evening + minutes(90));
  EXPECT_EQ(PayloadNames(Messages(live, "camera_health")), DeclaredPointers("camera_health"));
  EXPECT_EQ(PayloadNames(Messages(live, "camera_detections")),
            DeclaredPointers("camera_detections"));
}

TEST(CamerasModel, TheRegistryHasTheColumnsThatTheMappingReads) {
  const Deliveries sent = Cameras().DeliveriesBetween(kMidnight + hours(6), kMidnight + hours(7));
  ASSERT_EQ(sent.size(), 1U);
  const std::string& body = sent.front().body;
  const std::size_t header = body.find("Mã camera");
  ASSERT_NE(header, std::string::npos);
  std::istringstream line(body.substr(header, body.find('\n', header) - header));
  const std::string mapping =
      FileText(FANSIPAN_SAMPLE_CENTER "/systems/cameras/mappings/camera.sql");
  for (std::string name; std::getline(line, name, ';');) {
    EXPECT_NE(mapping.find('"' + name + '"'), std::string::npos) << name;
  }
  const std::string total = "Tổng số camera;" + std::to_string(sent.front().rows) + "\n";
  EXPECT_TRUE(body.ends_with(total));
}

// The nightly log fills what the stream lost, and is known already where nothing was lost.
TEST(CamerasModel, TheNightTellsWhatTheStreamTold) {
  const base::Timestamp minute = kMidnight;
  const auto streamed =
      Messages(Streams().DeliveriesBetween(minute, minute + minutes(1)), "camera_health");
  const auto night =
      Messages(Cameras().DeliveriesBetween(minute, minute + hours(1)), "camera_night_log");
  ASSERT_FALSE(streamed.empty());
  for (const nlohmann::json& message : streamed) {
    EXPECT_NE(std::ranges::find(night, message), night.end()) << message.dump();
  }
}

TEST(CamerasModel, AllCamerasOfTheDarkCommuneStandStill) {
  const PlantedStory story = StoryOf("cameras_dark");
  const base::Timestamp noon = story.from + hours(6) + minutes(30);
  std::size_t dark = 0;
  for (const auto& message :
       Messages(Streams().DeliveriesBetween(noon, noon + minutes(1)), "camera_health")) {
    if (message.at("payload").at("commune") != story.unit) continue;
    EXPECT_EQ(message.at("payload").at("status"), "offline");
    EXPECT_GT(message.at("payload").at("frame_age"), 6 * 3600);
    ++dark;
  }
  EXPECT_GE(dark, 4U);
}

TEST(CamerasModel, TheLiarSaysThatItIsOnlineWhileItsFrameAges) {
  const PlantedStory story = StoryOf("cameras_liar");
  const base::Timestamp later = std::chrono::floor<minutes>(story.from + days(2));
  std::size_t lies = 0;
  for (const auto& message :
       Messages(Streams().DeliveriesBetween(later, later + minutes(1)), "camera_health")) {
    const nlohmann::json& payload = message.at("payload");
    const bool is_old = payload.at("last_frame_at").get<std::string>().substr(0, 10) <
                        payload.at("told_at").get<std::string>().substr(0, 10);
    if (!is_old || payload.at("status") != "online") continue;
    EXPECT_EQ(payload.at("commune"), story.unit);
    EXPECT_LT(payload.at("frame_age"), 60);
    ++lies;
  }
  EXPECT_EQ(lies, 1U);
}

TEST(CamerasModel, SendsPseudonymsOfPlatesAlone) {
  std::size_t plates = 0;
  for (const auto& message :
       Messages(Cameras().DeliveriesBetween(kMidnight, kMidnight + hours(1)), "camera_night_log")) {
    const nlohmann::json& payload = message.at("payload");
    if (payload.value("event", "") != "plate") continue;
    const std::string key = payload.at("plate_key");
    EXPECT_EQ(key.size(), 64U);
    EXPECT_EQ(key.find_first_not_of("0123456789abcdef"), std::string::npos) << key;
    ++plates;
  }
  EXPECT_GT(plates, 20U);
}

TEST(CommunePoints, AreThoseOfTheSampleCenter) {
  const std::string units = FileText(FANSIPAN_SAMPLE_CENTER "/territory/units.csv");
  for (const Commune& commune : SampleProvince().places.communes) {
    const auto point = internal::FindCommunePoint(commune.code);
    ASSERT_TRUE(point) << commune.code;
    std::ostringstream text;
    text.precision(5);
    text << std::fixed << point->latitude << ',' << point->longitude;
    EXPECT_NE(units.find(text.str()), std::string::npos) << commune.code << ' ' << text.str();
  }
  EXPECT_FALSE(internal::FindCommunePoint("99999"));
}

}  // namespace
}  // namespace fansipan::simulation
