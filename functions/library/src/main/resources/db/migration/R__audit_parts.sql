-- The parts of the audit, and from when until when the entries of each are.
CREATE OR REPLACE FUNCTION audit_parts() RETURNS TABLE (part regclass, begins timestamptz, ends timestamptz)
    LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT c.oid::regclass, coalesce(bound[1]::timestamptz, '-infinity'), bound[2]::timestamptz
    FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid,
         regexp_match(pg_get_expr(c.relpartbound, c.oid), $re$FROM \((?:MINVALUE|'(.*)')\) TO \('(.*)'\)$re$) AS bound
    WHERE i.inhparent = 'audit_entry'::regclass
$$;

-- Makes the parts of this month and the three after it, and takes away those in which everything is older than is to be
-- kept: the application's role can do neither. Who reads or writes the audit is not held up for long by one that goes: if
-- somebody has it for more than a moment, it goes the next time.
CREATE OR REPLACE FUNCTION rotate_audit(keep interval, OUT made bigint, OUT dropped bigint)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET lock_timeout = '500ms' AS $$
DECLARE
    month timestamp;
    named text;
    over record;
BEGIN
    IF keep < interval '30 days' THEN
        RAISE 'the audit is kept for 30 days at least';
    END IF;
    made := 0;
    dropped := 0;
    IF NOT pg_try_advisory_xact_lock(hashtextextended('sluice audit', 0)) THEN
        RETURN;
    END IF;
    FOR ahead IN 0..3 LOOP
        month := date_trunc('month', now() AT TIME ZONE 'UTC') + ahead * interval '1 month';
        IF NOT EXISTS (SELECT FROM audit_parts() p
                       WHERE p.begins <= month AT TIME ZONE 'UTC' AND p.ends > month AT TIME ZONE 'UTC') THEN
            named := 'audit_entry_' || to_char(month, 'YYYY_MM');
            EXECUTE format('CREATE TABLE %I (LIKE audit_entry INCLUDING DEFAULTS)', named);
            EXECUTE format('ALTER TABLE audit_entry ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', named,
                           month AT TIME ZONE 'UTC', (month + interval '1 month') AT TIME ZONE 'UTC');
            made := made + 1;
        END IF;
    END LOOP;
    FOR over IN SELECT p.part FROM audit_parts() p WHERE p.ends < now() - keep LOOP
        EXECUTE format('DROP TABLE %s', over.part);
        dropped := dropped + 1;
    END LOOP;
EXCEPTION WHEN lock_not_available THEN
    made := 0;
    dropped := 0;
END $$;
REVOKE ALL ON FUNCTION rotate_audit(interval) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION rotate_audit(interval) TO "${application_role}";
