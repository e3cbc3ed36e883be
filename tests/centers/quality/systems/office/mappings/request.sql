SELECT number, changed_at, ward, received_at, ended_at, applicant, fee, pages, _row FROM raw
