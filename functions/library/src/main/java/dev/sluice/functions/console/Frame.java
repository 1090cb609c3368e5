package dev.sluice.functions.console;

/**
 * What stands around each page of an account.
 *
 * @param slug the account's, which all its pages begin with
 * @param person who is signed in
 * @param admin whether the account's pages are for them
 * @param part which of them this is
 * @param form what its forms carry
 */
public record Frame(String slug, String account, String person, boolean admin, String part, String form) {}
