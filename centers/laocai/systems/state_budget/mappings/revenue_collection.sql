-- The kinds of revenue are the rows that are numbered 1, 2, 3 …; those with letters and Roman figures are their sums,
-- but for the revenue from trade (II), grants (III) and the like, which have no kinds below them.
-- Cells of what was collected are numbers, which a workbook keeps as binary fractions: 77467.9 may stand in it as
-- 77467.89999999999. They are rounded to the tenth in which they were entered; what is no number keeps its text.
WITH line AS (
  SELECT *, date_of("Số liệu đến ngày", 'dmy') AS until FROM raw
  WHERE regexp_matches(STT, '^\d+$') OR STT IN ('II', 'III')
)
SELECT
  CASE "Nội dung thu"
    WHEN 'Thu từ khu vực doanh nghiệp nhà nước' THEN 'state_enterprise'
    WHEN 'Thu từ khu vực doanh nghiệp có vốn đầu tư nước ngoài' THEN 'foreign_enterprise'
    WHEN 'Thu từ khu vực kinh tế ngoài quốc doanh' THEN 'private_sector'
    WHEN 'Thuế thu nhập cá nhân' THEN 'personal_income'
    WHEN 'Thuế bảo vệ môi trường' THEN 'environment'
    WHEN 'Lệ phí trước bạ' THEN 'registration_fee'
    WHEN 'Phí, lệ phí' THEN 'fees'
    WHEN 'Thu tiền sử dụng đất' THEN 'land_use'
    WHEN 'Tiền cho thuê đất, thuê mặt nước' THEN 'land_rent'
    WHEN 'Thu từ hoạt động xổ số kiến thiết' THEN 'lottery'
    WHEN 'Thu tiền cấp quyền khai thác khoáng sản, tài nguyên nước' THEN 'mineral_rights'
    WHEN 'Thu khác ngân sách' THEN 'other'
    WHEN 'Thu từ hoạt động xuất nhập khẩu' THEN 'trade'
    WHEN 'Thu viện trợ' THEN 'grants'
    ELSE "Nội dung thu" END AS kind,
  '15' AS province_code,
  '000.00.00.H38' AS agency_code,
  strftime(TRY_CAST(until AS DATE), '%Y-%m') AS month,
  until AS collected_until,
  coalesce(CAST(TRY_CAST("Thực hiện Trong tháng" AS DECIMAL(18, 1)) AS VARCHAR), number_of("Thực hiện Trong tháng", '.')) AS collected_in_month,
  coalesce(CAST(TRY_CAST("Thực hiện Lũy kế" AS DECIMAL(18, 1)) AS VARCHAR), number_of("Thực hiện Lũy kế", '.')) AS collected_to_date,
  _row
FROM line
