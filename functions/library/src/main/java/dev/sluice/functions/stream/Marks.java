package dev.sluice.functions.stream;

import dev.sluice.functions.sql.Reserved;
import dev.sluice.functions.sql.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;

/**
 * Says in the database what was handed to connections: for all devices together and after the fact, so that nobody waits for
 * it. A portal that dies in between says it again, and everything that is said can be said twice.
 */
@ApplicationScoped
public class Marks {
    /** What was handed to a connection: ids in the outbox, and of candidates. */
    record Mark(Channel channel, List<Long> entries, List<Long> candidates) {
        boolean isEmpty() {
            return entries.isEmpty() && candidates.isEmpty();
        }
    }

    private final Transactions transactions;
    private final Object writing = new Object();
    private List<Mark> waiting = new ArrayList<>();

    @Inject
    public Marks(@Reserved Transactions transactions) {
        this.transactions = transactions;
    }

    synchronized void add(Mark mark) {
        waiting.add(mark);
    }

    /** Writes what has been added; what cannot be written stays. */
    void write() {
        synchronized (writing) {
            List<Mark> marks;
            synchronized (this) {
                marks = waiting;
                waiting = new ArrayList<>();
            }
            if (marks.isEmpty()) {
                return;
            }
            boolean written = false;
            try {
                transactions.ofPortal().run(transaction -> Outbox.handed(transaction, marks));
                written = true;
            } finally {
                if (written) {
                    marks.forEach(mark -> mark.channel().progress().marked(mark));
                } else {
                    marks.forEach(this::add);
                }
            }
        }
    }
}
