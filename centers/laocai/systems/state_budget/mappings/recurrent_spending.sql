-- What an agency spent of its recurrent budget in a month, by field.
WITH line AS (SELECT *, date_of("Số liệu đến ngày", 'dmy') AS until FROM raw)
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
  strftime(TRY_CAST(until AS DATE), '%Y-%m') AS month,
  until AS spent_until,
  number_of("Chi trong tháng", ',') AS spent_in_month,
  number_of("Chi lũy kế", ',') AS spent_to_date,
  _row
FROM line
