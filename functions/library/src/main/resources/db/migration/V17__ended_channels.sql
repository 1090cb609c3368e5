-- Why a connection is to end: what its device signed in with is gone. Until it has ended, nothing that comes by it counts.
ALTER TABLE channel ADD COLUMN ended text;
