package dev.sluice.functions.process;

import io.quarkus.logging.LoggingFilter;
import java.util.logging.Filter;
import java.util.logging.LogRecord;
import java.util.regex.Pattern;
import org.jboss.logmanager.ExtLogRecord;

/**
 * Takes tokens out of what is logged. A device's may stand in the query of its handshake, and a server that fails in the
 * middle of a request logs where it was sent.
 */
@LoggingFilter(name = "secrets")
public final class SecretsFilter implements Filter {
    private static final Pattern TOKEN = Pattern.compile("([?&]token=)[^&\\s]*");

    @Override
    public boolean isLoggable(LogRecord record) {
        if (record instanceof ExtLogRecord extended) {
            String text = extended.getFormattedMessage();
            if (text != null && text.contains("token=")) {
                extended.setMessage(TOKEN.matcher(text).replaceAll("$1(hidden)"), ExtLogRecord.FormatStyle.NO_FORMAT);
            }
        }
        return true;
    }
}
