package dev.sluice.functions.configuration;

import java.util.List;

/**
 * What it takes for an account to be as a document says.
 *
 * @param applied whether it was done
 * @param steps in the order of their doing; none if the account is so already
 * @param endings whose access ends by it; some of them, if there are very many
 * @param endingCount how many they are
 */
public record Plan(boolean applied, List<Step> steps, List<Ending> endings, int endingCount) {
    static final int SOME_ENDINGS = 100;

    /**
     * One step.
     *
     * @param action {@code create}, {@code change} or {@code remove}
     * @param kind {@code site}, {@code group}, {@code resource}, {@code policy} or {@code policy_test}
     * @param name of the thing; of a policy its group and its resource
     * @param changes of a change, what becomes of what
     */
    public record Step(String action, String kind, String name, List<String> changes) {}

    /** A flow that ends, and that nothing else allows. */
    public record Ending(String actor, String client, String resource) {}
}
