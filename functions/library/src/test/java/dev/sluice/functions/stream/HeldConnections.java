package dev.sluice.functions.stream;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** A service that holds devices' connections, in memory. */
final class HeldConnections implements ConnectionsApi {
    private final Map<String, List<String>> open = new ConcurrentHashMap<>();
    /** What came before a connection was closed. */
    private final Map<String, List<String>> left = new ConcurrentHashMap<>();

    private final Set<String> ended = ConcurrentHashMap.newKeySet();
    private volatile Consumer<String> onPost = text -> {};

    void open(String address) {
        open.put(address, new ArrayList<>());
    }

    /** The device has gone, and nobody is told. */
    void cut(String address) {
        open.remove(address);
    }

    /** Runs before each text goes out. */
    void onPost(Consumer<String> action) {
        onPost = action;
    }

    @Override
    public boolean post(String address, String text) {
        onPost.accept(text);
        var texts = open.get(address);
        if (texts == null) {
            return false;
        }
        synchronized (texts) {
            texts.add(text);
        }
        return true;
    }

    @Override
    public void close(String address) {
        var texts = open.remove(address);
        if (texts != null) {
            left.put(address, texts);
        }
        ended.add(address);
    }

    /** What came at the device since this was asked last. */
    List<String> take(String address) {
        var texts = open.getOrDefault(address, left.getOrDefault(address, List.of()));
        synchronized (texts) {
            var taken = List.copyOf(texts);
            if (!taken.isEmpty()) {
                texts.clear();
            }
            return taken;
        }
    }

    /** Whether it was closed from here. */
    boolean isClosed(String address) {
        return ended.contains(address);
    }
}
