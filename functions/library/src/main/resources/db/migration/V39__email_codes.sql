-- Codes that are sent by mail, and are good with what the browser keeps that asked for one.

ALTER TABLE token
    DROP CONSTRAINT token_type,
    ADD CONSTRAINT token_type CHECK (
        type IN ('client', 'gateway', 'api_client', 'directory', 'browser', 'sign_in', 'email')),
    DROP CONSTRAINT token_of_actor,
    ADD CONSTRAINT token_of_actor CHECK (
        (type IN ('client', 'api_client', 'browser', 'sign_in', 'email')) = (actor_id IS NOT NULL)),
    -- How often a code may still be tried.
    ADD COLUMN attempts_left smallint,
    ADD CONSTRAINT token_attempts CHECK ((type = 'email') = (attempts_left IS NOT NULL) AND attempts_left >= 0);

-- People write their address as they like.
CREATE INDEX actor_email ON actor (account_id, lower(email)) WHERE email IS NOT NULL;
