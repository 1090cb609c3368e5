package dev.sluice.datapath.wire;

import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A map from prefixes to values with longest-prefix match, for both families. Looking up allocates nothing.
 *
 * <p>One path-compressed binary trie a family: a node stands for a prefix, its children for longer ones that differ in
 * the next bit; nodes without a value exist only where two branches part. Depth is bounded by the address length and,
 * in practice, by the number of prefixes that nest. For one thread.
 */
public final class PrefixTable<V> {
    private @Nullable Node<V> ipv4;
    private @Nullable Node<V> ipv6;
    private int size;

    /** Maps {@code prefix} to {@code value}, and returns the value that it had before. */
    public @Nullable V put(IpPrefix prefix, V value) {
        Node<V> added = new Node<>(prefix, value);
        Node<V> root = root(prefix.network().version());
        if (root == null) {
            setRoot(prefix.network().version(), added);
            size++;
            return null;
        }
        Node<V> parent = null;
        Node<V> node = root;
        while (node != null && node.length <= added.length && node.covers(added.high, added.low)) {
            if (node.length == added.length) {
                V previous = node.value;
                node.value = value;
                node.prefix = prefix;
                size += previous == null ? 1 : 0;
                return previous;
            }
            parent = node;
            node = node.child(added.high, added.low);
        }
        replace(prefix.network().version(), parent, node == null ? added : join(node, added));
        size++;
        return null;
    }

    /** Forgets exactly {@code prefix}, and returns the value that it had. */
    public @Nullable V remove(IpPrefix prefix) {
        Node<V> key = new Node<>(prefix, null);
        Node<V> grandparent = null;
        Node<V> parent = null;
        Node<V> node = root(prefix.network().version());
        while (node != null && node.length < key.length && node.covers(key.high, key.low)) {
            grandparent = parent;
            parent = node;
            node = node.child(key.high, key.low);
        }
        if (node == null || node.length != key.length || !node.covers(key.high, key.low) || node.value == null) {
            return null;
        }
        V previous = node.value;
        node.value = null;
        node.prefix = null;
        size--;
        prune(prefix.network().version(), grandparent, parent, node);
        return previous;
    }

    /** The value of exactly {@code prefix}. */
    public @Nullable V get(IpPrefix prefix) {
        Node<V> key = new Node<>(prefix, null);
        Node<V> node = root(prefix.network().version());
        while (node != null && node.length < key.length && node.covers(key.high, key.low)) {
            node = node.child(key.high, key.low);
        }
        return node != null && node.length == key.length && node.covers(key.high, key.low) ? node.value : null;
    }

    /** The value of the longest prefix that contains {@code address}. */
    public @Nullable V lookup(IpAddress address) {
        return address.isIpv4() ? lookup(ipv4, address.low() << 32, 0) : lookup(ipv6, address.high(), address.low());
    }

    /** The value of the longest prefix that contains the address of {@code version} at {@code offset}. */
    public @Nullable V lookup(byte[] buffer, int offset, int version) {
        return version == 4
                ? lookup(ipv4, NetworkOrder.unsignedInt(buffer, offset) << 32, 0)
                : lookup(ipv6, NetworkOrder.getLong(buffer, offset), NetworkOrder.getLong(buffer, offset + 8));
    }

    /** The value of the longest prefix that contains the packet's source address. */
    public @Nullable V lookupSource(IpPacket packet) {
        return lookup(packet.buffer(), packet.sourceOffset(), packet.version());
    }

    /** The value of the longest prefix that contains the packet's destination address. */
    public @Nullable V lookupDestination(IpPacket packet) {
        return lookup(packet.buffer(), packet.destinationOffset(), packet.version());
    }

    public int size() {
        return size;
    }

    public boolean isEmpty() {
        return size == 0;
    }

    public void clear() {
        ipv4 = null;
        ipv6 = null;
        size = 0;
    }

    /** Calls {@code action} for every entry, IPv4 first, in the order of the prefixes. */
    public void forEach(BiConsumer<? super IpPrefix, ? super V> action) {
        forEach(ipv4, action);
        forEach(ipv6, action);
    }

    private static <V> @Nullable V lookup(@Nullable Node<V> root, long high, long low) {
        V best = null;
        Node<V> node = root;
        while (node != null && node.covers(high, low)) {
            V value = node.value;
            if (value != null) {
                best = value;
            }
            node = node.child(high, low);
        }
        return best;
    }

    private static <V> void forEach(@Nullable Node<V> node, BiConsumer<? super IpPrefix, ? super V> action) {
        if (node == null) {
            return;
        }
        if (node.value != null && node.prefix != null) {
            action.accept(node.prefix, node.value);
        }
        forEach(node.zero, action);
        forEach(node.one, action);
    }

    /** One node above two that part somewhere, or the shorter above the longer. */
    private static <V> Node<V> join(Node<V> node, Node<V> added) {
        int common = Math.min(added.length, node.commonBits(added.high, added.low));
        if (common == added.length) {
            added.attach(node);
            return added;
        }
        Node<V> branch = new Node<>(added.high, added.low, common);
        branch.attach(node);
        branch.attach(added);
        return branch;
    }

    /** Takes nodes without a value out that no longer part two branches. */
    private void prune(int version, @Nullable Node<V> grandparent, @Nullable Node<V> parent, Node<V> node) {
        if (node.zero != null && node.one != null) {
            return;
        }
        Node<V> only = node.zero != null ? node.zero : node.one;
        if (only != null || parent == null) {
            replaceWith(version, parent, node, only);
            return;
        }
        parent.detach(node);
        if (parent.value == null) {
            replaceWith(version, grandparent, parent, parent.zero != null ? parent.zero : parent.one);
        }
    }

    private void replaceWith(int version, @Nullable Node<V> parent, Node<V> node, @Nullable Node<V> by) {
        if (parent == null) {
            setRoot(version, by);
        } else if (by == null) {
            parent.detach(node);
        } else {
            parent.attach(by);
        }
    }

    private void replace(int version, @Nullable Node<V> parent, Node<V> node) {
        if (parent == null) {
            setRoot(version, node);
        } else {
            parent.attach(node);
        }
    }

    private @Nullable Node<V> root(int version) {
        return version == 4 ? ipv4 : ipv6;
    }

    private void setRoot(int version, @Nullable Node<V> root) {
        if (version == 4) {
            ipv4 = root;
        } else {
            ipv6 = root;
        }
    }

    /** A prefix as its bits from the left: an IPv4 address takes the first 32. */
    private static final class Node<V> {
        private final long high;
        private final long low;
        private final long highMask;
        private final long lowMask;
        private final int length;
        private @Nullable IpPrefix prefix;
        private @Nullable V value;
        private @Nullable Node<V> zero;
        private @Nullable Node<V> one;

        Node(IpPrefix prefix, @Nullable V value) {
            this(
                    prefix.network().isIpv4()
                            ? prefix.network().low() << 32
                            : prefix.network().high(),
                    prefix.network().isIpv4() ? 0 : prefix.network().low(),
                    prefix.length());
            this.prefix = prefix;
            this.value = value;
        }

        Node(long high, long low, int length) {
            this.length = length;
            this.highMask = length == 0 ? 0 : length >= 64 ? -1L : -1L << (64 - length);
            this.lowMask = length <= 64 ? 0 : -1L << (128 - length);
            this.high = high & highMask;
            this.low = low & lowMask;
        }

        boolean covers(long otherHigh, long otherLow) {
            return ((otherHigh ^ high) & highMask) == 0 && ((otherLow ^ low) & lowMask) == 0;
        }

        /** The number of leading bits that this prefix and the other address share, at most its length. */
        int commonBits(long otherHigh, long otherLow) {
            long highDifference = high ^ otherHigh;
            int common = highDifference != 0
                    ? Long.numberOfLeadingZeros(highDifference)
                    : 64 + Long.numberOfLeadingZeros(low ^ otherLow);
            return Math.min(length, common);
        }

        @Nullable Node<V> child(long otherHigh, long otherLow) {
            return isOne(otherHigh, otherLow) ? one : zero;
        }

        void attach(Node<V> node) {
            if (isOne(node.high, node.low)) {
                one = node;
            } else {
                zero = node;
            }
        }

        void detach(Node<V> node) {
            if (one == node) {
                one = null;
            } else {
                zero = null;
            }
        }

        private boolean isOne(long otherHigh, long otherLow) {
            return length < 64
                    ? (otherHigh >>> (63 - length) & 1) != 0
                    : length < 128 && (otherLow >>> (127 - length) & 1) != 0;
        }
    }
}
