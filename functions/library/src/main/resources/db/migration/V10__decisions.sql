-- What decisions and revocations need beyond V4, V6 and V8.

---------------------------------------------------------------------------------------------------------------- flow

-- Of a pending row: the gateway has confirmed an earlier generation, and holds it while it is asked anew.
ALTER TABLE flow ADD COLUMN held boolean NOT NULL DEFAULT false;
