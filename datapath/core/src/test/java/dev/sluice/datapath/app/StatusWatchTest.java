package dev.sluice.datapath.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class StatusWatchTest {
    @Test
    void shouldShowWhatHasChangedAndWaitForADeviceThatIsGone() {
        StringWriter out = new StringWriter();
        Queue<Supplier<JsonNode>> answers = new ArrayDeque<>(List.of(
                () -> StatusJson.object().put("state", "running"),
                () -> StatusJson.object().put("state", "running"),
                () -> {
                    throw CommandFailedException.refused("nothing answers");
                },
                () -> StatusJson.object().put("state", "signed_out")));

        assertThatThrownBy(() -> new StatusWatch(new PrintWriter(out), true)
                        .run(() -> answers.remove().get(), time -> {
                            if (answers.isEmpty()) {
                                throw new InterruptedException();
                            }
                        }))
                .isInstanceOf(InterruptedException.class);

        assertThat(out.toString().lines())
                .containsExactly(
                        "{\"state\":\"running\"}", "{\"trouble\":\"nothing answers\"}", "{\"state\":\"signed_out\"}");
    }
}
