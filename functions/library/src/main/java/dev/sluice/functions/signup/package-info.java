/** How somebody makes an account for themselves. */
@NullMarked
package dev.sluice.functions.signup;

import org.jspecify.annotations.NullMarked;
