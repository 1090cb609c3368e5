/**
 * Who acts: users, admins and service accounts, and the groups through which policies reach them.
 */
@NullMarked
package dev.sluice.functions.actor;

import org.jspecify.annotations.NullMarked;
