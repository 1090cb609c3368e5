/** What capabilities share about what an operator sets. The settings themselves are the capabilities'. */
@NullMarked
package dev.sluice.functions.settings;

import org.jspecify.annotations.NullMarked;
