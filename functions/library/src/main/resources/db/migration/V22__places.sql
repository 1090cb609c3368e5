-- Where a device is, in degrees, as far as that is known: who asks is served from nearby.
ALTER TABLE client ADD COLUMN last_seen_latitude double precision, ADD COLUMN last_seen_longitude double precision;
ALTER TABLE gateway ADD COLUMN last_seen_latitude double precision, ADD COLUMN last_seen_longitude double precision;
