package dev.sluice.datapath.wireguard;

import java.util.function.IntFunction;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What belongs to which connection index. Indices are random 24-bit numbers, so that nobody can guess those of others;
 * looking up, once a packet, allocates nothing. Open addressing, at most half full. For one thread.
 */
public final class IndexTable<T> {
    /** Indices below this exist. */
    public static final int LIMIT = 1 << 24;

    /** Connections that fit: beyond this, finding a free random index would take ever longer. */
    public static final int CAPACITY = LIMIT / 2;

    private final RandomGenerator random;
    private int[] keys = new int[16];
    private @Nullable Object[] values = new Object[16];
    private int size;

    /** @param random cryptographically strong */
    public IndexTable(RandomGenerator random) {
        this.random = random;
    }

    /**
     * Makes a value for a new index and keeps it.
     *
     * @throws IllegalStateException if there are {@link #CAPACITY} already
     */
    public T allocate(IntFunction<T> factory) {
        if (size >= CAPACITY) {
            throw new IllegalStateException("no connection index is left");
        }
        int index;
        do {
            index = random.nextInt(LIMIT);
        } while (values[slot(index)] != null);
        T value = factory.apply(index);
        if (2 * (size + 1) > keys.length) {
            grow();
        }
        int slot = slot(index);
        keys[slot] = index;
        values[slot] = value;
        size++;
        return value;
    }

    /** By the receiver index of a message, whose upper 24 bits are the connection's. */
    public @Nullable T find(int receiverIndex) {
        return get(receiverIndex >>> 8);
    }

    /** By the connection index. */
    @SuppressWarnings("unchecked")
    public @Nullable T get(int connectionIndex) {
        return (T) values[slot(connectionIndex)];
    }

    /** Forgets a connection; false if there was none. */
    public boolean release(int connectionIndex) {
        int free = slot(connectionIndex);
        if (values[free] == null) {
            return false;
        }
        int mask = keys.length - 1;
        for (int slot = free + 1 & mask; values[slot] != null; slot = slot + 1 & mask) {
            int home = home(keys[slot]);
            if ((slot - home & mask) >= (slot - free & mask)) {
                keys[free] = keys[slot];
                values[free] = values[slot];
                free = slot;
            }
        }
        values[free] = null;
        size--;
        return true;
    }

    public int size() {
        return size;
    }

    /** Where the index is, or the empty slot where it would go. */
    private int slot(int index) {
        int mask = keys.length - 1;
        int slot = home(index);
        while (values[slot] != null && keys[slot] != index) {
            slot = slot + 1 & mask;
        }
        return slot;
    }

    /** Indices are random already. */
    private int home(int index) {
        return index & keys.length - 1;
    }

    private void grow() {
        int[] oldKeys = keys;
        @Nullable Object[] oldValues = values;
        keys = new int[2 * oldKeys.length];
        values = new Object[keys.length];
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldValues[i] != null) {
                int slot = slot(oldKeys[i]);
                keys[slot] = oldKeys[i];
                values[slot] = oldValues[i];
            }
        }
    }
}
