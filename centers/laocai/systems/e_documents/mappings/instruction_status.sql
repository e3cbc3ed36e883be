-- What the agency charged with it did. A reply on the exchange, which names the instruction in ResponseFor,
-- or the handling's end does it; a refusal of the document gives it back undone.
SELECT
  maVanBan AS document_id,
  coQuanNhan AS agency_code,
  thoiDiem AS changed_at,
  CASE WHEN trangThai = '06' THEN 'done' WHEN trangThai = '02' THEN 'returned'
    WHEN trangThai = '15' AND coalesce(nghiepVu, '1') NOT IN ('2', '3') THEN 'recalled' ELSE 'open' END AS status,
  coQuanGui AS issuer_id,
  soKyHieu AS number,
  trichYeu AS subject,
  guiLuc AS issued_at,
  moment_of(hanXuLy || ' ' || $day_ends, 'ymd') AS due_at,
  soNgayXuLy AS term_days,
  CASE WHEN trangThai IN ('06', '02') THEN ketThucLuc END AS closed_at,
  vanBanPhucDap AS replied_by,
  chiTieu AS about_indicator,
  _row
FROM raw
WHERE loaiChiDao = $instruction AND coQuanNhan LIKE '%.' || $province
  AND (hanXuLy IS NOT NULL OR soNgayXuLy IS NOT NULL)
