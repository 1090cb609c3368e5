-- Ending access. Whoever makes a change, by whatever program or by hand: what it takes away ends in the same transaction.
--
--   a row of a cause changes  ->  the flows that rest on it are deleted, with the cause
--   a flow is deleted         ->  its gateway and its client are told, and the audit has an entry, with the typed reason
--
-- Triggers only end access; they never grant any. They are statement-level, and lock flows in the order of their ids, so
-- that two mass revocations in opposite order do not deadlock. Only a changed value is a cause: directories write the same
-- again. The cause travels in the transaction's setting sluice.cause: the outermost one wins, so that deleting a resource
-- ends its flows as resource_deleted, although its policies go too.
--
-- Repeatable: this file says what holds, and replaces what V6 and V10 have made. Functions look into our schema first,
-- whoever calls them: a role that may make temporary tables could put one named flow before ours.

---------------------------------------------------------------------------------------------------------------- means

-- Who belongs to a group, of those who may act: its members, and to that of everyone all people.
CREATE OR REPLACE VIEW reached_actor WITH (security_invoker = true) AS
    SELECT g.account_id, g.id AS group_id, a.id AS actor_id, m.id AS membership_id
    FROM actor_group g
    JOIN actor a ON a.account_id = g.account_id AND a.disabled_at IS NULL
    LEFT JOIN membership m ON m.account_id = g.account_id AND m.group_id = g.id AND m.actor_id = a.id
    WHERE m.id IS NOT NULL OR (g.type = 'everyone' AND a.type IN ('user', 'admin'));
GRANT SELECT ON reached_actor TO "${application_role}";

-- The clients that a policy for this group reaches.
CREATE OR REPLACE VIEW reached_client WITH (security_invoker = true) AS
    SELECT reached.account_id, reached.group_id, c.id AS client_id
    FROM reached_actor reached
    JOIN client c ON c.account_id = reached.account_id AND c.actor_id = reached.actor_id;

-- Under REPEATABLE READ the trigger would not see a flow that was granted while the change waited for its lock.
CREATE OR REPLACE FUNCTION require_read_committed() RETURNS void
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'what ends access must run at isolation level READ COMMITTED, not %',
            upper(current_setting('transaction_isolation'))
            USING ERRCODE = 'invalid_transaction_state',
                  HINT = 'Use SET TRANSACTION ISOLATION LEVEL READ COMMITTED.';
    END IF;
END $$;

CREATE OR REPLACE FUNCTION cause(fallback text) RETURNS text
    LANGUAGE sql SET search_path = public, pg_temp AS $$
    SELECT coalesce(nullif(current_setting('sluice.cause', true), ''), fallback)
$$;

-- Wakes the instances at commit; they look into the outbox anyway, a little later.
CREATE OR REPLACE FUNCTION wake() RETURNS void
    LANGUAGE sql SET search_path = public, pg_temp AS $$
    SELECT pg_notify('sluice_outbox', '')
$$;

CREATE OR REPLACE FUNCTION end_flows(because text, ids uuid[]) RETURNS void
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
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

-- Lets flows rest on other policies, before what they rest on goes: it is for the service, which knows whether conditions
-- hold. No trigger does that.
CREATE OR REPLACE FUNCTION hand_over_flows(flows uuid[], policies uuid[], memberships uuid[], expiries timestamptz[])
    RETURNS void LANGUAGE sql SET search_path = public, pg_temp AS $$
    WITH handed AS (
        UPDATE flow SET policy_id = h.policy_id, membership_id = h.membership_id, expires_at = h.expires_at
        FROM unnest(flows, policies, memberships, expiries) AS h (flow_id, policy_id, membership_id, expires_at)
        WHERE flow.id = h.flow_id
        RETURNING flow.*)
    INSERT INTO audit_entry (account_id, action, subject, flow_id, client_id, resource_id, gateway_id, policy_id,
                             generation, expires_at)
    SELECT account_id, 'flow_handed_over', subject(), id, client_id, resource_id, gateway_id, policy_id, generation,
           expires_at
    FROM handed ORDER BY id
$$;

-- Has these clients look at a resource again: it is gone for them, or has another shape, by the time they are told.
CREATE OR REPLACE FUNCTION tell_clients(because text, what text, told client_resource[]) RETURNS void
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO outbox (account_id, device_id, kind, client_id, resource_id, reason)
    SELECT DISTINCT account_id, client_id, what, client_id, resource_id, nullif(cause(coalesce(because, '')), '')
    FROM unnest(told);
    IF FOUND THEN
        PERFORM wake();
    END IF;
END $$;

-- The same for the clients that policies for these groups reach.
CREATE OR REPLACE FUNCTION tell_reached(because text, what text, told group_resource[]) RETURNS void
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM tell_clients(because, what, ARRAY(
        SELECT (t.account_id, reached.client_id, t.resource_id)::client_resource
        FROM unnest(told) AS t JOIN reached_client reached USING (account_id, group_id)));
END $$;

-- Ends the connection of devices that lost what they signed in with. It takes a moment until they hear of it; what they ask
-- for meanwhile is refused.
CREATE OR REPLACE FUNCTION disconnect(because text, devices uuid[]) RETURNS void
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    WITH doomed AS (
        SELECT device_id FROM channel WHERE device_id = ANY (devices) ORDER BY device_id FOR UPDATE
    ), closing AS (
        UPDATE channel SET ended = cause(because) FROM doomed WHERE channel.device_id = doomed.device_id
        RETURNING channel.account_id, channel.device_id, channel.ended
    )
    INSERT INTO outbox (account_id, device_id, kind, reason)
    SELECT account_id, device_id, 'disconnect', ended FROM closing;
    IF FOUND THEN
        PERFORM wake();
    END IF;
END $$;

--------------------------------------------------------------------------------------------------------------- turns

-- Decisions share the turn of their account and that of all accounts; whoever ends access takes one of the two. Waiting for
-- it, it stands in a queue, which it would not for a row that is shared. A decision and what ends access are thus one after
-- the other: the decision's flow is there when the trigger looks, or the decision reads what has changed. No row is locked
-- for that: rows that everybody shares would be written by being read.
CREATE OR REPLACE FUNCTION every_turn() RETURNS bigint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN hashtextextended('sluice', 0);

CREATE OR REPLACE FUNCTION turn_of(account uuid) RETURNS bigint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN hashtextextended(account::text, 0);

CREATE OR REPLACE FUNCTION take_turn(account uuid) RETURNS void
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(turn_of(account));
    PERFORM set_config('sluice.turn', 'taken', true);
END $$;

-- Before the statement no trigger sees its rows, so that for SQL that took no turn it can only be that of all accounts.
CREATE OR REPLACE FUNCTION take_every_turn() RETURNS trigger
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF coalesce(current_setting('sluice.turn', true), '') = '' THEN
        PERFORM pg_advisory_xact_lock(every_turn());
    END IF;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER turn BEFORE UPDATE OF disabled_at ON account
    FOR EACH STATEMENT EXECUTE FUNCTION take_every_turn();
CREATE OR REPLACE TRIGGER turn BEFORE DELETE OR UPDATE OF disabled_at, type ON actor
    FOR EACH STATEMENT EXECUTE FUNCTION take_every_turn();
CREATE OR REPLACE TRIGGER turn BEFORE DELETE OR UPDATE OF type ON actor_group
    FOR EACH STATEMENT EXECUTE FUNCTION take_every_turn();
CREATE OR REPLACE TRIGGER turn BEFORE DELETE OR UPDATE ON membership
    FOR EACH STATEMENT EXECUTE FUNCTION take_every_turn();
CREATE OR REPLACE TRIGGER turn BEFORE DELETE OR UPDATE OF disabled_at, group_id, resource_id, conditions ON policy
    FOR EACH STATEMENT EXECUTE FUNCTION take_every_turn();
CREATE OR REPLACE TRIGGER turn
    BEFORE DELETE OR UPDATE OF type, actor_id, site_id, directory_id, expires_at ON token
    FOR EACH STATEMENT EXECUTE FUNCTION take_every_turn();
CREATE OR REPLACE TRIGGER turn BEFORE DELETE OR UPDATE OF token_id, hash, salt ON token_secret
    FOR EACH STATEMENT EXECUTE FUNCTION take_every_turn();
CREATE OR REPLACE TRIGGER turn BEFORE DELETE OR UPDATE OF actor_id, verified_at ON client
    FOR EACH STATEMENT EXECUTE FUNCTION take_every_turn();
CREATE OR REPLACE TRIGGER turn BEFORE DELETE OR UPDATE OF site_id ON gateway
    FOR EACH STATEMENT EXECUTE FUNCTION take_every_turn();
CREATE OR REPLACE TRIGGER turn BEFORE DELETE OR UPDATE OF type, address, ip_stack ON resource
    FOR EACH STATEMENT EXECUTE FUNCTION take_every_turn();
CREATE OR REPLACE TRIGGER turn BEFORE DELETE OR UPDATE ON resource_site
    FOR EACH STATEMENT EXECUTE FUNCTION take_every_turn();
CREATE OR REPLACE TRIGGER turn BEFORE DELETE ON site
    FOR EACH STATEMENT EXECUTE FUNCTION take_every_turn();

---------------------------------------------------------------------------------------------------------------- flow

CREATE OR REPLACE FUNCTION flow_ended() RETURNS trigger
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM require_read_committed();
    WITH numbered AS (
        -- A revocation carries a newer generation than what it revokes, so that a late grant loses against it.
        SELECT o.*, nextval('flow_generation') AS ended_generation,
               cause(CASE WHEN o.expires_at <= now() THEN 'expired' ELSE 'flow_deleted' END) AS why
        FROM (SELECT * FROM ended ORDER BY id) AS o
    ), audited AS (
        -- Somebody's name only if somebody did it: what time ends, nobody has ended.
        INSERT INTO audit_entry (account_id, action, subject, flow_id, client_id, resource_id, gateway_id, policy_id,
                                 generation, expires_at, reason)
        SELECT account_id, 'flow_ended', nullif(current_setting('sluice.subject', true), ''), id, client_id, resource_id,
               gateway_id, policy_id, ended_generation, expires_at, why
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
    -- Where there is a cause, whoever gave it wakes the instances.
    IF cause('') = '' THEN
        PERFORM wake();
    END IF;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER flow_ended AFTER DELETE ON flow
    REFERENCING OLD TABLE AS ended FOR EACH STATEMENT EXECUTE FUNCTION flow_ended();

-- A decision raises the generation and tells the gateway itself; this is for all others. By the row, since nothing is
-- queued for a row of a decision: most updates of flows are those.
CREATE OR REPLACE FUNCTION flow_expiry_changed() RETURNS trigger
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM require_read_committed();
    INSERT INTO outbox (account_id, device_id, kind, client_id, gateway_id, resource_id, flow_id, generation, expires_at)
    VALUES (NEW.account_id, NEW.gateway_id, 'expiry_updated', NEW.client_id, NEW.gateway_id, NEW.resource_id, NEW.id,
            nextval('flow_generation'), NEW.expires_at);
    PERFORM wake();
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER flow_expiry_changed AFTER UPDATE ON flow
    FOR EACH ROW WHEN (NEW.generation = OLD.generation AND NEW.expires_at <> OLD.expires_at)
    EXECUTE FUNCTION flow_expiry_changed();

-------------------------------------------------------------------------------------------------------------- policy

CREATE OR REPLACE FUNCTION policy_created() RETURNS trigger
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM tell_reached(NULL, 'resource', ARRAY(
        SELECT (account_id, group_id, resource_id)::group_resource FROM new_rows WHERE disabled_at IS NULL));
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER policy_created AFTER INSERT ON policy
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION policy_created();

CREATE OR REPLACE FUNCTION policy_changed() RETURNS trigger
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
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
    PERFORM tell_reached('policy_disabled', 'resource', ARRAY(
        SELECT (o.account_id, o.group_id, o.resource_id)::group_resource FROM old_rows o JOIN new_rows n USING (id)
        WHERE o.disabled_at IS NULL AND n.disabled_at IS NOT NULL));
    PERFORM tell_reached('policy_deleted', 'resource', ARRAY(
        SELECT (o.account_id, o.group_id, o.resource_id)::group_resource FROM old_rows o JOIN new_rows n USING (id)
        WHERE (o.group_id, o.resource_id) IS DISTINCT FROM (n.group_id, n.resource_id)));
    PERFORM tell_reached('condition_changed', 'resource', ARRAY(
        SELECT (o.account_id, o.group_id, o.resource_id)::group_resource FROM old_rows o JOIN new_rows n USING (id)
        WHERE o.conditions <> n.conditions));
    PERFORM tell_reached(NULL, 'resource', ARRAY(
        SELECT (n.account_id, n.group_id, n.resource_id)::group_resource FROM old_rows o JOIN new_rows n USING (id)
        WHERE n.disabled_at IS NULL
          AND (o.disabled_at IS NOT NULL OR (o.group_id, o.resource_id) IS DISTINCT FROM (n.group_id, n.resource_id))));
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER policy_changed AFTER UPDATE ON policy
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION policy_changed();

CREATE OR REPLACE FUNCTION policy_deleted() RETURNS trigger
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM end_flows('policy_deleted', ARRAY(
        SELECT f.id FROM flow f JOIN old_rows o ON f.account_id = o.account_id AND f.policy_id = o.id));
    PERFORM tell_reached('policy_deleted', 'resource', ARRAY(
        SELECT (account_id, group_id, resource_id)::group_resource FROM old_rows WHERE disabled_at IS NULL));
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER policy_deleted AFTER DELETE ON policy
    REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION policy_deleted();

---------------------------------------------------------------------------------------------------- group, membership

-- What the actor of a membership may ask for by it.
CREATE OR REPLACE FUNCTION reached_by(memberships membership[]) RETURNS client_resource[]
    LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT ARRAY(
        SELECT (m.account_id, c.id, p.resource_id)::client_resource
        FROM unnest(memberships) AS m
        JOIN client c ON c.account_id = m.account_id AND c.actor_id = m.actor_id
        JOIN policy p ON p.account_id = m.account_id AND p.group_id = m.group_id AND p.disabled_at IS NULL)
$$;

CREATE OR REPLACE FUNCTION memberships_removed(removed membership[]) RETURNS void
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM end_flows('membership_removed', ARRAY(
        SELECT f.id FROM flow f JOIN unnest(removed) AS m ON f.account_id = m.account_id AND f.membership_id = m.id));
    PERFORM tell_clients('membership_removed', 'resource', reached_by(removed));
END $$;

-- A changed membership is one that was removed, and another one.
CREATE OR REPLACE FUNCTION membership_changed() RETURNS trigger
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    CASE TG_OP
    WHEN 'INSERT' THEN
        PERFORM tell_clients(NULL, 'resource', reached_by(ARRAY(SELECT ROW(n.*)::membership FROM new_rows n)));
    WHEN 'DELETE' THEN
        PERFORM memberships_removed(ARRAY(SELECT ROW(o.*)::membership FROM old_rows o));
    ELSE
        PERFORM memberships_removed(ARRAY(
            SELECT ROW(o.*)::membership FROM old_rows o
            WHERE NOT EXISTS (SELECT FROM new_rows n WHERE n.id = o.id AND n.account_id = o.account_id
                              AND n.group_id = o.group_id AND n.actor_id = o.actor_id)));
        PERFORM tell_clients(NULL, 'resource', reached_by(ARRAY(
            SELECT ROW(n.*)::membership FROM new_rows n
            WHERE NOT EXISTS (SELECT FROM old_rows o WHERE o.id = n.id AND o.account_id = n.account_id
                              AND o.group_id = n.group_id AND o.actor_id = n.actor_id))));
    END CASE;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER membership_created AFTER INSERT ON membership
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION membership_changed();
CREATE OR REPLACE TRIGGER membership_removed AFTER DELETE ON membership
    REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION membership_changed();
CREATE OR REPLACE TRIGGER membership_changed AFTER UPDATE ON membership
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION membership_changed();

-- Who was reached as one of everyone may not be a member.
CREATE OR REPLACE FUNCTION group_changed() RETURNS trigger
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM end_flows('membership_removed', ARRAY(
        SELECT f.id FROM flow f JOIN policy p ON p.account_id = f.account_id AND p.id = f.policy_id
        JOIN new_rows n ON n.account_id = p.account_id AND n.id = p.group_id
        WHERE f.membership_id IS NULL AND n.type <> 'everyone'));
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER group_changed AFTER UPDATE ON actor_group
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION group_changed();

CREATE OR REPLACE FUNCTION group_deleted() RETURNS trigger
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    DELETE FROM policy p USING old_rows o WHERE p.account_id = o.account_id AND p.group_id = o.id;
    DELETE FROM membership m USING old_rows o WHERE m.account_id = o.account_id AND m.group_id = o.id;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER group_deleted AFTER DELETE ON actor_group
    REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION group_deleted();

--------------------------------------------------------------------------------------------- account, actor, token

-- Ends what rests on these secrets, and the connections of the devices that signed in with them.
CREATE OR REPLACE FUNCTION secrets_gone(because text, gone token_secret[]) RETURNS void
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM end_flows(because, ARRAY(
        SELECT f.id FROM flow f JOIN unnest(gone) AS s
            ON f.account_id = s.account_id AND f.token_id = s.token_id AND f.secret_id = s.id));
    PERFORM disconnect(because, ARRAY(
        SELECT c.device_id FROM channel c JOIN unnest(gone) AS s ON c.secret_id = s.id WHERE c.ended IS NULL));
END $$;

CREATE OR REPLACE FUNCTION account_changed() RETURNS trigger
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
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
    IF FOUND THEN
        PERFORM wake();
    END IF;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER account_changed AFTER UPDATE ON account
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION account_changed();

CREATE OR REPLACE FUNCTION actor_changed() RETURNS trigger
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
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
CREATE OR REPLACE TRIGGER actor_changed AFTER UPDATE ON actor
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION actor_changed();

CREATE OR REPLACE FUNCTION actor_deleted() RETURNS trigger
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE outer_cause text := coalesce(current_setting('sluice.cause', true), '');
BEGIN
    PERFORM set_config('sluice.cause', cause('actor_disabled'), true);
    DELETE FROM token t USING old_rows o WHERE t.account_id = o.account_id AND t.actor_id = o.id;
    DELETE FROM client c USING old_rows o WHERE c.account_id = o.account_id AND c.actor_id = o.id;
    DELETE FROM membership m USING old_rows o WHERE m.account_id = o.account_id AND m.actor_id = o.id;
    PERFORM set_config('sluice.cause', outer_cause, true);
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER actor_deleted AFTER DELETE ON actor
    REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION actor_deleted();

CREATE OR REPLACE FUNCTION token_deleted() RETURNS trigger
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM secrets_gone('token_expired', ARRAY(
        SELECT s FROM token_secret s JOIN old_rows o ON s.account_id = o.account_id AND s.token_id = o.id
        WHERE o.expires_at <= now()));
    PERFORM secrets_gone('token_deleted', ARRAY(
        SELECT s FROM token_secret s JOIN old_rows o ON s.account_id = o.account_id AND s.token_id = o.id
        WHERE o.expires_at > now() OR o.expires_at IS NULL));
    DELETE FROM token_secret s USING old_rows o WHERE s.account_id = o.account_id AND s.token_id = o.id;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER token_deleted AFTER DELETE ON token
    REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION token_deleted();

-- For somebody else it is another token: whoever signed in with it has to sign in again.
CREATE OR REPLACE FUNCTION token_changed() RETURNS trigger
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM secrets_gone('token_deleted', ARRAY(
        SELECT s FROM token_secret s
        JOIN new_rows n ON s.account_id = n.account_id AND s.token_id = n.id JOIN old_rows o ON o.id = n.id
        WHERE (o.type, o.actor_id, o.site_id, o.directory_id)
              IS DISTINCT FROM (n.type, n.actor_id, n.site_id, n.directory_id)));
    -- No flow outlives its token.
    WITH shortened AS (
        SELECT f.id, n.expires_at FROM flow f JOIN new_rows n ON f.account_id = n.account_id AND f.token_id = n.id
        WHERE f.expires_at > n.expires_at ORDER BY f.id FOR UPDATE OF f)
    UPDATE flow SET expires_at = shortened.expires_at FROM shortened WHERE flow.id = shortened.id;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER token_changed AFTER UPDATE ON token
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION token_changed();

CREATE OR REPLACE FUNCTION token_secret_deleted() RETURNS trigger
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM secrets_gone('token_deleted', ARRAY(SELECT ROW(o.*)::token_secret FROM old_rows o));
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER token_secret_deleted AFTER DELETE ON token_secret
    REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION token_secret_deleted();

-- A changed secret is one that was withdrawn. That it was used is no cause.
CREATE OR REPLACE FUNCTION token_secret_changed() RETURNS trigger
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE gone token_secret[];
BEGIN
    gone := ARRAY(SELECT ROW(o.*)::token_secret FROM old_rows o JOIN new_rows n ON n.id = o.id
                  WHERE (o.token_id, o.salt, o.hash) <> (n.token_id, n.salt, n.hash));
    IF cardinality(gone) > 0 THEN
        PERFORM secrets_gone('token_deleted', gone);
    END IF;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER token_secret_changed AFTER UPDATE ON token_secret
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION token_secret_changed();

------------------------------------------------------------------------------------------------------------- devices

CREATE OR REPLACE FUNCTION client_deleted() RETURNS trigger
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM end_flows('client_deleted', ARRAY(
        SELECT f.id FROM flow f JOIN old_rows o ON f.account_id = o.account_id AND f.client_id = o.id));
    PERFORM disconnect('client_deleted', ARRAY(SELECT id FROM old_rows));
    DELETE FROM tunnel_address t USING old_rows o
        WHERE t.account_id = o.account_id AND t.address IN (o.ipv4, o.ipv6);
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER client_deleted AFTER DELETE ON client
    REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION client_deleted();

-- What policies let these clients ask for.
CREATE OR REPLACE FUNCTION reached_by_clients(ids uuid[]) RETURNS client_resource[]
    LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT ARRAY(
        SELECT (p.account_id, reached.client_id, p.resource_id)::client_resource
        FROM reached_client reached
        JOIN policy p ON p.account_id = reached.account_id AND p.group_id = reached.group_id AND p.disabled_at IS NULL
        WHERE reached.client_id = ANY (ids))
$$;

-- Verification decides about resources like a policy does: the client looks again at those that ask for it.
CREATE OR REPLACE FUNCTION client_changed() RETURNS trigger
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    unverified uuid[];
    verified   uuid[];
BEGIN
    -- A device that connects is written each time, and that is no cause.
    IF NOT EXISTS (SELECT FROM new_rows n JOIN old_rows o ON o.id = n.id
                   WHERE o.actor_id <> n.actor_id OR (o.verified_at IS NULL) <> (n.verified_at IS NULL)) THEN
        RETURN NULL;
    END IF;
    SELECT coalesce(array_agg(n.id) FILTER (WHERE n.verified_at IS NULL), '{}'),
           coalesce(array_agg(n.id) FILTER (WHERE n.verified_at IS NOT NULL), '{}')
    INTO unverified, verified
    FROM new_rows n JOIN old_rows o ON o.id = n.id WHERE (o.verified_at IS NULL) <> (n.verified_at IS NULL);
    PERFORM end_flows('client_deleted', ARRAY(
        SELECT f.id FROM flow f JOIN new_rows n ON f.account_id = n.account_id AND f.client_id = n.id
        JOIN old_rows o ON o.id = n.id WHERE o.actor_id <> n.actor_id));
    PERFORM end_flows('condition_changed', ARRAY(
        SELECT f.id FROM flow f JOIN new_rows n ON f.account_id = n.account_id AND f.client_id = n.id
        WHERE n.id = ANY (unverified)));
    PERFORM tell_clients('condition_changed', 'resource', reached_by_clients(unverified));
    PERFORM tell_clients(NULL, 'resource', reached_by_clients(verified));
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER client_changed AFTER UPDATE ON client
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION client_changed();

CREATE OR REPLACE FUNCTION gateway_deleted() RETURNS trigger
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM end_flows('gateway_offline', ARRAY(
        SELECT f.id FROM flow f JOIN old_rows o ON f.account_id = o.account_id AND f.gateway_id = o.id));
    PERFORM disconnect('gateway_offline', ARRAY(SELECT id FROM old_rows));
    DELETE FROM tunnel_address t USING old_rows o
        WHERE t.account_id = o.account_id AND t.address IN (o.ipv4, o.ipv6);
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER gateway_deleted AFTER DELETE ON gateway
    REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION gateway_deleted();

CREATE OR REPLACE FUNCTION gateway_changed() RETURNS trigger
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM end_flows('site_removed', ARRAY(
        SELECT f.id FROM flow f JOIN new_rows n ON f.account_id = n.account_id AND f.gateway_id = n.id
        JOIN old_rows o ON o.id = n.id WHERE o.site_id <> n.site_id));
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER gateway_changed AFTER UPDATE ON gateway
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION gateway_changed();

----------------------------------------------------------------------------------------------------- resource, site

-- The policies through which these resources are reached.
CREATE OR REPLACE FUNCTION reached_through(accounts uuid[], resources uuid[]) RETURNS group_resource[]
    LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT ARRAY(
        SELECT (p.account_id, p.group_id, p.resource_id)::group_resource
        FROM unnest(accounts, resources) AS r (account_id, resource_id)
        JOIN policy p USING (account_id, resource_id) WHERE p.disabled_at IS NULL)
$$;

CREATE OR REPLACE FUNCTION resource_changed() RETURNS trigger
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE a uuid[]; r uuid[];
BEGIN
    PERFORM end_flows('resource_changed', ARRAY(
        SELECT f.id FROM flow f JOIN new_rows n ON f.account_id = n.account_id AND f.resource_id = n.id
        JOIN old_rows o ON o.id = n.id
        WHERE (o.type, o.address, o.ip_stack) IS DISTINCT FROM (n.type, n.address, n.ip_stack)));
    INSERT INTO outbox (account_id, device_id, kind, gateway_id, resource_id)
    SELECT DISTINCT f.account_id, f.gateway_id, 'resource_filters', f.gateway_id, f.resource_id
    FROM flow f JOIN new_rows n ON f.account_id = n.account_id AND f.resource_id = n.id
    JOIN old_rows o ON o.id = n.id WHERE o.filters <> n.filters;
    IF FOUND THEN
        PERFORM wake();
    END IF;
    SELECT array_agg(n.account_id), array_agg(n.id) INTO a, r
    FROM new_rows n JOIN old_rows o ON o.id = n.id
    WHERE (o.type, o.name, o.address, o.address_description, o.ip_stack, o.filters)
          IS DISTINCT FROM (n.type, n.name, n.address, n.address_description, n.ip_stack, n.filters);
    PERFORM tell_reached('resource_changed', 'resource', reached_through(a, r));
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER resource_changed AFTER UPDATE ON resource
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION resource_changed();

CREATE OR REPLACE FUNCTION resource_deleted() RETURNS trigger
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
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
CREATE OR REPLACE TRIGGER resource_deleted AFTER DELETE ON resource
    REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION resource_deleted();

CREATE OR REPLACE FUNCTION connections_made(made resource_site[]) RETURNS void
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM tell_reached(NULL, 'resource_moved', reached_through(
        ARRAY(SELECT account_id FROM unnest(made)), ARRAY(SELECT resource_id FROM unnest(made))));
END $$;

CREATE OR REPLACE FUNCTION connections_removed(removed resource_site[]) RETURNS void
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM end_flows('site_removed', ARRAY(
        SELECT f.id FROM flow f
        JOIN gateway g ON g.account_id = f.account_id AND g.id = f.gateway_id
        JOIN unnest(removed) AS o
            ON f.account_id = o.account_id AND f.resource_id = o.resource_id AND g.site_id = o.site_id));
    PERFORM tell_reached('site_removed', 'resource_moved', reached_through(
        ARRAY(SELECT account_id FROM unnest(removed)), ARRAY(SELECT resource_id FROM unnest(removed))));
END $$;

-- A changed connection is one that was removed, and another one.
CREATE OR REPLACE FUNCTION resource_connection_changed() RETURNS trigger
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    CASE TG_OP
    WHEN 'INSERT' THEN
        PERFORM connections_made(ARRAY(SELECT ROW(n.*)::resource_site FROM new_rows n));
    WHEN 'DELETE' THEN
        PERFORM connections_removed(ARRAY(SELECT ROW(o.*)::resource_site FROM old_rows o));
    ELSE
        PERFORM connections_removed(ARRAY(
            SELECT ROW(o.*)::resource_site FROM (SELECT * FROM old_rows EXCEPT SELECT * FROM new_rows) AS o));
        PERFORM connections_made(ARRAY(
            SELECT ROW(n.*)::resource_site FROM (SELECT * FROM new_rows EXCEPT SELECT * FROM old_rows) AS n));
    END CASE;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER resource_connected AFTER INSERT ON resource_site
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION resource_connection_changed();
CREATE OR REPLACE TRIGGER resource_disconnected AFTER DELETE ON resource_site
    REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION resource_connection_changed();
CREATE OR REPLACE TRIGGER resource_connection_changed AFTER UPDATE ON resource_site
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION resource_connection_changed();

CREATE OR REPLACE FUNCTION site_changed() RETURNS trigger
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE a uuid[]; r uuid[];
BEGIN
    SELECT array_agg(s.account_id), array_agg(s.resource_id) INTO a, r
    FROM new_rows n JOIN old_rows o ON o.id = n.id
    JOIN resource_site s ON s.account_id = n.account_id AND s.site_id = n.id
    WHERE o.name <> n.name;
    PERFORM tell_reached(NULL, 'resource_moved', reached_through(a, r));
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER site_changed AFTER UPDATE ON site
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION site_changed();

CREATE OR REPLACE FUNCTION site_deleted() RETURNS trigger
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE outer_cause text := coalesce(current_setting('sluice.cause', true), '');
BEGIN
    PERFORM set_config('sluice.cause', cause('site_removed'), true);
    DELETE FROM resource_site s USING old_rows o WHERE s.account_id = o.account_id AND s.site_id = o.id;
    DELETE FROM gateway g USING old_rows o WHERE g.account_id = o.account_id AND g.site_id = o.id;
    DELETE FROM token t USING old_rows o WHERE t.account_id = o.account_id AND t.site_id = o.id;
    PERFORM set_config('sluice.cause', outer_cause, true);
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER site_deleted AFTER DELETE ON site
    REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION site_deleted();

------------------------------------------------------------------------------------------------------------ truncate

CREATE OR REPLACE FUNCTION truncated() RETURNS trigger
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM end_flows(TG_ARGV[0], ARRAY(
        SELECT id FROM flow WHERE TG_TABLE_NAME <> 'membership' OR membership_id IS NOT NULL));
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER truncated BEFORE TRUNCATE ON flow
    FOR EACH STATEMENT EXECUTE FUNCTION truncated('flow_deleted');
CREATE OR REPLACE TRIGGER truncated BEFORE TRUNCATE ON policy
    FOR EACH STATEMENT EXECUTE FUNCTION truncated('policy_deleted');
CREATE OR REPLACE TRIGGER truncated BEFORE TRUNCATE ON membership
    FOR EACH STATEMENT EXECUTE FUNCTION truncated('membership_removed');
CREATE OR REPLACE TRIGGER truncated BEFORE TRUNCATE ON token
    FOR EACH STATEMENT EXECUTE FUNCTION truncated('token_deleted');
CREATE OR REPLACE TRIGGER truncated BEFORE TRUNCATE ON token_secret
    FOR EACH STATEMENT EXECUTE FUNCTION truncated('token_deleted');
CREATE OR REPLACE TRIGGER truncated BEFORE TRUNCATE ON resource
    FOR EACH STATEMENT EXECUTE FUNCTION truncated('resource_deleted');
CREATE OR REPLACE TRIGGER truncated BEFORE TRUNCATE ON resource_site
    FOR EACH STATEMENT EXECUTE FUNCTION truncated('site_removed');
CREATE OR REPLACE TRIGGER truncated BEFORE TRUNCATE ON client
    FOR EACH STATEMENT EXECUTE FUNCTION truncated('client_deleted');
CREATE OR REPLACE TRIGGER truncated BEFORE TRUNCATE ON gateway
    FOR EACH STATEMENT EXECUTE FUNCTION truncated('gateway_offline');

-------------------------------------------------------------------------------------------------------- what is gone

DROP TRIGGER IF EXISTS membership_left ON membership;
DROP TRIGGER IF EXISTS membership_moved ON membership;
DROP TRIGGER IF EXISTS resource_left ON resource_site;
DROP TRIGGER IF EXISTS resource_moved ON resource_site;
DROP FUNCTION IF EXISTS membership_created();
DROP FUNCTION IF EXISTS membership_removed();
DROP FUNCTION IF EXISTS resource_connected();
DROP FUNCTION IF EXISTS resource_disconnected();
DROP FUNCTION IF EXISTS tell_clients(text, text, uuid[], uuid[], uuid[]);
DROP FUNCTION IF EXISTS share_turn(uuid);
