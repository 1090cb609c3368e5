-- What of the client the violated conditions of a denial were held against: it is told that, and may ask the admin about it.
ALTER TABLE outbox ADD COLUMN seen jsonb;
