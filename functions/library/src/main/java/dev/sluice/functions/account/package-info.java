/**
 * Accounts: the tenants of the platform. Everything else belongs to one.
 */
@NullMarked
package dev.sluice.functions.account;

import org.jspecify.annotations.NullMarked;
