package dev.sluice.functions.billing;

/** Something that Stripe did not do, or that what it says makes impossible. */
final class StripeFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean passing;

    private StripeFailure(String message, boolean passing) {
        super(message);
        this.passing = passing;
    }

    /** It may go well another time. */
    static StripeFailure passing(String message) {
        return new StripeFailure(message, true);
    }

    /** Somebody has to change something first. */
    static StripeFailure lasting(String message) {
        return new StripeFailure(message, false);
    }

    boolean isPassing() {
        return passing;
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
