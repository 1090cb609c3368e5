package dev.sluice.functions.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

class InboxTest {
    private final List<Runnable> started = new ArrayList<>();
    private final List<String> handled = new ArrayList<>();
    private final Inbox inbox = new Inbox(started::add, handled::addAll);

    @Test
    void shouldHandleInOrderOnOneThreadAtATime() {
        inbox.offer("a");
        inbox.offer("b");
        assertThat(started).hasSize(1);
        started.removeFirst().run();
        inbox.offer("c");
        started.removeFirst().run();

        assertThat(handled).containsExactly("a", "b", "c");
    }

    @Test
    void shouldRefuseTheFrameThatIsOneTooMany() {
        for (int i = 0; i < Inbox.MAX_FRAMES; i++) {
            assertThat(inbox.offer("x")).isTrue();
        }
        assertThat(inbox.offer("x")).isFalse();
        assertThat(inbox.offer("x")).as("dropped, and refused only once").isTrue();
        started.removeFirst().run();

        assertThat(handled).isEmpty();
    }

    @Test
    void shouldRefuseWhatIsTooLongTogether() {
        var half = "x".repeat(Inbox.MAX_CHARACTERS / 2);
        assertThat(inbox.offer(half)).isTrue();
        assertThat(inbox.offer(half)).isTrue();
        assertThat(inbox.offer("x")).isFalse();
    }

    @Test
    void shouldTakeAnyNumberAsTheyAreHandled() throws Exception {
        int many = 10 * Inbox.MAX_FRAMES;
        var order = new ArrayList<String>();
        var left = new CountDownLatch(many);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var busy = new Inbox(
                    threads,
                    texts -> texts.forEach(text -> {
                        order.add(text);
                        left.countDown();
                    }));
            for (int i = 0; i < many; i++) {
                while (i - (many - left.getCount()) >= Inbox.MAX_FRAMES) {
                    Thread.onSpinWait();
                }
                assertThat(busy.offer(Integer.toString(i))).isTrue();
            }
            left.await();
        }
        assertThat(order).hasSize(many).isSortedAccordingTo((a, b) -> Integer.parseInt(a) - Integer.parseInt(b));
    }
}
