SELECT
  soBienBan AS inspection_number,
  maXa AS commune_code,
  maCoQuan AS agency_code,
  ngayKiemTra AS inspected_on,
  capNhatLuc AS updated_at,
  _row
FROM raw
WHERE coalesce(loai, '') <> 'VP'
