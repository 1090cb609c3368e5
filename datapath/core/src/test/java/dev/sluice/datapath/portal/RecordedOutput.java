package dev.sluice.datapath.portal;

import dev.sluice.channel.Frame;
import dev.sluice.channel.FrameCodec;
import dev.sluice.channel.PortalToClient;
import dev.sluice.channel.SluiceExtra;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Remembers what a channel asked of its shell. */
final class RecordedOutput implements PortalChannel.Output<PortalToClient> {
    final List<Integer> connected = new ArrayList<>();
    final List<Integer> closed = new ArrayList<>();
    final List<Frame> sent = new ArrayList<>();
    final List<PortalToClient> received = new ArrayList<>();
    final List<PortalDown> downs = new ArrayList<>();
    Map<String, String> headers = Map.of();
    int ups;
    int epochs;

    @Override
    public void connect(int socket, URI url, Map<String, String> headersToSend) {
        connected.add(socket);
        headers = headersToSend;
    }

    @Override
    public void send(int socket, String text) {
        sent.add(FrameCodec.decode(text).orElseThrow());
    }

    @Override
    public void close(int socket) {
        closed.add(socket);
    }

    @Override
    public void up() {
        ups++;
    }

    @Override
    public void down(PortalDown why) {
        downs.add(why);
    }

    @Override
    public void newEpoch() {
        epochs++;
    }

    @Override
    public void received(PortalToClient message, @Nullable SluiceExtra extra) {
        received.add(message);
    }

    int socket() {
        return connected.getLast();
    }

    Frame last() {
        return sent.getLast();
    }
}
