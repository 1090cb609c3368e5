package dev.sluice.functions.directory.scim;

import dev.sluice.functions.api.Door;

/** Where SCIM is. */
final class ScimPaths {
    static final String ROOT = Door.SCIM + "v2";
    static final String USERS = "/Users";
    static final String GROUPS = "/Groups";

    private ScimPaths() {}
}
