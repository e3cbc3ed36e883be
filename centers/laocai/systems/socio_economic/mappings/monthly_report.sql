-- The monthly report, read by place: the title tells the month, its second line the unit, the lines below the table when
-- it was sent and who signed. A numbered row states a quantity three times: final for the month before, an estimate for
-- the month, and what the year has brought so far. The first estimate of the industrial index is kept as a series of its
-- own, so that the later value can be held against it.
WITH head AS (
  SELECT max(regexp_extract(stt, 'THÁNG (\d{1,2}) NĂM (\d{4})', 1)) AS month,
         max(regexp_extract(stt, 'THÁNG (\d{1,2}) NĂM (\d{4})', 2)) AS year,
         max(regexp_extract(stt, 'Mã địa bàn: (\d+)', 1)) AS unit_code,
         max(CASE WHEN stt = 'Ngày gửi' THEN chi_tieu END) AS sent,
         max(CASE WHEN stt = 'Người ký' THEN chi_tieu END) AS signer
  FROM raw
), dated AS (
  SELECT *, make_date(CAST(year AS INTEGER), CAST(month AS INTEGER), 1) AS first_day FROM head
), lines AS (
  SELECT ma AS series, unit_code, year, month, signer, _row,
         strftime(first_day, '%Y-%m') AS this_month, strftime(first_day - INTERVAL 1 MONTH, '%Y-%m') AS last_month,
         moment_of(sent, 'dmy') AS sent_at,
         number_of(thang_truoc, '.') AS value_before, number_of(thang_bao_cao, '.') AS value_now, number_of(cong_don, '.') AS so_far
  FROM raw, dated
  WHERE regexp_matches(stt, '^\d+$') AND ma IS NOT NULL
), stated AS (
  SELECT series, last_month AS period, 'final' AS vintage, value_before AS value, NULL AS note, * EXCLUDE (series) FROM lines
  UNION ALL
  SELECT series, this_month AS period, 'estimate' AS vintage, value_now AS value, NULL AS note, * EXCLUDE (series) FROM lines
  UNION ALL
  SELECT series, year AS period, CASE month WHEN '12' THEN 'estimate' ELSE 'to_date' END AS vintage, so_far AS value,
         month || ' tháng năm ' || year AS note, * EXCLUDE (series) FROM lines
  UNION ALL
  SELECT series || '_to_date' AS series, this_month AS period, 'estimate' AS vintage, so_far AS value,
         month || ' tháng năm ' || year AS note, * EXCLUDE (series) FROM lines
  UNION ALL
  SELECT 'iip_first_estimate' AS series, this_month AS period, 'estimate' AS vintage, value_now AS value, NULL AS note, * EXCLUDE (series)
  FROM lines WHERE series = 'iip'
)
SELECT series, unit_code, period, vintage, value, sent_at, 'false' AS taken_back, signer, note, _row
FROM stated WHERE value IS NOT NULL
