SELECT number, ward, came_on, fee, _row FROM raw
