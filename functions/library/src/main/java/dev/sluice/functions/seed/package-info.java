/**
 * What a portal for development starts with, so that the published tokens and the lab find their accounts, sites, resources
 * and policies. It speaks to the other capabilities through their services only.
 */
@NullMarked
package dev.sluice.functions.seed;

import org.jspecify.annotations.NullMarked;
