/**
 * Where the portal's data lives: the embedded PostgreSQL that is a process of its own and keeps its data, or any real one
 * by address; its two roles, their privileges, and what is asserted before the portal starts. It knows nothing of the
 * tables, which the other capabilities bring by migration.
 */
@NullMarked
package dev.sluice.functions.database;

import org.jspecify.annotations.NullMarked;
