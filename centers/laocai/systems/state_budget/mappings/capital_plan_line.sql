-- The plan of a project from one fund. It holds from 1 February of its year until 31 January of the next, the last
-- day on which it can be disbursed: the budget year of regimes.yaml. Section rows have no project code.
-- Cells of disbursement are numbers, which a workbook keeps as binary fractions: 77467.9 may stand in it as
-- 77467.89999999999. They are rounded to the tenth in which they were entered; what is no number keeps its text.
WITH line AS (
  SELECT *, TRY_CAST("Năm kế hoạch" AS INTEGER) AS plan_year FROM raw WHERE "Mã dự án" IS NOT NULL
)
SELECT
  "Mã dự án" AS project_code,
  "Tên dự án" AS project_name,
  "Chủ đầu tư Mã định danh" AS agency_code,
  "Mã địa bàn" AS commune_code,
  CASE "Nguồn vốn"
    WHEN 'Ngân sách trung ương' THEN 'central'
    WHEN 'Ngân sách địa phương' THEN 'local'
    WHEN 'Vốn nước ngoài' THEN 'oda'
    WHEN 'Kế hoạch năm trước kéo dài' THEN 'carried_over'
    ELSE "Nguồn vốn" END AS fund,
  "Năm kế hoạch" AS plan_year,
  date_of("Số liệu đến ngày", 'dmy') AS as_of,
  number_of("Kế hoạch vốn Giao đầu năm", ',') AS plan_initial,
  number_of("Kế hoạch vốn Sau điều chỉnh", ',') AS plan_adjusted,
  number_of("Kế hoạch vốn Phân bổ chi tiết", ',') AS allocated,
  coalesce(CAST(TRY_CAST("Giải ngân Lũy kế" AS DECIMAL(18, 1)) AS VARCHAR), number_of("Giải ngân Lũy kế", '.')) AS paid_to_date,
  plan_year || '-02-01T00:00:00' AS starts_at,
  (plan_year + 1) || '-02-01T00:00:00' AS ends_at,
  _row
FROM line
