/**
 * Directories: who an account's people and groups are, where somebody else administers them. One that calls us does so by
 * SCIM ({@code scim}). What a directory has made it changes and removes, and nobody else's; it gives no roles and takes over
 * nobody by an address.
 */
@NullMarked
package dev.sluice.functions.directory;

import org.jspecify.annotations.NullMarked;
