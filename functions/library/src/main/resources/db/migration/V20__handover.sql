-- What a policy allowed that another allows too is handed over to it.
ALTER DOMAIN audit_action DROP CONSTRAINT audit_action_check;
ALTER DOMAIN audit_action ADD CONSTRAINT audit_action_check CHECK (
    VALUE IN ('flow_granted', 'flow_denied', 'flow_confirmed', 'flow_ended', 'flow_shortened', 'flow_handed_over',
              'access_rejected')
    OR VALUE ~ '^(account|actor|actor_group|membership|site|token|resource|resource_site|policy|stream_hold|client|gateway)_(created|changed|deleted)$');
