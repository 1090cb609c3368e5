package dev.sluice.functions.sql;

import static java.lang.annotation.ElementType.METHOD;
import static java.lang.annotation.ElementType.PARAMETER;
import static java.lang.annotation.RetentionPolicy.RUNTIME;

import jakarta.inject.Qualifier;
import java.lang.annotation.Documented;
import java.lang.annotation.Retention;
import java.lang.annotation.Target;

/**
 * On connections of their own, for the few threads on which all devices depend: delivery, the instance's beat and the calls
 * that wake them never wait behind requests. Nothing that waits for a lock of a request belongs here.
 */
@Qualifier @Documented
@Retention(RUNTIME)
@Target({METHOD, PARAMETER})
public @interface Reserved {}
