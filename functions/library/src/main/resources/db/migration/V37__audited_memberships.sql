-- Each membership has its entry: as in V36. Apart from it, since it takes another table's lock, and what writes both takes
-- them in an order of its own.
ALTER POLICY of_account ON audit_entry WITH CHECK (account_id = (SELECT current_account()));
