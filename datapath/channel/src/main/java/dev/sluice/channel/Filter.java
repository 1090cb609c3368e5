package dev.sluice.channel;

import org.jspecify.annotations.Nullable;

/**
 * What a resource lets pass. A resource without filters lets everything pass.
 *
 * @param ports the range of destination ports, or null for the whole protocol; always null for ICMP
 */
public record Filter(Protocol protocol, @Nullable PortRange ports) {
    public enum Protocol {
        TCP("tcp"),
        UDP("udp"),
        ICMP("icmp");

        private final String wire;

        Protocol(String wire) {
            this.wire = wire;
        }

        public String wire() {
            return wire;
        }
    }

    /** Ports from {@code start} to {@code end}, both included. */
    public record PortRange(int start, int end) {
        public PortRange {
            if (start < 0 || end > 65535 || start > end) {
                throw new IllegalArgumentException("no port range: " + start + "-" + end);
            }
        }
    }

    public Filter {
        if (protocol == Protocol.ICMP) {
            ports = null;
        }
    }

    /** The whole protocol. */
    public static Filter all(Protocol protocol) {
        return new Filter(protocol, null);
    }

    public static Filter ports(Protocol protocol, int start, int end) {
        return new Filter(protocol, new PortRange(start, end));
    }
}
