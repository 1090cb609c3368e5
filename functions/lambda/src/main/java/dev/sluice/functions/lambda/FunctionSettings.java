package dev.sluice.functions.lambda;

import dev.sluice.functions.database.DatabaseAddress;
import dev.sluice.functions.database.DatabaseSettings;
import dev.sluice.functions.database.PortalDatabase;
import dev.sluice.functions.settings.PortalVariables;
import dev.sluice.functions.settings.SettingException;
import dev.sluice.functions.settings.Variables;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * What an operator sets of functions, from the environment.
 *
 * @param parts what the function is called for
 * @param database {@code SLUICE_DATABASE_URL}: the application's role, which migrates nothing
 * @param pushEndpoint {@code SLUICE_PUSH_ENDPOINT}: where the {@code @connections} of all WebSocket APIs are, without the stage;
 *     empty for AWS's own
 * @param shared what is set of a process, too
 */
record FunctionSettings(Set<Part> parts, DatabaseAddress database, String pushEndpoint, PortalVariables shared) {
    private static final String LOOPBACK = "127.0.0.1";

    /** @throws SettingException when a variable cannot be used, or one is missing that a process could do without */
    static FunctionSettings from(Map<String, String> environment) {
        Variables variables = new Variables(environment);
        PortalVariables shared = PortalVariables.from(variables, false);
        String url = variables.text(DatabaseSettings.URL, "");
        if (url.isEmpty()) {
            throw new SettingException(DatabaseSettings.URL
                    + " is missing: functions have no disk to keep a database on. Set it to a PostgreSQL whose tables"
                    + " ./sluice portal migrate has brought up to date.");
        }
        if (shared.secretsKey().isEmpty()) {
            throw new SettingException(
                    "SLUICE_SECRETS_KEY is missing: functions have no disk to keep one on. Take the same"
                            + " for all that share a database (openssl rand -base64 32).");
        }
        return new FunctionSettings(
                Part.from(variables),
                DatabaseAddress.parse(DatabaseSettings.URL, url),
                variables.text("SLUICE_PUSH_ENDPOINT", ""),
                shared);
    }

    /** The same as the application's configuration. */
    Map<String, String> properties() {
        Map<String, String> properties = new LinkedHashMap<>(shared.properties());
        properties.putAll(PortalDatabase.properties(database));
        if (!shared.webUrl().isEmpty()) {
            properties.put("sluice.web.url", shared.webUrl());
        }
        if (!pushEndpoint.isEmpty()) {
            properties.put("sluice.push-endpoint", pushEndpoint);
        }
        // What hands events on as requests says where they came from.
        properties.put("sluice.trusted-proxies", LOOPBACK);
        return properties;
    }
}
