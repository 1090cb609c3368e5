-- What crosses accounts, all of it: the application's role sees one account at a time (V26), and these are made for what is
-- no account's. They run with the owner's rights, and do no more than they say. What restored() and promises() do, and how
-- denials are counted (audit_denial), stands in files of their own.

----------------------------------------------------------------------------------------------------------- operator

-- Every account, as an operator sees it: a view has its owner's rights.
CREATE OR REPLACE VIEW any_account AS
    SELECT id, slug, name, disabled_at, policy_tests_enforced, version FROM account;
GRANT SELECT ON any_account TO "${application_role}";

CREATE OR REPLACE FUNCTION portal_figures(
    OUT accounts bigint, OUT clients bigint, OUT gateways bigint, OUT flows bigint, OUT waiting bigint, OUT held bigint)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT (SELECT count(*) FROM account),
           (SELECT count(*) FROM online WHERE role = 'client'),
           (SELECT count(*) FROM online WHERE role = 'gateway'),
           (SELECT count(*) FROM flow),
           (SELECT count(*) FROM outbox WHERE sent_at IS NULL),
           (SELECT count(*) FROM stream_hold)
$$;

---------------------------------------------------------------------------------------------------------------- jobs

-- Ends requests that no gateway has answered in time. Each is taken once, since a newer ask of the flow has one of its own,
-- and none is waited for: one whose flow somebody holds is looked at later. What the gateway confirmed before, it still
-- holds, and so does the client: then only the request has failed. The condition is held against each row again once it is
-- locked: a decision may have refreshed it meanwhile.
CREATE OR REPLACE FUNCTION end_unanswered(batch int, OUT looked bigint, OUT ended bigint)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    asked uuid[];
BEGIN
    WITH due AS MATERIALIZED (
        SELECT ctid, flow_id FROM flow_deadline WHERE at <= now() LIMIT batch FOR UPDATE SKIP LOCKED
    ), free AS MATERIALIZED (
        SELECT id FROM flow WHERE id IN (SELECT flow_id FROM due) FOR UPDATE SKIP LOCKED
    ), taken AS (
        DELETE FROM flow_deadline USING due
        WHERE flow_deadline.ctid = due.ctid
          AND (due.flow_id IN (SELECT id FROM free) OR NOT EXISTS (SELECT FROM flow WHERE id = due.flow_id))
        RETURNING due.flow_id
    )
    SELECT coalesce(array_agg(flow_id), '{}') INTO asked FROM taken;
    looked := cardinality(asked);
    ended := 0;
    IF looked = 0 THEN
        RETURN;
    END IF;
    WITH unanswered AS (
        SELECT id FROM flow WHERE id = ANY (asked) AND deadline <= now() AND held ORDER BY id FOR UPDATE
    )
    UPDATE flow SET state = 'authorized', deadline = NULL, ref = NULL, held = false, updated_at = now()
    FROM unanswered WHERE flow.id = unanswered.id;
    PERFORM set_config('sluice.cause', 'gateway_offline', true);
    WITH doomed AS (
        SELECT id FROM flow WHERE id = ANY (asked) AND deadline <= now() AND NOT held ORDER BY id FOR UPDATE
    )
    DELETE FROM flow USING doomed WHERE flow.id = doomed.id;
    GET DIAGNOSTICS ended = ROW_COUNT;
END $$;

-- Ends flows whose time is over. It never waits for a lock, and so can take the rows in the order of their index.
CREATE OR REPLACE FUNCTION end_expired(batch int) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    ended bigint;
BEGIN
    PERFORM set_config('sluice.cause', 'expired', true);
    WITH doomed AS (
        SELECT id FROM flow WHERE expires_at <= now() ORDER BY expires_at LIMIT batch FOR UPDATE SKIP LOCKED
    )
    DELETE FROM flow USING doomed WHERE flow.id = doomed.id;
    GET DIAGNOSTICS ended = ROW_COUNT;
    RETURN ended;
END $$;

-- In how many milliseconds the next flow ends, if one does within as many. Rounded up: who comes at that time does not come
-- too early.
CREATE OR REPLACE FUNCTION next_expiry(millis bigint) RETURNS bigint
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    RETURN (SELECT ceil(extract(epoch FROM expires_at - clock_timestamp()) * 1000)::bigint
            FROM flow WHERE expires_at <= now() + millis * interval '1 millisecond' ORDER BY expires_at LIMIT 1);
END $$;

-- The accounts that have tokens whose time is over. Each ends them in its own turn.
CREATE OR REPLACE FUNCTION accounts_with_expired_tokens() RETURNS SETOF uuid
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT DISTINCT account_id FROM token WHERE expires_at <= now()
$$;

-- Forgets some keys that stand for nothing any more, the eldest first.
CREATE OR REPLACE FUNCTION forget_idempotency_keys() RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DELETE FROM idempotency_key WHERE (account_id, key) IN (
        SELECT account_id, key FROM idempotency_key WHERE at < now() - interval '24 hours'
        ORDER BY at LIMIT 100 FOR UPDATE SKIP LOCKED)
$$;

------------------------------------------------------------------------------------------------------------- billing

-- Whose customer this is; null if nobody's.
CREATE OR REPLACE FUNCTION account_of_customer(customer text) RETURNS uuid
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    RETURN (SELECT account_id FROM subscription WHERE customer_id = customer);
END $$;

-- The customers, by their accounts' ids.
CREATE OR REPLACE FUNCTION accounts_billed(after uuid, page int)
    RETURNS TABLE (account_id uuid, customer_id text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT s.account_id, s.customer_id FROM subscription s
    WHERE after IS NULL OR s.account_id > after ORDER BY s.account_id LIMIT page
$$;

-- Some accounts of which Stripe does not know, or not by the name that they have. One that cannot be told is not always first.
CREATE OR REPLACE FUNCTION accounts_to_provision(page int) RETURNS SETOF uuid
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT a.id FROM account a LEFT JOIN subscription s ON s.account_id = a.id
    WHERE a.disabled_at IS NULL
      AND (s.provisioned_at IS NULL OR s.told_name IS DISTINCT FROM a.name OR s.told_slug IS DISTINCT FROM a.slug)
    ORDER BY random() LIMIT page
$$;

-- The accounts whose subscription has been over for long enough.
CREATE OR REPLACE FUNCTION accounts_over() RETURNS SETOF uuid
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT s.account_id FROM subscription s JOIN account a ON a.id = s.account_id
    WHERE s.ends_at <= now() AND a.disabled_at IS NULL
$$;

---------------------------------------------------------------------------------------------------------- directories

-- Whether whoever is at a run was not heard of for so long that nobody is: a provider may take minutes for one answer.
CREATE OR REPLACE FUNCTION is_left(heard_of timestamptz) RETURNS boolean
    LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT heard_of < now() - interval '10 minutes'
$$;

-- Some directories that are to be asked now: whose time has come, that somebody wants to be, or whose run was left alone. One
-- that cannot be asked is not always first.
CREATE OR REPLACE FUNCTION directories_due(page int) RETURNS TABLE (account_id uuid, directory_id uuid)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT d.account_id, d.id FROM directory d JOIN account a ON a.id = d.account_id
    LEFT JOIN LATERAL (SELECT * FROM directory_run r WHERE r.directory_id = d.id ORDER BY r.started_at DESC LIMIT 1) AS latest
        ON true
    WHERE (d.type = 'entra' OR d.type = 'workos' AND d.organization_id IS NOT NULL)
      AND d.disabled_at IS NULL AND a.disabled_at IS NULL
      AND CASE
          WHEN latest.id IS NULL THEN d.wanted_at IS NULL OR d.wanted_at <= now()
          WHEN latest.finished_at IS NULL THEN is_left(latest.beat_at)
          ELSE latest.next_at <= now() OR d.wanted_at BETWEEN latest.started_at AND now()
          END
    ORDER BY random() LIMIT page
$$;

-- Whose directory it is that WorkOS calls so; null if nobody's.
CREATE OR REPLACE FUNCTION directory_of_source(source text, OUT account_id uuid, OUT directory_id uuid)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT d.account_id, d.id FROM directory d WHERE d.type = 'workos' AND d.source_id = source
$$;

--------------------------------------------------------------------------------------------------------------- mails

-- Some mails that are to be sent, the eldest first.
CREATE OR REPLACE FUNCTION mails_due(page int)
    RETURNS TABLE (account_id uuid, mail_id uuid, subject text, body text, failures bigint)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT m.account_id, m.id, m.subject, m.body, m.failures::bigint FROM outbound_mail m
    WHERE m.outcome IS NULL AND m.due_at <= now() ORDER BY m.due_at LIMIT page
$$;

-- Forgets those of which nobody has to be told that they were sent.
CREATE OR REPLACE FUNCTION forget_mails() RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DELETE FROM outbound_mail WHERE inserted_at < now() - interval '7 days'
$$;

------------------------------------------------------------------------------------------------------------ delivery

-- Takes back what was handed to connections that have ended, as far as it may not have arrived and a snapshot does not say
-- it: requests that are still open, ends of access, since a peer of 2025 does not drop what its snapshot omits, and filters,
-- which no snapshot has. A request that was taken back twice is not said again: a gateway of 2025 without relays answers it
-- by joining again, and its client asks anew anyway.
--
-- Has its caller's rights: a device that leaves gives back what is its account's.
--
-- doubts: for how many milliseconds until now each may have swallowed what it was handed
CREATE OR REPLACE FUNCTION give_back(devices uuid[], fences bigint[], doubts bigint[]) RETURNS void
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE outbox o SET sent_at = NULL, fence = NULL, given_back = o.given_back + 1
    FROM unnest(devices, fences, doubts) AS ended (device_id, fence, doubt)
    WHERE o.device_id = ended.device_id AND o.fence = ended.fence
      AND o.sent_at > now() - ended.doubt * interval '1 millisecond'
      AND (o.kind <> 'authorize_flow' OR o.given_back < 2)
      AND CASE
          WHEN o.kind IN ('authorize_flow', 'flow_created') THEN
              EXISTS (SELECT FROM flow f
                      WHERE f.account_id = o.account_id AND f.id = o.flow_id AND f.generation = o.generation)
          WHEN o.kind = 'reject_access' THEN
              o.generation IS NOT NULL
              AND NOT EXISTS (SELECT FROM flow f
                              WHERE f.account_id = o.account_id AND f.client_id = o.client_id
                                AND f.resource_id = o.resource_id AND f.gateway_id = o.gateway_id)
          ELSE o.kind = 'resource_filters'
          END;
END $$;

-- The fences of an instance's rows.
CREATE OR REPLACE FUNCTION fences_of(instance uuid) RETURNS SETOF bigint
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT fence FROM channel WHERE instance_id = instance
$$;

-- Takes rows of instances away, and gives back what their connections may have swallowed.
--
-- these: these fences alone; null for all
-- doubt: how many milliseconds before its instance was seen last a connection may have been heard last
CREATE OR REPLACE FUNCTION clear_channels(instances uuid[], these bigint[], doubt bigint) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    devices uuid[];
    fences bigint[];
    doubts bigint[];
BEGIN
    WITH ended AS (
        DELETE FROM channel c USING instance i
        WHERE i.id = ANY (instances) AND c.instance_id = i.id AND (these IS NULL OR c.fence = ANY (these))
        RETURNING c.device_id, c.fence,
                  doubt + (extract(epoch FROM now() - least(now(), i.seen_at)) * 1000)::bigint AS doubt
    )
    SELECT array_agg(e.device_id), array_agg(e.fence), array_agg(e.doubt) INTO devices, fences, doubts FROM ended e;
    PERFORM give_back(devices, fences, doubts);
END $$;

-- Takes an instance away, and its rows.
CREATE OR REPLACE FUNCTION clear_instance(gone uuid, doubt bigint) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM clear_channels(ARRAY[gone], NULL, doubt);
    DELETE FROM instance WHERE id = gone;
END $$;

-- Takes instances away that have not been seen for a minute, and their rows. One that is seen again meanwhile stays.
CREATE OR REPLACE FUNCTION clear_dead_instances(doubt bigint) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    dead uuid[];
BEGIN
    dead := ARRAY(SELECT id FROM instance WHERE seen_at < now() - greatest(interval '1 minute', silence)
                  FOR UPDATE SKIP LOCKED);
    PERFORM clear_channels(dead, NULL, doubt);
    DELETE FROM instance WHERE id = ANY (dead);
END $$;

-- The devices whose channels an instance has, and for which something waits.
CREATE OR REPLACE FUNCTION devices_waiting(instance uuid) RETURNS TABLE (device_id uuid, candidates boolean)
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    RETURN QUERY
    WITH mine AS (SELECT c.device_id FROM channel c WHERE c.instance_id = instance)
    SELECT m.device_id, false FROM mine m
    WHERE m.device_id IN (SELECT o.device_id FROM outbox o WHERE o.sent_at IS NULL)
    UNION ALL
    SELECT m.device_id, true FROM mine m WHERE m.device_id IN (SELECT k.device_id FROM candidate k);
END $$;

-- Says what was handed to which connection. What went to one that has been replaced or ended meanwhile stays unsent: its row
-- is locked, so that whoever ends it waits, and then finds what this has marked.
--
-- ids: in the outbox, with the device and fence that each was handed to
-- passed: candidates that were
CREATE OR REPLACE FUNCTION handed(ids bigint[], devices uuid[], fences bigint[], passed bigint[]) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF cardinality(ids) > 0 THEN
        PERFORM FROM channel c
        WHERE (c.device_id, c.fence) IN (SELECT * FROM unnest(devices, fences))
        ORDER BY c.device_id FOR SHARE OF c;
        UPDATE outbox o SET sent_at = now(), fence = c.fence
        FROM unnest(ids, devices, fences) AS h (id, device_id, fence)
        JOIN channel c ON c.device_id = h.device_id AND c.fence = h.fence
        WHERE o.id = h.id;
    END IF;
    IF cardinality(passed) > 0 THEN
        DELETE FROM candidate WHERE id = ANY (passed);
    END IF;
END $$;

-- A connection that is held by a service in front of functions, by its address there.
--
-- heard: the device has just said something
CREATE OR REPLACE FUNCTION pushed_connection_at(place text, heard boolean) RETURNS TABLE (
    connection pushed_connection, fence bigint, silent bigint)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF heard THEN
        UPDATE instance i SET seen_at = now() FROM pushed_connection p WHERE p.address = place AND i.id = p.id;
    END IF;
    RETURN QUERY
    SELECT p, c.fence, (extract(epoch FROM now() - least(now(), i.seen_at)) * 1000)::bigint
    FROM pushed_connection p JOIN instance i ON i.id = p.id LEFT JOIN channel c ON c.instance_id = p.id
    WHERE p.address = place;
END $$;

-- Those whose device has said nothing for too long, or has not joined in time; the service may hold them all the same.
CREATE OR REPLACE FUNCTION pushed_connections_over(join_within interval, most int) RETURNS TABLE (
    connection pushed_connection, fence bigint, silent bigint)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT p, c.fence, (extract(epoch FROM now() - least(now(), i.seen_at)) * 1000)::bigint
    FROM pushed_connection p JOIN instance i ON i.id = p.id LEFT JOIN channel c ON c.instance_id = p.id
    WHERE i.seen_at <= now() - i.silence OR c.device_id IS NULL AND p.opened_at < now() - join_within
    ORDER BY i.seen_at LIMIT most
$$;

-- Takes those for one who will tell their devices what waits for them, and whom nobody else has.
--
-- wholes: these devices have asked for the whole
-- check_every: those that were not checked for this long, too; null for none
CREATE OR REPLACE FUNCTION claim_pushed_connections(
    holder uuid, lasting interval, wholes uuid[], check_every interval, most int) RETURNS TABLE (
    connection pushed_connection, fence bigint, whole boolean, due boolean)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF cardinality(wholes) > 0 THEN
        UPDATE pushed_connection SET snapshot_wanted = true WHERE device_id = ANY (wholes);
    END IF;
    RETURN QUERY
    WITH waiting AS (
        SELECT p.id, p.snapshot_wanted AS whole, checks.due, c.fence
        FROM pushed_connection p JOIN channel c ON c.instance_id = p.id
        CROSS JOIN LATERAL (
            SELECT coalesce(p.checked_at <= now() - check_every
                AND (p.role = 'gateway' AND p.own
                     OR p.role = 'client' AND EXISTS (
                         SELECT FROM policy y WHERE y.account_id = p.account_id AND y.disabled_at IS NULL
                             AND y.conditions @> '[{"property": "current_utc_datetime"}]')), false) AS due) checks
        WHERE (p.leased_until IS NULL OR p.leased_until < now())
          AND (p.snapshot_wanted OR checks.due
               OR p.device_id IN (SELECT o.device_id FROM outbox o WHERE o.sent_at IS NULL
                                  AND (o.kind IN ('flow_created', 'flow_failed')
                                       OR NOT EXISTS (SELECT FROM stream_hold h WHERE h.device_id = o.device_id)))
               OR p.device_id IN (SELECT k.device_id FROM candidate k))
        ORDER BY p.role DESC, p.id LIMIT most FOR UPDATE OF p SKIP LOCKED),
    taken AS (
        UPDATE pushed_connection p
        SET lease = holder, leased_until = now() + lasting, snapshot_wanted = false,
            checked_at = CASE WHEN w.due THEN now() ELSE p.checked_at END
        FROM waiting w WHERE p.id = w.id
        RETURNING p, w.fence, w.whole, w.due)
    SELECT t.* FROM taken t;
END $$;

-- Forgets what nobody can need any more. By the time at which an unsent end of access is forgotten the grants have expired
-- that it would end, and snapshots cover the rest.
CREATE OR REPLACE FUNCTION forget_delivered() RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    DELETE FROM outbox WHERE sent_at < now() - interval '10 minutes';
    DELETE FROM outbox WHERE sent_at IS NULL AND inserted_at < now() - interval '8 days';
    DELETE FROM outbox WHERE sent_at IS NULL AND kind NOT IN ('reject_access', 'resource_filters')
        AND inserted_at < now() - interval '1 hour';
    DELETE FROM candidate WHERE inserted_at < now() - interval '30 seconds';
END $$;

---------------------------------------------------------------------------------------------------------- privileges

DO $$
DECLARE
    crossing regprocedure;
BEGIN
    FOREACH crossing IN ARRAY ARRAY[
        'portal_figures()', 'end_unanswered(int)', 'end_expired(int)', 'next_expiry(bigint)',
        'account_of_customer(text)', 'accounts_billed(uuid, int)', 'accounts_to_provision(int)', 'accounts_over()',
        'accounts_with_expired_tokens()', 'directories_due(int)', 'mails_due(int)', 'forget_mails()', 'directory_of_source(text)', 'forget_idempotency_keys()', 'fences_of(uuid)',
        'clear_channels(uuid[], bigint[], bigint)', 'clear_instance(uuid, bigint)', 'clear_dead_instances(bigint)',
        'devices_waiting(uuid)', 'pushed_connection_at(text, boolean)',
        'pushed_connections_over(interval, int)', 'claim_pushed_connections(uuid, interval, uuid[], interval, int)',
         'handed(bigint[], uuid[], bigint[], bigint[])', 'forget_delivered()']::regprocedure[] LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', crossing);
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO "${application_role}"', crossing);
    END LOOP;
END $$;
