-- The system writes numbers for channels, degrees of urgency and statuses. A report that was refused
-- or taken back has left the desk and was responded to then, when at no moment before.
SELECT
  maPhanAnh AS report_number,
  lanXuLy AS round,
  CASE kenh WHEN '1' THEN 'app' WHEN '2' THEN 'phone_1022' WHEN '3' THEN 'web' ELSE kenh END AS channel,
  linhVuc AS field,
  CASE mucDo WHEN '1' THEN 'normal' WHEN '2' THEN 'urgent' ELSE mucDo END AS urgency,
  maXa AS commune_code,
  maCoQuanXuLy AS agency_code,
  CASE trangThai WHEN '1' THEN 'received' WHEN '2' THEN 'routed' WHEN '3' THEN 'processing'
    WHEN '4' THEN 'answered' WHEN '5' THEN 'refused' WHEN '6' THEN 'withdrawn' ELSE trangThai END AS status,
  tiepNhanLuc AS received_at,
  chuyenLuc AS routed_at,
  coalesce(chuyenLuc, ketThucLuc) AS left_desk_at,
  coalesce(phanHoiDauLuc, ketThucLuc) AS responded_at,
  soGioXuLy AS term_hours,
  ketThucLuc AS closed_at,
  moLaiLuc AS reopened_at,
  diemDanhGia AS rating,
  capNhatLuc AS updated_at,
  _row
FROM raw
