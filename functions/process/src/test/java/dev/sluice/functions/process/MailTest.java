package dev.sluice.functions.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.icegreen.greenmail.util.GreenMail;
import dev.sluice.functions.actor.ActorType;
import dev.sluice.functions.auth.TokenKey;
import dev.sluice.functions.database.DatabaseTestResource;
import dev.sluice.functions.mail.MailRound;
import dev.sluice.functions.mail.Mails;
import dev.sluice.functions.sql.Ids;
import dev.sluice.functions.sql.Transactions;
import dev.sluice.functions.testing.World;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import jakarta.mail.internet.MimeMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What an account's admins are told, by a real server. */
@QuarkusTest
@TestProfile(MailProfile.class)
@WithTestResource(DatabaseTestResource.class)
class MailTest {
    @Inject
    Transactions transactions;

    @Inject
    TokenKey key;

    @Inject
    MailRound round;

    private final GreenMail server = MailProfile.server();
    private World world;

    @BeforeEach
    void twoAdmins() throws Exception {
        world = new World(transactions, key);
        world.actor(Ids.next(), ActorType.ADMIN, "Ada", "ada@acme.example");
        world.actor(Ids.next(), ActorType.ADMIN, "Grace", "grace@acme.example");
        UUID gone = Ids.next();
        world.actor(gone, ActorType.ADMIN, "Gone", "gone@acme.example");
        world.execute("UPDATE actor SET disabled_at = now() WHERE id = ?", gone);
        world.execute("DELETE FROM outbound_mail WHERE account_id = ?", world.accountId);
        server.purgeEmailFromAllMailboxes();
    }

    private void tell(String topic, String subject) {
        transactions
                .inAccount(world.accountId)
                .run(transaction -> Mails.tell(transaction, world.accountId, topic, subject, "Grüße\n"));
    }

    private List<String> received() throws Exception {
        List<String> received = new ArrayList<>();
        for (MimeMessage message : server.getReceivedMessages()) {
            received.add(message.getAllRecipients()[0] + " " + message.getSubject());
        }
        return received.stream().sorted().toList();
    }

    @Test
    void shouldTellEveryAdminOnce() throws Exception {
        tell("one", "Something is held");
        tell("one", "Something is held, again");
        tell("other", "Something else");
        round.sendAll();
        round.sendAll();

        assertThat(received())
                .containsExactly(
                        "ada@acme.example Something else",
                        "ada@acme.example Something is held",
                        "grace@acme.example Something else",
                        "grace@acme.example Something is held");
        MimeMessage first = server.getReceivedMessages()[0];
        assertThat(first.getFrom()[0]).hasToString("Sluice <sluice@portal.example>");
        assertThat(String.valueOf(first.getContent())).contains("Grüße");
    }

    /** Each by a connection of its own, to a server that greets at once. */
    @Test
    void shouldSendManyOneAfterAnother() throws Exception {
        for (int n = 0; n < 60; n++) {
            tell("topic " + n, "Mail " + n);
        }
        for (int n = 0; n < 3; n++) {
            round.sendAll();
        }
        assertThat(received()).hasSize(120).doesNotHaveDuplicates();
    }

    @Test
    void shouldTellNothingThatWasNotDone() throws Exception {
        try {
            transactions.inAccount(world.accountId).run(transaction -> {
                Mails.tell(transaction, world.accountId, "one", "Never", "");
                throw new IllegalStateException("undone");
            });
        } catch (IllegalStateException e) {
            assertThat(e).hasMessage("undone");
        }
        round.sendAll();
        assertThat(received()).isEmpty();
    }

    /** The server is away, and comes back. */
    @Test
    void shouldTryAgainWhatCouldNotBeSent() throws Exception {
        tell("one", "Late");
        server.stop();
        round.sendAll();
        assertThat(outcomes()).containsExactly("waits 1");

        server.start();
        world.execute("UPDATE outbound_mail SET due_at = now() WHERE account_id = ?", world.accountId);
        round.sendAll();
        assertThat(outcomes()).containsExactly("sent 1");
    }

    private List<String> outcomes() {
        return world.texts(
                "SELECT coalesce(outcome, 'waits') || ' ' || failures AS v FROM outbound_mail WHERE account_id = ?",
                world.accountId);
    }

    @Test
    void shouldSayThatNobodyCanBeTold() {
        world.execute("UPDATE actor SET email = NULL WHERE account_id = ?", world.accountId);
        tell("one", "Unheard");
        round.sendAll();
        assertThat(outcomes()).containsExactly("nobody 0");
        assertThat(Stream.of(server.getReceivedMessages())).isEmpty();
    }
}
