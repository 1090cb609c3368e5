package dev.sluice.functions.console;

import jakarta.ws.rs.NameBinding;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** On pages of an account: only whoever is signed in to it sees them, and all others are asked to sign in. */
@NameBinding
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@interface SignedIn {
    /** Who sees them. For others there are no such pages. */
    Who value() default Who.ADMINS;

    /** Of those who are signed in. */
    enum Who {
        ADMINS,
        ANYBODY
    }
}
