/**
 * Transactions on PostgreSQL, with SQL as text and rows as they come. It knows no table; every capability stands on it.
 */
@NullMarked
package dev.sluice.functions.sql;

import org.jspecify.annotations.NullMarked;
