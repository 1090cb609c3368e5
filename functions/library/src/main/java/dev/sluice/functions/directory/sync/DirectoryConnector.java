package dev.sluice.functions.directory.sync;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a directory, page by page, in whatever way its provider has. Each implementation passes
 * {@code DirectoryConnectorKit}. Blocks, each call for a minute or two at most.
 */
public interface DirectoryConnector {
    /**
     * A part of a list.
     *
     * @param next asks for the part after it; null if it is the last
     */
    record Page<T>(List<T> rows, @Nullable String next) {
        public Page {
            rows = List.copyOf(rows);
        }
    }

    /**
     * Somebody.
     *
     * @param id the provider's, which never changes
     * @param name what they are called
     * @param email null for none
     * @param active false if they were suspended
     */
    record User(
            String id,
            String userName,
            String name,
            @Nullable String email,
            boolean active) {}

    record Group(String id, String name) {}

    /**
     * Users, suspended ones too where the provider lists them.
     *
     * @param after what a page before says; null for the first
     * @throws DirectoryFailure when they cannot be read
     */
    Page<User> users(@Nullable String after);

    /**
     * Groups.
     *
     * @throws DirectoryFailure when they cannot be read
     */
    Page<Group> groups(@Nullable String after);

    /**
     * Ids of the users in a group, of those too that are in it by another group.
     *
     * @throws DirectoryFailure when they cannot be read
     */
    Page<String> members(String group, @Nullable String after);
}
