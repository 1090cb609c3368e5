package dev.sluice.functions.stream;

import dev.sluice.channel.Detail;
import dev.sluice.channel.Resource;
import dev.sluice.channel.SluiceExtra;
import dev.sluice.functions.flow.Reach;
import dev.sluice.functions.sql.Transaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * The look, once a minute, at what clients may ask for: time opens and closes resources without anybody changing a row. Only
 * clients of accounts whose policies have conditions on time can differ from what they were told.
 */
@ApplicationScoped
public class Looks {
    /**
     * What a client may ask for now.
     *
     * @param lost why it may no longer ask for what it had been offered
     */
    record Look(Channel channel, List<Resource> resources, Map<UUID, Detail> lost) {
        /** What the client has to be told, given what it has been told; what it lost goes first. */
        List<Messages.Push> pushes() {
            var told = channel.offer().resources();
            var now = resources.stream().map(Resource::id).collect(Collectors.toSet());
            var pushes = new ArrayList<Messages.Push>();
            for (var id : told) {
                if (!now.contains(id)) {
                    pushes.add(Messages.Push.withdraws(id, new SluiceExtra(null, lost.get(id))));
                }
            }
            for (var resource : resources) {
                if (!told.contains(resource.id())) {
                    pushes.add(Messages.Push.offers(resource, SluiceExtra.EMPTY));
                }
            }
            return pushes;
        }
    }

    private static final Logger LOG = Logger.getLogger(Looks.class);

    private final Reach reach;

    @Inject
    public Looks(Reach reach) {
        this.reach = reach;
    }

    /**
     * Of these clients those that may have to be told something, as of the moment of this transaction: what is unsent by then
     * is sent before.
     */
    List<Look> look(Transaction transaction, List<Channel> clients) {
        var concerned = concerned(transaction, clients);
        var looks = new ArrayList<Look>();
        for (var channel : clients) {
            if (concerned.contains(channel.device().id())) {
                try {
                    looks.add(look(transaction, channel));
                } catch (NullPointerException | IllegalArgumentException e) {
                    // As only rows typed by hand can bring about; no other client suffers from them.
                    LOG.errorf(
                            "client %s cannot be looked at: %s",
                            channel.device().id(), e.getMessage());
                }
            }
        }
        return looks;
    }

    private Look look(Transaction transaction, Channel channel) {
        var device = channel.device();
        var resources = reach.all(transaction, transaction.pipeline(), device.id());
        var gone = new HashSet<>(channel.offer().resources());
        resources.forEach(resource -> gone.remove(resource.id()));
        var asked = gone.stream().map(id -> new Reach.Asked(device.id(), id)).toList();
        var lost = new HashMap<UUID, Detail>();
        reach.of(transaction, asked).forEach((ask, reached) -> {
            if (reached instanceof Reach.Reached.No no) {
                lost.put(ask.resourceId(), no.detail());
            }
        });
        return new Look(channel, resources, lost);
    }

    /** A stream that is held keeps this back too. */
    private static Set<UUID> concerned(Transaction transaction, List<Channel> clients) {
        return clients.isEmpty()
                ? Set.of()
                : Set.copyOf(transaction.list(
                        """
                        SELECT due.device_id FROM unnest(?::uuid[], ?::uuid[]) AS due (device_id, account_id)
                        WHERE EXISTS (SELECT FROM policy p
                                      WHERE p.account_id = due.account_id AND p.disabled_at IS NULL
                                        AND p.conditions @> '[{"property": "current_utc_datetime"}]')
                          AND NOT EXISTS (SELECT FROM stream_hold h WHERE h.device_id = due.device_id)
                        """,
                        row -> row.id("device_id"),
                        clients.stream().map(channel -> channel.device().id()).toList(),
                        clients.stream()
                                .map(channel -> channel.device().accountId())
                                .toList()));
    }
}
