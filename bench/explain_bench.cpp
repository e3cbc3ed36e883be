#include <fmt/format.h>

#include <functional>
#include <random>
#include <vector>

#include "bench/benches.h"
#include "bench/big_center.h"
#include "bench/latencies.h"
#include "bench/prepared.h"
#include "bench/report.h"
#include "bench/server_process.h"

namespace fansipan::bench {
namespace {

constexpr double kSeconds = 8;        // for each kind of page
constexpr double kWalkSeconds = 180;  // through all pages, to find the middle and the last
constexpr std::size_t kWalkLimit = 1'000;

/// The string member of a JSON text; empty when it is null or missing. Escapes stay.
std::string FindText(std::string_view json, std::string_view name) {
  const std::string wanted = "\"" + std::string(name) + "\":\"";
  const auto at = json.rfind(wanted);
  if (at == std::string_view::npos) return "";
  const auto begin = at + wanted.size();
  return std::string(json.substr(begin, json.find('"', begin) - begin));
}

/// Asks for pages with the operator's rights and keeps how long each kind took.
class Explainer {
 public:
  Explainer(HttpClient& client, const Prepared& prepared, Report& report)
      : client_(client), prepared_(prepared), report_(report) {}

  base::Status Run() {
    FANSIPAN_RETURN_IF_ERROR(FindMonth());
    const std::string figure = "&period=" + month_;
    FANSIPAN_RETURN_IF_ERROR(Time("parts of a rate, a month of the province", [&] {
      return "/api/v1/explain?indicator=on_time_rate" + figure;
    }));
    FANSIPAN_RETURN_IF_ERROR(Time("parts of a stock, a day of the province", [&] {
      return "/api/v1/explain?indicator=overdue_cases&period=" + day_;
    }));
    const std::string records = "/api/v1/explain/records?measure=received" + figure;
    FANSIPAN_RETURN_IF_ERROR(Walk(records));
    FANSIPAN_RETURN_IF_ERROR(Time("records, first page", [&] { return records; }));
    FANSIPAN_RETURN_IF_ERROR(
        Time("records, a page in the middle", [&] { return records + "&cursor=" + middle_; }));
    FANSIPAN_RETURN_IF_ERROR(
        Time("records, last page", [&] { return records + "&cursor=" + last_; }));
    FANSIPAN_RETURN_IF_ERROR(Time("records of a commune, first page", [&] {
      return records + "&unit=" + CommuneCode(random_() % kCommunes);
    }));
    FANSIPAN_RETURN_IF_ERROR(Time("open cases of a day, first page", [&] {
      return "/api/v1/explain/records?measure=overdue&period=" + day_;
    }));
    return RunDown();
  }

 private:
  /// From a record to its versions, delivery and bytes.
  base::Status RunDown() {
    FANSIPAN_RETURN_IF_ERROR(Time("versions of a record", [&] {
      return "/api/v1/records/case/versions?key.case_number=" +
             CaseNumber(random_() % prepared_.shape.keys);
    }));
    FANSIPAN_ASSIGN_OR_RETURN(const HttpAnswer list, client_.Get("/api/v1/deliveries?limit=1"));
    const std::uint64_t delivery = FindNumber(list.body, "sequence");
    FANSIPAN_RETURN_IF_ERROR(
        Time("the newest deliveries", [&] { return std::string("/api/v1/deliveries"); }));
    FANSIPAN_RETURN_IF_ERROR(
        Time("a delivery", [&] { return fmt::format("/api/v1/deliveries/{}", delivery); }));
    const std::uint64_t rows = prepared_.versions / prepared_.shape.deliveries / 2;
    FANSIPAN_RETURN_IF_ERROR(Time("a version with its delivery", [&] {
      return fmt::format("/api/v1/versions/{}", delivery + 1 + random_() % rows);
    }));
    return Time("raw rows of a version", [&] {
      return fmt::format("/api/v1/versions/{}/raw", delivery + 1 + random_() % rows);
    });
  }

  base::Status FindMonth() {
    const auto local = prepared_.shape.end - std::chrono::days(60);
    const auto day = std::chrono::floor<std::chrono::days>(local);
    const std::chrono::year_month_day date{day};
    month_ = fmt::format("{:04}-{:02}", static_cast<int>(date.year()),
                         static_cast<unsigned>(date.month()));
    day_ = month_ + "-10";
    return {};
  }

  /// Through all pages once, the largest there are, to find where the middle and the last begin.
  base::Status Walk(const std::string& target) {
    std::vector<std::string> cursors;
    Latencies pages;
    const auto start = SteadyNow();
    std::string cursor;
    while (SecondsSince(start) < kWalkSeconds) {
      const auto begun = SteadyNow();
      FANSIPAN_ASSIGN_OR_RETURN(
          const HttpAnswer answer,
          client_.Get(fmt::format("{}&limit={}{}", target, kWalkLimit,
                                  cursor.empty() ? "" : "&cursor=" + cursor)));
      if (answer.status != 200) return Refused(target, answer);
      pages.Add(MillisecondsBetween(begun, SteadyNow()));
      cursor = EncodeQuery(FindText(answer.body, "next"));
      if (cursor.empty()) break;
      cursors.push_back(cursor);
    }
    if (!cursors.empty()) {
      middle_ = cursors[cursors.size() / 2];
      last_ = cursors.back();
    }
    report_.AddSetting("records behind the month's figure",
                       fmt::format("{} pages of {}{}", pages.size(), kWalkLimit,
                                   cursor.empty() ? "" : " walked, more are there"));
    report_.AddFigure(fmt::format("pages of {} records, all in turn", kWalkLimit), pages.Text());
    return {};
  }

  base::Status Time(const std::string& page, const std::function<std::string()>& target) {
    base::Status failed;
    const Latencies times = Repeat(kSeconds, 10, 2'000, [&] {
      const std::string asked = target();
      const auto answer = client_.Get(asked);
      if (!answer.ok()) failed = answer.error();
      if (answer.ok() && answer->status != 200) failed = Refused(asked, *answer);
    });
    FANSIPAN_RETURN_IF_ERROR(failed);
    report_.AddFigure(page, times.Text(), JudgeText({300, false, "ms"}, times.max()));
    return {};
  }

  static base::Error Refused(const std::string& target, const HttpAnswer& answer) {
    return {base::ErrorCode::kUnavailable, "",
            fmt::format("{}: {} {}", target, answer.status, answer.body.substr(0, 500))};
  }

  HttpClient& client_;
  const Prepared& prepared_;
  Report& report_;
  std::mt19937_64 random_{20'260'702};
  std::string month_;
  std::string day_;
  std::string middle_;
  std::string last_;
};

}  // namespace

base::Status RunExplain(const Settings& settings) {
  FANSIPAN_ASSIGN_OR_RETURN(const Prepared prepared, Prepare(settings, settings.scale));
  FANSIPAN_ASSIGN_OR_RETURN(const auto server, ServerProcess::Start(prepared.folder, settings));
  FANSIPAN_RETURN_IF_ERROR(server->WaitForIntake());
  FANSIPAN_ASSIGN_OR_RETURN(const auto client, server->ConnectAsOperator());
  Report report("explain", settings);
  report.AddSetting("data", CountText(static_cast<double>(prepared.versions)) + " versions of " +
                                CountText(static_cast<double>(prepared.shape.keys)) + " keys");
  report.AddSetting("way",
                    "HTTP on the local socket, one question at a time, 100 records a page; "
                    "the budget is held against the slowest");
  FANSIPAN_RETURN_IF_ERROR(Explainer(*client, prepared, report).Run());
  report.Finish();
  return {};
}

}  // namespace fansipan::bench
