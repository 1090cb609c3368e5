package dev.sluice.functions.entity;

import dev.sluice.functions.sql.RequestException;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which version of a thing is to be changed: what {@code If-Match} says (RFC 9110, section 13.1.1).
 *
 * @param versions of which it has to be one; any if empty
 */
public record Expected(Set<Long> versions) {
    public static final Expected ANY = new Expected(Set.of());

    private static final Pattern TAG = Pattern.compile("\"(\\d{1,18})\"");

    /**
     * @param header as it came; null if there is none
     * @throws RequestException when it can match no version: a tag that is not ours is that of nothing
     */
    public static Expected parse(@Nullable String header) {
        if (header == null || header.strip().equals("*")) {
            return ANY;
        }
        Set<Long> versions = Stream.of(header.split(","))
                .map(tag -> TAG.matcher(tag.strip()))
                .filter(matcher -> matcher.matches())
                .map(matcher -> Long.valueOf(matcher.group(1)))
                .collect(Collectors.toUnmodifiableSet());
        if (versions.isEmpty()) {
            throw RequestException.outdated(
                    "If-Match names no version that there ever was. It takes the ETag of an answer.");
        }
        return new Expected(versions);
    }

    /** That version, and no other. */
    public static Expected of(long version) {
        return new Expected(Set.of(version));
    }

    /** The ETag of a version. */
    public static String tag(long version) {
        return "\"" + version + "\"";
    }

    /**
     * @param what the word for the thing, in messages
     * @param version that it has
     * @throws RequestException when that is another one than is expected
     */
    public void require(String what, long version) {
        if (!versions.isEmpty() && !versions.contains(version)) {
            throw RequestException.outdated(
                    "The " + what + " was changed meanwhile: it has version " + version + " now. Read it again.");
        }
    }
}
