/** What capabilities share about what an operator sets. The settings of one alone are its own. */
@NullMarked
package dev.sluice.functions.settings;

import org.jspecify.annotations.NullMarked;
