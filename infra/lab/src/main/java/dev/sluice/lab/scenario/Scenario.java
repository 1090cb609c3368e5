package dev.sluice.lab.scenario;

import dev.sluice.lab.Lab;
import java.util.List;

/** Something that must hold on the lab. */
public interface Scenario {
    /** The name by which it is run. */
    String name();

    /** What it shows, in one line. */
    String promise();

    /** Whether it is run by {@code all}; one that needs more than a bare machine has is not. */
    default boolean partOfAll() {
        return true;
    }

    /** What it needs beyond what every machine of the lab has. */
    default List<Requirement> requirements() {
        return List.of();
    }

    /** Runs it on a lab whose network is up; throws {@link ScenarioFailure} when something is otherwise than it must be. */
    Figure run(Lab lab) throws Exception;
}
