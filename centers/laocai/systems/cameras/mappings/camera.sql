-- The list has Vietnamese words for kinds and rights, days with the day first, and numbers with a comma.
SELECT
  "Mã camera" AS camera_id,
  "Vị trí" AS name,
  CASE "Loại" WHEN 'Cố định' THEN 'fixed' WHEN 'Bán cầu' THEN 'dome' WHEN 'Xoay (PTZ)' THEN 'ptz'
    WHEN 'Đọc biển số' THEN 'plate' WHEN 'Ảnh nhiệt' THEN 'thermal' ELSE "Loại" END AS kind,
  "Mã xã" AS commune_code,
  "Mã cơ quan" AS agency_code,
  number_of("Vĩ độ", ',') AS latitude,
  number_of("Kinh độ", ',') AS longitude,
  CASE "Nhóm quyền" WHEN 'Nơi công cộng' THEN 'public_place' WHEN 'Giao thông' THEN 'traffic'
    WHEN 'Trụ sở' THEN 'office' ELSE "Nhóm quyền" END AS rights_class,
  "Số ngày lưu" AS retention_days,
  CASE "Nhận diện" WHEN 'Có' THEN 'true' WHEN 'Không' THEN 'false' ELSE "Nhận diện" END AS has_detector,
  moment_of("Đưa vào sử dụng", 'dmy') AS installed_at,
  moment_of("Ngừng sử dụng", 'dmy') AS retired_at,
  moment_of("Cập nhật lúc", 'dmy') AS updated_at,
  _row
FROM raw
