-- Ending access. Whoever makes a change, by whatever program or by hand: what it takes away ends in the same transaction.
--
--   a row of a cause changes  ->  the flows that rest on it are deleted, with the cause
--   a flow is deleted         ->  its gateway and its client are told, and the audit has an entry, with the typed reason
--
-- Triggers only end access; they never grant any. They are statement-level, and lock flows in the order of their ids, so
-- that two mass revocations in opposite order do not deadlock. The cause travels in the transaction's setting
-- sluice.cause: the outermost one wins, so that deleting a resource ends its flows as resource_deleted, although its
-- policies go too.

-- Under REPEATABLE READ the trigger would not see a flow that was granted while the change waited for its lock.
CREATE FUNCTION require_read_committed() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'what ends access must run at isolation level READ COMMITTED, not %',
            upper(current_setting('transaction_isolation'))
            USING ERRCODE = 'invalid_transaction_state',
                  HINT = 'Use SET TRANSACTION ISOLATION LEVEL READ COMMITTED.';
    END IF;
END $$;

CREATE FUNCTION cause(fallback text) RETURNS text LANGUAGE sql AS $$
    SELECT coalesce(nullif(current_setting('sluice.cause', true), ''), fallback)
$$;

-- Wakes the instances at commit; they look into the outbox anyway, a little later.
CREATE FUNCTION wake() RETURNS void LANGUAGE sql AS $$
    SELECT pg_notify('sluice_outbox', '')
$$;

CREATE FUNCTION end_flows(because text, ids uuid[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    outer_cause text := coalesce(current_setting('sluice.cause', true), '');
BEGIN
    PERFORM require_read_committed();
    IF cardinality(ids) = 0 THEN
        RETURN;
    END IF;
    PERFORM set_config('sluice.cause', cause(because), true);
    WITH doomed AS (SELECT id FROM flow WHERE id = ANY (ids) ORDER BY id FOR UPDATE)
    DELETE FROM flow USING doomed WHERE flow.id = doomed.id;
    PERFORM set_config('sluice.cause', outer_cause, true);
    PERFORM wake();
END $$;

-- Has these clients look at a resource again: it is gone for them, or has another shape, by the time they are told.
CREATE FUNCTION tell_clients(because text, what text, accounts uuid[], clients uuid[], resources uuid[])
    RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO outbox (account_id, device_id, kind, client_id, resource_id, reason)
    SELECT DISTINCT a, c, what, c, r, nullif(cause(coalesce(because, '')), '')
    FROM unnest(accounts, clients, resources) AS told(a, c, r);
    IF FOUND THEN
        PERFORM wake();
    END IF;
END $$;

-- The clients that a policy for this group reaches.
CREATE VIEW reached_client WITH (security_invoker = true) AS
    SELECT g.account_id, g.id AS group_id, c.id AS client_id
    FROM actor_group g
    JOIN actor a ON a.account_id = g.account_id AND a.disabled_at IS NULL
    JOIN client c ON c.account_id = a.account_id AND c.actor_id = a.id
    WHERE (g.type = 'everyone' AND a.type IN ('user', 'admin'))
       OR EXISTS (SELECT FROM membership m
                  WHERE m.account_id = g.account_id AND m.group_id = g.id AND m.actor_id = a.id);

-- Ends the connection of devices that lost what they signed in with.
CREATE FUNCTION disconnect(because text, devices uuid[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO outbox (account_id, device_id, kind, reason)
    SELECT account_id, device_id, 'disconnect', cause(because) FROM channel WHERE device_id = ANY (devices);
    IF FOUND THEN
        PERFORM wake();
    END IF;
END $$;

---------------------------------------------------------------------------------------------------------------- flow

CREATE FUNCTION flow_ended() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM require_read_committed();
    WITH numbered AS (
        -- A revocation carries a newer generation than what it revokes, so that a late grant loses against it.
        SELECT o.*, nextval('flow_generation') AS ended_generation,
               cause(CASE WHEN o.expires_at <= now() THEN 'expired' ELSE 'flow_deleted' END) AS why
        FROM (SELECT * FROM ended ORDER BY id) AS o
    ), audited AS (
        INSERT INTO audit_entry (account_id, action, flow_id, client_id, resource_id, gateway_id, policy_id, generation,
                                 expires_at, reason)
        SELECT account_id, 'flow_ended', id, client_id, resource_id, gateway_id, policy_id, ended_generation,
               expires_at, why
        FROM numbered
    ), told AS (
        SELECT account_id, gateway_id AS device_id, 'reject_access' AS kind, client_id, gateway_id, resource_id, id,
               ended_generation, why
        FROM numbered
        UNION ALL
        SELECT account_id, client_id, CASE why WHEN 'gateway_offline' THEN 'flow_failed' ELSE 'resource' END,
               client_id, gateway_id, resource_id, id, ended_generation, why
        FROM numbered
        WHERE why <> 'superseded'
        ORDER BY ended_generation
    )
    INSERT INTO outbox (account_id, device_id, kind, client_id, gateway_id, resource_id, flow_id, generation, reason)
    SELECT * FROM told;
    RETURN NULL;
END $$;
CREATE TRIGGER flow_ended AFTER DELETE ON flow
    REFERENCING OLD TABLE AS ended FOR EACH STATEMENT EXECUTE FUNCTION flow_ended();

-- A decision raises the generation and tells the gateway itself; this is for all others.
CREATE FUNCTION flow_expiry_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO outbox (account_id, device_id, kind, client_id, gateway_id, resource_id, flow_id, generation, expires_at)
    SELECT n.account_id, n.gateway_id, 'expiry_updated', n.client_id, n.gateway_id, n.resource_id, n.id,
           nextval('flow_generation'), n.expires_at
    FROM new_rows n JOIN old_rows o USING (id)
    WHERE n.generation = o.generation AND n.expires_at <> o.expires_at;
    IF FOUND THEN
        PERFORM require_read_committed();
        PERFORM wake();
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER flow_expiry_changed AFTER UPDATE ON flow
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION flow_expiry_changed();

-------------------------------------------------------------------------------------------------------------- policy

CREATE FUNCTION policy_created() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE a uuid[]; c uuid[]; r uuid[];
BEGIN
    SELECT array_agg(n.account_id), array_agg(reached.client_id), array_agg(n.resource_id) INTO a, c, r
    FROM new_rows n JOIN reached_client reached USING (account_id, group_id) WHERE n.disabled_at IS NULL;
    PERFORM tell_clients(NULL, 'resource', a, c, r);
    RETURN NULL;
END $$;
CREATE TRIGGER policy_created AFTER INSERT ON policy
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION policy_created();

CREATE FUNCTION policy_changed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE a uuid[]; c uuid[]; r uuid[];
BEGIN
    PERFORM end_flows('policy_disabled', ARRAY(
        SELECT f.id FROM flow f JOIN new_rows n ON f.account_id = n.account_id AND f.policy_id = n.id
        WHERE n.disabled_at IS NOT NULL));
    PERFORM end_flows('policy_deleted', ARRAY(
        SELECT f.id FROM flow f JOIN new_rows n ON f.account_id = n.account_id AND f.policy_id = n.id
        JOIN old_rows o ON o.id = n.id
        WHERE (o.group_id, o.resource_id) IS DISTINCT FROM (n.group_id, n.resource_id)));
    PERFORM end_flows('condition_changed', ARRAY(
        SELECT f.id FROM flow f JOIN new_rows n ON f.account_id = n.account_id AND f.policy_id = n.id
        JOIN old_rows o ON o.id = n.id WHERE o.conditions <> n.conditions));
    SELECT array_agg(o.account_id), array_agg(reached.client_id), array_agg(o.resource_id) INTO a, c, r
    FROM old_rows o JOIN new_rows n USING (id) JOIN reached_client reached
        ON reached.account_id = o.account_id AND reached.group_id = o.group_id
    WHERE o.disabled_at IS NULL AND n.disabled_at IS NOT NULL;
    PERFORM tell_clients('policy_disabled', 'resource', a, c, r);
    SELECT array_agg(o.account_id), array_agg(reached.client_id), array_agg(o.resource_id) INTO a, c, r
    FROM old_rows o JOIN new_rows n USING (id) JOIN reached_client reached
        ON reached.account_id = o.account_id AND reached.group_id = o.group_id
    WHERE (o.group_id, o.resource_id) IS DISTINCT FROM (n.group_id, n.resource_id);
    PERFORM tell_clients('policy_deleted', 'resource', a, c, r);
    SELECT array_agg(o.account_id), array_agg(reached.client_id), array_agg(o.resource_id) INTO a, c, r
    FROM old_rows o JOIN new_rows n USING (id) JOIN reached_client reached
        ON reached.account_id = o.account_id AND reached.group_id = o.group_id
    WHERE o.conditions <> n.conditions;
    PERFORM tell_clients('condition_changed', 'resource', a, c, r);
    SELECT array_agg(n.account_id), array_agg(reached.client_id), array_agg(n.resource_id) INTO a, c, r
    FROM old_rows o JOIN new_rows n USING (id) JOIN reached_client reached
        ON reached.account_id = n.account_id AND reached.group_id = n.group_id
    WHERE n.disabled_at IS NULL
      AND (o.disabled_at IS NOT NULL OR (o.group_id, o.resource_id) IS DISTINCT FROM (n.group_id, n.resource_id));
    PERFORM tell_clients(NULL, 'resource', a, c, r);
    RETURN NULL;
END $$;
CREATE TRIGGER policy_changed AFTER UPDATE ON policy
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION policy_changed();

CREATE FUNCTION policy_deleted() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE a uuid[]; c uuid[]; r uuid[];
BEGIN
    PERFORM end_flows('policy_deleted', ARRAY(
        SELECT f.id FROM flow f JOIN old_rows o ON f.account_id = o.account_id AND f.policy_id = o.id));
    SELECT array_agg(o.account_id), array_agg(reached.client_id), array_agg(o.resource_id) INTO a, c, r
    FROM old_rows o JOIN reached_client reached USING (account_id, group_id) WHERE o.disabled_at IS NULL;
    PERFORM tell_clients('policy_deleted', 'resource', a, c, r);
    RETURN NULL;
END $$;
CREATE TRIGGER policy_deleted AFTER DELETE ON policy
    REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION policy_deleted();

---------------------------------------------------------------------------------------------------- group, membership

CREATE FUNCTION membership_created() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE a uuid[]; c uuid[]; r uuid[];
BEGIN
    SELECT array_agg(p.account_id), array_agg(client.id), array_agg(p.resource_id) INTO a, c, r
    FROM new_rows n
    JOIN client ON client.account_id = n.account_id AND client.actor_id = n.actor_id
    JOIN policy p ON p.account_id = n.account_id AND p.group_id = n.group_id AND p.disabled_at IS NULL;
    PERFORM tell_clients(NULL, 'resource', a, c, r);
    RETURN NULL;
END $$;
CREATE TRIGGER membership_created AFTER INSERT ON membership
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION membership_created();

-- A changed membership is one that was removed, and another one.
CREATE FUNCTION membership_removed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE a uuid[]; c uuid[]; r uuid[];
BEGIN
    PERFORM end_flows('membership_removed', ARRAY(
        SELECT f.id FROM flow f JOIN old_rows o ON f.account_id = o.account_id AND f.membership_id = o.id));
    SELECT array_agg(p.account_id), array_agg(client.id), array_agg(p.resource_id) INTO a, c, r
    FROM old_rows o
    JOIN client ON client.account_id = o.account_id AND client.actor_id = o.actor_id
    JOIN policy p ON p.account_id = o.account_id AND p.group_id = o.group_id AND p.disabled_at IS NULL;
    PERFORM tell_clients('membership_removed', 'resource', a, c, r);
    RETURN NULL;
END $$;
CREATE TRIGGER membership_removed AFTER DELETE ON membership
    REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION membership_removed();
CREATE TRIGGER membership_left AFTER UPDATE ON membership
    REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION membership_removed();
CREATE TRIGGER membership_moved AFTER UPDATE ON membership
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION membership_created();

-- Who was reached as one of everyone may not be a member.
CREATE FUNCTION group_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM end_flows('membership_removed', ARRAY(
        SELECT f.id FROM flow f JOIN policy p ON p.account_id = f.account_id AND p.id = f.policy_id
        JOIN new_rows n ON n.account_id = p.account_id AND n.id = p.group_id
        WHERE f.membership_id IS NULL AND n.type <> 'everyone'));
    RETURN NULL;
END $$;
CREATE TRIGGER group_changed AFTER UPDATE ON actor_group
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION group_changed();

CREATE FUNCTION group_deleted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM policy p USING old_rows o WHERE p.account_id = o.account_id AND p.group_id = o.id;
    DELETE FROM membership m USING old_rows o WHERE m.account_id = o.account_id AND m.group_id = o.id;
    RETURN NULL;
END $$;
CREATE TRIGGER group_deleted AFTER DELETE ON actor_group
    REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION group_deleted();

--------------------------------------------------------------------------------------------- account, actor, token

CREATE FUNCTION account_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM end_flows('account_disabled', ARRAY(
        SELECT f.id FROM flow f JOIN new_rows n ON f.account_id = n.id WHERE n.disabled_at IS NOT NULL));
    PERFORM disconnect('account_disabled', ARRAY(
        SELECT device_id FROM channel JOIN new_rows n ON n.id = channel.account_id JOIN old_rows o ON o.id = n.id
        WHERE o.disabled_at IS NULL AND n.disabled_at IS NOT NULL));
    INSERT INTO outbox (account_id, device_id, kind)
    SELECT n.id, channel.device_id, 'account'
    FROM new_rows n JOIN old_rows o ON o.id = n.id JOIN channel ON channel.account_id = n.id
    WHERE (channel.role = 'client'
           AND (n.search_domain, n.upstream_dns) IS DISTINCT FROM (o.search_domain, o.upstream_dns))
       OR (channel.role = 'gateway' AND n.slug <> o.slug);
    PERFORM wake();
    RETURN NULL;
END $$;
CREATE TRIGGER account_changed AFTER UPDATE ON account
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION account_changed();

CREATE FUNCTION actor_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM end_flows('actor_disabled', ARRAY(
        SELECT f.id FROM flow f JOIN client c ON c.account_id = f.account_id AND c.id = f.client_id
        JOIN new_rows n ON n.account_id = c.account_id AND n.id = c.actor_id WHERE n.disabled_at IS NOT NULL));
    -- Who is no longer a user or an admin has left everyone.
    PERFORM end_flows('membership_removed', ARRAY(
        SELECT f.id FROM flow f JOIN client c ON c.account_id = f.account_id AND c.id = f.client_id
        JOIN new_rows n ON n.account_id = c.account_id AND n.id = c.actor_id
        WHERE f.membership_id IS NULL AND n.type NOT IN ('user', 'admin')));
    PERFORM disconnect('actor_disabled', ARRAY(
        SELECT channel.device_id FROM channel JOIN token t ON t.id = channel.token_id
        JOIN new_rows n ON n.account_id = t.account_id AND n.id = t.actor_id JOIN old_rows o ON o.id = n.id
        WHERE o.disabled_at IS NULL AND n.disabled_at IS NOT NULL));
    RETURN NULL;
END $$;
CREATE TRIGGER actor_changed AFTER UPDATE ON actor
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION actor_changed();

CREATE FUNCTION actor_deleted() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE outer_cause text := coalesce(current_setting('sluice.cause', true), '');
BEGIN
    PERFORM set_config('sluice.cause', cause('actor_disabled'), true);
    DELETE FROM token t USING old_rows o WHERE t.account_id = o.account_id AND t.actor_id = o.id;
    DELETE FROM client c USING old_rows o WHERE c.account_id = o.account_id AND c.actor_id = o.id;
    DELETE FROM membership m USING old_rows o WHERE m.account_id = o.account_id AND m.actor_id = o.id;
    PERFORM set_config('sluice.cause', outer_cause, true);
    RETURN NULL;
END $$;
CREATE TRIGGER actor_deleted AFTER DELETE ON actor
    REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION actor_deleted();

CREATE FUNCTION token_deleted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM end_flows('token_expired', ARRAY(
        SELECT f.id FROM flow f JOIN old_rows o ON f.account_id = o.account_id AND f.token_id = o.id
        WHERE o.expires_at <= now()));
    PERFORM end_flows('token_deleted', ARRAY(
        SELECT f.id FROM flow f JOIN old_rows o ON f.account_id = o.account_id AND f.token_id = o.id));
    PERFORM disconnect('token_expired', ARRAY(
        SELECT c.device_id FROM channel c JOIN old_rows o ON c.token_id = o.id WHERE o.expires_at <= now()));
    PERFORM disconnect('token_deleted', ARRAY(
        SELECT c.device_id FROM channel c JOIN old_rows o ON c.token_id = o.id
        WHERE o.expires_at > now() OR o.expires_at IS NULL));
    RETURN NULL;
END $$;
CREATE TRIGGER token_deleted AFTER DELETE ON token
    REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION token_deleted();

CREATE FUNCTION token_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM end_flows('token_deleted', ARRAY(
        SELECT f.id FROM flow f JOIN new_rows n ON f.account_id = n.account_id AND f.token_id = n.id
        JOIN old_rows o ON o.id = n.id
        WHERE (o.type, o.actor_id, o.site_id, o.secret_hash, o.secret_salt)
              IS DISTINCT FROM (n.type, n.actor_id, n.site_id, n.secret_hash, n.secret_salt)));
    -- No flow outlives its token.
    WITH shortened AS (
        SELECT f.id, n.expires_at FROM flow f JOIN new_rows n ON f.account_id = n.account_id AND f.token_id = n.id
        WHERE f.expires_at > n.expires_at ORDER BY f.id FOR UPDATE OF f)
    UPDATE flow SET expires_at = shortened.expires_at FROM shortened WHERE flow.id = shortened.id;
    RETURN NULL;
END $$;
CREATE TRIGGER token_changed AFTER UPDATE ON token
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION token_changed();

------------------------------------------------------------------------------------------------------------- devices

CREATE FUNCTION client_deleted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM end_flows('client_deleted', ARRAY(
        SELECT f.id FROM flow f JOIN old_rows o ON f.account_id = o.account_id AND f.client_id = o.id));
    PERFORM disconnect('client_deleted', ARRAY(SELECT id FROM old_rows));
    DELETE FROM tunnel_address t USING old_rows o
        WHERE t.account_id = o.account_id AND t.address IN (o.ipv4, o.ipv6);
    RETURN NULL;
END $$;
CREATE TRIGGER client_deleted AFTER DELETE ON client
    REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION client_deleted();

CREATE FUNCTION client_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM end_flows('client_deleted', ARRAY(
        SELECT f.id FROM flow f JOIN new_rows n ON f.account_id = n.account_id AND f.client_id = n.id
        JOIN old_rows o ON o.id = n.id WHERE o.actor_id <> n.actor_id));
    PERFORM end_flows('condition_changed', ARRAY(
        SELECT f.id FROM flow f JOIN new_rows n ON f.account_id = n.account_id AND f.client_id = n.id
        JOIN old_rows o ON o.id = n.id WHERE o.verified_at IS NOT NULL AND n.verified_at IS NULL));
    RETURN NULL;
END $$;
CREATE TRIGGER client_changed AFTER UPDATE ON client
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION client_changed();

CREATE FUNCTION gateway_deleted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM end_flows('gateway_offline', ARRAY(
        SELECT f.id FROM flow f JOIN old_rows o ON f.account_id = o.account_id AND f.gateway_id = o.id));
    PERFORM disconnect('gateway_offline', ARRAY(SELECT id FROM old_rows));
    DELETE FROM tunnel_address t USING old_rows o
        WHERE t.account_id = o.account_id AND t.address IN (o.ipv4, o.ipv6);
    RETURN NULL;
END $$;
CREATE TRIGGER gateway_deleted AFTER DELETE ON gateway
    REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION gateway_deleted();

CREATE FUNCTION gateway_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM end_flows('site_removed', ARRAY(
        SELECT f.id FROM flow f JOIN new_rows n ON f.account_id = n.account_id AND f.gateway_id = n.id
        JOIN old_rows o ON o.id = n.id WHERE o.site_id <> n.site_id));
    RETURN NULL;
END $$;
CREATE TRIGGER gateway_changed AFTER UPDATE ON gateway
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION gateway_changed();

----------------------------------------------------------------------------------------------------- resource, site

CREATE FUNCTION resource_changed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE a uuid[]; c uuid[]; r uuid[];
BEGIN
    PERFORM end_flows('resource_changed', ARRAY(
        SELECT f.id FROM flow f JOIN new_rows n ON f.account_id = n.account_id AND f.resource_id = n.id
        JOIN old_rows o ON o.id = n.id
        WHERE (o.type, o.address, o.ip_stack) IS DISTINCT FROM (n.type, n.address, n.ip_stack)));
    INSERT INTO outbox (account_id, device_id, kind, gateway_id, resource_id)
    SELECT DISTINCT f.account_id, f.gateway_id, 'resource_filters', f.gateway_id, f.resource_id
    FROM flow f JOIN new_rows n ON f.account_id = n.account_id AND f.resource_id = n.id
    JOIN old_rows o ON o.id = n.id WHERE o.filters <> n.filters;
    SELECT array_agg(n.account_id), array_agg(reached.client_id), array_agg(n.id) INTO a, c, r
    FROM new_rows n JOIN old_rows o ON o.id = n.id
    JOIN policy p ON p.account_id = n.account_id AND p.resource_id = n.id AND p.disabled_at IS NULL
    JOIN reached_client reached ON reached.account_id = p.account_id AND reached.group_id = p.group_id
    WHERE o IS DISTINCT FROM n;
    PERFORM tell_clients('resource_changed', 'resource', a, c, r);
    PERFORM wake();
    RETURN NULL;
END $$;
CREATE TRIGGER resource_changed AFTER UPDATE ON resource
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION resource_changed();

CREATE FUNCTION resource_deleted() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE outer_cause text := coalesce(current_setting('sluice.cause', true), '');
BEGIN
    PERFORM set_config('sluice.cause', cause('resource_deleted'), true);
    PERFORM end_flows('resource_deleted', ARRAY(
        SELECT f.id FROM flow f JOIN old_rows o ON f.account_id = o.account_id AND f.resource_id = o.id));
    DELETE FROM policy p USING old_rows o WHERE p.account_id = o.account_id AND p.resource_id = o.id;
    DELETE FROM resource_site s USING old_rows o WHERE s.account_id = o.account_id AND s.resource_id = o.id;
    PERFORM set_config('sluice.cause', outer_cause, true);
    RETURN NULL;
END $$;
CREATE TRIGGER resource_deleted AFTER DELETE ON resource
    REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION resource_deleted();

CREATE FUNCTION resource_connected() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE a uuid[]; c uuid[]; r uuid[];
BEGIN
    SELECT array_agg(p.account_id), array_agg(reached.client_id), array_agg(p.resource_id) INTO a, c, r
    FROM new_rows n
    JOIN policy p ON p.account_id = n.account_id AND p.resource_id = n.resource_id AND p.disabled_at IS NULL
    JOIN reached_client reached ON reached.account_id = p.account_id AND reached.group_id = p.group_id;
    PERFORM tell_clients(NULL, 'resource_moved', a, c, r);
    RETURN NULL;
END $$;
CREATE TRIGGER resource_connected AFTER INSERT ON resource_site
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION resource_connected();

-- A changed connection is one that was removed, and another one.
CREATE FUNCTION resource_disconnected() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE a uuid[]; c uuid[]; r uuid[];
BEGIN
    PERFORM end_flows('site_removed', ARRAY(
        SELECT f.id FROM flow f
        JOIN gateway g ON g.account_id = f.account_id AND g.id = f.gateway_id
        JOIN old_rows o ON f.account_id = o.account_id AND f.resource_id = o.resource_id AND g.site_id = o.site_id));
    SELECT array_agg(p.account_id), array_agg(reached.client_id), array_agg(p.resource_id) INTO a, c, r
    FROM old_rows o
    JOIN policy p ON p.account_id = o.account_id AND p.resource_id = o.resource_id AND p.disabled_at IS NULL
    JOIN reached_client reached ON reached.account_id = p.account_id AND reached.group_id = p.group_id;
    PERFORM tell_clients('site_removed', 'resource_moved', a, c, r);
    RETURN NULL;
END $$;
CREATE TRIGGER resource_disconnected AFTER DELETE ON resource_site
    REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION resource_disconnected();
CREATE TRIGGER resource_left AFTER UPDATE ON resource_site
    REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION resource_disconnected();
CREATE TRIGGER resource_moved AFTER UPDATE ON resource_site
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION resource_connected();

CREATE FUNCTION site_changed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE a uuid[]; c uuid[]; r uuid[];
BEGIN
    SELECT array_agg(p.account_id), array_agg(reached.client_id), array_agg(p.resource_id) INTO a, c, r
    FROM new_rows n JOIN old_rows o ON o.id = n.id
    JOIN resource_site s ON s.account_id = n.account_id AND s.site_id = n.id
    JOIN policy p ON p.account_id = s.account_id AND p.resource_id = s.resource_id AND p.disabled_at IS NULL
    JOIN reached_client reached ON reached.account_id = p.account_id AND reached.group_id = p.group_id
    WHERE o.name <> n.name;
    PERFORM tell_clients(NULL, 'resource_moved', a, c, r);
    RETURN NULL;
END $$;
CREATE TRIGGER site_changed AFTER UPDATE ON site
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION site_changed();

CREATE FUNCTION site_deleted() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE outer_cause text := coalesce(current_setting('sluice.cause', true), '');
BEGIN
    PERFORM set_config('sluice.cause', cause('site_removed'), true);
    DELETE FROM resource_site s USING old_rows o WHERE s.account_id = o.account_id AND s.site_id = o.id;
    DELETE FROM gateway g USING old_rows o WHERE g.account_id = o.account_id AND g.site_id = o.id;
    DELETE FROM token t USING old_rows o WHERE t.account_id = o.account_id AND t.site_id = o.id;
    PERFORM set_config('sluice.cause', outer_cause, true);
    RETURN NULL;
END $$;
CREATE TRIGGER site_deleted AFTER DELETE ON site
    REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION site_deleted();

------------------------------------------------------------------------------------------------------------ truncate

CREATE FUNCTION truncated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM end_flows(TG_ARGV[0], ARRAY(
        SELECT id FROM flow WHERE TG_TABLE_NAME <> 'membership' OR membership_id IS NOT NULL));
    RETURN NULL;
END $$;
CREATE TRIGGER truncated BEFORE TRUNCATE ON flow FOR EACH STATEMENT EXECUTE FUNCTION truncated('flow_deleted');
CREATE TRIGGER truncated BEFORE TRUNCATE ON policy FOR EACH STATEMENT EXECUTE FUNCTION truncated('policy_deleted');
CREATE TRIGGER truncated BEFORE TRUNCATE ON membership
    FOR EACH STATEMENT EXECUTE FUNCTION truncated('membership_removed');
CREATE TRIGGER truncated BEFORE TRUNCATE ON token FOR EACH STATEMENT EXECUTE FUNCTION truncated('token_deleted');
CREATE TRIGGER truncated BEFORE TRUNCATE ON resource FOR EACH STATEMENT EXECUTE FUNCTION truncated('resource_deleted');
CREATE TRIGGER truncated BEFORE TRUNCATE ON resource_site
    FOR EACH STATEMENT EXECUTE FUNCTION truncated('site_removed');
CREATE TRIGGER truncated BEFORE TRUNCATE ON client FOR EACH STATEMENT EXECUTE FUNCTION truncated('client_deleted');
CREATE TRIGGER truncated BEFORE TRUNCATE ON gateway FOR EACH STATEMENT EXECUTE FUNCTION truncated('gateway_offline');
