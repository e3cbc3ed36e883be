-- The codes of QCVN 102 in words; 15 agrees to a recall, or to an update (nghiepVu 2, 3), after which the
-- handling goes on. A document waits until somebody is charged with it, or it ends otherwise.
SELECT
  maVanBan AS document_id,
  coQuanNhan AS agency_code,
  thoiDiem AS changed_at,
  CASE trangThai WHEN '01' THEN 'arrived' WHEN '02' THEN 'refused' WHEN '03' THEN 'accepted' WHEN '04' THEN 'assigned'
    WHEN '05' THEN 'in_progress' WHEN '06' THEN 'done' WHEN '13' THEN 'recall_requested'
    WHEN '15' THEN CASE WHEN nghiepVu IN ('2', '3') THEN 'updated' ELSE 'recalled' END WHEN '16' THEN 'recall_refused' ELSE trangThai END AS status,
  coQuanGui AS sender_id,
  CASE WHEN coQuanGui LIKE '%.' || $province THEN 'inside' ELSE 'outside' END AS origin,
  soKyHieu AS number,
  guiLuc AS sent_at,
  denLuc AS arrived_at,
  tiepNhanLuc AS accepted_at,
  phanCongLuc AS assigned_at,
  coalesce(phanCongLuc, ketThucLuc) AS taken_at,
  ketThucLuc AS finished_at,
  moment_of(hanXuLy || ' ' || $day_ends, 'ymd') AS due_at,
  soNgayXuLy AS term_days,
  _row
FROM raw
WHERE coQuanNhan LIKE '%.' || $province
