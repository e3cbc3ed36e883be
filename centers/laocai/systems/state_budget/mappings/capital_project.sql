-- A project in a budget year, over all its funds. It stands still from three months after its last disbursement on
-- (after 1 February where there was none), unless its plan is spent or the year ends before. A cell that is no
-- number leaves the sums empty, so that the project is set aside and not told too small.
WITH line AS (
  SELECT "Mã dự án" AS project_code, "Tên dự án" AS project_name, "Chủ đầu tư Mã định danh" AS agency_code,
         "Mã địa bàn" AS commune_code, "Năm kế hoạch" AS year_text, TRY_CAST("Năm kế hoạch" AS INTEGER) AS plan_year,
         date_of("Số liệu đến ngày", 'dmy') AS as_of,
         TRY_CAST(number_of("Kế hoạch vốn Sau điều chỉnh", ',') AS DECIMAL(18, 1)) AS plan,
         TRY_CAST("Giải ngân Lũy kế" AS DECIMAL(18, 1)) AS paid,
         TRY_CAST(date_of("Giải ngân Ngày gần nhất", 'dmy') AS DATE) AS last_paid_on, _row
  FROM raw WHERE "Mã dự án" IS NOT NULL
), project AS (
  SELECT project_code, year_text, as_of, any_value(plan_year) AS plan_year, any_value(project_name) AS project_name,
         min(agency_code) AS agency_code, min(commune_code) AS commune_code,
         CASE WHEN count(plan) = count(*) THEN sum(plan) END AS plan,
         CASE WHEN count(paid) = count(*) THEN sum(paid) END AS paid,
         max(last_paid_on) AS last_paid_on, list(_row) AS _rows
  FROM line GROUP BY project_code, year_text, as_of
), timed AS (
  SELECT *, coalesce(last_paid_on, make_date(plan_year, 2, 1)) + INTERVAL 3 MONTH AS stands_still,
         make_date(plan_year + 1, 2, 1) AS year_ends
  FROM project
)
SELECT project_code, project_name, agency_code, commune_code, year_text AS plan_year, as_of,
       CAST(plan AS DECIMAL(18, 1)) AS plan_adjusted, CAST(paid AS DECIMAL(18, 1)) AS paid_to_date,
       CAST(plan - paid AS DECIMAL(18, 1)) AS remaining,
       last_paid_on,
       CASE WHEN paid < plan AND stands_still < year_ends
         THEN strftime(stands_still, '%Y-%m-%dT00:00:00') END AS stalled_from,
       plan_year || '-02-01T00:00:00' AS starts_at,
       (plan_year + 1) || '-02-01T00:00:00' AS ends_at,
       _rows
FROM timed
