package dev.sluice.functions.process;

import dev.sluice.functions.auth.TokenKey;
import dev.sluice.functions.auth.TokenService;
import dev.sluice.functions.flow.Ask;
import dev.sluice.functions.flow.Decision;
import dev.sluice.functions.sql.Transactions;
import dev.sluice.functions.testing.World;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * An account with a directory that calls us.
 *
 * @param admin who administers the account
 * @param scim the directory
 */
record ScimWorld(World world, ApiCaller admin, UUID directory, ApiCaller scim) {
    static final String USERS = "/integrations/scim/v2/Users";
    static final String GROUPS = "/integrations/scim/v2/Groups";

    static ScimWorld of(URI url, Transactions transactions, TokenService tokens, TokenKey key) throws Exception {
        var world = new World(transactions, key);
        var admin = ApiCaller.of(url, world, tokens);
        String directory = admin.post("/directories", "{'directory':{'name':'Okta','type':'scim'}}")
                .id();
        return new ScimWorld(world, admin, UUID.fromString(directory), token(url, admin, directory));
    }

    /** Another of the same account. */
    ApiCaller another(URI url) throws Exception {
        return token(
                url,
                admin,
                admin.post("/directories", "{'directory':{'name':'Entra','type':'scim'}}")
                        .id());
    }

    private static ApiCaller token(URI url, ApiCaller admin, String directory) throws Exception {
        return ApiCaller.of(
                url,
                admin.post("/directories/" + directory + "/tokens", "{}")
                        .data()
                        .path("token")
                        .asText());
    }

    /** Makes a user and says their id. */
    String user(String userName) throws Exception {
        return scim.post(USERS, "{'userName':'" + userName + "','externalId':'" + userName + "-id','active':true}")
                .body()
                .path("id")
                .asText();
    }

    /** Has them sign in with a device that may reach the world's resource, and does. */
    Reaching reach(String user, String group) {
        UUID actor = UUID.fromString(user);
        world.policy(UUID.fromString(group), world.resourceId);
        var token = world.tokens.createForActor(
                world.accountId, actor, null, Instant.now().plus(Duration.ofDays(1)));
        var device = world.device(token.token(), "device-" + user, "headless-client/1.5.4");
        var ask = new Ask(world.accountId, device.id(), device.credential(), world.resourceId, List.of());
        return new Reaching(world, ask);
    }

    /** Somebody who asks for the world's resource. */
    record Reaching(World world, Ask ask) {
        boolean isGranted() {
            return world.decisions.decide(ask) instanceof Decision.Granted;
        }

        long flows() {
            return world.count("SELECT count(*) FROM flow WHERE client_id = ?", ask.clientId());
        }
    }
}
