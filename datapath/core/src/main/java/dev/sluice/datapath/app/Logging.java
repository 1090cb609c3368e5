package dev.sluice.datapath.app;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.logging.ConsoleHandler;
import java.util.logging.Formatter;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** One line an event on standard error: time, level, the class's simple name, message. */
final class Logging {
    private Logging() {}

    static void start(System.Logger.Level level) {
        LogManager.getLogManager().reset();
        Level threshold = switch (level) {
            case ALL, TRACE -> Level.FINER;
            case DEBUG -> Level.FINE;
            case INFO -> Level.INFO;
            case WARNING -> Level.WARNING;
            case ERROR, OFF -> Level.SEVERE;
        };
        ConsoleHandler console = new ConsoleHandler();
        console.setLevel(threshold);
        console.setFormatter(new Line());
        Logger root = Logger.getLogger("");
        root.setLevel(Level.WARNING);
        root.addHandler(console);
        Logger ours = Logger.getLogger("dev.sluice");
        ours.setLevel(threshold);
        KEPT[0] = ours;
    }

    /** The log manager holds loggers weakly, and a logger that is collected forgets its level. */
    private static final Logger[] KEPT = new Logger[1];

    private static final class Line extends Formatter {
        @Override
        public String format(LogRecord event) {
            String source = event.getLoggerName() == null ? "" : event.getLoggerName();
            StringBuilder line = new StringBuilder()
                    .append(Instant.ofEpochMilli(event.getMillis()).truncatedTo(ChronoUnit.MILLIS))
                    .append(' ')
                    .append(level(event.getLevel()))
                    .append(' ')
                    .append(source.substring(source.lastIndexOf('.') + 1))
                    .append(": ")
                    .append(formatMessage(event))
                    .append('\n');
            if (event.getThrown() != null) {
                StringWriter trace = new StringWriter();
                event.getThrown().printStackTrace(new PrintWriter(trace));
                line.append(trace);
            }
            return line.toString();
        }

        private static String level(Level level) {
            if (level.intValue() >= Level.SEVERE.intValue()) {
                return "ERROR";
            }
            if (level.intValue() >= Level.WARNING.intValue()) {
                return "WARN ";
            }
            if (level.intValue() >= Level.INFO.intValue()) {
                return "INFO ";
            }
            return level.intValue() >= Level.FINE.intValue() ? "DEBUG" : "TRACE";
        }
    }
}
