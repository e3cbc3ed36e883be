-- An owner states what it has disbursed of a plan year until the end of a month (08/2026), and what it expects to
-- have disbursed by 31 January. The budget year begins in February: until the end of August are seven months of it,
-- and January of the next year completes it. Of January of the plan year itself there is no period yet: that row is
-- told for February. Amounts are stated in million dong, figures are in billion.
WITH stated AS (
  SELECT *, TRY_CAST(split_part(kyBaoCao, '/', 1) AS INTEGER) AS month,
         TRY_CAST(split_part(kyBaoCao, '/', 2) AS INTEGER) AS year, TRY_CAST(namKeHoach AS INTEGER) AS plan_year
  FROM raw
), placed AS (
  SELECT *,
    CASE WHEN year = plan_year + 1 AND month = 1 THEN 'budget:' || plan_year
         WHEN year = plan_year AND month BETWEEN 1 AND 12 THEN 'budget:' || plan_year || '-' || greatest(month - 1, 1) || 'M'
         ELSE kyBaoCao END AS period_to_date,
    CASE mucDo WHEN 'uoc' THEN 'estimate' WHEN 'doichieu' THEN 'reconciled' ELSE mucDo END AS vintage_word
  FROM stated
)
SELECT 'disbursed' AS series, maCoQuan AS agency_code, period_to_date AS period, vintage_word AS vintage,
       scaled(number_of(giaiNganLuyKe, ','), -3) AS amount, nguoiKy AS signer, ghiChu AS note, guiLuc AS sent_at, _row
FROM placed
UNION ALL
SELECT 'forecast', maCoQuan, 'budget:' || plan_year, 'estimate',
       scaled(number_of(uocCaNam, ','), -3), nguoiKy, ghiChu, guiLuc, _row
FROM placed WHERE uocCaNam IS NOT NULL AND plan_year IS NOT NULL
