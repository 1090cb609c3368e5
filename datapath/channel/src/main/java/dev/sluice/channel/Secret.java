package dev.sluice.channel;

/** Text that must not be seen in logs: it prints as {@code ***}. */
public record Secret(String value) {
    @Override
    public String toString() {
        return "***";
    }
}
