package dev.sluice.datapath.simulation;

import dev.sluice.datapath.wire.Endpoint;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.random.RandomGenerator;

/** Carries datagrams from endpoint to endpoint, over the link of the sender and that of the receiver. */
final class Network {
    interface Receiver {
        void receive(Endpoint local, Endpoint remote, byte[] datagram);
    }

    private record Attachment(String host, Receiver receiver) {}

    private final Timeline timeline;
    private final RandomGenerator random;
    private final Map<Endpoint, Attachment> attachments = new HashMap<>();
    private final Map<String, Link> links = new HashMap<>();
    private final Map<String, Long> lastArrivals = new HashMap<>();

    Network(Timeline timeline, RandomGenerator random) {
        this.timeline = timeline;
        this.random = random;
    }

    void attach(String host, Endpoint endpoint, Receiver receiver) {
        attachments.put(endpoint, new Attachment(host, receiver));
    }

    void detach(Endpoint endpoint) {
        attachments.remove(endpoint);
    }

    void link(String host, Link link) {
        links.put(host, link);
    }

    Link link(String host) {
        return links.getOrDefault(host, Link.GOOD);
    }

    /** Sends what may arrive, once or twice, at once or later. */
    void send(Endpoint local, Endpoint remote, byte[] buffer, int offset, int length) {
        Attachment from = attachments.get(local);
        Attachment to = attachments.get(remote);
        if (from == null || to == null) {
            return;
        }
        Link up = link(from.host);
        Link down = link(to.host);
        byte[] datagram = Arrays.copyOfRange(buffer, offset, offset + length);
        int copies = chance(up.duplicate()) || chance(down.duplicate()) ? 2 : 1;
        for (int copy = 0; copy < copies; copy++) {
            if (!chance(up.loss()) && !chance(down.loss())) {
                deliver(local, remote, datagram.clone(), from.host, to.host);
            }
        }
    }

    private void deliver(Endpoint local, Endpoint remote, byte[] datagram, String from, String to) {
        Link up = link(from);
        Link down = link(to);
        long arrival = timeline.now() + latency(up) + latency(down);
        String way = from + ">" + to;
        if (chance(up.reorder()) || chance(down.reorder())) {
            arrival += random.nextLong(20_000_000);
        } else {
            arrival = Math.max(arrival, lastArrivals.getOrDefault(way, 0L));
            lastArrivals.put(way, arrival);
        }
        timeline.at(arrival, () -> {
            Attachment receiver = attachments.get(remote);
            if (receiver != null) {
                receiver.receiver.receive(remote, local, datagram);
            }
        });
    }

    private long latency(Link link) {
        long jitter = link.jitter().toNanos();
        return link.delay().toNanos() + (jitter == 0 ? 0 : random.nextLong(jitter));
    }

    private boolean chance(double share) {
        return share > 0 && random.nextDouble() < share;
    }
}
