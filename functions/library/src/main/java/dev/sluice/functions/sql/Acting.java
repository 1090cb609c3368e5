package dev.sluice.functions.sql;

/** Who has the work done that runs now: the audit names them. Where nobody is bound, the portal acts by itself. */
public final class Acting {
    /** An operator at the portal's admin listener. */
    public static final String OPERATOR = "operator";

    /** To be bound around the calls of services. */
    public static final ScopedValue<String> SUBJECT = ScopedValue.newInstance();

    private Acting() {}
}
