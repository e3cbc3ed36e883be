SELECT
  soViPham AS violation_number,
  soBienBan AS inspection_number,
  maXa AS commune_code,
  maCoQuan AS agency_code,
  CASE hanhVi
    WHEN '1' THEN 'without_permit' WHEN '2' THEN 'against_permit' WHEN '3' THEN 'against_planning'
    WHEN '4' THEN 'unsafe_site' ELSE hanhVi END AS violation_kind,
  ngayPhatHien AS found_at,
  soNgayXuLy AS term_days,
  ngayXuLyXong AS handled_at,
  capNhatLuc AS updated_at,
  _row
FROM raw
WHERE loai = 'VP'
