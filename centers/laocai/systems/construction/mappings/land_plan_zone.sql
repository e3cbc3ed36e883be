SELECT
  ma_vung AS zone_code,
  ma_xa AS commune_code,
  CASE muc_dich
    WHEN 'LUA' THEN 'rice' WHEN 'NNK' THEN 'other_agriculture' WHEN 'RUNG' THEN 'forest' WHEN 'DO' THEN 'residential'
    WHEN 'CN' THEN 'industry' WHEN 'TMD' THEN 'trade_services' WHEN 'CTCC' THEN 'public_works'
    WHEN 'GT' THEN 'transport' WHEN 'CSD' THEN 'unused' ELSE muc_dich END AS planned_use,
  CAST(TRY_CAST(dien_tich_ha AS DOUBLE) AS DECIMAL(14, 2)) AS area_ha,
  quyet_dinh AS decision,
  replace(date_of(ngay_hieu_luc, 'ymd'), '/', '-') || 'T00:00:00' AS planned_from,
  phien_ban AS plan_version,
  CAST(TRY_CAST(_longitude AS DOUBLE) AS DECIMAL(12, 6)) AS longitude,
  CAST(TRY_CAST(_latitude AS DOUBLE) AS DECIMAL(12, 6)) AS latitude,
  _wkt AS outline,
  _row
FROM raw
