/**
 * By what people prove who they are: the providers of an account, who somebody is at them, OpenID Connect (Core 1.0) and
 * passwords.
 */
@NullMarked
package dev.sluice.functions.identity;

import org.jspecify.annotations.NullMarked;
