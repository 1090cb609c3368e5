package dev.sluice.functions.operator;

import java.util.Set;
import java.util.function.Function;

/**
 * One thing that an operator can have done.
 *
 * @param name such as {@code token/create}
 * @param arguments the names of those it takes
 * @param action does it and returns what to print, a record or a list of records; throws
 *     {@link dev.sluice.functions.sql.RequestException} when it cannot be done as asked
 */
public record OperatorCommand(String name, Set<String> arguments, Function<OperatorArguments, Object> action) {}
