-- What a gateway can serve, and what it may still answer.

-- The types of resources that a gateway of ours says it serves; none said is all, as with other makes.
ALTER TABLE gateway ADD COLUMN serves text[];

-- Refs that a newer ask has replaced, the last one first: a gateway may answer those too, and changes nothing by it.
ALTER TABLE flow ADD COLUMN earlier_refs uuid[] NOT NULL DEFAULT '{}';
