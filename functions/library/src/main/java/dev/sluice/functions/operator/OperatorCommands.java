package dev.sluice.functions.operator;

import java.util.List;

/** The commands about one kind of thing. */
public interface OperatorCommands {
    List<OperatorCommand> commands();
}
