package dev.sluice.lab.scenario;

/**
 * A command that a scenario needs beyond what every machine of the lab has.
 *
 * @param command its name
 * @param packageName the Debian package that has it
 */
public record Requirement(String command, String packageName) {}
