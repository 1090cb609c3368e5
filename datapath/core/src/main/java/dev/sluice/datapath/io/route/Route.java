package dev.sluice.datapath.io.route;

import dev.sluice.datapath.wire.IpPrefix;
import java.util.Arrays;

/**
 * A route without a router, of one of our tables or link-scope in the host's.
 *
 * @param device the index of the interface that it leads to; 0 for other kinds
 * @param metric 0 for the family's own
 */
record Route(Kind kind, IpPrefix destination, int table, int device, int metric) {
    /** What becomes of a packet. */
    enum Kind {
        DEVICE(1),
        UNREACHABLE(7),
        /** The table has nothing to say: the next rule counts. */
        THROW(9);

        private final int type;

        Kind(int type) {
            this.type = type;
        }

        /** As in rtnetlink(7). */
        int type() {
            return type;
        }

        static boolean isKnown(int type) {
            return Arrays.stream(values()).anyMatch(kind -> kind.type == type);
        }

        static Kind of(int type) {
            return Arrays.stream(values())
                    .filter(kind -> kind.type == type)
                    .findFirst()
                    .orElseThrow();
        }
    }

    /** Refuses what nothing else takes. */
    static Route unreachable(IpPrefix destination, int table) {
        return new Route(Kind.UNREACHABLE, destination, table, 0, RoutingTables.UNREACHABLE_METRIC);
    }

    static Route to(int device, IpPrefix destination, int table) {
        return new Route(Kind.DEVICE, destination, table, device, 0);
    }

    /** Leaves a destination to the host's own routes. */
    static Route outside(IpPrefix destination, int table) {
        return new Route(Kind.THROW, destination, table, 0, 0);
    }

    @Override
    public String toString() {
        String word = switch (kind) {
            case DEVICE -> "";
            case UNREACHABLE -> "unreachable ";
            case THROW -> "throw ";
        };
        return word + "route " + destination + " of table " + table;
    }
}
