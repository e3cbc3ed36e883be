#include "bench/postgres_statements.h"

#include <fmt/format.h>

namespace fansipan::bench {
namespace {

// Signed rows of `moved` become signed sums by the day a measure counts at: filed, closed, due. One
// table of the finest cells is cheaper to keep than one for each tree and set of dimensions: what
// a correction leaves alone is not touched.
constexpr char kAddSums[] = R"(
INSERT INTO sums AS s
SELECT * FROM (
SELECT commune_code, agency_code, day, field, channel, service_level, applicant, payment,
  coalesce(sum(sign) FILTER (WHERE kind = 'filed'), 0) AS received,
  coalesce(sum(sign) FILTER (WHERE kind = 'filed' AND channel = 'online'), 0) AS online,
  coalesce(sum(sign) FILTER (WHERE kind = 'closed'), 0) AS finished,
  coalesce(sum(sign) FILTER (WHERE kind = 'closed' AND closed_at <= due_at), 0) AS on_time,
  coalesce(sum(sign) FILTER (WHERE kind = 'closed' AND closed_at > due_at), 0) AS late,
  coalesce(sum(sign) FILTER (WHERE kind = 'due'), 0) AS due,
  coalesce(sum(sign * fee) FILTER (WHERE kind = 'closed'), 0) AS fees,
  coalesce(sum(sign * processing_hours) FILTER (WHERE kind = 'closed'), 0) AS hours
FROM moved CROSS JOIN LATERAL (VALUES
  ('filed', received_at::date), ('closed', closed_at::date), ('due', due_at::date)) AS k(kind, day)
WHERE day IS NOT NULL
GROUP BY 1, 2, 3, 4, 5, 6, 7, 8) AS d
WHERE (d.received, d.online, d.finished, d.on_time, d.late, d.due, d.fees, d.hours) <>
  (0, 0, 0, 0, 0, 0, 0, 0)
ON CONFLICT (commune_code, agency_code, day, field, channel, service_level, applicant, payment)
DO UPDATE SET received = s.received + excluded.received,
  received_online = s.received_online + excluded.received_online,
  finished = s.finished + excluded.finished,
  finished_on_time = s.finished_on_time + excluded.finished_on_time,
  finished_late = s.finished_late + excluded.finished_late, due = s.due + excluded.due,
  fees = s.fees + excluded.fees, hours = s.hours + excluded.hours;
)";

constexpr char kAddMultisets[] = R"(
INSERT INTO multisets AS m
SELECT kind, commune_code, agency_code, day, value, sum(sign)
FROM moved CROSS JOIN LATERAL (VALUES
  ('hours', closed_at::date, processing_hours::text),
  ('procedure', received_at::date, procedure_code)) AS k(kind, day, value)
WHERE day IS NOT NULL AND value IS NOT NULL
GROUP BY 1, 2, 3, 4, 5
HAVING sum(sign) <> 0
ON CONFLICT (kind, commune_code, agency_code, day, value)
DO UPDATE SET times = m.times + excluded.times;
)";

constexpr char kColumns[] =
    "case_number, procedure_code, commune_code, agency_code, field, channel, service_level, "
    "applicant, payment, status, received_at, due_at, closed_at, updated_at, fee, "
    "processing_hours";

}  // namespace

const char kCreateTables[] = R"(
CREATE TABLE current (case_number text NOT NULL, procedure_code text NOT NULL,
  commune_code text NOT NULL, agency_code text NOT NULL, field text NOT NULL,
  channel text NOT NULL, service_level text NOT NULL, applicant text NOT NULL,
  payment text NOT NULL, status text NOT NULL, received_at timestamptz NOT NULL,
  due_at timestamptz NOT NULL, closed_at timestamptz, updated_at timestamptz NOT NULL,
  fee numeric(18, 0) NOT NULL, processing_hours numeric(18, 1));
CREATE TABLE sums (commune_code text, agency_code text, day date, field text, channel text,
  service_level text, applicant text, payment text, received bigint, received_online bigint,
  finished bigint, finished_on_time bigint, finished_late bigint, due bigint, fees numeric,
  hours numeric, PRIMARY KEY (commune_code, agency_code, day, field, channel, service_level,
  applicant, payment));
CREATE TABLE multisets (kind text, commune_code text, agency_code text, day date, value text,
  times bigint, PRIMARY KEY (kind, commune_code, agency_code, day, value));
CREATE UNLOGGED TABLE stage (LIKE current);
)";

const char kCreateKey[] = "ALTER TABLE current ADD PRIMARY KEY (case_number)";

std::string FirstRollUp() {
  return fmt::format("CREATE VIEW moved AS SELECT 1 AS sign, {} FROM current;{}{}DROP VIEW moved;",
                     kColumns, kAddSums, kAddMultisets);
}

std::string BatchScript(const std::string& csv_file) {
  std::string text = "BEGIN;\nTRUNCATE stage;\n";
  text += fmt::format("\\copy stage from '{}' (format csv, header)\n", csv_file);
  text += R"(CREATE TEMP TABLE moved ON COMMIT DROP AS
SELECT -1 AS sign, c.* FROM stage s JOIN current c USING (case_number)
  WHERE s.updated_at > c.updated_at
UNION ALL
SELECT 1, s.* FROM stage s LEFT JOIN current c USING (case_number)
  WHERE c.case_number IS NULL OR s.updated_at > c.updated_at;
ANALYZE moved;
)";
  text += kAddSums;
  text += kAddMultisets;
  text += fmt::format("INSERT INTO current AS c SELECT {} FROM stage\n", kColumns);
  text += "ON CONFLICT (case_number) DO UPDATE SET ";
  constexpr const char* kChanging[] = {
      "procedure_code", "commune_code", "agency_code", "field",  "channel",
      "service_level",  "applicant",    "payment",     "status", "received_at",
      "due_at",         "closed_at",    "updated_at",  "fee",    "processing_hours"};
  for (const char* column : kChanging) {
    text += fmt::format("{}{} = excluded.{}", column == kChanging[0] ? "" : ", ", column, column);
  }
  return text + "\nWHERE excluded.updated_at > c.updated_at;\nCOMMIT;\n";
}

}  // namespace fansipan::bench
