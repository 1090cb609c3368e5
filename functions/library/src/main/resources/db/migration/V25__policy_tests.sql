-- What an account asserts of its policies: that somebody can reach something, or cannot, from there and at that time.
CREATE TABLE policy_test (
    id          uuid PRIMARY KEY,
    account_id  uuid NOT NULL REFERENCES account,
    name        text NOT NULL,
    actor_id    uuid NOT NULL,
    resource_id uuid NOT NULL,
    can_reach   boolean NOT NULL,
    -- Now, if nothing is said; and of what is not said nothing is known, so that no condition on it holds.
    at          timestamptz,
    remote_ip   text,
    region      text,
    verified    boolean NOT NULL,
    inserted_at timestamptz NOT NULL DEFAULT now(),
    version     bigint NOT NULL DEFAULT 1,
    UNIQUE (account_id, id),
    UNIQUE (account_id, name),
    FOREIGN KEY (account_id, actor_id) REFERENCES actor (account_id, id) ON DELETE CASCADE,
    FOREIGN KEY (account_id, resource_id) REFERENCES resource (account_id, id) ON DELETE CASCADE
);
CREATE INDEX policy_test_actor ON policy_test (account_id, actor_id);
CREATE INDEX policy_test_resource ON policy_test (account_id, resource_id);

-- Whether a change is refused that breaks one.
ALTER TABLE account ADD COLUMN policy_tests_enforced boolean NOT NULL DEFAULT false;

CREATE TRIGGER raise_version BEFORE UPDATE ON policy_test
    FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION raise_version();
CREATE TRIGGER audit_created AFTER INSERT ON policy_test REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION audit_created();
CREATE TRIGGER audit_changed AFTER UPDATE ON policy_test REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION audit_changed();
CREATE TRIGGER audit_deleted AFTER DELETE ON policy_test REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION audit_deleted();

GRANT SELECT, INSERT, UPDATE, DELETE ON policy_test TO "${application_role}";
