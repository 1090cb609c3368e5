package dev.sluice.lab.scenario;

import dev.sluice.lab.LabException;
import java.util.List;

/** Every scenario, in the order in which {@code all} runs them. */
final class Scenarios {
    private static final List<Scenario> ALL = List.of(new Underlay());

    private Scenarios() {}

    static List<Scenario> all() {
        return ALL;
    }

    static Scenario named(String name) {
        return ALL.stream()
                .filter(scenario -> scenario.name().equals(name))
                .findFirst()
                .orElseThrow(() ->
                        new LabException("there is no scenario " + name + "; './sluice lab scenario list' shows them"));
    }
}
