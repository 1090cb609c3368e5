package dev.sluice.lab.scenario;

import dev.sluice.lab.Device;
import dev.sluice.lab.Lab;
import dev.sluice.lab.Portal;
import dev.sluice.lab.PostgresServer;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The portal as functions, which stand still between any two calls, and the same clients and gateways. */
final class Lambda implements Scenario {
    private static final List<Scenario> SCENARIOS = List.of(FirstPacket.ipv4(), new Reauthorize(), new Revoke());
    private static final int KEY_BYTES = 32;

    @Override
    public String name() {
        return "lambda";
    }

    @Override
    public String promise() {
        return "curl-ipv4, reauthorize and revoke with the portal as functions of Lambda, client and gateway unchanged";
    }

    @Override
    public boolean partOfAll() {
        return false;
    }

    @Override
    public List<Requirement> requirements() {
        return PostgresServer.REQUIREMENTS;
    }

    @Override
    public Figure run(Lab lab) throws Exception {
        PostgresServer database = PostgresServer.create();
        try {
            Map<String, String> settings = new HashMap<>(database.environment());
            settings.put("SLUICE_SECRETS_KEY", key());
            Portal.migrate(settings);
            lab.portal().part().stop();
            lab.portal().becomeFunctions(settings);
            restartDevices(lab);
            List<String> figures = new ArrayList<>();
            double excess = 0;
            for (Scenario scenario : SCENARIOS) {
                Figure figure = scenario.run(lab);
                figures.add(scenario.name() + " " + figure.text());
                excess = Math.max(excess, figure.excess());
            }
            return new Figure(String.join("; ", figures), "as with a process", excess);
        } finally {
            lab.portal().part().stop();
            lab.portal().upgrade(Map.of());
            database.stop();
            restartDevices(lab);
        }
    }

    private static void restartDevices(Lab lab) throws Exception {
        for (Device device : new Device[] {lab.gateway(), lab.client()}) {
            device.part().stop();
        }
        lab.startParts();
    }

    private static String key() {
        byte[] key = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(key);
        return Base64.getEncoder().encodeToString(key);
    }
}
