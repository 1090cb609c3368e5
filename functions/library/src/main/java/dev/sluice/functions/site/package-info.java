/**
 * Sites: the places where gateways stand.
 */
@NullMarked
package dev.sluice.functions.site;

import org.jspecify.annotations.NullMarked;
