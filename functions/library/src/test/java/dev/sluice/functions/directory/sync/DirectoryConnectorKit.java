package dev.sluice.functions.directory.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.functions.directory.DirectorySettings;
import dev.sluice.functions.directory.sync.DirectoryConnector.Group;
import dev.sluice.functions.directory.sync.DirectoryConnector.Page;
import dev.sluice.functions.directory.sync.DirectoryConnector.User;
import dev.sluice.functions.outgoing.Outgoing;
import dev.sluice.functions.outgoing.OutgoingSettings;
import dev.sluice.functions.testing.Settings;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What every connector does, against what stands in for its provider. */
public abstract class DirectoryConnectorKit<S extends ProviderStandIn> {
    private final Vertx vertx = Vertx.vertx();

    protected final S provider;

    /** Asks it, without long pauses. */
    protected final ProviderClient client = new ProviderClient(
            new Outgoing(vertx, Settings.of(OutgoingSettings.class, Map.of("sluice.outgoing.allow", "127.0.0.0/8"))),
            Settings.of(
                    DirectorySettings.class,
                    Map.of("sluice.directory.pause", "0.01S", "sluice.directory.answer-within", "1S")),
            new ObjectMapper());

    protected DirectoryConnectorKit(S provider) {
        this.provider = provider;
    }

    /** A connector to the stand-in. */
    protected abstract DirectoryConnector open();

    @AfterEach
    void close() {
        provider.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    private static <T> List<T> all(Function<@Nullable String, Page<T>> read) {
        List<T> all = new ArrayList<>();
        var positions = new HashSet<String>();
        @Nullable String position = null;
        do {
            var page = read.apply(position);
            all.addAll(page.rows());
            position = page.next();
            assertThat(position == null || positions.add(position)).isTrue();
        } while (position != null);
        return all;
    }

    @Test
    void shouldReadAllPages() {
        IntStream.range(0, 25).forEach(number -> provider.person("u" + number, "User " + number, true));
        IntStream.range(0, 12).forEach(number -> provider.group("g" + number, "Group " + number));
        provider.group(
                "all", "All", IntStream.range(0, 25).mapToObj(n -> "u" + n).toArray(String[]::new));
        provider.pageSize(10);
        var connector = open();

        assertThat(all(connector::users)).extracting(User::id).hasSize(25).contains("u0", "u9", "u10", "u24");
        assertThat(all(connector::groups)).extracting(Group::name).hasSize(13).contains("Group 11", "All");
        assertThat(all(after -> connector.members("all", after))).hasSize(25).contains("u10");
        assertThat(all(after -> connector.members("g0", after))).isEmpty();
    }

    @Test
    void shouldSayWhoSomebodyIs() {
        provider.person("u1", "Ada", true);
        provider.person("u2", "  ", false);

        var users = all(open()::users);

        assertThat(users.getFirst()).isEqualTo(new User("u1", "u1@example.com", "Ada", "u1@example.com", true));
        assertThat(users.getLast().active()).isFalse();
        assertThat(users.getLast().name()).as("who has no name").isEqualTo("u2@example.com");
    }

    @Test
    void shouldComeAgainWhereItWasThrottledOrFailed() {
        provider.person("u1", "Ada", true);
        var connector = open();

        for (int status : List.of(429, 500, 503)) {
            provider.fail(status, 2);
            assertThat(connector.users(null).rows()).as("after %d", status).hasSize(1);
        }
    }

    @Test
    void shouldSayWhatIsWrong() {
        provider.person("u1", "Ada", true);
        var connector = open();

        assertThat(failure(connector, 429)).isTrue();
        assertThat(failure(connector, 500)).isTrue();
        assertThat(failure(connector, 401)).isFalse();
        assertThat(failure(connector, 403)).isFalse();
        assertThat(failure(connector, 400)).isFalse();
        assertThat(failure(connector, 404)).isFalse();
        provider.recover();
        assertThat(connector.users(null).rows()).hasSize(1);
    }

    /** Whether it may go well another time. */
    private boolean failure(DirectoryConnector connector, int status) {
        provider.fail(status, 100);
        var failure = catchThrowableOfType(DirectoryFailure.class, () -> connector.users(null));
        assertThat(failure).hasMessageContaining(Integer.toString(status));
        return failure.isPassing();
    }

    @Test
    void shouldTakeNothingElseForAList() {
        var connector = open();
        for (String answer :
                List.of("", "{}", "[]", "nonsense", "{\"data\":{},\"value\":{}}", "{\"data\":[{}],\"value\":[{}]}")) {
            provider.answer(answer);
            assertThatThrownBy(() -> connector.users(null)).as(answer).isInstanceOf(DirectoryFailure.class);
            assertThatThrownBy(() -> connector.groups(null)).as(answer).isInstanceOf(DirectoryFailure.class);
            assertThatThrownBy(() -> connector.members("g", null)).as(answer).isInstanceOf(DirectoryFailure.class);
        }
    }

    /** It would take longer than anybody waits. */
    @Test
    void shouldGiveUpOnAnAnswerThatNeverEnds() {
        provider.person("u1", "Ada", true);
        var connector = open();
        provider.dribble();

        assertThatThrownBy(() -> connector.users(null))
                .isInstanceOf(DirectoryFailure.class)
                .hasMessageContaining("did not answer within");
    }
}
