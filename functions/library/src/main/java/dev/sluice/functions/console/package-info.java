/**
 * What people see in a browser. Pages call the services that the API calls, and show what these say; they hold no rule of
 * their own.
 */
@NullMarked
package dev.sluice.functions.console;

import org.jspecify.annotations.NullMarked;
