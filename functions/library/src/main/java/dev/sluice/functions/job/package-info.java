/** What is done again and again without being asked, and which instance does it. */
@NullMarked
package dev.sluice.functions.job;

import org.jspecify.annotations.NullMarked;
