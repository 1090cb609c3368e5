-- Who is to be told about which resource, as the functions of R__revocation.sql hand it on.

CREATE TYPE client_resource AS (account_id uuid, client_id uuid, resource_id uuid);
CREATE TYPE group_resource AS (account_id uuid, group_id uuid, resource_id uuid);
