-- A gateway may answer a request by joining again, and would be handed it again with every join.

ALTER TABLE outbox ADD COLUMN given_back integer NOT NULL DEFAULT 0;
