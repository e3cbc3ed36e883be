-- The recurrent budget that an agency was given for the year, by field.
WITH line AS (
  SELECT *, date_of("Số liệu đến ngày", 'dmy') AS until, TRY_CAST("Năm ngân sách" AS INTEGER) AS year_number FROM raw
)
SELECT
  "Mã định danh" AS agency_code,
  CASE "Lĩnh vực chi"
    WHEN 'Giáo dục - đào tạo và dạy nghề' THEN 'education'
    WHEN 'Y tế, dân số và gia đình' THEN 'health'
    WHEN 'Hoạt động của cơ quan quản lý nhà nước, Đảng, đoàn thể' THEN 'administration'
    WHEN 'Bảo đảm xã hội' THEN 'social'
    WHEN 'Các hoạt động kinh tế' THEN 'economy'
    WHEN 'Văn hóa, thông tin, thể thao' THEN 'culture'
    WHEN 'Quốc phòng, an ninh và trật tự an toàn xã hội' THEN 'defence'
    WHEN 'Bảo vệ môi trường' THEN 'environment'
    ELSE "Lĩnh vực chi" END AS field,
  "Năm ngân sách" AS budget_year,
  until AS as_of,
  number_of("Dự toán giao", ',') AS estimate,
  year_number || '-01-01T00:00:00' AS starts_at,
  (year_number + 1) || '-01-01T00:00:00' AS ends_at,
  _row
FROM line
