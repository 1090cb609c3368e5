package dev.sluice.functions.api;

import java.util.EnumSet;
import java.util.Set;

/** Who may do what: the one table of it. */
public enum Role {
    /** Whoever has the portal's own secret: everything, in every account. */
    OPERATOR(EnumSet.allOf(Permission.class)),

    /** An account's admin, and its API clients: everything within the account. */
    ADMIN(EnumSet.of(Permission.READ, Permission.WRITE)),

    /** Anybody of an account: what is their own, and nothing of it. */
    PERSON(EnumSet.noneOf(Permission.class));

    private final Set<Permission> permissions;

    Role(Set<Permission> permissions) {
        this.permissions = permissions;
    }

    public boolean may(Permission permission) {
        return permissions.contains(permission);
    }
}
