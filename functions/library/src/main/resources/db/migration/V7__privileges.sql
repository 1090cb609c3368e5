-- The application's role works on the rows. It owns nothing: it can neither switch a trigger off, nor truncate, nor change
-- what the audit says.

GRANT USAGE ON SCHEMA public TO "${application_role}";
GRANT SELECT, INSERT, UPDATE, DELETE ON
    account, actor, actor_group, membership, site, token, gateway, client, tunnel_address, resource, resource_site,
    policy, flow, instance, channel, stream_hold, outbox, candidate, lease
    TO "${application_role}";
GRANT SELECT, INSERT ON audit_entry, token_key TO "${application_role}";
GRANT SELECT ON reached_client TO "${application_role}";
GRANT USAGE ON flow_generation, channel_fence TO "${application_role}";
