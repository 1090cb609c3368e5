package dev.sluice.functions.plan;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What a plan may leave out. */
public enum Feature {
    POLICY_CONDITIONS("conditions on policies"),
    MULTI_SITE_RESOURCES("resources at several sites"),
    TRAFFIC_FILTERS("filters of ports and protocols"),
    SELF_HOSTED_RELAYS("relays of one's own"),
    IDP_SYNC("people from directories"),
    REST_API("the API"),
    INTERNET_RESOURCE("the internet resource");

    private final String text;

    Feature(String text) {
        this.text = text;
    }

    /** As metadata, the API and the database name it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** As people name it. */
    String text() {
        return text;
    }

    public static Optional<Feature> of(String word) {
        return Arrays.stream(values())
                .filter(feature -> feature.word().equals(word))
                .findFirst();
    }
}
