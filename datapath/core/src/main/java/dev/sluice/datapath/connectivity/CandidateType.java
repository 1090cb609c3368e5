package dev.sluice.datapath.connectivity;

import org.jspecify.annotations.Nullable;

/** Where a candidate's address comes from (RFC 8445 §5.1.1), with its type preference and first local preference. */
public enum CandidateType {
    HOST("host", 126, 65_535),
    PEER_REFLEXIVE("prflx", 110, 49_151),
    SERVER_REFLEXIVE("srflx", 100, 32_767),
    RELAYED("relay", 2, 16_383);

    private final String code;
    private final int preference;
    private final int firstLocalPreference;

    CandidateType(String code, int preference, int firstLocalPreference) {
        this.code = code;
        this.preference = preference;
        this.firstLocalPreference = firstLocalPreference;
    }

    /** The word after {@code typ} in SDP. */
    public String code() {
        return code;
    }

    int preference() {
        return preference;
    }

    int firstLocalPreference() {
        return firstLocalPreference;
    }

    static @Nullable CandidateType of(String code) {
        for (CandidateType type : values()) {
            if (type.code.equals(code)) {
                return type;
            }
        }
        return null;
    }
}
