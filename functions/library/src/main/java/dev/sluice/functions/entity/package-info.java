/**
 * What all entities have in common: they belong to an account, are found by it and their id together, and know how often
 * they were changed. It knows no capability.
 */
@NullMarked
package dev.sluice.functions.entity;

import org.jspecify.annotations.NullMarked;
