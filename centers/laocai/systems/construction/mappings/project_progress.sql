-- A month's report stands from the last day of its month until that of the month reported next, so a figure of
-- the current month shows what was reported last and not nothing. A file has all months of each project; when
-- the next month is told, the one before changes with it, and its order is that of the later report.
WITH told AS (
  SELECT
    "Mã dự án" AS project_code,
    "Mã xã" AS commune_code,
    "Mã cơ quan" AS agency_code,
    "Tháng" AS month_text,
    TRY_CAST("Tháng" || '-01' AS DATE) AS month_start,
    number_of("Kế hoạch lũy kế (%)", ',') AS planned_progress,
    number_of("Thực hiện lũy kế (%)", ',') AS actual_progress,
    number_of("Thực hiện trong tháng (%)", ',') AS done_in_month,
    moment_of("Báo cáo lúc", 'dmy') AS reported_at,
    _row
  FROM raw),
dated AS (
  SELECT *,
    lead(month_start) OVER months AS next_month,
    lead(reported_at) OVER months AS next_report,
    sum(TRY_CAST(done_in_month AS DECIMAL(9, 2))) OVER last_three AS done_lately,
    count(*) OVER last_three AS months_lately
  FROM told
  WINDOW
    months AS (PARTITION BY project_code ORDER BY month_start),
    last_three AS (PARTITION BY project_code ORDER BY month_start ROWS BETWEEN 2 PRECEDING AND CURRENT ROW))
SELECT
  project_code,
  commune_code,
  agency_code,
  month_text AS progress_month,
  strftime(month_start + INTERVAL 1 MONTH - INTERVAL 1 DAY, '%Y-%m-%dT00:00:00') AS counted_from,
  strftime(next_month + INTERVAL 1 MONTH - INTERVAL 1 DAY, '%Y-%m-%dT00:00:00') AS counted_until,
  planned_progress,
  actual_progress,
  CAST(TRY_CAST(planned_progress AS DECIMAL(9, 2)) - TRY_CAST(actual_progress AS DECIMAL(9, 2)) AS DECIMAL(9, 2)) AS lag,
  done_in_month,
  CASE WHEN months_lately = 3 THEN CAST(done_lately AS DECIMAL(9, 2)) END AS done_in_three_months,
  reported_at,
  coalesce(next_report, reported_at) AS updated_at,
  _row
FROM dated
