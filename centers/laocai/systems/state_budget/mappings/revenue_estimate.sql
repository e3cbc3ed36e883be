-- The estimate of a kind of revenue for the year, as the central government and as the province's People's Council set it.
WITH line AS (
  SELECT *, date_of("Số liệu đến ngày", 'dmy') AS until FROM raw
  WHERE regexp_matches(STT, '^\d+$') OR STT IN ('II', 'III')
), dated AS (
  SELECT *, year(TRY_CAST(until AS DATE)) AS budget_year FROM line
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
  budget_year,
  until AS as_of,
  number_of("Dự toán năm Trung ương giao", ',') AS estimate_central,
  number_of("Dự toán năm Tỉnh giao", ',') AS estimate_province,
  budget_year || '-01-01T00:00:00' AS starts_at,
  (budget_year + 1) || '-01-01T00:00:00' AS ends_at,
  _row
FROM dated
