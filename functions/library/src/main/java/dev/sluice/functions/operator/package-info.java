/**
 * What an operator may ask of the portal: one command each, with named arguments and a result to print. How a command comes
 * here, and how it is proven that an operator sends it, is the application's. It changes things by the capabilities'
 * services only.
 */
@NullMarked
package dev.sluice.functions.operator;

import org.jspecify.annotations.NullMarked;
