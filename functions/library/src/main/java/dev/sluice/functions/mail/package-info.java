/** Mails to an account's admins. */
@NullMarked
package dev.sluice.functions.mail;

import org.jspecify.annotations.NullMarked;
