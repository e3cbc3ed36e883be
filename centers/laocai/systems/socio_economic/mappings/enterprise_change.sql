SELECT maSoDoanhNghiep AS enterprise_code,
       CASE loaiThayDoi WHEN '1' THEN 'founded' WHEN '2' THEN 'dissolved' WHEN '3' THEN 'suspended' WHEN '4' THEN 'resumed'
         ELSE loaiThayDoi END AS change,
       ngay AS changed_on, maXa AS commune_code, vonDieuLe AS capital, _row
FROM raw
