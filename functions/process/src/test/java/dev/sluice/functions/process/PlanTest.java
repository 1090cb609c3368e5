package dev.sluice.functions.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.channel.Reason;
import dev.sluice.functions.actor.ActorType;
import dev.sluice.functions.auth.Authentication;
import dev.sluice.functions.auth.TokenKey;
import dev.sluice.functions.auth.TokenService;
import dev.sluice.functions.auth.TokenType;
import dev.sluice.functions.auth.TokenVerifier;
import dev.sluice.functions.database.DatabaseTestResource;
import dev.sluice.functions.device.Admission;
import dev.sluice.functions.device.DeviceService;
import dev.sluice.functions.sql.Ids;
import dev.sluice.functions.sql.Transactions;
import dev.sluice.functions.testing.World;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a plan has room for: asked where something is added, and never where something is. */
@QuarkusTest
@WithTestResource(DatabaseTestResource.class)
class PlanTest {
    @TestHTTPResource("/")
    URI url;

    @Inject
    Transactions transactions;

    @Inject
    TokenService tokens;

    @Inject
    TokenVerifier verifier;

    @Inject
    TokenKey key;

    private World world;
    private ApiCaller api;

    @BeforeEach
    void signIn() {
        world = new World(transactions, key);
        api = ApiCaller.of(url, world, tokens);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "users               | /actors         | {'actor':{'name':'N','type':'account_user'}}",
                "users               | /actors         | {'actor':{'name':'N','type':'account_admin_user'}}",
                "account_admin_users | /actors         | {'actor':{'name':'N','type':'account_admin_user'}}",
                "service_accounts    | /actors         | {'actor':{'name':'N','type':'service_account'}}",
                "gateway_groups      | /gateway_groups | {'gateway_group':{'name':'N'}}",
            })
    void shouldAddAsManyAsThereIsRoomFor(String limit, String path, String body) throws Exception {
        long used = used(limit);
        plan("limits = '{\"" + limit + "\": " + (used + 1) + "}'");

        assertThat(api.post(path, body).status()).isEqualTo(201);
        var refused = api.post(path, body.replace("'N'", "'M'"));

        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.body().at("/error/validation_errors/plan/0").asText())
                .startsWith("The account's plan has room for " + (used + 1));
        var shown = api.get("/account").data().at("/limits/" + limit);
        assertThat(shown.path("used").asLong()).isEqualTo(used + 1);
        assertThat(shown.path("available").asLong()).isZero();
        assertThat(shown.path("total").asLong()).isEqualTo(used + 1);
    }

    @Test
    void shouldCountPeopleWhoAreEnabledOrBecomeAdmins() throws Exception {
        plan("limits = '{\"users\": 2, \"account_admin_users\": 0}'");
        String second = api.post("/actors", "{'actor':{'name':'Second','type':'account_user'}}")
                .id();
        api.patch("/actors/" + second, "{'actor':{'disabled':true}}");
        assertThat(api.post("/actors", "{'actor':{'name':'Third','type':'account_user'}}")
                        .status())
                .isEqualTo(201);

        assertThat(api.patch("/actors/" + second, "{'actor':{'disabled':false}}")
                        .status())
                .isEqualTo(422);
        assertThat(api.patch("/actors/" + world.actorId, "{'actor':{'type':'account_admin_user'}}")
                        .status())
                .isEqualTo(422);
        assertThat(api.patch("/actors/" + world.actorId, "{'actor':{'name':'Another'}}")
                        .status())
                .as("what is there is changed as before")
                .isEqualTo(200);
    }

    @Test
    void shouldGiveTheLastPlaceToOneAlone() throws Exception {
        plan("limits = '{\"users\": 2}'");

        try (var threads = Executors.newFixedThreadPool(8)) {
            var answers = threads.invokeAll(IntStream.range(0, 8)
                    .<Callable<Integer>>mapToObj(
                            i -> () -> api.post("/actors", "{'actor':{'name':'N" + i + "','type':'account_user'}}")
                                    .status())
                    .toList());
            int created = 0;
            for (var answer : answers) {
                created += answer.get() == 201 ? 1 : 0;
            }
            assertThat(created).isEqualTo(1);
        }
    }

    /** The seat of whoever has connected this month is theirs. */
    @Test
    void shouldLetThoseConnectWhoCountAlready() {
        plan("limits = '{\"monthly_active_users\": 1}'");

        assertThat(connects(world.clientTokenText)).isTrue();
        var other = Ids.next();
        world.actor(other, ActorType.USER, "Other", null);
        String theirs = tokens.createForActor(
                        world.accountId, other, null, Instant.now().plusSeconds(3600))
                .text()
                .value();
        assertThat(connects(theirs)).isFalse();
        plan("limits = '{\"monthly_active_users\": 2}'");
        assertThat(connects(theirs)).isTrue();
        plan("limits = '{\"monthly_active_users\": 0}'");
        assertThat(connects(theirs)).isTrue();
        assertThat(connects(world.clientTokenText)).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "policy_conditions    | PATCH | /policies/POLICY   | {'policy':{'conditions':[{'property':'remote_ip','operator':'is_in_cidr','values':['192.0.2.0/24']}]}}",
                "traffic_filters      | PATCH | /resources/RESOURCE| {'resource':{'filters':[{'protocol':'icmp'}]}}",
                "multi_site_resources | PATCH | /resources/RESOURCE| {'resource':{'connections':[{'gateway_group_id':'SITE'},{'gateway_group_id':'OTHER'}]}}",
                "internet_resource    | POST  | /resources         | {'resource':{'name':'I','type':'internet','connections':[{'gateway_group_id':'SITE'}]}}",
                "rest_api             | POST  | /actors/CLIENT/client_tokens | {'token':{'name':'T'}}",
            })
    void shouldAddWhatThePlanHas(String feature, String method, String path, String body) throws Exception {
        var other = world.site("Other");
        String client = world.one(
                        "SELECT id FROM actor WHERE account_id = ? AND type = 'api_client'",
                        row -> row.id("id"),
                        world.accountId)
                .toString();
        String where = path.replace("POLICY", world.policyId.toString())
                .replace("RESOURCE", world.resourceId.toString())
                .replace("CLIENT", client);
        String what = body.replace("'SITE'", "'" + world.siteId + "'").replace("'OTHER'", "'" + other + "'");

        plan("features = '{}'");
        var refused = api.call(method, where, what);
        assertThat(refused.status()).as(refused.body().toString()).isEqualTo(422);
        assertThat(refused.body().at("/error/validation_errors/plan/0").asText())
                .startsWith("The account's plan is without ");
        plan("features = '{" + feature + "}'");
        assertThat(api.call(method, where, what).status()).isIn(200, 201);
    }

    @Test
    void shouldSayThatNothingIsBilled() throws Exception {
        var answer = api.get("/account/billing");

        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.body().at("/error/message").asText()).contains("BILLING_ENABLED");
        assertThat(api.post("/account/billing/sessions", "{'session':{'return_url':'http://[%zz'}}")
                        .status())
                .as("whether an address is one is not for us to say")
                .isEqualTo(404);
        assertThat(api.get("/account").data().path("features").isNull()).isTrue();
        assertThat(api.get("/account").data().at("/limits/users/total").isNull())
                .isTrue();
        assertThat(new ApiCaller(url, Map.of("Stripe-Signature", "t=1,v1=00"))
                        .post("/integrations/stripe/webhooks", "{}")
                        .status())
                .isEqualTo(503);
    }

    private boolean connects(String token) {
        return switch (world.devices.admit(shown(token), admission("client-of-" + token.hashCode()))) {
            case DeviceService.Admitted.Accepted accepted -> true;
            case DeviceService.Admitted.Refused refused -> {
                assertThat(refused.reason()).isEqualTo(Reason.LIMIT);
                yield false;
            }
        };
    }

    private static Admission admission(String externalId) {
        return ((Admission.Checked.Valid) World.parameters(externalId, World.key(), "headless-client/1.5.4", false))
                .admission();
    }

    private Authentication.Accepted shown(String token) {
        return (Authentication.Accepted) verifier.authenticate(TokenType.CLIENT, token);
    }

    private long used(String limit) throws Exception {
        return api.get("/account").data().at("/limits/" + limit + "/used").asLong();
    }

    private void plan(String what) {
        world.execute("UPDATE account SET " + what + " WHERE id = ?", world.accountId);
    }
}
