-- Gateways and clients. A device's row stays while it is away; whether it is here says its channel (V5).

CREATE TABLE gateway (
    id                   uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    account_id           uuid NOT NULL REFERENCES account,
    site_id              uuid NOT NULL,
    external_id          text NOT NULL,
    name                 text NOT NULL,
    public_key           text NOT NULL CHECK (length(public_key) = 44),
    psk_base             bytea NOT NULL CHECK (length(psk_base) = 32),
    ipv4                 inet NOT NULL,
    ipv6                 inet NOT NULL,
    last_seen_at         timestamptz NOT NULL DEFAULT now(),
    last_seen_version    text NOT NULL,
    last_seen_user_agent text NOT NULL,
    last_seen_remote_ip  inet,
    inserted_at          timestamptz NOT NULL DEFAULT now(),
    UNIQUE (account_id, id),
    UNIQUE (account_id, site_id, external_id),
    FOREIGN KEY (account_id, site_id) REFERENCES site (account_id, id) DEFERRABLE INITIALLY DEFERRED
);

CREATE TABLE client (
    id                     uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    account_id             uuid NOT NULL REFERENCES account,
    actor_id               uuid NOT NULL,
    external_id            text NOT NULL,
    name                   text NOT NULL,
    public_key             text NOT NULL CHECK (length(public_key) = 44),
    psk_base               bytea NOT NULL CHECK (length(psk_base) = 32),
    ipv4                   inet NOT NULL,
    ipv6                   inet NOT NULL,
    device_serial          text,
    device_uuid            text,
    identifier_for_vendor  text,
    firebase_installation_id text,
    verified_at            timestamptz,
    last_seen_at           timestamptz NOT NULL DEFAULT now(),
    last_seen_version      text NOT NULL,
    last_seen_user_agent   text NOT NULL,
    last_seen_remote_ip    inet,
    last_seen_region       text,
    inserted_at            timestamptz NOT NULL DEFAULT now(),
    UNIQUE (account_id, id),
    UNIQUE (account_id, actor_id, external_id),
    FOREIGN KEY (account_id, actor_id) REFERENCES actor (account_id, id) DEFERRABLE INITIALLY DEFERRED
);

-- Every address that a device of the account has in the tunnel, clients and gateways alike.
CREATE TABLE tunnel_address (
    account_id uuid NOT NULL REFERENCES account,
    address    inet NOT NULL,
    PRIMARY KEY (account_id, address)
);
