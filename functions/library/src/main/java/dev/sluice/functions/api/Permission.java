package dev.sluice.functions.api;

/** What a request needs. */
public enum Permission {
    /** To see what an account has. */
    READ,

    /** To change it. */
    WRITE,

    /** To make accounts, and to see across them. */
    OPERATE
}
