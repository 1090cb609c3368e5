package dev.sluice.lab;

import java.util.Map;
import java.util.TreeMap;

/** The environment variables that everything on a host has: its own directories, and where its portal is. */
final class HostEnvironment {
    private HostEnvironment() {}

    static Map<String, String> of(String host) {
        String home = Place.INSIDE.resolve("hosts").resolve(host).toString();
        Map<String, String> all = new TreeMap<>();
        all.put("HOME", home);
        all.put("XDG_STATE_HOME", home + "/state");
        all.put("XDG_DATA_HOME", home + "/data");
        all.put("XDG_CONFIG_HOME", home + "/config");
        all.put("XDG_RUNTIME_DIR", home + "/run");
        all.put("SLUICE_STATE_DIR", home + "/sluice");
        all.put("JAVA_HOME", System.getProperty("java.home"));
        return all;
    }
}
