package dev.sluice.functions.operator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.sluice.functions.sql.Acting;
import dev.sluice.functions.sql.DatabaseFailure;
import dev.sluice.functions.sql.RequestException;
import io.quarkus.arc.All;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Carries out what an operator asks for, by name. */
@ApplicationScoped
public class Operator {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS, SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
            .build();

    private final Map<String, OperatorCommand> commands;

    @Inject
    public Operator(@All List<OperatorCommands> groups) {
        commands = groups.stream()
                .flatMap(group -> group.commands().stream())
                .collect(Collectors.toUnmodifiableMap(OperatorCommand::name, Function.identity()));
    }

    /**
     * Carries out one command and returns its result.
     *
     * @param request what the audit calls this
     * @throws RequestException when there is no such command or it cannot be done as asked
     */
    public JsonNode run(String name, JsonNode arguments, String request) {
        OperatorCommand command = commands.get(name);
        if (command == null) {
            throw RequestException.notFound("There is no command '" + name + "'.");
        }
        OperatorArguments checked = new OperatorArguments(arguments, command.arguments());
        try {
            return ScopedValue.where(Acting.CURRENT, Acting.operator(request))
                    .call(() -> JSON.valueToTree(command.action().apply(checked)));
        } catch (DatabaseFailure e) {
            if (e.isDuplicate()) {
                throw RequestException.conflict("There is one of the same name already; nothing was changed.");
            }
            throw e;
        }
    }
}
