#include "center/testing/sample_center.h"

namespace fansipan::center::testing {
namespace {

constexpr const char* kCenter = R"(name: sample
title: {vi: Trung tâm mẫu, en: Sample center}
languages: [vi, en]
time_zone: Asia/Ho_Chi_Minh
public: {indicators: [on_time_rate]}
)";

constexpr const char* kTerritory =
    "code,level,name,name_en,full_name,parent,valid_from,valid_to,latitude,longitude,area_km2\n"
    "15,province,Lào Cai,Lao Cai,Tỉnh Lào Cai,,2025-07-01,,22.3,104.1,13256.92\n"
    "02647,commune,Sa Pa,Sa Pa,Phường Sa Pa,15,2025-07-01,,22.33,103.84,\n"
    "02650,commune,\"Tả Van, Bản Hồ\",\"Ta Van, Ban Ho\",,15,2025-07-01,,,,\n"
    "02653,commune,Mường Bo,Muong Bo,Xã Mường Bo,15,2025-07-01,2028-01-01,,,\n"
    "02653,commune,Mường Hoa,Muong Hoa,Xã Mường Hoa,15,2028-01-01,2030-01-01,,,\n";

constexpr const char* kTerritoryCodes =
    "system,code,unit,valid_from,valid_to,origin\n"
    "gso,15,15,2025-07-01,,decree\n"
    "gso,02647,02647,2025-07-01,2030-01-01,decree\n"
    "gso,02647,02650,2030-01-01,,decree\n";

constexpr const char* kTerritoryEvents =
    "day,kind,from,to,share,system,basis\n"
    "2028-01-01,rename,02653,,,,Nghị quyết 12\n"
    "2030-01-01,split,02653,02647,0.4,,Nghị quyết 30\n"
    "2030-01-01,split,02653,02650,rest,,Nghị quyết 30\n";

constexpr const char* kTerritoryAttributes =
    "unit,attribute,value,valid_from,valid_to,origin\n"
    "02653,population,5120,2025-07-01,2027-01-01,statistics\n"
    "02653,population,5200,2027-01-01,2030-01-01,statistics\n"
    "15,households,412000,2025-07-01,,statistics\n";

constexpr const char* kTerritoryGroups =
    "grouping,group,name,name_en\n"
    "health,north,Khu y tế Bắc,Northern health district\n"
    "health,south,Khu y tế Nam,Southern health district\n";

constexpr const char* kTerritoryGroupMembers =
    "grouping,group,unit,valid_from,valid_to\n"
    "health,north,02647,2025-07-01,2027-01-01\n"
    "health,south,02647,2027-01-01,\n"
    "health,north,02650,2025-07-01,\n";

constexpr const char* kOrganisation =
    "code,level,name,name_en,parent,valid_from\n"
    "H38,province,UBND tỉnh,People's committee,,2025-07-01\n"
    "H38.01,department,Sở Nội vụ,Home affairs,H38,2025-07-01\n";

constexpr const char* kOrganisationCodes =
    "system,code,unit,valid_from\n"
    "h38,000.00.15.H38,H38.01,2025-07-01\n";

constexpr const char* kCalendar = R"(calendars:
  office:
    title: {vi: Giờ hành chính, en: Office hours}
    week:
      monday: ["07:30-11:30", "13:30-17:00"]
      friday: ["07:30-11:30"]
)";

constexpr const char* kRegimes = R"(regimes:
  reporting:
    title: {vi: Kỳ báo cáo, en: Reporting}
    basis: {vi: Nghị định, en: Decree}
    year: {from: 12-15, to: 12-14, named_after: end}
    due: {working_days: 2, calendar: office, basis: {vi: Quy chế, en: Rules}}
    kinds:
      month: {title: {vi: tháng, en: month}, label: {vi: "Tháng {number}/{year}", en: "{month} {year}"}, months: 1}
      nine_months:
        title: {vi: 9 tháng, en: nine months}
        label: {vi: "{months} tháng {year}", en: "{months} months of {year}"}
        months: 9
        cumulative: true
        due: {working_days: 5, calendar: office, basis: {vi: Quy chế, en: Rules}}
      year: {title: {vi: năm, en: year}, label: {vi: "Năm {year}", en: "Year {year}"}, months: 12}
  school:
    title: {vi: Năm học, en: School year}
    basis: {vi: Quyết định, en: Decision}
    year: {from: 09-01, to: 08-31, named_after: start}
    kinds:
      stage:
        title: {vi: giai đoạn, en: stage}
        label: {vi: "{part} {year}-{next_year}", en: "{part} {year}-{next_year}"}
        parts:
          - {name: winter, from: 09-01, to: 02-29, title: {vi: Học kỳ I, en: Winter}}
          - {name: spring, from: 03-01, to: 08-31, title: {vi: Học kỳ II, en: Spring}}
)";

constexpr const char* kSources = R"(sources:
  case_system:
    title: {vi: Hệ thống một cửa, en: Case system}
    owner: {vi: Văn phòng, en: Office}
    connector: [push, file_drop]
    folder: cases
    format: csv
    csv: {delimiter: ";", skip: 2, nulls: [".."], columns: [a, b], byte_order_mark: true}
    skip_rows: "kind = 'total'"
    mappings: {case: mappings/case.sql}
    working_calendar: office
    silent_after: 30m
    late_after: 2h
    data_as_of: case.updated_at
    simulated: true
    limits: {payload: 64MB, rows: 1000000, depth: 16, worker_memory: 1GB, worker_time: 60s}
  payments:
    title: {vi: Thanh toán, en: Payments}
    connector: push
    format: json
    json: {records_at: /items, columns: [id, paid_on, amount]}
    mappings: {payment: mappings/payment.sql}
)";

constexpr const char* kDatasets = R"(datasets:
  case:
    title: {vi: Hồ sơ, en: Case}
    kind: state
    key: [case_number]
    order: updated_at
    withdrawn: status = 'withdrawn'
    rules: ["finished_at >= received_at", "received_at >= '2020-01-01'"]
    places:
      territory: {column: commune_code, codes: gso}
      organisation: {column: agency_code, codes: h38}
    columns:
      case_number: {type: text}
      updated_at: {type: timestamp}
      received_at: {type: timestamp, title: {vi: Ngày nhận, en: Received}}
      due_at: {type: timestamp}
      finished_at: {type: timestamp, optional: true}
      commune_code: {type: text, optional: true}
      agency_code: {type: text, optional: true}
      status: {type: text, one_of: [open, done, withdrawn]}
      channel: {type: text, dimension: true, one_of: [counter, online, post]}
      urgent: {type: boolean, dimension: true, optional: true}
      applicant: {type: text, personal: true, optional: true}
      fee: {type: decimal, scale: 2, optional: true}
      pages: {type: integer, optional: true}
  payment:
    title: {vi: Khoản thu, en: Payment}
    kind: event
    key: [id]
    places: {territory: {column: commune_code, codes: gso}}
    columns:
      id: {type: text}
      commune_code: {type: text}
      paid_on: {type: date}
      amount: {type: decimal, scale: 0}
)";

constexpr const char* kIndicators = R"(measures:
  finished: {dataset: case, flow: finished_at, dimensions: [urgent, channel]}
  finished_on_time: {dataset: case, flow: finished_at, count: finished_at <= due_at}
  fees: {dataset: case, flow: finished_at, sum: fee, where: channel = 'online' and not urgent}
  applicants: {dataset: case, flow: received_at, grain: hour, distinct: applicant}
  open: {dataset: case, stock: {from: received_at, until: finished_at}}
  received:
    title: {vi: Tiếp nhận, en: Received}
    dataset: case
    flow: received_at
    grain: hour
    where: lower(channel) in ('counter', 'post') or coalesce(pages, 0) between 1 and 10
  paid: {dataset: payment, flow: paid_on, sum: amount, where: paid_on >= '2026-01-01'}
indicators:
  on_time_rate:
    title: {vi: Tỷ lệ đúng hạn, en: On-time rate}
    description: {vi: Đúng hạn trên tổng số, en: On time of all}
    formula: 100 * finished_on_time / finished
    unit_of_measure: percent
    decimals: 1
    better: higher
    thresholds: {good: 95, watch: 90, basis: {vi: Kế hoạch, en: Plan}}
    targets:
      - {value: 98, unit: "15", period: "2026", basis: {vi: Nghị quyết, en: Resolution}}
      - {value: 96, period: "reporting:2026", basis: {vi: Nghị quyết, en: Resolution}}
      - {value: 97.5, basis: {vi: Nghị quyết, en: Resolution}}
    judged_from: {finished: 10}
    freshness: 1h
    across_territory: recompute
    across_merger: recompute
  on_time_gap:
    title: {vi: Khoảng cách, en: Gap}
    formula: target(on_time_rate) - on_time_rate
    unit_of_measure: point
  growth:
    title: {vi: Tăng trưởng, en: Growth}
    formula: 100 * (cumulative(received) - same_period_last_year(received)) / -previous(received)
    unit_of_measure: percent
)";

constexpr const char* kPanels = R"(panels:
  services:
    title: {vi: Dịch vụ công, en: Public services}
    tree: territory
    items:
      - {figure: on_time_rate, period: month, trend: 24}
      - {figure: growth, period: hour}
      - {breakdown: on_time_gap, period: quarter}
  reports:
    title: {vi: Báo cáo, en: Reports}
    regime: reporting
    items:
      - {figure: on_time_rate, period: month, trend: 3}
      - {figure: on_time_rate, period: nine_months}
      - {figure: on_time_rate, regime: school}
      - {breakdown: on_time_rate}
  departments:
    title: {vi: Sở ngành, en: Departments}
    tree: organisation
    items: [{figure: on_time_rate}]
)";

}  // namespace

Files SampleCenter() {
  return {{"center.yaml", kCenter},
          {"territory/units.csv", kTerritory},
          {"territory/events.csv", kTerritoryEvents},
          {"territory/attributes.csv", kTerritoryAttributes},
          {"territory/groups.csv", kTerritoryGroups},
          {"territory/group_members.csv", kTerritoryGroupMembers},
          {"territory/codes.csv", kTerritoryCodes},
          {"organisation/units.csv", kOrganisation},
          {"organisation/codes.csv", kOrganisationCodes},
          {"calendars/office.yaml", kCalendar},
          {"regimes.yaml", kRegimes},
          {"systems/services/system.yaml", "title: {vi: Dịch vụ công, en: Public services}\n"},
          {"systems/services/sources.yaml", kSources},
          {"systems/services/datasets.yaml", kDatasets},
          {"systems/services/indicators.yaml", kIndicators},
          {"systems/services/panels.yaml", kPanels},
          {"systems/services/mappings/case.sql", "SELECT * FROM raw\n"},
          {"systems/services/mappings/payment.sql", "SELECT * FROM raw\n"},
          {"systems/services/tests/on_time.yaml", "not: [read, here\n"}};
}

}  // namespace fansipan::center::testing
