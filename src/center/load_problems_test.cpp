#include <gtest/gtest.h>

#include <algorithm>
#include <ostream>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "center/load.h"
#include "center/testing/pratt_parser.h"
#include "center/testing/sample_center.h"

namespace fansipan::center {
namespace {

using testing::Files;
using testing::PrattParser;
using testing::SampleCenter;

constexpr std::string_view kMark = "¦";

// One slip in a correct center: `text` of `file` becomes `slip`, where ¦ stands before the place
// that the problem must name. `word` must be in its message.
struct Slip {
  std::string name;
  std::string file;
  std::string text;
  std::string slip;
  std::string word;
};

void PrintTo(const Slip& slip, std::ostream* out) { *out << slip.name; }

struct Marked {
  std::string content;
  int line = 1;
  int column = 1;
};

// Takes the mark out of a text and says where it stood, in characters.
Marked TakeMark(std::string content) {
  const std::size_t mark = content.find(kMark);
  EXPECT_NE(mark, std::string::npos) << "the slip has no mark";
  if (mark == std::string::npos) return {content};
  Marked marked;
  for (std::size_t offset = 0; offset < mark; ++offset) {
    if (content[offset] == '\n') {
      ++marked.line;
      marked.column = 1;
    } else if ((static_cast<unsigned char>(content[offset]) & 0xC0U) != 0x80U) {
      ++marked.column;
    }
  }
  marked.content = content.erase(mark, kMark.size());
  return marked;
}

std::string FullPath(const std::string& file) {
  const bool of_system = file.ends_with(".yaml") && file.find('/') == std::string::npos &&
                         file != "center.yaml" && file != "regimes.yaml";
  return of_system ? "systems/services/" + file : file;
}

std::string TextOf(const LoadOutcome& outcome) {
  std::string text;
  for (const Problem& problem : outcome.problems) text += ToText(problem) + "\n";
  return text;
}

class LoadProblemsAt : public ::testing::TestWithParam<Slip> {};

TEST_P(LoadProblemsAt, NamesTheExactPlace) {
  const Slip& slip = GetParam();
  Files files = SampleCenter();
  const std::string path = FullPath(slip.file);
  std::string content = files.at(path);
  const std::size_t at = content.find(slip.text);
  ASSERT_NE(at, std::string::npos) << "the sample does not have: " << slip.text;
  const Marked marked = TakeMark(content.replace(at, slip.text.size(), slip.slip));
  files[path] = marked.content;

  const LoadOutcome outcome = LoadCenterFiles(files, PrattParser());

  EXPECT_EQ(outcome.center, nullptr);
  ASSERT_EQ(outcome.problems.size(), 1U) << TextOf(outcome);
  const Problem& problem = outcome.problems[0];
  EXPECT_EQ(problem.file, path);
  EXPECT_EQ(std::pair(problem.line, problem.column), std::pair(marked.line, marked.column))
      << ToText(problem);
  EXPECT_NE(problem.message.find(slip.word), std::string::npos) << ToText(problem);
}

const std::vector<Slip> kCenterSlips = {
    {"UnknownKey", "center.yaml", "time_zone:", "¦timezone: UTC\ntime_zone:", "time_zone"},
    {"BadName", "center.yaml", "name: sample", "name: ¦Sample", "lower-case"},
    {"OneLanguageMissing", "center.yaml", "title: {vi: Trung tâm mẫu, en: Sample center}",
     "¦title: {vi: Trung tâm mẫu}", "'en'"},
    {"ForeignLanguage", "center.yaml", "en: Sample center}", "en: Sample center, ¦fr: Centre}",
     "fr"},
    {"EmptyText", "center.yaml", "en: Sample center", "en: ¦\"\"", "empty"},
    {"TitleIsText", "center.yaml", "{vi: Trung tâm mẫu, en: Sample center}", "¦Sample",
     "each language"},
    {"NoSuchZone", "center.yaml", "Asia/Ho_Chi_Minh", "¦Asia/Sa_Pa", "time zone"},
    {"PublicUnknown", "center.yaml", "[on_time_rate]", "[¦on_time_rat]", "on_time_rate"},
    {"PublicMeasure", "center.yaml", "[on_time_rate]", "[¦finished]", "measure"},
    {"ListedTwice", "center.yaml", "[on_time_rate]", "[on_time_rate, ¦on_time_rate]", "twice"},
    {"KeyTwice", "center.yaml", "time_zone:", "¦name: again\ntime_zone:", "twice"},
    {"KeyWithoutValue", "center.yaml", "public: {indicators: [on_time_rate]}",
     "¦public:", "no value"},
    {"Anchor", "center.yaml", "name: sample", "name: ¦&a sample", "anchor"},
    {"Tag", "center.yaml", "name: sample", "name: ¦!!str sample", "tag"},
    {"SecondDocument", "center.yaml", "public: {indicators: [on_time_rate]}", "---\n¦a: b",
     "one document"},
    {"ControlCharacter", "center.yaml", "name: sample", "name: sam¦\x01ple", "UTF-8"},
    {"NotUtf8", "center.yaml", "Trung tâm mẫu", "Trung t¦\xE2m", "UTF-8"},
};

const std::vector<Slip> kUnitSlips = {
    {"UnknownColumn", "territory/units.csv", "area_km2\n", "¦area_km\n", "area_km2"},
    {"SameCode", "territory/units.csv", "02650,commune", "¦02647,commune", "line 3"},
    {"UnknownParent", "territory/units.csv", "Phường Sa Pa,15,", "Phường Sa Pa,¦16,", "parent"},
    {"SecondRoot", "territory/units.csv", "02647,commune,Sa Pa,Sa Pa,Phường Sa Pa,15,",
     "¦02647,commune,Sa Pa,Sa Pa,Phường Sa Pa,,", "exactly one"},
    {"ImpossibleDay", "territory/units.csv", "Phường Sa Pa,15,2025-07-01",
     "Phường Sa Pa,15,¦2025-02-30", "YYYY-MM-DD"},
    {"EndsBeforeItBegins", "territory/units.csv", "Phường Sa Pa,15,2025-07-01,",
     "Phường Sa Pa,15,2025-07-01,¦2025-07-01", "after"},
    {"LatitudeTooHigh", "territory/units.csv", "22.33,103.84", "¦98,103.84", "90"},
    {"LongitudeMissing", "territory/units.csv", "22.33,103.84", "¦22.33,", "together"},
    {"EmptyName", "territory/units.csv", "commune,Sa Pa,Sa Pa", "commune,Sa Pa,¦", "empty"},
    {"BadLevel", "territory/units.csv", "02647,commune", "02647,¦Commune", "level"},
    {"BlankInCode", "territory/units.csv", "02650,commune", "¦02650 ,commune", "blanks"},
    {"TooFewCells", "territory/units.csv", "2025-07-01,,22.3,104.1,13256.92",
     "2025-07-01,,22.3,104.1,13256.92\n¦02651,commune", "2 cells"},
    {"QuoteInsideCell", "territory/units.csv", "Phường Sa Pa", "Phường ¦\"Sa Pa\"", "quote"},
    {"QuoteNotClosed", "territory/units.csv", "\"Tả Van, Bản Hồ\",\"Ta Van, Ban Ho\"",
     "Tả Van,¦\"Ta Van, Ban Ho", "never closed"},
    {"CodeOfNoUnit", "territory/codes.csv", "gso,02647,02650", "gso,02647,¦02699", "02699"},
    {"CodeMeansTwoUnits", "territory/codes.csv", "gso,02647,02650,2030-01-01",
     "gso,¦02647,02650,2029-12-31", "already means"},
    {"BadCodeSystem", "territory/codes.csv", "gso,15,15", "¦GSO,15,15", "code system"},
};

const std::vector<Slip> kHistorySlips = {
    {"TwoStatesAtOnce", "territory/units.csv",
     "02653,commune,Mường Hoa,Muong Hoa,Xã Mường Hoa,15,2028",
     "¦02653,commune,Mường Hoa,Muong Hoa,Xã Mường Hoa,15,2027", "line 5"},
    {"GapBetweenStates", "territory/units.csv", "Xã Mường Hoa,15,2028-01-01",
     "Xã Mường Hoa,15,¦2028-01-02", "gap"},
    {"OutlastsItsParent", "territory/units.csv", "Phường Sa Pa,15,2025-07-01,",
     "Phường Sa Pa,¦02653,2025-07-01,", "still lies below '02653'"},
    {"OlderThanItsParent", "territory/units.csv", "Phường Sa Pa,15,2025-07-01,",
     "Phường Sa Pa,¦15,2025-06-30,", "begins on 2025-07-01"},
    {"EndsWithoutAnEvent", "territory/events.csv",
     "2030-01-01,split,02653,02647,0.4,,Nghị quyết 30\n"
     "2030-01-01,split,02653,02650,rest,,Nghị quyết 30\n",
     "2030-01-01,¦end,02653,,,,\n", "nowhere"},
    {"UnknownEventKind", "territory/events.csv", "rename,02653", "¦renamed,02653", "rename"},
    {"EventOfUnknownUnit", "territory/events.csv", "rename,02653", "rename,¦02651", "'02650'"},
    {"EventIntoUnknownUnit", "territory/events.csv", "split,02653,02647", "split,02653,¦02646",
     "is no unit"},
    {"EventOnTheWrongDay", "territory/events.csv", "2028-01-01,rename", "2028-01-02,¦rename",
     "before and after"},
    {"ShareOfAWord", "territory/events.csv", "02647,0.4", "02647,¦half", "'rest'"},
    {"ShareTooLarge", "territory/events.csv", "split,02653,02647,0.4", "¦split,02653,02647,1.4",
     "less than 1"},
    {"PartNowhere", "territory/events.csv", "2030-01-01,split,02653,02650,rest",
     "2030-01-01,¦split,02653,02650,0.5", "add up to 0.9"},
    {"RecodeWithoutSystem", "territory/events.csv", "rename,02653", "¦recode,02653", "'system'"},
    {"AttributeOfUnknownUnit", "territory/attributes.csv", "15,households", "¦16,households",
     "is no unit"},
    {"AttributeTwice", "territory/attributes.csv", "2027-01-01,statistics\n02653,population",
     "2027-01-02,statistics\n02653,¦population", "line 2"},
    {"AttributeOutsideTheUnit", "territory/attributes.csv", "5200,2027-01-01,2030-01-01",
     "5200,¦2027-01-01,2030-01-02", "days of the unit"},
    {"CodeOutlastsItsUnit", "territory/codes.csv", "gso,15,15,2025-07-01,,decree",
     "gso,15,¦02653,2025-07-01,,decree", "outlasts its unit"},
    {"GroupTwice", "territory/groups.csv", "health,south,", "health,south,A,A\nhealth,¦south,",
     "line 3"},
    {"MemberOfNoGroup", "territory/group_members.csv", "health,north,02650", "health,¦west,02650",
     "no group"},
    {"MemberInTwoGroups", "territory/group_members.csv", "2027-01-01\nhealth,south,02647",
     "2027-01-02\nhealth,south,¦02647", "line 2"},
    {"MemberBeforeTheUnit", "territory/group_members.csv", "02650,2025-07-01", "02650,¦2025-06-30",
     "days of the unit"},
    {"MemberIsNoUnit", "territory/group_members.csv", "health,north,02650", "health,north,¦02651",
     "no unit"},
    {"AttributeNoNumber", "territory/attributes.csv", "5120", "¦-5120", "from 0 on"},
};

const std::vector<Slip> kCalendarSlips = {
    {"BadSpan", "calendars/office.yaml", "\"13:30-17:00\"", "¦\"13:30-25:00\"", "07:30-11:30"},
    {"SpansOverlap", "calendars/office.yaml", "\"13:30-17:00\"", "¦\"11:00-17:00\"", "before"},
    {"UnknownDay", "calendars/office.yaml", "friday:", "¦fryday:", "friday"},
    {"BadCalendarName", "calendars/office.yaml", "office:\n",
     "office: {week: {monday: [\"07:30-11:30\"]}}\n  ¦1st:\n", "calendar"},
};

// Calendars with years, put behind the last day of the week of the sample's calendar.
Slip InYears(const std::string& name, const std::string& years, const std::string& word) {
  const std::string friday = "friday: [\"07:30-11:30\"]\n";
  return {name, "calendars/office.yaml", friday, friday + years, word};
}

// Office hours are Mondays and Friday mornings. 2 January 2026 is a Friday.
std::string Years(const std::string& lists) {
  return "    years:\n      2026:\n        basis: {vi: QĐ 1, en: Decision 1}\n" + lists;
}

const std::vector<Slip> kCalendarYearSlips = {
    InYears("NoYear", "    years: {¦26: {basis: {vi: QĐ, en: D}}}\n", "1900"),
    InYears("YearWithoutBasis", "    years: {¦2026: {provisional: true}}\n", "basis"),
    InYears("YearLeftOut",
            "    years: {2026: {basis: {vi: a, en: a}}, ¦2028: {basis: {vi: a, en: a}}}\n", "2027"),
    InYears("DecidedAfterProvisional",
            "    years:\n      2026: {basis: {vi: a, en: a}, provisional: true}\n"
            "      ¦2027: {basis: {vi: a, en: a}}\n",
            "provisional"),
    InYears("UnknownKeyOfYear", Years("        ¦holliday: []\n"), "did you mean 'holidays'"),
    InYears("ImpossibleDay",
            Years("        holidays: [{day: ¦2026-02-30, title: {vi: a, en: a}}]\n"), "exists"),
    InYears("HolidayOutsideItsYear",
            Years("        holidays: [{day: ¦2025-12-31, title: {vi: a, en: a}}]\n"),
            "under the year 2026"),
    InYears("HolidayWithoutTitle", Years("        holidays: [¦{day: 2026-01-01}]\n"), "title"),
    InYears("HolidayWithoutDay", Years("        holidays: [¦{title: {vi: a, en: a}}]\n"),
            "either 'day'"),
    InYears(
        "HolidayEndsBeforeItBegins",
        Years("        holidays: [{from: 2026-02-20, to: ¦2026-02-16, title: {vi: a, en: a}}]\n"),
        "last day"),
    InYears("SameDayTwice",
            Years("        holidays: [{day: 2026-01-02, title: {vi: a, en: a}}]\n"
                  "        exchanged: [{off: ¦2026-01-02, worked: 2026-01-10}]\n"),
            "line 10 already names"),
    InYears("ExchangeOfAFreeDay",
            Years("        exchanged: [{off: ¦2026-01-03, worked: 2026-01-10}]\n"), "is free"),
    InYears("ExchangeForAWorkedDay",
            Years("        exchanged: [{off: 2026-01-02, worked: ¦2026-01-09}]\n"), "is worked"),
    InYears("ExchangeForADayNotCovered",
            Years("        exchanged: [{off: 2026-01-02, worked: ¦2025-12-27}]\n"),
            "does not cover"),
    InYears("ExchangeWithoutItsOtherDay", Years("        exchanged: [¦{off: 2026-01-02}]\n"),
            "worked"),
    InYears(
        "OwnHoursOverlap",
        Years("        hours: [{day: 2026-01-05, hours: [\"08:00-10:00\", ¦\"09:00-11:00\"]}]\n"),
        "before"),
    InYears("ExtendsNoCalendar", "  branch: {extends: ¦ofice}\n", "did you mean 'office'"),
    InYears("ExtendsItself", "  branch: {extends: ¦branch}\n", "circle"),
    InYears("ExtendsInACircle", "  branch: {extends: desk}\n  desk: {extends: ¦branch}\n",
            "circle"),
    InYears("WeekWorksOnTheExchangedDay",
            Years("        exchanged: [{off: 2026-01-02, worked: 2026-01-10}]\n") +
                "  branch: {extends: office, week: ¦{saturday: [\"08:00-10:00\"]}}\n",
            "2026-01-10"),
};

const std::vector<Slip> kSourceSlips = {
    {"UnknownConnector", "sources.yaml", "[push, file_drop]", "[push, ¦sftp, file_drop]",
     "file_drop"},
    {"FolderLeadsOut", "sources.yaml", "folder: cases", "folder: ¦../cases", "one folder"},
    {"FolderWithoutFileDrop", "sources.yaml", "[push, file_drop]\n    folder: cases",
     "push\n    folder: ¦cases", "file_drop only"},
    {"UnknownFormat", "sources.yaml", "format: csv", "format: ¦xlm", "did you mean 'xml'"},
    {"NotAPairOfNameAndPath", "sources.yaml", "[id, paid_on, amount]",
     "[id, ¦{paid_on: /a, amount: /b}]", "{name: path}"},
    {"NotAPointer", "sources.yaml", "[id, paid_on, amount]", "[id, {paid_on: ¦a}]", "begin with /"},
    {"WrongShape", "sources.yaml", "format: json\n    json: {records_at: /items, columns: [id, ",
     "format: json\n    csv: ¦{skip: 1}\n    json: {records_at: /items, columns: [id, ",
     "does not belong"},
    {"NoColumns", "sources.yaml", "json: {records_at: /items, columns: [id, paid_on, amount]}",
     "¦json: {records_at: /items}", "columns"},
    {"PointerWithoutSlash", "sources.yaml", "records_at: /items", "records_at: ¦items",
     "JSON pointer"},
    {"DelimiterTooLong", "sources.yaml", "delimiter: \";\"", "delimiter: ¦\";;\"", "character"},
    {"DelimiterIsQuote", "sources.yaml", "csv: {delimiter: \";\",", "csv: ¦{delimiter: '\"',",
     "differ"},
    {"QuoteTooLong", "sources.yaml", "delimiter: \";\",", "delimiter: \";\", quote: ¦no,", "none"},
    {"UnknownEncoding", "sources.yaml", "format: csv", "format: csv\n    encoding: ¦tcvn", "tcvn3"},
    {"EncodingOfJson", "sources.yaml", "format: json", "format: json\n    encoding: ¦utf-16",
     "ndjson"},
    {"MarkOfAnotherEncoding", "sources.yaml",
     "format: csv\n    csv: {delimiter: \";\", skip: 2, nulls: [\"..\"], columns: [a, b], "
     "byte_order_mark: true}",
     "format: csv\n    encoding: vni\n    csv: {byte_order_mark: ¦true}", "utf-8"},
    {"ColumnsDifferInCapitals", "sources.yaml", "columns: [a, b],", "columns: [a, ¦A],", "twice"},
    {"ColumnsByPlaceDifferInCapitals", "sources.yaml", "columns: [a, b],",
     "columns: [a, ¦A], header: false,", "twice"},
    {"HeaderHasWithoutHeader", "sources.yaml", "columns: [a, b],",
     "columns: [a, b], header: false, header_has: ¦Mã,", "with a header"},
    {"EndsAtTwoLines", "sources.yaml", "columns: [a, b],",
     "columns: [a, b], ends_at: ¦\"Tổng\\ncộng\",", "one line"},
    {"FlagIsNoFlag", "sources.yaml", "byte_order_mark: true", "byte_order_mark: ¦yes", "true"},
    {"NumberTooLarge", "sources.yaml", "skip: 2", "skip: ¦2000", "1000"},
    {"HeaderlessWithoutColumns", "sources.yaml",
     "csv: {delimiter: \";\", skip: 2, nulls: [\"..\"], columns: [a, b], byte_order_mark: true}",
     "¦csv: {header: false}", "header"},
    {"UnknownDataset", "sources.yaml", "{case: mappings/case.sql}",
     "{case: mappings/case.sql, ¦cases: mappings/case.sql}", "did you mean 'case'"},
    {"MappingLeadsOut", "sources.yaml", "mappings: {case: mappings/case.sql}",
     "mappings: {case: mappings/case.sql, payment: ¦../case.sql}", "mappings/case.sql"},
    {"MappingMissing", "sources.yaml", "mappings: {case: mappings/case.sql}",
     "mappings: {case: mappings/case.sql, payment: ¦mappings/pay.sql}", "does not exist"},
    {"NoSuchCalendar", "sources.yaml", "working_calendar: office", "working_calendar: ¦ofice",
     "office"},
    {"BadDuration", "sources.yaml", "silent_after: 30m", "silent_after: ¦30 minutes", "30m"},
    {"AsOfWithoutColumn", "sources.yaml", "case.updated_at", "¦updated_at", "dataset.column"},
    {"AsOfUnmapped", "sources.yaml", "case.updated_at", "¦payment.paid_on", "does not map"},
    {"AsOfNoMoment", "sources.yaml", "case.updated_at", "¦case.fee", "timestamp"},
    {"AsOfNoColumn", "sources.yaml", "case.updated_at", "¦case.update_at", "updated_at"},
    {"BadSize", "sources.yaml", "payload: 64MB", "payload: ¦64 MiB", "64MB"},
    {"SizeTooLarge", "sources.yaml", "payload: 64MB", "payload: ¦64GB", "KB"},
    {"TimeTooLong", "sources.yaml", "worker_time: 60s", "worker_time: ¦2h", "1h"},
    {"SourceTwice", "sources.yaml", "  payments:\n",
     "  payments: {title: {vi: a, en: a}, connector: push, format: csv, mappings: {payment: "
     "mappings/payment.sql}}\n  ¦payments:\n",
     "twice"},
    {"FolderTwice", "sources.yaml", "  payments:\n",
     "  ¦more: {title: {vi: a, en: a}, connector: file_drop, folder: cases, format: csv, "
     "mappings: {payment: mappings/payment.sql}}\n  payments:\n",
     "case_system"},
};

const std::vector<Slip> kDatasetSlips = {
    {"UnknownKind", "datasets.yaml", "kind: state", "kind: ¦stat", "did you mean 'state'"},
    {"StateWithoutOrder", "datasets.yaml",
     "  case:\n    title: {vi: Hồ sơ, en: Case}\n"
     "    kind: state\n    key: [case_number]\n    order: updated_at\n",
     "  ¦case:\n    title: {vi: Hồ sơ, en: Case}\n    kind: state\n    key: [case_number]\n",
     "order"},
    {"KeyOfNoColumn", "datasets.yaml", "key: [case_number]", "key: [case_number, ¦case_no]",
     "case_number"},
    {"KeyIsOptional", "datasets.yaml", "key: [case_number]", "key: [case_number, ¦pages]",
     "optional"},
    {"KeyIsEmpty", "datasets.yaml", "key: [case_number]", "key: ¦[]", "at least one"},
    {"OrderIsText", "datasets.yaml", "order: updated_at", "order: ¦status", "timestamp"},
    {"OrderIsOptional", "datasets.yaml", "order: updated_at", "order: ¦finished_at", "optional"},
    {"UnknownType", "datasets.yaml", "id: {type: text}", "id: {type: ¦string}", "allowed: text"},
    {"DecimalWithoutScale", "datasets.yaml", "fee: {type: decimal, scale: 2,",
     "¦fee: {type: decimal,", "scale"},
    {"ScaleOfText", "datasets.yaml", "id: {type: text}", "id: {type: text, scale: ¦2}",
     "decimal only"},
    {"OneOfInteger", "datasets.yaml", "pages: {type: integer,",
     "pages: {type: integer, one_of: ¦[\"1\"],", "text only"},
    {"DimensionIsNumber", "datasets.yaml", "pages: {type: integer,",
     "pages: {type: integer, dimension: ¦true,", "text or boolean"},
    {"DimensionIsPersonal", "datasets.yaml", "applicant: {type: text,",
     "applicant: {type: text, dimension: ¦true,", "personal"},
    {"BadColumnName", "datasets.yaml", "id: {type: text}",
     "id: {type: text}\n      ¦_row: {type: text}", "column"},
    {"UnknownCodes", "datasets.yaml", "codes: h38", "codes: ¦h39", "h38"},
    {"PlaceIsNoText", "datasets.yaml", "column: agency_code", "column: ¦fee", "type text"},
    {"PlaceIsNoColumn", "datasets.yaml", "column: agency_code", "column: ¦agency", "agency"},
    {"RuleNamesNoColumn", "datasets.yaml", "\"finished_at >= received_at\"",
     "\"finished_at >= ¦recieved_at\"", "did you mean 'received_at'"},
    {"WithdrawnIsNoCondition", "datasets.yaml", "withdrawn: status = 'withdrawn'",
     "withdrawn: ¦status", "true or false"},
    {"NoSuchValue", "datasets.yaml", "status = 'withdrawn'", "status = ¦'withdrwn'",
     "did you mean 'withdrawn'"},
    {"BadDatasetName", "datasets.yaml", "  payment:\n",
     "  ¦Payment: {title: {vi: a, en: a}, kind: event, key: [a], columns: {a: {type: text}}}\n"
     "  payment:\n",
     "lower-case"},
};

const std::vector<Slip> kMeasureSlips = {
    {"MeasureOfNoDataset", "indicators.yaml", "paid: {dataset: payment",
     "paid: {dataset: ¦payments", "did you mean 'payment'"},
    {"NeitherFlowNorStock", "indicators.yaml",
     "  open: {dataset: case, stock: {from: received_at, until: finished_at}}",
     "  ¦open: {dataset: case}", "flow"},
    {"FlowAndStock", "indicators.yaml", "  open: {dataset: case,",
     "  ¦open: {dataset: case, flow: due_at,", "either"},
    {"FlowIsNoMoment", "indicators.yaml", "paid: {dataset: payment, flow: paid_on",
     "paid: {dataset: payment, flow: ¦amount", "timestamp or date"},
    {"StockFromDate", "indicators.yaml", "paid: {dataset: payment, flow: paid_on",
     "paid: {dataset: payment, stock: {from: ¦paid_on}", "timestamp"},
    {"StockWithoutFrom", "indicators.yaml", "stock: {from: received_at, until: finished_at}",
     "¦stock: {until: finished_at}", "from"},
    {"DateByTheHour", "indicators.yaml", "paid: {dataset: payment, flow: paid_on",
     "paid: {dataset: payment, grain: hour, flow: ¦paid_on", "hour"},
    {"SumOfText", "indicators.yaml", "sum: fee", "sum: ¦status", "integer or decimal"},
    {"TwoAggregates", "indicators.yaml", "  fees: {dataset: case,",
     "  ¦fees: {dataset: case, average: pages,", "'sum' and 'average'"},
    {"CountAndWhere", "indicators.yaml", "  finished_on_time: {dataset: case,",
     "  ¦finished_on_time: {dataset: case, where: urgent,", "'count' and 'where'"},
    {"DimensionNotDeclared", "indicators.yaml", "[urgent, channel]", "[urgent, ¦status]",
     "dimension: true"},
    {"TypesDiffer", "indicators.yaml", "count: finished_at <= due_at", "count: finished_at <= ¦fee",
     "one type"},
    {"TextIsNoMoment", "indicators.yaml", "paid_on >= '2026-01-01'", "paid_on >= ¦'January'",
     "a date"},
    {"AsksTheClock", "indicators.yaml", "count: finished_at <= due_at",
     "count: finished_at <= ¦now()", "stock"},
    {"UnknownFunction", "indicators.yaml", "count: finished_at <= due_at",
     "count: ¦upper(status) = 'A'", "coalesce"},
    {"EqualsNull", "indicators.yaml", "count: finished_at <= due_at", "count: finished_at = ¦null",
     "is null"},
    {"NotReadable", "indicators.yaml", "count: finished_at <= due_at",
     "count: ¦finished_at <=", "not readable"},
    {"ArithmeticWithText", "indicators.yaml", "count: finished_at <= due_at",
     "count: fee + ¦status > 2", "numbers"},
    {"OrderOfTruth", "indicators.yaml", "count: finished_at <= due_at", "count: ¦urgent < true",
     "no order"},
    {"QuotedConditionKeepsItsColumns", "indicators.yaml", "count: finished_at <= due_at",
     "count: \"status = 'done' and ¦agency = ''\"", "agency"},
};

const std::vector<Slip> kIndicatorSlips = {
    {"FormulaOfNothing", "indicators.yaml", "100 * finished_on_time / finished",
     "100 * finished_on_time / ¦finnished", "did you mean 'finished'"},
    {"FormulaIsConstant", "indicators.yaml", "100 * finished_on_time / finished", "¦100",
     "no measure"},
    {"FormulaCompares", "indicators.yaml", "100 * finished_on_time / finished",
     "¦finished_on_time = finished", "measures"},
    {"FormulaHasText", "indicators.yaml", "100 * finished_on_time / finished", "finished * ¦'2'",
     "numbers"},
    {"FormulaFunction", "indicators.yaml", "100 * finished_on_time / finished", "¦last(finished)",
     "previous"},
    {"TargetOfMeasure", "indicators.yaml", "target(on_time_rate) - on_time_rate",
     "target(¦finished) - on_time_rate", "only indicators"},
    {"FormulaMissing", "indicators.yaml",
     "  on_time_gap:\n    title: {vi: Khoảng cách, en: Gap}\n"
     "    formula: target(on_time_rate) - on_time_rate\n",
     "  ¦on_time_gap:\n    title: {vi: Khoảng cách, en: Gap}\n", "formula"},
    {"ThresholdsReversed", "indicators.yaml", "good: 95", "good: ¦85", "below"},
    {"ThresholdsWithoutDirection", "indicators.yaml", "better: higher\n    thresholds: {good",
     "better: neither\n    thresholds: ¦{good", "higher"},
    {"ThresholdIsNoNumber", "indicators.yaml", "watch: 90", "watch: ¦90%", "number"},
    {"TargetOfNoUnit", "indicators.yaml", "unit: \"15\"", "unit: ¦\"0264\"", "02647 (Sa Pa)"},
    {"TargetOfNoPeriod", "indicators.yaml", "period: \"2026\"", "period: ¦\"2026-13\"", "2026-Q4"},
    {"TargetTwice", "indicators.yaml", "      - {value: 97.5,",
     "      - {value: 97, basis: {vi: a, en: b}}\n      - ¦{value: 97.5,", "same unit"},
    {"JudgedFromNoMeasure", "indicators.yaml", "judged_from: {finished: 10}",
     "judged_from: {¦on_time_rate: 10}", "no measure"},
    {"RateDeclaredAsSum", "indicators.yaml", "across_merger: recompute", "across_merger: ¦sum",
     "rates are recomputed"},
    {"MergerRuleUnknown", "indicators.yaml", "across_merger: recompute", "across_merger: ¦average",
     "not_comparable"},
    {"RollUpNotRecomputed", "indicators.yaml", "across_territory: recompute",
     "across_territory: ¦mean", "recompute"},
    {"WeightOfNothing", "indicators.yaml", "across_merger: recompute",
     "across_merger: {weighted: ¦populaton}", "did you mean 'population'"},
    {"WeightIsAMeasure", "indicators.yaml", "across_merger: recompute",
     "across_merger: {weighted: ¦finished}", "it is a measure"},
    {"WeightIsARate", "indicators.yaml", "across_merger: recompute",
     "across_merger: {weighted: ¦growth}", "does not add up over units"},
    {"WeightBesideARule", "indicators.yaml", "across_merger: recompute",
     "across_merger: {rule: mean, weighted: ¦population}", "leave 'rule' out"},
    {"ShareOfNoAttribute", "indicators.yaml", "across_merger: recompute",
     "across_merger: {share: ¦area}", "no attribute of units 'area'"},
    {"ShareOfWhatIsNotComparable", "indicators.yaml", "across_merger: recompute",
     "across_merger: {rule: not_comparable, share: ¦population}", "leave it out"},
    {"TooManyDecimals", "indicators.yaml", "decimals: 1", "decimals: ¦10", "0 to 9"},
    {"NameOfMeasure", "indicators.yaml", "  growth:\n",
     "  ¦finished: {title: {vi: a, en: b}, formula: open, unit_of_measure: case}\n  growth:\n",
     "already declared"},
};

const std::vector<Slip> kPanelSlips = {
    {"PanelOfNoIndicator", "panels.yaml", "breakdown: on_time_gap", "breakdown: ¦on_time_gab",
     "on_time_gap"},
    {"UnknownPeriod", "panels.yaml", "period: month", "period: ¦mnth", "month"},
    {"HourOfDays", "panels.yaml", "{figure: on_time_rate, period: month,",
     "{figure: on_time_rate, period: ¦hour,", "grain: hour"},
    {"NoIndicator", "panels.yaml", "{breakdown: on_time_gap, period: quarter}",
     "¦{period: quarter}", "figure"},
    {"NoItems", "panels.yaml", "[{figure: on_time_rate}]", "¦[]", "1 to 100"},
    {"UnknownTree", "panels.yaml", "tree: organisation", "tree: ¦organization", "organisation"},
    {"NotYaml", "panels.yaml", "items: [{figure: on_time_rate}]\n",
     "items: [{figure: on_time_rate}\n¦", "YAML"},
};

const std::vector<Slip> kRegimeSlips = {
    {"YearLeavesAGap", "regimes.yaml", "to: 12-14, named", "to: ¦12-10, named",
     "12-11 to 12-14 would lie in no year"},
    {"YearsOverlap", "regimes.yaml", "to: 12-14, named", "to: ¦12-15, named",
     "12-15 would lie in two"},
    {"NoDay", "regimes.yaml", "from: 12-15,", "from: ¦12-32,", "12-15"},
    {"DayOfNoForm", "regimes.yaml", "from: 12-15,", "from: ¦15/12,", "12-15"},
    {"BeginsOnTheLeapDay", "regimes.yaml", "from: 12-15,", "from: ¦02-29,", "03-01"},
    {"NamedAfterNothing", "regimes.yaml", "named_after: end", "named_after: ¦middle", "start"},
    {"MonthsThatDoNotTile", "regimes.yaml", "months: 9\n        cumulative: true",
     "months: ¦9\n        cumulative: false", "do not tile"},
    {"NoMonths", "regimes.yaml", "months: 1}", "months: ¦13}", "1 to 12"},
    {"MonthsFromThe31st", "regimes.yaml", "regimes:\n",
     "regimes:\n  late:\n    title: {vi: a, en: a}\n    basis: {vi: a, en: a}\n"
     "    year: {from: 08-31, to: 08-30}\n    kinds:\n"
     "      year: {title: {vi: a, en: a}, label: {vi: a, en: a}, months: ¦12}\n",
     "28th"},
    {"UnknownKindOfPart", "regimes.yaml", "        parts:\n",
     "        ¦pieces: 1\n        parts:\n", "parts"},
    {"PartsLeaveAGap", "regimes.yaml", "from: 03-01,", "from: ¦03-15,", "03-01 to 03-14"},
    {"PartsOverlap", "regimes.yaml", "from: 03-01,", "from: ¦02-15,", "02-15 to 02-29"},
    {"PartsForgetTheLeapDay", "regimes.yaml",
     "to: 02-29, title: {vi: Học kỳ I, en: Winter}}\n          - {name: spring, from: 03-01",
     "to: 02-28, title: {vi: Học kỳ I, en: Winter}}\n          - {name: spring, from: ¦03-01",
     "02-29"},
    {"PartsEndBeforeTheYear", "regimes.yaml", "to: 08-31, title", "to: ¦08-30, title", "08-31"},
    {"PartEndsBeforeItBegins", "regimes.yaml", "to: 08-31, title", "to: ¦09-02, title", "before"},
    {"PartWithoutName", "regimes.yaml", "{name: winter, ", "¦{", "name"},
    {"TwoKindsOfTheSamePeriods", "regimes.yaml", "      year: {title: {vi: năm",
     "      ¦twelfth: {title: {vi: a, en: a}, label: {vi: a, en: a}, months: 1}\n"
     "      year: {title: {vi: năm",
     "reporting:2026-01"},
    {"NoSuchMark", "regimes.yaml", "\"Năm {year}\"", "¦\"Năm {yaer}\"", "year"},
    {"MarkOfPartsInMonths", "regimes.yaml", "\"Năm {year}\"", "¦\"{part} {year}\"", "number"},
    {"NoLabel", "regimes.yaml",
     "year: {title: {vi: năm, en: year}, label: {vi: \"Năm {year}\", en: \"Year {year}\"}",
     "¦year: {title: {vi: năm, en: year}", "label"},
    {"NoBasis", "regimes.yaml",
     "reporting:\n    title: {vi: Kỳ báo cáo, en: Reporting}\n    basis: {vi: Nghị định, en: "
     "Decree}\n",
     "¦reporting:\n    title: {vi: Kỳ báo cáo, en: Reporting}\n", "basis"},
    {"DueByNoCalendar", "regimes.yaml", "{working_days: 2, calendar: office",
     "{working_days: 2, calendar: ¦offcie", "office"},
    {"DueOfNoDays", "regimes.yaml", "due: {working_days: 2, calendar", "¦due: {calendar",
     "working_days"},
    {"CalendarAgain", "regimes.yaml", "  reporting:\n", "  ¦calendar: {a: b}\n  reporting:\n",
     "always there"},
    {"TargetOfNoPeriod", "indicators.yaml", "\"reporting:2026\"", "¦\"reporting:2026-13\"",
     "reporting:2026-01"},
    {"PanelOfNoRegime", "panels.yaml", "regime: reporting", "regime: ¦reportin", "reporting"},
    {"ItemOfNoKind", "panels.yaml", "period: nine_months", "period: ¦ten_months", "nine_months"},
};

std::string NameOfCase(const ::testing::TestParamInfo<Slip>& info) { return info.param.name; }

INSTANTIATE_TEST_SUITE_P(Center, LoadProblemsAt, ::testing::ValuesIn(kCenterSlips), NameOfCase);
INSTANTIATE_TEST_SUITE_P(Units, LoadProblemsAt, ::testing::ValuesIn(kUnitSlips), NameOfCase);
INSTANTIATE_TEST_SUITE_P(History, LoadProblemsAt, ::testing::ValuesIn(kHistorySlips), NameOfCase);
INSTANTIATE_TEST_SUITE_P(Calendars, LoadProblemsAt, ::testing::ValuesIn(kCalendarSlips),
                         NameOfCase);
INSTANTIATE_TEST_SUITE_P(CalendarYears, LoadProblemsAt, ::testing::ValuesIn(kCalendarYearSlips),
                         NameOfCase);
INSTANTIATE_TEST_SUITE_P(Sources, LoadProblemsAt, ::testing::ValuesIn(kSourceSlips), NameOfCase);
INSTANTIATE_TEST_SUITE_P(Datasets, LoadProblemsAt, ::testing::ValuesIn(kDatasetSlips), NameOfCase);
INSTANTIATE_TEST_SUITE_P(Measures, LoadProblemsAt, ::testing::ValuesIn(kMeasureSlips), NameOfCase);
INSTANTIATE_TEST_SUITE_P(Indicators, LoadProblemsAt, ::testing::ValuesIn(kIndicatorSlips),
                         NameOfCase);
INSTANTIATE_TEST_SUITE_P(Regimes, LoadProblemsAt, ::testing::ValuesIn(kRegimeSlips), NameOfCase);
INSTANTIATE_TEST_SUITE_P(Panels, LoadProblemsAt, ::testing::ValuesIn(kPanelSlips), NameOfCase);

// What a center with `slip` in place of `text` is told: "file:line:column" of every problem.
std::vector<std::string> PlacesAfter(Files files, const std::string& file, const std::string& text,
                                     const std::string& slip) {
  std::string& content = files.at(FullPath(file));
  const std::size_t at = content.find(text);
  EXPECT_NE(at, std::string::npos) << text;
  if (at != std::string::npos) content.replace(at, text.size(), slip);
  std::vector<std::string> places;
  for (const Problem& problem : LoadCenterFiles(std::move(files), PrattParser()).problems) {
    places.push_back(problem.file + ":" + std::to_string(problem.line) + ":" +
                     std::to_string(problem.column));
  }
  return places;
}

using Places = std::vector<std::string>;

TEST(LoadProblemPlaces, AreCountedInCharactersFromOne) {
  EXPECT_EQ(PlacesAfter(SampleCenter(), "center.yaml", "en: Sample center", "em: Sample center"),
            (Places{"center.yaml:2:1", "center.yaml:2:28"}));
  EXPECT_EQ(PlacesAfter(SampleCenter(), "indicators.yaml", "finished_on_time / finished",
                        "finished_on_time / finnished"),
            (Places{"systems/services/indicators.yaml:18:39"}));
}

TEST(LoadProblemPlaces, PointToTheMapThatLacksAKey) {
  EXPECT_EQ(PlacesAfter(SampleCenter(), "center.yaml",
                        "title: {vi: Trung tâm mẫu, en: Sample center}\n", ""),
            (Places{"center.yaml:1:1"}));
  EXPECT_EQ(PlacesAfter(SampleCenter(), "sources.yaml", "    data_as_of: case.updated_at\n", ""),
            (Places{"systems/services/sources.yaml:2:3"}));
}

TEST(LoadProblemPlaces, PointToTheFormulaThatClosesACircle) {
  EXPECT_EQ(PlacesAfter(SampleCenter(), "indicators.yaml", "finished_on_time / finished",
                        "finished_on_time / on_time_gap"),
            (Places{"systems/services/indicators.yaml:33:14"}));
}

TEST(LoadProblemPlaces, PointToTheUnitBelowItself) {
  EXPECT_EQ(PlacesAfter(SampleCenter(), "organisation/units.csv", "committee,,2025-07-01",
                        "committee,H38.01,2025-07-01"),
            (Places{"organisation/units.csv:1:1", "organisation/units.csv:2:1"}));
}

TEST(LoadProblems, AreAllToldAtOnceInOrderOfFileAndLine) {
  Files files = SampleCenter();
  files["systems/services/datasets.yaml"].replace(0, 9, "datasets:\n  Bad: {kind: new}\n");
  files["center.yaml"] += "colour: red\n";
  files["calendars/office.yaml"] += "      noday: []\n";
  files["systems/services/panels.yaml"] = "panels: [";
  const LoadOutcome outcome = LoadCenterFiles(files, PrattParser());
  EXPECT_EQ(outcome.center, nullptr);
  std::vector<std::string> of_files;
  for (const Problem& problem : outcome.problems) of_files.push_back(problem.file);
  EXPECT_TRUE(std::ranges::is_sorted(of_files));
  for (const char* file : {"calendars/office.yaml", "center.yaml", "systems/services/datasets.yaml",
                           "systems/services/panels.yaml"}) {
    EXPECT_NE(std::ranges::find(of_files, file), of_files.end()) << file;
  }
}

TEST(LoadProblems, StopAtTwoHundredAndCountTheRest) {
  Files files = SampleCenter();
  std::string& units = files["territory/units.csv"];
  for (int row = 0; row < 250; ++row) units += "too,few\n";
  const LoadOutcome outcome = LoadCenterFiles(files, PrattParser());
  EXPECT_EQ(outcome.problems.size(), kMaxProblems);
  EXPECT_EQ(outcome.left_out, 50U);
}

TEST(LoadProblems, AreNotRepeatedForWhatRefersToAnUnreadableFile) {
  EXPECT_EQ(PlacesAfter(SampleCenter(), "datasets.yaml", "kind: event", "kind: [event").size(), 1U);
}

TEST(LoadProblems, NameMissingAndUnknownFiles) {
  Files files = SampleCenter();
  files.erase("territory/units.csv");
  files.erase("systems/services/system.yaml");
  files["systems/services/dataset.yaml"] = "datasets: {}";
  files["systems/services/mappings/old.sql"] = "SELECT 1";
  files["notes.txt"] = "";
  Places places;
  for (const Problem& problem : LoadCenterFiles(files, PrattParser()).problems) {
    places.push_back(problem.file);
  }
  for (const char* file :
       {"territory/units.csv", "systems/services/system.yaml", "systems/services/dataset.yaml",
        "systems/services/mappings/old.sql", "notes.txt"}) {
    EXPECT_NE(std::ranges::find(places, file), places.end()) << file;
  }
  EXPECT_EQ(LoadCenterFiles({}, PrattParser()).problems.at(0).file, "center.yaml");
}

TEST(LoadProblems, TellOfTooManyCells) {
  Files files = SampleCenter();
  std::string& datasets = files["systems/services/datasets.yaml"];
  for (const char* name : {"one", "two", "three"}) {
    datasets += std::string("      ") + name + ": {type: text, dimension: true}\n";
  }
  EXPECT_EQ(PlacesAfter(files, "indicators.yaml", "sum: amount,",
                        "sum: amount, dimensions: [one, two, three],"),
            (Places{"systems/services/indicators.yaml:13:3"}));
}

TEST(LoadProblems, TellOfATowerOfFormulas) {
  Files files = SampleCenter();
  std::string& indicators = files["systems/services/indicators.yaml"];
  std::string below = "finished";
  for (int floor = 1; floor <= 33; ++floor) {
    const std::string name = "floor_" + std::to_string(floor);
    indicators.append("  ").append(name).append(": {title: {vi: a, en: a}, ");
    indicators.append("unit_of_measure: case, formula: ").append(below).append("}\n");
    below = name;
  }
  const LoadOutcome outcome = LoadCenterFiles(files, PrattParser());
  ASSERT_EQ(outcome.problems.size(), 1U) << TextOf(outcome);
  EXPECT_NE(outcome.problems[0].message.find("floor_33"), std::string::npos);
}

// Whatever the damage, the answer is a center or a reason, and the process lives.
TEST(LoadProblems, SurviveRandomDamage) {
  std::mt19937 random(20260701);  // NOLINT: the same damage in every run
  const Files sample = SampleCenter();
  using namespace std::string_view_literals;
  constexpr std::string_view kAlphabet = "\0\t\n :,{}[]&*!|>'\"#%@`-?~\xFF\xC3(aZ0_"sv;
  for (int round = 0; round < 400; ++round) {
    Files files = sample;
    auto file = files.begin();
    std::advance(file, random() % files.size());
    for (auto flips = random() % 6 + 1; flips > 0 && !file->second.empty(); --flips) {
      char& byte = file->second[random() % file->second.size()];
      byte = kAlphabet[random() % kAlphabet.size()];
    }
    if (random() % 8 == 0) file->second.resize(random() % (file->second.size() + 1));
    const LoadOutcome outcome = LoadCenterFiles(files, PrattParser());
    ASSERT_EQ(outcome.center == nullptr, !outcome.problems.empty()) << file->second;
    for (const Problem& problem : outcome.problems) {
      ASSERT_GE(problem.line, 1);
      ASSERT_GE(problem.column, 1);
    }
  }
}

}  // namespace
}  // namespace fansipan::center
