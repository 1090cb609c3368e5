package dev.sluice.functions.directory.sync;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A directory in memory. */
final class FakeDirectory implements DirectoryConnector, ConnectorFactory {
    /** Is told before each page: what is read, and from where. */
    interface Watch {
        void before(String what, @Nullable String position);
    }

    final Map<String, User> users = new LinkedHashMap<>();
    final Map<String, Group> groups = new LinkedHashMap<>();
    /** As often as it says them. */
    final Map<String, List<String>> members = new TreeMap<>();

    final List<String> read = new ArrayList<>();

    int pageSize = 1000;

    @Nullable Watch watch;

    boolean repeating;

    void user(String id) {
        user(id, true);
    }

    void user(String id, boolean active) {
        users.put(id, new User(id, id + "@example.com", "Name of " + id, id + "@example.com", active));
    }

    void group(String id, String... of) {
        groups.put(id, new Group(id, "Group " + id));
        members.put(id, new ArrayList<>(List.of(of)));
    }

    void remove(String user) {
        users.remove(user);
        members.values().forEach(of -> of.removeIf(user::equals));
    }

    @Override
    public String type() {
        return "workos";
    }

    @Override
    public DirectoryConnector open(DirectorySource source) {
        return this;
    }

    @Override
    public Page<User> users(@Nullable String after) {
        return page("users", List.copyOf(users.values()), after);
    }

    @Override
    public Page<Group> groups(@Nullable String after) {
        return page("groups", List.copyOf(groups.values()), after);
    }

    @Override
    public Page<String> members(String group, @Nullable String after) {
        return page("members of " + group, List.copyOf(members.getOrDefault(group, List.of())), after);
    }

    private synchronized <T> Page<T> page(String what, List<T> all, @Nullable String after) {
        read.add(what + (after == null ? "" : " from " + after));
        if (watch != null) {
            watch.before(what, after);
        }
        int from = after == null ? 0 : Integer.parseInt(after);
        int to = Math.min(all.size(), from + pageSize);
        return new Page<>(
                all.subList(Math.min(from, to), to), to < all.size() ? Integer.toString(to) : repeating ? "0" : null);
    }
}
