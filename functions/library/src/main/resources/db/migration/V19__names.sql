-- What operators call by name or address is found by an index, however many there are.

CREATE INDEX actor_name ON actor (account_id, name);
CREATE INDEX resource_name ON resource (account_id, name);
CREATE INDEX resource_address ON resource (account_id, address);
CREATE INDEX token_name ON token (account_id, name);
CREATE INDEX client_name ON client (account_id, name);
CREATE INDEX client_ipv4 ON client (account_id, host(ipv4));
CREATE INDEX client_ipv6 ON client (account_id, host(ipv6));
CREATE INDEX gateway_name ON gateway (account_id, name);
CREATE INDEX gateway_ipv4 ON gateway (account_id, host(ipv4));
CREATE INDEX gateway_ipv6 ON gateway (account_id, host(ipv6));
