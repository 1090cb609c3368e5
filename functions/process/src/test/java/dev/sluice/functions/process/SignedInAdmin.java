package dev.sluice.functions.process;

import dev.sluice.functions.actor.ActorType;
import dev.sluice.functions.auth.Sessions;
import dev.sluice.functions.sql.Ids;
import dev.sluice.functions.testing.World;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/** An admin of a world's account, who is signed in with a browser. */
record SignedInAdmin(Browser browser, String slug, UUID actor) {
    static SignedInAdmin of(World world, Sessions sessions, WebListener web) throws Exception {
        UUID actor = Ids.next();
        String email = "admin-" + actor + "@acme.example";
        world.actor(actor, ActorType.ADMIN, "Ada", email);
        String slug = slug(world);
        var browser = new Browser(URI.create("http://127.0.0.1:" + web.port()));
        String link = sessions.invite(world.accountId, email).text().value();
        var asked = browser.get("/" + slug + "/sign_in/link?token=" + link);
        browser.post("/" + slug + "/sign_in/link", Map.of("token", asked.field("token"), "form", asked.field("form")));
        return new SignedInAdmin(browser, slug, actor);
    }

    static String slug(World of) {
        return of.one("SELECT slug FROM account WHERE id = ?", row -> row.text("slug"), of.accountId);
    }

    /** @param path below the account's */
    Browser.Page get(String path) throws Exception {
        return browser.get("/" + slug + path);
    }

    /** Sends a form as the account's pages have it. */
    Browser.Page post(String path, Map<String, String> fields) throws Exception {
        var all = new HashMap<>(fields);
        all.put("form", get("").field("form"));
        return browser.post("/" + slug + path, all);
    }

    /** What this account's pages are below. */
    String address(String path) {
        return "/" + slug + path;
    }
}
