package dev.sluice.functions.api;

import dev.sluice.functions.sql.Acting;
import dev.sluice.functions.sql.Ids;
import jakarta.enterprise.context.RequestScoped;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The request that is being answered. */
@RequestScoped
public class CurrentRequest {
    private final String id = Ids.next().toString();
    private @Nullable Principal principal;

    /** As the answer, the log and the audit name it. */
    public String id() {
        return id;
    }

    /** Says who makes it: once, before it reaches an endpoint. */
    public void by(Principal caller) {
        principal = caller;
    }

    public Principal principal() {
        if (principal == null) {
            throw new IllegalStateException("nobody has asked who makes this request");
        }
        return principal;
    }

    /** The account that it is about. */
    public UUID accountId() {
        return principal().accountId();
    }

    /** On whose behalf it is answered. */
    public Acting acting() {
        return new Acting(principal().account(), principal().subject(), id);
    }
}
