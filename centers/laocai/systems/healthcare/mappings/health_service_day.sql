SELECT
  maCoSo AS facility_code,
  CASE loaiCoSo WHEN '1' THEN 'provincial_hospital' WHEN '2' THEN 'regional_center' WHEN '3' THEN 'commune_station'
    WHEN '4' THEN 'private_hospital' ELSE loaiCoSo END AS kind,
  maXa AS commune_code,
  ngay AS day,
  luotKham AS visits,
  luotKhamBHYT AS insured_visits,
  luotNhapVien AS admissions,
  luotChuyenTuyen AS referrals,
  guiLuc AS sent_at,
  _row
FROM raw
