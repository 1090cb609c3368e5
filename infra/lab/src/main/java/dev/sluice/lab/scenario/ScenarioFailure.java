package dev.sluice.lab.scenario;

/** What a scenario has found to be otherwise than it must be. */
public final class ScenarioFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** A failure that says what was seen and what was expected. */
    public ScenarioFailure(String message) {
        super(message);
    }
}
