/**
 * What ends access by time: expired flows and tokens, and requests that no gateway answered. What ends access by change is
 * done by the database's triggers.
 */
@NullMarked
package dev.sluice.functions.revocation;

import org.jspecify.annotations.NullMarked;
