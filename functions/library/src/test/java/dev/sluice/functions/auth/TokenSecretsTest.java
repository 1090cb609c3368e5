package dev.sluice.functions.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.sluice.channel.Reason;
import dev.sluice.functions.database.DatabaseExtension;
import dev.sluice.functions.database.TestDatabase;
import dev.sluice.functions.flow.Decision;
import dev.sluice.functions.sql.Ids;
import dev.sluice.functions.sql.RequestException;
import dev.sluice.functions.testing.World;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(DatabaseExtension.class)
class TokenSecretsTest {
    private World world;

    @BeforeEach
    void world(TestDatabase database) {
        world = new World(database);
    }

    @Test
    void shouldTakeEitherOfTwoSecretsAndEndNothingByTheSecond() {
        world.authorize();

        var added = add();

        assertThat(world.flowCount()).isOne();
        assertThat(accepted(world.clientTokenText)).isEqualTo(world.client.credential());
        assertThat(accepted(added)).isNotEqualTo(world.client.credential());
        assertThat(accepted(added).tokenId()).isEqualTo(world.clientToken.id());
    }

    @Test
    void shouldRefuseASecretThatWasWithdrawnAndTakeTheOther() {
        var added = add();

        withdraw(world.client.credential().secretId());

        assertThat(world.authenticate(TokenType.CLIENT, world.clientTokenText))
                .isEqualTo(new Authentication.Refused(Reason.TOKEN_INVALID));
        assertThat(accepted(added).tokenId()).isEqualTo(world.clientToken.id());
    }

    @Test
    void shouldEndWhatRestsOnTheSecretAlone() {
        world.authorize();
        var other = accepted(add());

        withdraw(other.secretId());
        assertThat(world.flowCount()).isOne();

        add();
        withdraw(world.client.credential().secretId());
        assertThat(world.flowCount()).isZero();
        assertThat(world.outbox(world.gateway)).endsWith("reject_access token_deleted");
    }

    @Test
    void shouldDecideNothingForADeviceWhoseSecretIsWithdrawn() {
        add();
        withdraw(world.client.credential().secretId());

        assertThat(world.decisions.decide(world.ask()))
                .isInstanceOfSatisfying(
                        Decision.Denied.class,
                        denied -> assertThat(denied.detail().reason()).isEqualTo(Reason.TOKEN_DELETED));
    }

    @Test
    void shouldHaveNoThirdSecretAndWithdrawNoLastOne() {
        add();
        assertThatThrownBy(this::add)
                .isInstanceOf(RequestException.class)
                .hasMessage("The token has 2 secrets already: withdraw one first.");

        withdraw(world.client.credential().secretId());
        var last = world.tokens.secrets(world.accountId, world.clientToken.id()).getFirst();
        assertThatThrownBy(() -> withdraw(last.id()))
                .isInstanceOf(RequestException.class)
                .hasMessageStartingWith("It is the token's only secret");
        assertThatThrownBy(() -> withdraw(Ids.next()))
                .isInstanceOf(RequestException.class)
                .hasMessageStartingWith("The token has no secret");
    }

    @Test
    void shouldSayWhichSecretIsInUse() {
        var added = accepted(add());

        assertThat(world.tokens.secrets(world.accountId, world.clientToken.id()))
                .extracting(TokenSecret::id, secret -> secret.lastSeenAt() != null)
                .containsExactly(tuple(world.client.credential().secretId(), false), tuple(added.secretId(), true));
    }

    @Test
    void shouldWriteThatASecretIsUsedOnceAMinuteOnly() {
        accepted(world.clientTokenText);
        var written = version();
        accepted(world.clientTokenText);
        assertThat(version()).isEqualTo(written);

        world.execute("UPDATE token_secret SET last_seen_at = now() - interval '61 seconds'");
        written = version();
        accepted(world.clientTokenText);
        assertThat(version()).isNotEqualTo(written);
    }

    /** Another one for each time that the row was written. */
    private String version() {
        return world.texts(
                        "SELECT xmin || ' ' || ctid AS v FROM token_secret WHERE id = ?",
                        world.client.credential().secretId())
                .getFirst();
    }

    private String add() {
        return world.transactions
                .inAccount(world.accountId)
                .call(transaction -> world.tokens.addSecret(transaction, world.accountId, world.clientToken.id()))
                .text()
                .value();
    }

    private void withdraw(UUID secretId) {
        world.tokens.withdrawSecret(world.accountId, world.clientToken.id(), secretId);
    }

    private Credential accepted(String text) {
        return ((Authentication.Accepted) world.authenticate(TokenType.CLIENT, text)).credential();
    }
}
