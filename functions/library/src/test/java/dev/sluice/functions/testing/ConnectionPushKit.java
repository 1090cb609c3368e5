package dev.sluice.functions.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.sluice.channel.Frame;
import dev.sluice.channel.FrameCodec;
import dev.sluice.functions.stream.ConnectionPush;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What every wire to a device must do, however it is made. */
public abstract class ConnectionPushKit {
    /** A wire, and the device at its other end. */
    public interface Line extends AutoCloseable {
        ConnectionPush push();

        /** Whatever a wire needs for what was handed over to go out. */
        default void flush() {}

        /** What comes at the device next; null once the connection has ended. */
        @Nullable String next() throws Exception;

        /** The device goes without a word. */
        void vanish() throws Exception;

        @Override
        void close() throws Exception;
    }

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    protected abstract Line open() throws Exception;

    private static String text(String content) {
        return FrameCodec.encode(new Frame(Frame.CLIENT, "noise", TextNode.valueOf(content), null, null));
    }

    @Test
    void shouldKeepTheOrder() throws Exception {
        try (var line = open()) {
            var texts = IntStream.range(0, 200)
                    .mapToObj(n -> text(Integer.toString(n)))
                    .toList();
            texts.forEach(line.push()::send);
            line.flush();
            List<String> came = new ArrayList<>();
            while (came.size() < texts.size()) {
                came.add(line.next());
            }
            assertThat(came).containsExactlyElementsOf(texts);
        }
    }

    @Test
    void shouldSendALongTextAsOne() throws Exception {
        try (var line = open()) {
            String text = text("Grüße, 北京 🎈".repeat(4000));
            line.push().send(text);
            line.push().send(text("after"));
            line.flush();
            assertThat(line.next()).isEqualTo(text);
            assertThat(line.next()).isEqualTo(text("after"));
        }
    }

    @Test
    void shouldSendWhatWasHandedOverBeforeItEnds() throws Exception {
        try (var line = open()) {
            line.push().send(text("1"));
            line.push().send(text("2"));
            line.push().close("enough");
            line.push().send(text("3"));
            line.push().close("twice");
            line.flush();
            assertThat(line.next()).isEqualTo(text("1"));
            assertThat(line.next()).isEqualTo(text("2"));
            assertThat(line.next()).isNull();
        }
    }

    @Test
    void shouldBearThatTheDeviceIsGone() throws Exception {
        try (var line = open()) {
            line.vanish();
            assertThatCode(() -> {
                        for (int n = 0; n < 100; n++) {
                            line.push().send(text(Integer.toString(n)));
                            line.flush();
                        }
                        line.push().close("gone");
                        line.flush();
                    })
                    .doesNotThrowAnyException();
        }
    }

    @Test
    void shouldSayThatAllHasLeft() throws Exception {
        try (var line = open()) {
            line.push().send(text("1"));
            line.flush();
            assertThat(line.next()).isEqualTo(text("1"));
            var deadline = Instant.now().plus(PATIENCE);
            long now = System.nanoTime();
            while (line.push().settledAt(now) < now) {
                assertThat(Instant.now()).as("something waits still").isBefore(deadline);
                now = System.nanoTime();
            }
        }
    }
}
