package dev.sluice.functions.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.logging.Level;
import org.jboss.logmanager.ExtLogRecord;
import org.junit.jupiter.api.Test;

class SecretsFilterTest {
    private final SecretsFilter filter = new SecretsFilter();

    @Test
    void shouldTakeTheTokenOutOfARequestsAddress() {
        var record = new ExtLogRecord(
                Level.SEVERE,
                "HTTP Request to %s failed",
                ExtLogRecord.FormatStyle.PRINTF,
                getClass().getName());
        record.setParameters(new Object[] {"/client/websocket?external_id=a&token=.SFMyNTY.secret%3D&name=b"});

        assertThat(filter.isLoggable(record)).isTrue();
        assertThat(record.getFormattedMessage())
                .isEqualTo("HTTP Request to /client/websocket?external_id=a&token=(hidden)&name=b failed");
    }

    @Test
    void shouldLeaveAllElse() {
        var record = new ExtLogRecord(
                Level.INFO,
                "a %s of 100 %%",
                ExtLogRecord.FormatStyle.PRINTF,
                getClass().getName());
        record.setParameters(new Object[] {"token"});

        assertThat(filter.isLoggable(record)).isTrue();
        assertThat(record.getFormattedMessage()).isEqualTo("a token of 100 %");
    }
}
