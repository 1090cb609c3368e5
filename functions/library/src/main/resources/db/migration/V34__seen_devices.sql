-- Functions change with this version: a device that connects, which changes nothing but when and where it was seen, costs
-- neither the audit nor the causes anything any more.

-- A directory is of its account: what is of the directory need not be held against the account as well.
ALTER TABLE directory_user DROP CONSTRAINT directory_user_account_id_fkey;
ALTER TABLE directory_group DROP CONSTRAINT directory_group_account_id_fkey;
