package dev.sluice.functions.stream;

import dev.sluice.functions.settings.BuildProperties;
import dev.sluice.functions.sql.Ids;
import dev.sluice.functions.sql.Transactions;
import dev.sluice.functions.stream.PostedConnection.State;
import dev.sluice.functions.stream.PushedRows.Claimed;
import dev.sluice.functions.stream.PushedRows.Pushed;
import io.quarkus.arc.properties.IfBuildProperty;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Tells devices what waits for them whose connections are held elsewhere. One at a time does so for a device, who has a lease
 * of its connection; whoever finds that taken can leave, since who has it looks once more after giving it back.
 */
@ApplicationScoped
@IfBuildProperty(name = BuildProperties.FUNCTIONS, stringValue = "true")
public class PushedDelivery {
    /** For how long one tells a device something without saying so again: longer than a function may send. */
    static final Duration LEASE = Duration.ofSeconds(30);

    /** As many devices are told together. */
    static final int AT_ONCE = DueChannels.MOST_AT_ONCE;

    private final Transactions transactions;
    private final Delivery delivery;
    private final Marks marks;
    private final ConnectionsApi api;

    /** A device that is being told something; {@code state} is null while it is not known what it was told. */
    private static final class Told {
        final Claimed row;
        final PostedConnection connection;
        final Channel channel;
        final List<Marks.Mark> handed = new ArrayList<>();
        volatile @Nullable State state;

        Told(Claimed row, PostedConnection connection, Stamp stamp) {
            this.row = row;
            this.connection = connection;
            channel = new Channel(row.device(), row.fence(), connection, stamp, Periodic.once(row.due()));
            channel.offer().replaceAll(row.offered());
            channel.said().set(row.said());
            channel.progress().expectCandidates();
            if (row.whole()) {
                channel.progress().wantSnapshot();
            }
        }
    }

    @Inject
    public PushedDelivery(Transactions transactions, Delivery delivery, Marks marks, ConnectionsApi api) {
        this.transactions = transactions;
        this.delivery = delivery;
        this.marks = marks;
        this.api = api;
    }

    /**
     * Tells all that nobody else does, until nothing waits.
     *
     * @param wholes the devices that have asked for the whole
     * @param checkEvery those that were not checked for so long, too; null for none
     * @param until when there is no time left, in monotonic nanoseconds
     */
    void deliver(Collection<UUID> wholes, @Nullable Duration checkEvery, long until) {
        record Claim(Reading reading, List<Claimed> rows) {}
        var asked = wholes;
        while (System.nanoTime() - until < 0) {
            var holder = Ids.next();
            var asking = asked;
            var claim = transactions
                    .ofPortal()
                    .call(transaction -> new Claim(
                            Reading.of(transaction),
                            PushedRows.claim(transaction, holder, LEASE, asking, checkEvery, AT_ONCE)));
            if (claim.rows().isEmpty()) {
                return;
            }
            asked = Set.of();
            tell(
                    claim.rows().stream()
                            .map(row -> new Told(row, new PostedConnection(api, row.address(), until), claim.reading()))
                            .toList(),
                    holder);
        }
    }

    private void tell(List<Told> all, UUID holder) {
        Map<UUID, Told> byDevice = new HashMap<>();
        all.forEach(told -> byDevice.put(told.row.device().id(), told));
        try {
            var open = all;
            boolean more = true;
            while (more && !open.isEmpty()) {
                // If this fails, what it has handed over so far was not sent.
                open.forEach(told -> told.state = null);
                more = delivery.deliver(
                        open.stream().map(told -> told.channel).toList(),
                        System.nanoTime(),
                        mark -> Objects.requireNonNull(
                                        byDevice.get(mark.channel().device().id()), "only these were told something")
                                .handed
                                .add(mark));
                together(open, told -> told.state = told.connection.drain());
                open = open.stream().filter(told -> told.state == State.OPEN).toList();
            }
        } finally {
            all.stream().filter(told -> told.state == State.OPEN).forEach(told -> told.handed.forEach(marks::add));
            marks.write();
            all.forEach(told -> giveBack(told, holder));
        }
    }

    private void giveBack(Told told, UUID holder) {
        var row = told.row;
        if (told.state == State.GONE) {
            ended(row.address());
        } else {
            transactions
                    .inAccount(row.device().accountId())
                    .run(transaction ->
                            PushedRows.release(transaction, row.id(), holder, told.channel, told.state != State.OPEN));
        }
    }

    /** The connection at an address has ended. */
    void ended(String address) {
        transactions
                .ofPortal()
                .call(transaction -> PushedRows.at(transaction, address, false))
                .ifPresent(this::forget);
    }

    /** A connection has ended, and gives back what its device may not have heard since it said something last. */
    void forget(Pushed pushed) {
        transactions.inAccount(pushed.device().accountId()).run(transaction -> {
            var fence = pushed.fence();
            if (fence != null) {
                ChannelRows.leave(transaction, pushed.device().id(), fence, pushed.silent());
            }
            PushedRows.forget(transaction, pushed.id());
        });
    }

    /** Does something for each of some at once, and waits for all. */
    static <T> void together(Collection<T> all, Consumer<T> work) {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var tasks = all.stream()
                    .map(one -> threads.submit(() -> work.accept(one)))
                    .toList();
            for (var task : tasks) {
                task.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("not done for all", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
