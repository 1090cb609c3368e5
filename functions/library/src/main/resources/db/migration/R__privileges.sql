-- What the application's role may do: work on rows. It owns nothing, and can neither truncate, nor switch triggers off, nor
-- change what the migrations recorded. Runs again whenever this file or the role's name changes.
DO $$
BEGIN
    -- With a single role the owner works on its own tables and there is nothing to grant.
    IF '${application_role}' = current_user THEN
        RETURN;
    END IF;
    GRANT USAGE ON SCHEMA public TO ${application_role};
    GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO ${application_role};
    GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO ${application_role};
    ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO ${application_role};
    ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO ${application_role};
    REVOKE INSERT, UPDATE, DELETE ON flyway_schema_history FROM ${application_role};
END
$$;
