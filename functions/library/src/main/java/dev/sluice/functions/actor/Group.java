package dev.sluice.functions.actor;

import java.util.UUID;

/**
 * Actors that policies reach together.
 *
 * @param everyone whether it is the account's virtual group, to which all users and admins belong without memberships
 */
public record Group(UUID id, String name, boolean everyone) {}
