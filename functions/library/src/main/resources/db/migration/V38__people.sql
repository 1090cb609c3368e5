-- People at a browser: what they are signed in by, and links that sign somebody in once.

ALTER TABLE token
    DROP CONSTRAINT token_type,
    ADD CONSTRAINT token_type CHECK (type IN ('client', 'gateway', 'api_client', 'directory', 'browser', 'sign_in')),
    DROP CONSTRAINT token_of_actor,
    ADD CONSTRAINT token_of_actor CHECK (
        (type IN ('client', 'api_client', 'browser', 'sign_in')) = (actor_id IS NOT NULL));
