package dev.sluice.functions.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.functions.actor.ActorType;
import dev.sluice.functions.api.Door;
import dev.sluice.functions.auth.Sessions;
import dev.sluice.functions.auth.TokenKey;
import dev.sluice.functions.database.DatabaseTestResource;
import dev.sluice.functions.sql.Ids;
import dev.sluice.functions.sql.Transactions;
import dev.sluice.functions.testing.World;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import java.io.IOException;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.net.URI;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Every page of an account, as the classes declare them: of another account's things it says what it says of things that there
 * are not, it takes no form that it has not shown, and who is not signed in, or is no admin, sees nothing. A page that is added
 * fails here until it is known what stands in its path.
 */
@QuarkusTest
@WithTestResource(DatabaseTestResource.class)
class PageIsolationTest {
    private static final java.nio.file.Path CLASSES =
            java.nio.file.Path.of("..", "library", "target", "classes", "dev", "sluice", "functions", "console");

    /** For everybody who is signed in: what they see there is their own. */
    private static final List<String> OF_ANYBODY = List.of("DevicePages", "SignOutPages");

    /** What the pages below a part of the account are about. */
    private static final Map<String, Function<World, UUID>> THINGS = Map.ofEntries(
            Map.entry("sites", world -> world.siteId),
            Map.entry("resources", world -> world.resourceId),
            Map.entry("policies", world -> world.policyId),
            Map.entry("people", world -> world.actorId),
            Map.entry("groups", world -> world.groupId),
            Map.entry("clients", world -> world.client.id()),
            Map.entry("flows", PageIsolationTest::flow),
            Map.entry("identity_providers", PageIsolationTest::provider),
            Map.entry("gateways", world -> world.gateway.id()),
            Map.entry("tokens", world -> world.gatewayToken.id()),
            Map.entry("directories", PageIsolationTest::directory),
            Map.entry("policy_tests", PageIsolationTest::policyTest));

    /** The same for what belongs to one of those. */
    private static final Map<String, Function<World, UUID>> PARTS = Map.of(
            "sites/token", world -> world.gatewayToken.id(),
            "people/token", world -> world.clientToken.id(),
            "groups/actor", world -> world.actorId,
            "people/identity", PublishedApi::identity,
            "directories/token", world -> world.gatewayToken.id());

    /** @param path below the account's, with what stands in it */
    record Route(boolean reads, String path) {
        boolean isOfAThing() {
            return path.contains("{id}");
        }

        String part() {
            return path.split("/")[1];
        }

        /** With the things of a world. */
        String of(World world) {
            String filled = path.replace("{id}", THINGS.get(part()).apply(world).toString());
            for (var inner : PARTS.entrySet()) {
                String[] known = inner.getKey().split("/");
                if (known[0].equals(part())) {
                    filled = filled.replace(
                            "{" + known[1] + "}", inner.getValue().apply(world).toString());
                }
            }
            return filled;
        }

        String nowhere() {
            return path.replaceAll("\\{[a-z]+}", Ids.next().toString());
        }
    }

    @Inject
    WebListener web;

    @Inject
    Transactions transactions;

    @Inject
    Sessions sessions;

    @Inject
    TokenKey key;

    private World own;
    private World foreign;
    private SignedInAdmin admin;

    @BeforeEach
    void worlds() throws Exception {
        own = world(transactions, key);
        foreign = world(transactions, key);
        admin = SignedInAdmin.of(own, sessions, web);
    }

    private static UUID flow(World world) {
        return world.one("SELECT id FROM flow WHERE account_id = ?", row -> row.id("id"), world.accountId);
    }

    private static UUID provider(World world) {
        return world.one("SELECT id FROM identity_provider WHERE account_id = ?", row -> row.id("id"), world.accountId);
    }

    private static UUID directory(World world) {
        return world.one("SELECT id FROM directory WHERE account_id = ?", row -> row.id("id"), world.accountId);
    }

    private static UUID policyTest(World world) {
        return world.one("SELECT id FROM policy_test WHERE account_id = ?", row -> row.id("id"), world.accountId);
    }

    /** With something of each kind. */
    static World world(Transactions transactions, TokenKey key) {
        var world = new World(transactions, key);
        world.authorize();
        PublishedApi.addDirectoryAndProvider(world);
        PublishedApi.addPolicyTest(world);
        return world;
    }

    static List<Route> routes() throws IOException, ClassNotFoundException {
        List<Route> routes = new ArrayList<>();
        try (var files = Files.list(CLASSES)) {
            for (var file : files.filter(name -> name.toString().endsWith("Pages.class"))
                    .toList()) {
                String name = file.getFileName().toString().replace(".class", "");
                Class<?> pages = Class.forName("dev.sluice.functions.console." + name);
                boolean signedIn = Arrays.stream(pages.getAnnotations())
                        .map(Annotation::annotationType)
                        .anyMatch(type -> type.getSimpleName().equals("SignedIn"));
                if (signedIn && !OF_ANYBODY.contains(name)) {
                    routes.addAll(routes(pages));
                }
            }
        }
        assertThat(routes).hasSizeGreaterThan(40);
        return routes;
    }

    private static List<Route> routes(Class<?> pages) {
        String base = pages.getAnnotation(Path.class).value().replace(Door.PAGES + "{account}", "");
        List<Route> routes = new ArrayList<>();
        for (Method method : pages.getDeclaredMethods()) {
            boolean reads = method.isAnnotationPresent(GET.class);
            if (reads || method.isAnnotationPresent(POST.class)) {
                Path below = method.getAnnotation(Path.class);
                String path = base + (below == null ? "" : "/" + below.value());
                // One of the words will do for all of them.
                routes.add(new Route(reads, path.replaceAll("\\{[a-z]+:([a-z]+)[^}]*}", "$1")));
            }
        }
        return routes;
    }

    private Browser.Page call(Route route, String path) throws Exception {
        return route.reads() ? admin.get(path) : admin.post(path, Map.of());
    }

    /** Without what each answer has of its own. */
    private static String told(Browser.Page page) {
        return page.status() + page.body().replaceAll("[0-9a-f]{8}-[0-9a-f-]{27}|value=\"[^\"]*\"", "");
    }

    @Test
    void shouldSayOfAnothersThingsWhatItSaysOfThoseThatThereAreNot() throws Exception {
        long before = changes(foreign);
        for (Route route : routes()) {
            if (route.isOfAThing()) {
                assertThat(THINGS).as(route.path()).containsKey(route.part());
                var theirs = call(route, route.of(foreign));
                assertThat(theirs.status()).as(route.path()).isBetween(400, 499);
                assertThat(told(theirs)).as(route.path()).isEqualTo(told(call(route, route.nowhere())));
            }
        }
        assertThat(changes(foreign)).isEqualTo(before);
    }

    @Test
    void shouldTakeNoFormThatItHasNotShown() throws Exception {
        long before = changes(own);
        for (Route route : routes()) {
            if (!route.reads()) {
                String path = route.isOfAThing() ? route.of(own) : route.path();
                for (Map<String, String> form : List.of(Map.<String, String>of(), Map.of("form", "forged"))) {
                    assertThat(admin.browser().post(admin.address(path), form).status())
                            .as(route.path())
                            .isEqualTo(403);
                }
            }
        }
        assertThat(changes(own)).isEqualTo(before);
    }

    @Test
    void shouldShowNothingToWhoIsNotSignedInOrNoAdmin() throws Exception {
        var nobody = new Browser(URI.create("http://127.0.0.1:" + web.port()));
        for (Route route : routes()) {
            String path = admin.address(route.isOfAThing() ? route.of(own) : route.path());
            var asked = route.reads() ? nobody.get(path) : nobody.post(path, Map.of("form", "x"));
            assertThat(asked.status()).as(route.path()).isEqualTo(303);
            assertThat(asked.location()).as(route.path()).endsWith("/sign_in?ended=1");
        }
        own.actor(Ids.next(), ActorType.ADMIN, "Other", "other@acme.example");
        String form = admin.get("").field("form");
        own.execute("UPDATE actor SET type = 'user' WHERE account_id = ? AND id = ?", own.accountId, admin.actor());
        long before = changes(own);
        for (Route route : routes()) {
            String path = admin.address(route.isOfAThing() ? route.of(own) : route.path());
            var asked =
                    route.reads() ? admin.browser().get(path) : admin.browser().post(path, Map.of("form", form));
            assertThat(asked.status()).as(route.path()).isEqualTo(404);
        }
        assertThat(changes(own)).isEqualTo(before);
    }

    private static long changes(World world) {
        return world.count("SELECT count(*) FROM audit_entry WHERE account_id = ?", world.accountId);
    }
}
