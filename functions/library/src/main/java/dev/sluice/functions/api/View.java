package dev.sluice.functions.api;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.UUID;

/** How a thing is shown, to everybody in the same way. */
public interface View {
    UUID id();

    /** What its ETag is made of. */
    @JsonIgnore
    long version();

    /** Whether it shows a secret, which is to be shown once only. */
    @JsonIgnore
    default boolean isSecret() {
        return false;
    }
}
