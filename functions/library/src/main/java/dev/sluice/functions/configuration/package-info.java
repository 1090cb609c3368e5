/**
 * What an account has set up, as one document: its sites, groups, resources, policies and policy tests, by their names. Reads
 * it, and makes it so. Who people are, and which devices there are, is not part of it.
 */
@NullMarked
package dev.sluice.functions.configuration;

import org.jspecify.annotations.NullMarked;
