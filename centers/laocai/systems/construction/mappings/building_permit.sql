SELECT
  soHoSo AS permit_case,
  maXa AS commune_code,
  maCoQuan AS agency_code,
  CASE loaiGiayPhep
    WHEN '1' THEN 'house' WHEN '2' THEN 'works' WHEN '3' THEN 'limited_time' WHEN '4' THEN 'adjustment'
    WHEN '5' THEN 'relocation' ELSE loaiGiayPhep END AS permit_kind,
  CASE trangThai
    WHEN '1' THEN 'received' WHEN '2' THEN 'examined' WHEN '3' THEN 'supplement_requested'
    WHEN '4' THEN 'granted' WHEN '5' THEN 'refused' WHEN '6' THEN 'withdrawn_by_applicant'
    ELSE trangThai END AS permit_status,
  ngayNhanDuHoSo AS received_at,
  soNgay AS term_days,
  ngayKetThuc AS closed_at,
  dienTichSan AS floor_area,
  capNhatLuc AS updated_at,
  _row
FROM raw
