SELECT
  maCoSo AS facility_code,
  CASE loaiCoSo WHEN '1' THEN 'provincial_hospital' WHEN '2' THEN 'regional_center' WHEN '3' THEN 'commune_station'
    WHEN '4' THEN 'private_hospital' ELSE loaiCoSo END AS kind,
  maXa AS commune_code,
  ngay AS day,
  thoiDiem AS reported_at,
  giuongMo AS beds_open,
  giuongSuDung AS beds_used,
  giuongHoiSuc AS icu_open,
  giuongHoiSucSuDung AS icu_used,
  _row
FROM raw
