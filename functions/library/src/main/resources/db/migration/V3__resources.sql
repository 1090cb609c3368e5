-- What is protected, and who may reach it.

-- Whether each element reads as icmp, tcp, udp, tcp:80 or tcp:80-90.
CREATE FUNCTION are_filters(filters text[]) RETURNS boolean
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$
    SELECT coalesce(bool_and(
        filter IS NOT NULL
        AND filter ~ '^(icmp|(tcp|udp)(:[0-9]{1,5}(-[0-9]{1,5})?)?)$'
        AND CASE WHEN filter ~ ':' THEN
                split_part(split_part(filter, ':', 2), '-', 1)::int
                    <= coalesce(nullif(split_part(filter, '-', 2), ''), split_part(filter, ':', 2))::int
                AND coalesce(nullif(split_part(filter, '-', 2), ''), split_part(filter, ':', 2))::int <= 65535
            ELSE true END), true)
    FROM unnest(filters) AS filter
$$;

CREATE TABLE resource (
    id                  uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    account_id          uuid NOT NULL REFERENCES account,
    type                text NOT NULL CHECK (type IN ('dns', 'cidr', 'ip', 'internet')),
    name                text NOT NULL CHECK (length(name) BETWEEN 1 AND 255),
    address             text,
    address_description text CHECK (length(address_description) BETWEEN 1 AND 512),
    ip_stack            text CHECK (ip_stack IN ('dual', 'ipv4_only', 'ipv6_only')),
    -- Empty lets everything pass.
    filters             text[] NOT NULL DEFAULT '{}' CHECK (are_filters(filters)),
    inserted_at         timestamptz NOT NULL DEFAULT now(),
    UNIQUE (account_id, id),
    CHECK ((type = 'internet') = (address IS NULL)),
    CHECK ((type = 'dns') = (ip_stack IS NOT NULL)),
    CHECK (type NOT IN ('cidr', 'ip') OR address::cidr IS NOT NULL)
);
CREATE UNIQUE INDEX resource_internet ON resource (account_id) WHERE type = 'internet';

CREATE TABLE resource_site (
    account_id  uuid NOT NULL REFERENCES account,
    resource_id uuid NOT NULL,
    site_id     uuid NOT NULL,
    PRIMARY KEY (account_id, resource_id, site_id),
    FOREIGN KEY (account_id, resource_id) REFERENCES resource (account_id, id) DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY (account_id, site_id) REFERENCES site (account_id, id) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX resource_site_site ON resource_site (account_id, site_id);

CREATE TABLE policy (
    id          uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    account_id  uuid NOT NULL REFERENCES account,
    group_id    uuid NOT NULL,
    resource_id uuid NOT NULL,
    description text CHECK (length(description) BETWEEN 1 AND 1024),
    -- [{"property": …, "operator": …, "values": […]}], all of which must hold.
    conditions  jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(conditions) = 'array'),
    disabled_at timestamptz,
    inserted_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (account_id, id),
    UNIQUE (account_id, group_id, resource_id),
    FOREIGN KEY (account_id, group_id) REFERENCES actor_group (account_id, id) DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY (account_id, resource_id) REFERENCES resource (account_id, id) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX policy_resource ON policy (account_id, resource_id);
