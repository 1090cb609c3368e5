package dev.sluice.datapath.app;

import java.util.Locale;

/**
 * Every feature flag, one line each: default, Firezone's name for it, what it does. The configuration's name and the
 * environment variable follow from the constant: {@code reauthorize-on-prohibited},
 * {@code SLUICE_FEATURE_REAUTHORIZE_ON_PROHIBITED}.
 */
public enum FeatureFlag {
    /** An ICMP "prohibited" from the tunnel makes the client ask for a new flow. */
    REAUTHORIZE_ON_PROHIBITED(
            true,
            "FZFF_ICMP_ERROR_UNREACHABLE_PROHIBITED_CREATE_NEW_FLOW",
            "ask for access again when the gateway answers with ICMP prohibited");

    private final boolean enabledByDefault;
    private final String alias;
    private final String description;

    FeatureFlag(boolean enabledByDefault, String alias, String description) {
        this.enabledByDefault = enabledByDefault;
        this.alias = alias;
        this.description = description;
    }

    /** The flag's value where nothing sets it. */
    public boolean enabledByDefault() {
        return enabledByDefault;
    }

    /** Firezone's environment variable for the same. */
    public String alias() {
        return alias;
    }

    public String description() {
        return description;
    }

    /** The name in {@code --feature NAME=true}. */
    public String configurationName() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The environment variable. */
    public String environmentName() {
        return "SLUICE_FEATURE_" + name();
    }
}
