-- What was handed to a connection that broke may never have arrived, so it is known to which connection it went.

ALTER TABLE outbox ADD COLUMN fence bigint;
