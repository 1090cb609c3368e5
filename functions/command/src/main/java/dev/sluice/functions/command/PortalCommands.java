package dev.sluice.functions.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Commands about the portal as a whole. */
final class PortalCommands {
    private PortalCommands() {}

    @Command(name = "seed", description = "Create the first account with sites, people, resources and policies.")
    static final class Seed implements Callable<Integer> {
        private final Session session;

        @Mixin
        Output output;

        Seed(Session session) {
            this.session = session;
        }

        @Override
        public Integer call() {
            JsonNode seeded = session.scope().operator().post("/operator/seed", Api.JSON.createObjectNode());
            session.print(output, Columns.of("seeds", "account_id", "site"), seeded);
            session.note(seeded.path("note").asText());
            if (seeded.hasNonNull("sign_in_url")) {
                session.note("Its admin signs in, once and within an hour, at "
                        + seeded.path("sign_in_url").asText());
            }
            return 0;
        }
    }

    @Command(
            name = "sign-in-link",
            description = {
                "Print a link that signs an admin of an account in to the console.",
                "It is good once, for an hour: whoever opens it first is signed in."
            })
    static final class SignInLink implements Callable<Integer> {
        private final Session session;

        @Mixin
        Output output;

        @Mixin
        Where where;

        @Parameters(
                paramLabel = "ACTOR",
                arity = "0..1",
                description = "E-mail address, name or id of an admin (default: the account's first).")
        @Nullable String actor;

        SignInLink(Session session) {
            this.session = session;
        }

        @Override
        public Integer call() {
            session.scope().operator();
            ObjectNode body = Api.JSON.createObjectNode();
            body.putObject("sign_in_link").put("actor", actor);
            JsonNode link = session.scope().account(where.account).api().post("/operator/sign_in_links", body);
            if (output.json) {
                return session.print(output, link);
            }
            session.line(link.path("url").asText());
            return 0;
        }
    }

    @Command(
            name = "mails",
            description = "List what a portal would have mailed to an address, if it was started with --development.")
    static final class Mails implements Callable<Integer> {
        private final Session session;

        @Mixin
        Output output;

        @Parameters(paramLabel = "ADDRESS", description = "Whose mails.")
        String address;

        Mails(Session session) {
            this.session = session;
        }

        @Override
        public Integer call() {
            JsonNode mails = session.scope()
                    .operator()
                    .get("/operator/mails?to=" + URLEncoder.encode(address, StandardCharsets.UTF_8));
            if (output.json) {
                return session.print(output, mails);
            }
            mails.forEach(mail -> session.line(
                    mail.path("subject").asText() + "\n\n" + mail.path("text").asText()));
            return 0;
        }
    }

    @Command(name = "status", description = "Show what runs, who is connected, and what waits.")
    static final class Status implements Callable<Integer> {
        private final Session session;

        @Mixin
        Output output;

        Status(Session session) {
            this.session = session;
        }

        @Override
        public Integer call() {
            return session.print(output, session.scope().operator().get("/operator/status"));
        }
    }

    @Command(
            name = "verify",
            description = {
                "Hold flows against what grants them, the audit against the flows, and what gateways were told against the"
                        + " audit. Nothing is changed.",
                "Exit code 1 if a promise does not hold."
            })
    static final class Verify implements Callable<Integer> {
        private static final Columns COLUMNS = Columns.of("check", "violations", "examples");

        private final Session session;

        @Mixin
        Output output;

        Verify(Session session) {
            this.session = session;
        }

        @Override
        public Integer call() {
            ArrayNode findings = (ArrayNode) session.scope().operator().get("/operator/verification");
            session.print(output, COLUMNS, findings, false);
            for (JsonNode finding : findings) {
                if (finding.path("violations").asLong() > 0) {
                    return 1;
                }
            }
            return 0;
        }
    }

    @Command(
            name = "restored",
            description = {
                "Say that the database was restored from a backup, once the portal runs on it.",
                "Ends all flows, and revokes clients' tokens: nothing passes without a new decision. The portal notices by itself"
                        + " when another server or a recovered one answers; files that were copied back it cannot notice."
            })
    static final class Restored implements Callable<Integer> {
        private final Session session;

        @Mixin
        Output output;

        @Option(names = "--keep-tokens", description = "Clients stay signed in by the tokens that the backup has.")
        boolean keepTokens;

        Restored(Session session) {
            this.session = session;
        }

        @Override
        public Integer call() {
            ObjectNode body = Api.JSON.createObjectNode().put("keep_tokens", keepTokens);
            session.print(output, session.scope().operator().post("/operator/restored", body));
            session.note("""
                    What was done since the backup is undone: accounts, people, groups, resources and policies are as they were
                    then, and whoever was removed is back. Tokens of gateways and of API clients that were deleted since then
                    are good again: compare 'portal token list' with what you know, and delete those. Gateways that are not of Sluice's
                    make keep what they were told since the backup until they are started anew: restart them.""");
            return 0;
        }
    }
}
