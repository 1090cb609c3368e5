/**
 * What is protected: addresses, filters, and the sites from which it is reached.
 */
@NullMarked
package dev.sluice.functions.resource;

import org.jspecify.annotations.NullMarked;
