SELECT so AS number, don_vi AS unit_code, ngay AS registered_on, _row FROM raw
