-- The portal names the groups of Decision 766/QĐ-TTg in Vietnamese and writes points with a comma.
SELECT
  ky AS period,
  maDonVi AS unit_code,
  CASE nhom WHEN 'tong' THEN 'total' WHEN 'cong_khai' THEN 'transparency' WHEN 'tien_do' THEN 'progress'
    WHEN 'so_hoa' THEN 'digitisation' WHEN 'truc_tuyen' THEN 'online_service'
    WHEN 'thanh_toan' THEN 'online_payment' WHEN 'hai_long' THEN 'satisfaction' ELSE nhom END AS series,
  'published' AS vintage,
  number_of(diem, ',') AS points,
  moment_of(ngayCongBo, 'dmy') AS published_at,
  _row
FROM raw
