-- A directory adds a million memberships in one statement: which account it is for is asked once, not for each of them. What
-- is read compares with it as before, as statements do, so that the two are one condition.
ALTER POLICY of_account ON membership WITH CHECK (account_id = (SELECT current_account()));

-- Functions change with this version: an entry of the audit asks once which columns it shows.
