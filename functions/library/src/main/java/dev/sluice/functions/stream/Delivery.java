package dev.sluice.functions.stream;

import static java.util.stream.Collectors.groupingBy;

import dev.sluice.channel.ClientCodec;
import dev.sluice.channel.Detail;
import dev.sluice.channel.Frame;
import dev.sluice.channel.GatewayCodec;
import dev.sluice.channel.IceCandidates;
import dev.sluice.channel.InvalidateIceCandidates;
import dev.sluice.channel.Reason;
import dev.sluice.channel.SluiceExtra;
import dev.sluice.functions.device.Device.Role;
import dev.sluice.functions.sql.Reserved;
import dev.sluice.functions.sql.Transaction;
import dev.sluice.functions.sql.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The one writer of the channels that this instance serves. For the devices of a role it takes what is visible and unsent, in
 * the order of the ids, and then the candidates, all as of one moment: what a device needs to know before a peer's candidates
 * was committed before they were, so they cannot overtake it.
 *
 * <p>What was handed to a connection is marked as sent afterwards: a portal that dies in between says it again, and everything
 * that is said can be said twice.
 *
 * <p>Gateways are told first, without waiting for what is read for clients: what a change ended for thousands of clients ends
 * at the gateways before the clients hear of it.
 */
@ApplicationScoped
public class Delivery {
    private sealed interface Step {
        record Push(Channel channel, Messages.Push push) implements Step {}

        record Disconnect(Channel channel, @Nullable Reason reason) implements Step {}

        record Look(Looks.Look look) implements Step {}
    }

    /** What a pass does for the devices of one role, in order. */
    private static final class Work {
        final List<Step> steps = new ArrayList<>();
        final List<Outbox.Handed> entries = new ArrayList<>();
        final List<Long> candidates = new ArrayList<>();
        final List<Channel> looked = new ArrayList<>();
        boolean more;
    }

    private static final Logger LOG = Logger.getLogger(Delivery.class);

    private final Transactions transactions;
    private final Channels channels;
    private final Messages messages;
    private final Looks looks;

    @Inject
    public Delivery(@Reserved Transactions transactions, Channels channels, Messages messages, Looks looks) {
        this.transactions = transactions;
        this.channels = channels;
        this.messages = messages;
        this.looks = looks;
    }

    /**
     * Sends one batch. Called by one thread at a time.
     *
     * @param now in monotonic nanoseconds
     * @return whether there may be more at once
     */
    boolean deliver(long now) {
        var ready = channels.ready();
        if (ready.isEmpty()) {
            return false;
        }
        var due = ready.stream()
                .filter(channel -> channel.device().role() == Role.CLIENT
                        && channel.offer().isDue(now))
                .limit(Looks.BATCH)
                .toList();
        var byRole =
                ready.stream().collect(groupingBy(channel -> channel.device().role()));
        var work = new ArrayList<Work>();
        try {
            for (var role : List.of(Role.GATEWAY, Role.CLIENT)) {
                var served = byRole.getOrDefault(role, List.of());
                if (!served.isEmpty()) {
                    work.add(hand(served, role == Role.CLIENT ? due : List.of(), now));
                }
            }
        } finally {
            // Also when there is nothing to be had for clients: gateways would hear the same again and again.
            mark(work);
        }
        return work.stream().anyMatch(part -> part.more);
    }

    private void mark(List<Work> work) {
        var entries = work.stream().flatMap(part -> part.entries.stream()).toList();
        var candidates = work.stream().flatMap(part -> part.candidates.stream()).toList();
        if (!entries.isEmpty() || !candidates.isEmpty()) {
            transactions.run(transaction -> {
                Outbox.sent(transaction, entries);
                Outbox.passed(transaction, candidates);
            });
        }
    }

    /** What there is to read for clients, which can be much, never holds up what has been read for gateways. */
    private Work hand(List<Channel> served, List<Channel> due, long now) {
        var work = transactions.call(transaction -> {
            transaction.update("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
            return take(transaction, served, due);
        });
        work.steps.forEach(Delivery::perform);
        work.looked.forEach(channel -> channel.offer().looked(now));
        return work;
    }

    private Work take(Transaction transaction, List<Channel> served, List<Channel> due) {
        var work = new Work();
        // Behind a full batch there may be an entry that has to go before all else.
        if (takeEntries(transaction, served, work)) {
            takeCandidates(transaction, served, work);
            looks.look(transaction, due).forEach(look -> work.steps.add(new Step.Look(look)));
            work.looked.addAll(due);
            work.more |= due.size() == Looks.BATCH;
        }
        return work;
    }

    /** Takes what is unsent, and says whether that was all. */
    private boolean takeEntries(Transaction transaction, List<Channel> served, Work work) {
        var byDevice = byDevice(served);
        var entries = Outbox.unsent(transaction, served);
        var coalesced = coalesced(entries);
        var reached = messages.reached(transaction, coalesced);
        for (var entry : coalesced) {
            var channel = byDevice.get(entry.deviceId());
            if (channel == null) {
                continue;
            }
            if (entry.kind() == Entry.Kind.DISCONNECT) {
                var detail = entry.detail();
                work.steps.add(new Step.Disconnect(channel, detail == null ? null : detail.reason()));
            } else {
                pushes(transaction, entry, channel, reached)
                        .forEach(push -> work.steps.add(new Step.Push(channel, push)));
            }
        }
        work.entries.addAll(handed(entries, byDevice));
        boolean full = entries.size() == Outbox.BATCH;
        work.more |= full;
        return !full;
    }

    private static void takeCandidates(Transaction transaction, List<Channel> served, Work work) {
        var byDevice = byDevice(served);
        var candidates = Outbox.candidates(transaction, served);
        for (var candidate : candidates) {
            var channel = byDevice.get(candidate.deviceId());
            if (channel != null) {
                var frame = frame(channel.device().role(), candidate);
                work.steps.add(new Step.Push(channel, new Messages.Push(frame, SluiceExtra.EMPTY)));
            }
            work.candidates.add(candidate.id());
        }
        work.more |= candidates.size() == Outbox.BATCH;
    }

    private static void perform(Step step) {
        switch (step) {
            case Step.Push(var channel, var push) -> push(channel, push);
            case Step.Disconnect disconnect -> disconnect(disconnect);
            case Step.Look(var look) -> look.pushes().forEach(push -> push(look.channel(), push));
        }
    }

    private static void push(Channel channel, Messages.Push push) {
        channel.push(push.frame(), push.extra());
        push.effect().accept(channel.offer());
    }

    private static Map<UUID, Channel> byDevice(List<Channel> channels) {
        return channels.stream()
                .collect(Collectors.toMap(channel -> channel.device().id(), Function.identity(), (a, b) -> b));
    }

    private static List<Outbox.Handed> handed(List<Entry> entries, Map<UUID, Channel> channels) {
        var handed = new ArrayList<Outbox.Handed>();
        for (var entry : entries) {
            var channel = channels.get(entry.deviceId());
            if (channel != null) {
                handed.add(new Outbox.Handed(entry.id(), entry.deviceId(), channel.fence()));
            }
        }
        return handed;
    }

    /** An entry that makes no message, as only one typed by hand can be, is left out: it must not stop all others. */
    private List<Messages.Push> pushes(
            Transaction transaction, Entry entry, Channel channel, Map<Reach.Asked, Reach.Reached> reached) {
        try {
            return messages.of(transaction, entry, channel.device(), reached);
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
