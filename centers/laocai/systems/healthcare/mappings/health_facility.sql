-- The register writes kinds by number and days as 31/12/2026; a day means its first moment.
SELECT
  ma_co_so AS facility_code,
  ten_co_so AS name,
  CASE loai WHEN '1' THEN 'provincial_hospital' WHEN '2' THEN 'regional_center' WHEN '3' THEN 'commune_station'
    WHEN '4' THEN 'private_hospital' ELSE loai END AS kind,
  ma_xa AS commune_code,
  number_of(vi_do, ',') AS latitude,
  number_of(kinh_do, ',') AS longitude,
  giuong_ke_hoach AS beds_planned,
  giuong_thuc_ke AS beds_actual,
  bac_si AS doctors,
  duoc_si AS pharmacists,
  dieu_duong AS nurses,
  nhan_luc AS staff,
  moment_of(tu_ngay || ' 00:00', 'dmy') AS valid_from,
  moment_of(den_ngay || ' 00:00', 'dmy') AS valid_to,
  moment_of(cap_nhat_luc, 'dmy') AS updated_at,
  _row
FROM raw
