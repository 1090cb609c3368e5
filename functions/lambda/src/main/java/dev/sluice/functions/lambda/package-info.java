/** The portal as functions of AWS Lambda: what one is called with leads to what the library does. */
@NullMarked
package dev.sluice.functions.lambda;

import org.jspecify.annotations.NullMarked;
