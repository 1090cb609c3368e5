package dev.sluice.functions.stream;

import dev.sluice.channel.ClientCodec;
import dev.sluice.channel.Detail;
import dev.sluice.channel.Frame;
import dev.sluice.channel.GatewayCodec;
import dev.sluice.channel.IceCandidates;
import dev.sluice.channel.InvalidateIceCandidates;
import dev.sluice.channel.Reason;
import dev.sluice.channel.SluiceExtra;
import dev.sluice.functions.device.Device.Role;
import dev.sluice.functions.flow.Reach;
import dev.sluice.functions.resource.ResourceRow;
import dev.sluice.functions.sql.Reserved;
import dev.sluice.functions.sql.Transaction;
import dev.sluice.functions.sql.TransactionScope;
import dev.sluice.functions.sql.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Tells devices what waits for them: what is visible and unsent, in the order of the ids, and then the candidates, all as of
 * one moment: what a device needs to know before a peer's candidates was committed before they were, so they cannot overtake
 * it.
 *
 * <p>What was handed to a connection is marked as sent afterwards, by whoever takes it
 * ({@link Marks}), and until then told apart by its channel.
 */
@ApplicationScoped
public class Delivery {
    private sealed interface Step {
        record Push(Channel channel, Messages.Push push) implements Step {}

        record Disconnect(Channel channel, @Nullable Reason reason) implements Step {}

        record Look(Looks.Look look) implements Step {}
    }

    /** What is to be done, in order. */
    private static final class Work {
        final List<Step> steps = new ArrayList<>();
        final List<Marks.Mark> marks = new ArrayList<>();
        final List<Channel> checked = new ArrayList<>();
        boolean more;
    }

    private static final Logger LOG = Logger.getLogger(Delivery.class);

    private final Transactions transactions;
    private final Messages messages;
    private final Looks looks;
    private final Snapshots snapshots;

    @Inject
    public Delivery(@Reserved Transactions transactions, Messages messages, Looks looks, Snapshots snapshots) {
        this.transactions = transactions;
        this.messages = messages;
        this.looks = looks;
        this.snapshots = snapshots;
    }

    /**
     * Sends one batch to some devices: what each account's are told is read with nothing but its rows in sight. Called by
     * anyone, but for one device by one thread at a time.
     *
     * @param now in monotonic nanoseconds
     * @param handed takes what was handed to a connection
     * @return whether there may be more at once
     */
    boolean deliver(List<Channel> served, long now, Consumer<Marks.Mark> handed) {
        boolean more = false;
        var byAccount = served.stream()
                .collect(Collectors.groupingBy(channel -> channel.device().accountId()));
        for (var of : byAccount.entrySet()) {
            more |= deliver(transactions.inAccount(of.getKey()), of.getValue(), now, handed);
        }
        return more;
    }

    private boolean deliver(TransactionScope scope, List<Channel> served, long now, Consumer<Marks.Mark> handed) {
        var due = served.stream().filter(channel -> channel.check().isDue(now)).toList();
        var anew = served.stream()
                .filter(channel -> channel.progress().takeSnapshotWanted())
                .toList();
        boolean candidates = false;
        for (var channel : served) {
            candidates |= channel.progress().takeCandidatesWait();
        }
        var quick = due.isEmpty() && anew.isEmpty() && !candidates
                ? scope.glance(transaction -> glance(transaction, served))
                : Optional.<Work>empty();
        var work = quick.orElseGet(() -> scope.read(transaction -> look(transaction, served, due, anew)));
        work.steps.forEach(Delivery::perform);
        work.checked.forEach(channel -> channel.check().done(now));
        for (var mark : work.marks) {
            mark.channel().progress().handed(mark);
            handed.accept(mark);
        }
        return work.more;
    }

    /** Most of the time one statement says everything; empty if it does not. */
    private Optional<Work> glance(Transaction transaction, List<Channel> served) {
        var pipeline = transaction.pipeline();
        var unsent = Outbox.unsent(pipeline, served);
        pipeline.send();
        var entries = unsent.get();
        if (entries.size() == Outbox.BATCH
                || !entries.stream().allMatch(entry -> entry.kind().isComplete())) {
            return Optional.empty();
        }
        return Optional.of(take(transaction, served, entries, List.of()));
    }

    private Work look(Transaction transaction, List<Channel> served, List<Channel> due, List<Channel> anew) {
        var pipeline = transaction.pipeline();
        var unsent = Outbox.unsent(pipeline, served);
        var waiting = Outbox.candidates(pipeline, served);
        pipeline.send();
        if (unsent.get().size() == Outbox.BATCH) {
            // Behind a full batch there may be an entry that has to go before all else.
            served.forEach(channel -> channel.progress().expectCandidates());
            anew.forEach(channel -> channel.progress().wantSnapshot());
            var work = take(transaction, served, unsent.get(), List.of());
            work.more = true;
            return work;
        }
        var work = take(transaction, served, unsent.get(), waiting.get());
        anew.forEach(channel -> snapshots
                .push(transaction, channel.device())
                .ifPresent(push -> work.steps.add(new Step.Push(channel, push))));
        check(transaction, due, work);
        if (waiting.get().size() == Outbox.BATCH) {
            served.forEach(channel -> channel.progress().expectCandidates());
            work.more = true;
        }
        return work;
    }

    private void check(Transaction transaction, List<Channel> due, Work work) {
        var clients = due.stream()
                .filter(channel -> channel.device().role() == Role.CLIENT)
                .toList();
        var gateways = due.stream()
                .filter(channel -> channel.device().role() == Role.GATEWAY
                        && channel.device().own())
                .toList();
        looks.look(transaction, clients).forEach(look -> work.steps.add(new Step.Look(look)));
        GrantDigests.of(transaction, gateways).forEach((channel, push) -> work.steps.add(new Step.Push(channel, push)));
        work.checked.addAll(due);
    }

    private Work take(
            Transaction transaction, List<Channel> served, List<Entry> entries, List<Outbox.Candidates> candidates) {
        var work = new Work();
        var byDevice = byDevice(served);
        takeEntries(transaction, entries, byDevice, work);
        takeCandidates(candidates, byDevice, work);
        byDevice.forEach((id, channel) -> work.marks.add(new Marks.Mark(
                channel,
                entries.stream()
                        .filter(entry -> entry.deviceId().equals(id))
                        .map(Entry::id)
                        .toList(),
                candidates.stream()
                        .filter(candidate -> candidate.deviceId().equals(id))
                        .map(Outbox.Candidates::id)
                        .toList())));
        work.marks.removeIf(Marks.Mark::isEmpty);
        return work;
    }

    private void takeEntries(Transaction transaction, List<Entry> entries, Map<UUID, Channel> byDevice, Work work) {
        var coalesced = coalesced(entries);
        var reached = messages.reached(transaction, coalesced);
        var resources = messages.resources(transaction, coalesced);
        var ended = new HashSet<UUID>();
        for (var entry : coalesced) {
            var channel = Objects.requireNonNull(byDevice.get(entry.deviceId()), "only these devices' were read");
            if (ended.contains(entry.deviceId())) {
                // Nothing follows the end of a connection.
                continue;
            }
            if (entry.kind() == Entry.Kind.DISCONNECT) {
                ended.add(entry.deviceId());
                var detail = entry.detail();
                work.steps.add(new Step.Disconnect(channel, detail == null ? null : detail.reason()));
            } else {
                pushes(transaction, entry, channel, reached, resources)
                        .forEach(push -> work.steps.add(new Step.Push(channel, push)));
            }
        }
    }

    private static void takeCandidates(List<Outbox.Candidates> candidates, Map<UUID, Channel> byDevice, Work work) {
        for (var candidate : candidates) {
            var channel = Objects.requireNonNull(byDevice.get(candidate.deviceId()), "only these devices' were read");
            var frame = frame(channel.device().role(), candidate);
            work.steps.add(new Step.Push(channel, new Messages.Push(frame, SluiceExtra.EMPTY)));
        }
    }

    private static void perform(Step step) {
        switch (step) {
            case Step.Push(var channel, var push) -> channel.push(push);
            case Step.Disconnect disconnect -> disconnect(disconnect);
            case Step.Look(var look) -> look.pushes().forEach(look.channel()::push);
        }
    }

    private static Map<UUID, Channel> byDevice(List<Channel> channels) {
        return channels.stream()
                .collect(Collectors.toMap(channel -> channel.device().id(), Function.identity(), (a, b) -> b));
    }

    /** An entry that makes no message, as only one typed by hand can be, is left out: it must not stop all others. */
    private List<Messages.Push> pushes(
            Transaction transaction,
            Entry entry,
            Channel channel,
            Map<Reach.Asked, Reach.Reached> reached,
            Map<UUID, ResourceRow> resources) {
        try {
            return messages.of(transaction, entry, channel.device(), reached, resources);
        } catch (NullPointerException | IllegalArgumentException e) {
            LOG.errorf("outbox entry %d of kind %s says nothing: %s", entry.id(), entry.kind(), e.getMessage());
            return List.of();
        }
    }

    /** Of several entries about one resource of one client the last remains, with what all of them said. */
    private static List<Entry> coalesced(List<Entry> entries) {
        record About(UUID device, @Nullable UUID resource) {}
        var last = new HashMap<About, Entry>();
        for (var entry : entries) {
            if (entry.isAboutResource()) {
                last.merge(
                        new About(entry.deviceId(), entry.resourceId()),
                        entry,
                        (earlier, later) -> later.after(earlier));
            }
        }
        var kept = new ArrayList<Entry>();
        for (var entry : entries) {
            if (!entry.isAboutResource()) {
                kept.add(entry);
            } else {
                var merged = last.get(new About(entry.deviceId(), entry.resourceId()));
                if (merged != null && merged.id() == entry.id()) {
                    kept.add(merged);
                }
            }
        }
        return kept;
    }

    private static Frame frame(Role role, Outbox.Candidates candidates) {
        var added = new IceCandidates(candidates.peerId(), candidates.candidates());
        var removed = new InvalidateIceCandidates(candidates.peerId(), candidates.candidates());
        return switch (role) {
            case CLIENT -> ClientCodec.encode(candidates.removed() ? removed : added, (SluiceExtra) null);
            case GATEWAY -> GatewayCodec.encode(candidates.removed() ? removed : added, (SluiceExtra) null);
        };
    }

    /**
     * Ends a connection. Our own peers are told why; to those of 2025 the word would be the end of their process, and the
     * answer to their next handshake says it too.
     */
    private static void disconnect(Step.Disconnect disconnect) {
        var channel = disconnect.channel();
        var reason = disconnect.reason();
        if (channel.device().own() && reason != null && reason.effect() == Reason.Effect.SIGNED_OUT) {
            channel.push(Frame.disconnect(channel.device().role().word()), new SluiceExtra(null, Detail.of(reason)));
        }
        channel.connection().close(reason == null ? "signed out" : reason.code());
    }
}
