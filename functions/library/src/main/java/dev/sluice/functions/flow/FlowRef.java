package dev.sluice.functions.flow;

import java.util.Optional;
import java.util.UUID;

/**
 * What a gateway is handed with a request, and answers with: to it, an opaque word.
 *
 * @param ref drawn anew for each request
 */
public record FlowRef(UUID flowId, UUID ref) {
    private static final int ID_LENGTH = 36;
    private static final String SEPARATOR = ".";

    static Optional<FlowRef> parse(String text) {
        try {
            return text.length() == 2 * ID_LENGTH + 1 && text.startsWith(SEPARATOR, ID_LENGTH)
                    ? Optional.of(new FlowRef(
                            UUID.fromString(text.substring(0, ID_LENGTH)),
                            UUID.fromString(text.substring(ID_LENGTH + 1))))
                    : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** As it goes over the wire. */
    @Override
    public String toString() {
        return flowId + SEPARATOR + ref;
    }
}
