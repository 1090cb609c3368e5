package dev.sluice.datapath.connectivity;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The connections in the order of their deadlines: a binary heap that knows each one's place in it.
 *
 * <p>A deadline that moves away is left where it is and found to be early when it comes, so that a packet costs nothing
 * here in the usual case.
 */
final class DeadlineQueue {
    private Connection[] heap = new Connection[16];
    private int size;

    /** The first deadline, or {@code Long.MAX_VALUE}. */
    long first() {
        return size == 0 ? Long.MAX_VALUE : heap[0].deadline;
    }

    /** Makes sure that the connection comes up at {@code deadline} at the latest. */
    void bring(Connection connection, long deadline) {
        if (connection.place < 0) {
            if (size == heap.length) {
                heap = Arrays.copyOf(heap, 2 * size);
            }
            connection.deadline = deadline;
            up(size++, connection);
        } else if (deadline < connection.deadline) {
            connection.deadline = deadline;
            up(connection.place, connection);
        }
    }

    /** Takes the first connection out if its deadline has come. */
    @Nullable Connection poll(long now) {
        if (size == 0 || heap[0].deadline > now) {
            return null;
        }
        Connection connection = heap[0];
        remove(connection);
        return connection;
    }

    void remove(Connection connection) {
        int place = connection.place;
        if (place < 0) {
            return;
        }
        connection.place = -1;
        Connection last = heap[--size];
        if (last != connection) {
            up(place, last);
            down(last.place, last);
        }
    }

    private void up(int from, Connection connection) {
        int place = from;
        while (place > 0 && heap[(place - 1) >>> 1].deadline > connection.deadline) {
            set(place, heap[(place - 1) >>> 1]);
            place = (place - 1) >>> 1;
        }
        set(place, connection);
    }

    private void down(int from, Connection connection) {
        int place = from;
        while (2 * place + 1 < size) {
            int child = 2 * place + 1;
            if (child + 1 < size && heap[child + 1].deadline < heap[child].deadline) {
                child++;
            }
            if (heap[child].deadline >= connection.deadline) {
                break;
            }
            set(place, heap[child]);
            place = child;
        }
        set(place, connection);
    }

    private void set(int place, Connection connection) {
        heap[place] = connection;
        connection.place = place;
    }
}
