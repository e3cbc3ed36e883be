SELECT number, ward, handed_in, due, pages, fee, urgent, channel, _row FROM raw
