package dev.sluice.datapath.io.route;

import dev.sluice.datapath.wire.IpAddress;
import dev.sluice.datapath.wire.IpPrefix;
import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Addresses of one family from {@code first} up to, and without, {@code end}; an end of 2^32 or 2^128 is behind the last.
 */
record AddressRange(BigInteger first, BigInteger end) {
    /**
     * The fewest ranges, in order, of the addresses whose longest prefix among all is one of {@code networks}; where both
     * have the same, it is outside.
     */
    static List<AddressRange> of(Collection<IpPrefix> networks, Collection<IpPrefix> outside) {
        SortedMap<IpPrefix, Boolean> all = new TreeMap<>();
        networks.forEach(network -> all.put(network, true));
        outside.forEach(network -> all.put(network, false));
        List<AddressRange> ranges = new ArrayList<>();
        Deque<Nested> around = new ArrayDeque<>();
        BigInteger position = BigInteger.ZERO;
        for (var entry : all.entrySet()) {
            Nested next = Nested.of(entry.getKey(), entry.getValue());
            position = leave(around, next.range.first, position, ranges);
            position = cover(around.peek(), position, next.range.first, ranges);
            around.push(next);
        }
        leave(around, null, position, ranges);
        return ranges;
    }

    /** A network that the sweep is in. */
    private record Nested(AddressRange range, boolean inside) {
        static Nested of(IpPrefix network, boolean inside) {
            BigInteger first = number(network.network());
            BigInteger end =
                    first.add(BigInteger.ONE.shiftLeft(network.network().bitLength() - network.length()));
            return new Nested(new AddressRange(first, end), inside);
        }
    }

    /** Leaves the networks that end before {@code next}, or all. */
    private static BigInteger leave(
            Deque<Nested> around, @Nullable BigInteger next, BigInteger position, List<AddressRange> ranges) {
        BigInteger reached = position;
        Nested inner = around.peek();
        while (inner != null && (next == null || inner.range.end.compareTo(next) <= 0)) {
            reached = cover(inner, reached, inner.range.end, ranges);
            around.pop();
            inner = around.peek();
        }
        return reached;
    }

    /** Adds what lies between if {@code innermost} is inside; returns {@code to}. */
    private static BigInteger cover(
            @Nullable Nested innermost, BigInteger from, BigInteger to, List<AddressRange> ranges) {
        if (innermost != null && innermost.inside) {
            BigInteger first = from.max(innermost.range.first);
            if (first.compareTo(to) < 0) {
                AddressRange last = ranges.isEmpty() ? null : ranges.getLast();
                if (last != null && last.end.equals(first)) {
                    ranges.set(ranges.size() - 1, new AddressRange(last.first, to));
                } else {
                    ranges.add(new AddressRange(first, to));
                }
            }
        }
        return to;
    }

    /** The bytes of an address in the network's order. */
    static byte[] bytes(BigInteger number, int length) {
        byte[] digits = number.toByteArray();
        byte[] bytes = new byte[length];
        int count = Math.min(digits.length, length);
        System.arraycopy(digits, digits.length - count, bytes, length - count, count);
        return bytes;
    }

    /** Whether it goes up to the last address of the family. */
    boolean isOpen(int length) {
        return end.bitLength() > length * Byte.SIZE;
    }

    private static BigInteger number(IpAddress address) {
        return new BigInteger(1, address.toBytes());
    }
}
