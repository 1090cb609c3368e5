-- A portal that may not migrate looks whether somebody else has.
GRANT SELECT ON ${flyway:table} TO "${application_role}";
