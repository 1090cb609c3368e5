/**
 * Tokens: how devices prove who they are, and what they may do with that. Nothing here grants access to a resource.
 */
@NullMarked
package dev.sluice.functions.auth;

import org.jspecify.annotations.NullMarked;
