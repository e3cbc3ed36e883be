-- What was disbursed of a project's plan from one fund in a month. The day on which it counts lies in the budget year
-- of the plan that it is charged to: what is paid in January from the plan of the year that has just begun counts on
-- 1 February, since until 31 January the budget year is the one before.
-- Cells of disbursement are numbers, which a workbook keeps as binary fractions: 77467.9 may stand in it as
-- 77467.89999999999. They are rounded to the tenth in which they were entered; what is no number keeps its text.
WITH line AS (
  SELECT *, TRY_CAST("Năm kế hoạch" AS INTEGER) AS plan_year,
         date_of("Số liệu đến ngày", 'dmy') AS until
  FROM raw WHERE "Mã dự án" IS NOT NULL
)
SELECT
  "Mã dự án" AS project_code,
  "Chủ đầu tư Mã định danh" AS agency_code,
  "Mã địa bàn" AS commune_code,
  CASE "Nguồn vốn"
    WHEN 'Ngân sách trung ương' THEN 'central'
    WHEN 'Ngân sách địa phương' THEN 'local'
    WHEN 'Vốn nước ngoài' THEN 'oda'
    WHEN 'Kế hoạch năm trước kéo dài' THEN 'carried_over'
    ELSE "Nguồn vốn" END AS fund,
  "Năm kế hoạch" AS plan_year,
  strftime(TRY_CAST(until AS DATE), '%Y-%m') AS month,
  until AS paid_until,
  greatest(TRY_CAST(until AS DATE), make_date(plan_year, 2, 1)) AS counted_on,
  coalesce(CAST(TRY_CAST("Giải ngân Trong tháng" AS DECIMAL(18, 1)) AS VARCHAR), number_of("Giải ngân Trong tháng", '.')) AS paid_in_month,
  coalesce(CAST(TRY_CAST("Giải ngân Lũy kế" AS DECIMAL(18, 1)) AS VARCHAR), number_of("Giải ngân Lũy kế", '.')) AS paid_to_date,
  _row
FROM line
