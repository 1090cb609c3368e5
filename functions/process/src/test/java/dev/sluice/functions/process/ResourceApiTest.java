package dev.sluice.functions.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.functions.auth.TokenKey;
import dev.sluice.functions.auth.TokenService;
import dev.sluice.functions.database.DatabaseTestResource;
import dev.sluice.functions.sql.Ids;
import dev.sluice.functions.sql.Transactions;
import dev.sluice.functions.testing.World;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.URI;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Resources, by the API. */
@QuarkusTest
@WithTestResource(DatabaseTestResource.class)
class ResourceApiTest {
    private static final String RESOURCES = "/resources";

    @TestHTTPResource("/")
    URI url;

    @Inject
    Transactions transactions;

    @Inject
    TokenService tokens;

    @Inject
    TokenKey key;

    private World world;
    private ApiCaller api;

    @BeforeEach
    void signIn() {
        world = new World(transactions, key);
        api = ApiCaller.of(url, world, tokens);
    }

    private ApiCaller.Answer create(String resource) throws Exception {
        return api.post(
                RESOURCES,
                "{'resource':" + resource.replace("HERE", "'connections':[{'gateway_group_id':'" + world.siteId + "'}]")
                        + "}");
    }

    @Test
    void shouldCreateChangeAndDeleteResources() throws Exception {
        var created = create("{'name':'Office','type':'cidr','address':'10.1.2.3/16','address_description':'HQ',"
                + "'filters':[{'protocol':'tcp','ports':['80','90 - 100']},{'protocol':'icmp'}],HERE}");
        assertThat(created.status()).isEqualTo(201);
        var data = created.data();
        assertThat(data.path("address").asText()).isEqualTo("10.1.0.0/16");
        assertThat(data.path("ip_stack").isNull()).isTrue();
        assertThat(data.path("filters").toString())
                .isEqualTo(
                        "[{\"protocol\":\"tcp\",\"ports\":[\"80\",\"90 - 100\"]},{\"protocol\":\"icmp\",\"ports\":[]}]");
        assertThat(data.path("connections").path(0).path("gateway_group_id").asText())
                .isEqualTo(world.siteId.toString());

        String path = RESOURCES + "/" + created.id();
        assertThat(api.get(path).data()).isEqualTo(data);
        assertThat(api.get(path).header("ETag")).isEqualTo(created.header("ETag"));
        var changed = api.patch(path, "{'resource':{'name':'Headquarters','filters':[]}}");
        assertThat(changed.data().path("name").asText()).isEqualTo("Headquarters");
        assertThat(changed.data().path("filters")).isEmpty();
        assertThat(changed.data().path("address_description").asText()).isEqualTo("HQ");
        assertThat(api.get(RESOURCES + "?address=10.1.0.0/16").data()).containsExactly(changed.data());
        assertThat(api.get(RESOURCES + "?type=dns").data()).isEmpty();
        assertThat(api.delete(path).data()).isEqualTo(changed.data());
        assertThat(api.get(path).status()).isEqualTo(404);
    }

    @Test
    void shouldLetAnotherSiteServeIt() throws Exception {
        UUID other = world.site("Other");
        world.authorize();
        String path = RESOURCES + "/" + world.resourceId;
        String before = api.get(path).header("ETag");

        var moved = api.with("If-Match", before)
                .put(path, "{'resource':{'connections':[{'gateway_group_id':'" + other + "'}]}}");

        assertThat(moved.data().path("connections")).hasSize(1);
        assertThat(moved.data()
                        .path("connections")
                        .path(0)
                        .path("gateway_group_id")
                        .asText())
                .isEqualTo(other.toString());
        assertThat(moved.header("ETag")).isNotEqualTo(before);
        assertThat(world.flowCount()).isZero();
        world.execute("UPDATE resource_site SET site_id = ? WHERE resource_id = ?", world.siteId, world.resourceId);
        assertThat(api.with("If-Match", moved.header("ETag")).delete(path).status())
                .as("who serves it was changed by hand")
                .isEqualTo(412);
    }

    @Test
    void shouldEndAccessToWhatItDeletesOrMoves() throws Exception {
        world.authorize();
        assertThat(api.put(RESOURCES + "/" + world.resourceId, "{'resource':{'address':'172.21.0.0/16'}}")
                        .status())
                .isEqualTo(200);
        assertThat(world.outbox(world.gateway)).contains("reject_access resource_changed");
        world.authorize();
        assertThat(api.delete(RESOURCES + "/" + world.resourceId).status()).isEqualTo(200);
        assertThat(world.flowCount()).isZero();
        assertThat(world.outbox(world.gateway)).contains("reject_access resource_deleted");
    }

    @Test
    void shouldKeepWhichAddressesAName() throws Exception {
        var name = create("{'name':'Wiki','type':'dns','address':'wiki.example.com','ip_stack':'ipv4_only',HERE}");
        assertThat(name.data().path("ip_stack").asText()).isEqualTo("ipv4_only");
        assertThat(api.put(RESOURCES + "/" + name.id(), "{'resource':{'ip_stack':'dual'}}")
                        .data()
                        .path("ip_stack")
                        .asText())
                .isEqualTo("dual");
        assertThat(create("{'name':'All','type':'internet',HERE}").status()).isEqualTo(201);
        assertThat(create("{'name':'All again','type':'internet',HERE}").status())
                .isEqualTo(409);
    }

    @Test
    void shouldRefuseResourcesThatCannotBe() throws Exception {
        assertThat(error("{'type':'ip','address':'192.0.2.1',HERE}")).contains("name");
        assertThat(error("{'name':'A','address':'192.0.2.1',HERE}")).contains("type");
        assertThat(error("{'name':'A','type':'ip',HERE}")).contains("address");
        assertThat(error("{'name':'A','type':'ip','address':'192.0.2.1'}")).contains("connections");
        assertThat(error("{'name':'A','type':'ip','address':'192.0.2.1','connections':[]}"))
                .contains("connections");
        assertThat(error("{'name':'A','type':'host','address':'192.0.2.1',HERE}"))
                .contains("type");
        assertThat(error("{'name':'A','type':'ip','address':'nowhere',HERE}")).contains("address");
        assertThat(error("{'name':'A','type':'ip','address':'127.0.0.1',HERE}")).contains("address");
        assertThat(error("{'name':'A','type':'ip','address':'192.0.2.1','ip_stack':'dual',HERE}"))
                .contains("ip_stack");
        assertThat(error("{'name':'A','type':'ip','address':'192.0.2.1','filters':[{'protocol':'gre'}],HERE}"))
                .contains("filters[0].protocol");
        assertThat(error("{'name':'A','type':'ip','address':'192.0.2.1','filters':[{'protocol':'tcp',"
                        + "'ports':['90 - 80']}],HERE}"))
                .contains("filters");
        assertThat(error("{'name':'A','type':'ip','address':'192.0.2.1','filters':[{'protocol':'icmp',"
                        + "'ports':['80']}],HERE}"))
                .contains("filters");
        assertThat(api.patch(RESOURCES + "/" + world.resourceId, "{'resource':{'type':'dns'}}")
                        .status())
                .isEqualTo(422);
    }

    private String error(String resource) throws Exception {
        var answer = create(resource);
        assertThat(answer.status()).as(resource).isEqualTo(422);
        return answer.body().path("error").path("validation_errors").toString();
    }

    @Test
    void shouldTakeSitesOfTheAccountOnly() throws Exception {
        var foreign = new World(transactions, key);
        String body = "{'name':'A','type':'ip','address':'192.0.2.1','connections':[{'gateway_group_id':'SITE'}]}";
        var theirs = create(body.replace("SITE", foreign.siteId.toString()));
        var nobodys = create(body.replace("SITE", Ids.next().toString()));
        assertThat(theirs.status()).isEqualTo(422);
        assertThat(theirs.body()).isEqualTo(nobodys.body());
        assertThat(api.delete(RESOURCES + "/" + foreign.resourceId).status()).isEqualTo(404);
        assertThat(api.put(RESOURCES + "/" + foreign.resourceId, "{'resource':{'name':'Mine'}}")
                        .status())
                .isEqualTo(404);
    }
}
