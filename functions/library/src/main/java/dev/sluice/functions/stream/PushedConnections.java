package dev.sluice.functions.stream;

import dev.sluice.functions.device.Admission;
import dev.sluice.functions.device.Device;
import dev.sluice.functions.job.ScheduledJob;
import dev.sluice.functions.job.ScheduledJobs;
import dev.sluice.functions.settings.BuildProperties;
import dev.sluice.functions.sql.DatabaseFailure;
import dev.sluice.functions.sql.Ids;
import dev.sluice.functions.sql.Transactions;
import dev.sluice.functions.stream.PostedConnection.State;
import dev.sluice.functions.stream.PushedRows.Pushed;
import io.quarkus.arc.properties.IfBuildProperty;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The channels of devices whose connections a service holds in front of functions. What a device is told goes out before the
 * invocation ends that made it so, whichever that is. What one leaves undone that is cut off, the schedule does, each minute.
 */
@ApplicationScoped
@IfBuildProperty(name = BuildProperties.FUNCTIONS, stringValue = "true")
public class PushedConnections implements ScheduledJobs {
    /** For so long devices are told something; then the database is told what was sent. */
    private static final Duration POSTS = PushedDelivery.LEASE.minusSeconds(10);

    private static final Duration ROUND = Duration.ofMinutes(1);

    /** A round that comes a little early is one, too. */
    private static final Duration CHECK_EVERY = ROUND.minusSeconds(10);

    private static final Logger LOG = Logger.getLogger(PushedConnections.class);

    private final Transactions transactions;
    private final Handshake handshake;
    private final DeviceChannels channels;
    private final PushedDelivery delivery;
    private final InvocationWake wake;
    private final ConnectionsApi api;
    private final Instance instance;
    private final StreamSettings settings;

    @Inject
    public PushedConnections(
            Transactions transactions,
            Handshake handshake,
            DeviceChannels channels,
            PushedDelivery delivery,
            InvocationWake wake,
            ConnectionsApi api,
            Instance instance,
            StreamSettings settings) {
        this.transactions = transactions;
        this.handshake = handshake;
        this.channels = channels;
        this.delivery = delivery;
        this.wake = wake;
        this.api = api;
        this.instance = instance;
        this.settings = settings;
    }

    /** A device connects. Nothing can be sent to it before this is answered. */
    public Handshake.Answer open(
            String address, Device.Role role, @Nullable String token, Admission.Checked parameters) {
        try {
            var answer = handshake.check(role, token, parameters);
            if (answer instanceof Handshake.Answer.Admitted(var device)) {
                transactions
                        .inAccount(device.accountId())
                        .run(transaction ->
                                PushedRows.open(transaction, Ids.next(), address, device, settings.idleLimit()));
            }
            return answer;
        } catch (DatabaseFailure e) {
            LOG.warnf("a handshake failed: %s", e.toString());
            return Handshake.UNDECIDED;
        }
    }

    /** A device says something. One that is not known here is to connect again. */
    public void receive(String address, String text, Duration within) {
        var found = transactions.ofPortal().call(transaction -> PushedRows.at(transaction, address, true));
        if (found.isEmpty()) {
            api.close(address);
            return;
        }
        var pushed = found.get();
        var connection = new PostedConnection(api, address, end(within));
        var channel = channels.open(
                pushed.device(), connection, new PushedOwner(transactions, api, settings.unheard(), pushed));
        var fence = pushed.fence();
        if (fence != null) {
            channel.resume(fence);
        }
        channel.handle(text);
        if (connection.drain() == State.GONE) {
            close(address);
        }
    }

    /** A connection has ended. */
    public void close(String address) {
        delivery.ended(address);
    }

    /**
     * Tells devices what has come to wait for them, and those who serve others that something may. It is the last that an
     * invocation does.
     *
     * @param changed whether anything may have been written that nobody has signalled
     */
    public void settle(boolean changed, Duration within) {
        var signals = wake.take();
        if (signals.any()) {
            transactions.ofPortal().run(transaction -> WakeCalls.tellOthers(transaction, instance.id()));
        }
        if (signals.any() || changed) {
            delivery.deliver(signals.wholes(), null, end(within));
        }
    }

    @Override
    public List<ScheduledJob> jobs() {
        return List.of(ScheduledJob.every(ROUND, "connections", this::round));
    }

    /** Ends what is over, and tells devices what an invocation that was cut off has left. */
    void round() {
        long until = end(ROUND);
        List<Pushed> over;
        do {
            over = transactions
                    .ofPortal()
                    .call(transaction -> PushedRows.over(transaction, settings.joinWithin(), PushedDelivery.AT_ONCE));
            PushedDelivery.together(over, pushed -> {
                api.close(pushed.address());
                delivery.forget(pushed);
            });
        } while (over.size() == PushedDelivery.AT_ONCE && System.nanoTime() - until < 0);
        transactions.ofPortal().run(transaction -> ChannelRows.clearDead(transaction, settings.unheard()));
        delivery.deliver(Set.of(), CHECK_EVERY, until);
    }

    private static long end(Duration within) {
        return System.nanoTime() + (within.compareTo(POSTS) < 0 ? within : POSTS).toNanos();
    }
}
