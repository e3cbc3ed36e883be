-- The register names places by the codes of today: a project that began before 1 July 2025, the first day of
-- these codes, counts in its commune from that day on.
SELECT
  maDuAn AS project_code,
  tenDuAn AS project_name,
  maXa AS commune_code,
  maCoQuan AS agency_code,
  nhomDuAn AS project_group,
  CASE linhVuc
    WHEN 'GT' THEN 'transport' WHEN 'GD' THEN 'education' WHEN 'YT' THEN 'health' WHEN 'TL' THEN 'irrigation'
    WHEN 'HT' THEN 'urban' WHEN 'VH' THEN 'culture' WHEN 'TS' THEN 'offices' ELSE linhVuc END AS sector,
  tongMucDauTu AS total_investment,
  ngayKhoiCong AS started_on,
  greatest(ngayKhoiCong, '2025-07-01') || 'T00:00:00' AS counted_from,
  -- The day after: on its last planned day a project is not late.
  strftime(TRY_CAST(ngayHoanThanhKeHoach AS DATE) + INTERVAL 1 DAY, '%Y-%m-%dT00:00:00') AS late_from,
  ngayHoanThanh || 'T00:00:00' AS finished_at,
  kinhDo AS longitude,
  viDo AS latitude,
  capNhatLuc AS updated_at,
  _row
FROM raw
