package dev.sluice.functions.account;

import java.util.UUID;

/**
 * A tenant.
 *
 * @param policyTestsEnforced whether a change is refused that breaks one of its policy tests
 * @param version how often it was changed, by whomever
 */
public record Account(UUID id, String slug, String name, boolean disabled, boolean policyTestsEnforced, long version) {
    /** What it may be called: portal-protocol.md, section 1. */
    static final int SHORTEST_NAME = 3;

    static final int LONGEST_NAME = 64;
}
