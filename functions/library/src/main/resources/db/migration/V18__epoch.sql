-- Which life of the database this is. Generations come from a sequence, and one that was restored from a backup gives
-- numbers again that gateways have seen; another epoch tells them so. It is raised by itself where the server's history
-- shows it (another cluster, or another timeline of it, as after a fail-over or a recovery to a point in time), and by hand
-- where nothing does, as after files were copied back. It never repeats: the time goes into it.
CREATE TABLE portal_epoch (
    single boolean PRIMARY KEY DEFAULT true CHECK (single),
    epoch bigint NOT NULL,
    history text NOT NULL
);

CREATE FUNCTION server_history() RETURNS text
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    RETURN (SELECT system_identifier FROM pg_control_system()) || '/'
        || left(pg_walfile_name(pg_current_wal_lsn()), 8);
EXCEPTION WHEN insufficient_privilege THEN
    RETURN 'unknown';
END $$;

CREATE FUNCTION raise_epoch(unless_history text) RETURNS void
    LANGUAGE sql SET search_path = public, pg_temp AS $$
    UPDATE portal_epoch
       SET epoch = greatest(epoch + 1, extract(epoch FROM clock_timestamp())::bigint), history = server_history()
     WHERE history IS DISTINCT FROM unless_history
$$;

CREATE FUNCTION current_epoch() RETURNS bigint
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    known portal_epoch := (SELECT e FROM portal_epoch e);
    now_is text := server_history();
BEGIN
    IF known.history <> now_is THEN
        PERFORM raise_epoch(now_is);
    END IF;
    RETURN (SELECT epoch FROM portal_epoch);
END $$;

INSERT INTO portal_epoch (epoch, history) VALUES (extract(epoch FROM clock_timestamp())::bigint, server_history());
GRANT SELECT, UPDATE ON portal_epoch TO "${application_role}";
