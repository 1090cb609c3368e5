-- A restored backup knows less than the devices do, and has what was taken away since it was made: nothing that it grants is
-- believed, and nobody comes in by what it lets in, until somebody decides it anew. Generations come from a sequence that
-- gives numbers again which were given before: it goes on above them all, since the time in microseconds is more than were
-- ever drawn.
CREATE OR REPLACE FUNCTION restored(
    keep_tokens boolean, OUT flows bigint, OUT tokens bigint, OUT generation bigint, OUT epoch bigint)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    generation := setval('flow_generation', greatest(
        (SELECT last_value FROM flow_generation), (extract(epoch FROM clock_timestamp()) * 1000000)::bigint));
    PERFORM raise_epoch(NULL);
    epoch := (SELECT e.epoch FROM portal_epoch e);
    flows := (SELECT count(*) FROM flow);
    PERFORM end_flows('flow_deleted', ARRAY(SELECT id FROM flow));
    tokens := 0;
    IF NOT keep_tokens THEN
        DELETE FROM token WHERE type IN ('client', 'browser', 'sign_in', 'email');
        GET DIAGNOSTICS tokens = ROW_COUNT;
    END IF;
END $$;
REVOKE ALL ON FUNCTION restored(boolean) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION restored(boolean) TO "${application_role}";
