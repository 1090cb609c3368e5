package dev.sluice.functions.directory.scim;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.unboundid.scim2.common.filters.EqualFilter;
import com.unboundid.scim2.common.filters.Filter;
import com.unboundid.scim2.common.filters.OrFilter;
import dev.sluice.functions.directory.Roster;
import dev.sluice.functions.sql.Ids;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A group, as SCIM has it (RFC 7643, section 4.2), without its members: those may be many. */
record ScimGroup(String displayName, @Nullable String externalId) {
    static final String SCHEMA = "urn:ietf:params:scim:schemas:core:2.0:Group";

    static final String MEMBERS = "members";

    static final Set<String> ATTRIBUTES = Set.of("displayName", "externalId", MEMBERS);

    /** What a group's members are to become. */
    sealed interface Change {
        /** These are in it, too. */
        record Add(Set<UUID> members) implements Change {}

        /** These are not in it. */
        record Remove(Set<UUID> members) implements Change {}

        /** These are in it, and nobody else. */
        record Replace(Set<UUID> members) implements Change {}
    }

    /** What a patch makes of a group. */
    record Patched(ScimGroup group, List<Change> changes) {}

    /** @throws ScimException when it is none */
    static ScimGroup read(ObjectNode said) {
        return new ScimGroup(
                ScimJson.name(said, "displayName").orElseThrow(() -> ScimException.value("'displayName' is missing.")),
                ScimJson.name(said, "externalId").orElse(null));
    }

    /**
     * The members that a list names.
     *
     * @throws ScimException when one is no id of ours
     */
    static Set<UUID> members(JsonNode listed) {
        Set<UUID> members = new LinkedHashSet<>();
        for (JsonNode member : ScimJson.many(listed)) {
            members.add(member(member.isTextual() ? member : member.path("value")));
        }
        return members;
    }

    Roster.Group of(UUID id) {
        return new Roster.Group(id, externalId, displayName, "{}");
    }

    /** Carries out a patch, but for the members, of which it says what is to be done. */
    Patched patched(ScimPatch patch) {
        ObjectNode whole = ScimJson.object();
        whole.put("displayName", displayName);
        whole.put("externalId", externalId);
        List<Change> changes = new ArrayList<>();
        List<ScimPatch.Operation> others = new ArrayList<>();
        for (ScimPatch.Operation operation : patch.operations()) {
            if (operation.attribute().equalsIgnoreCase(MEMBERS)) {
                changes.add(change(operation));
            } else {
                others.add(operation);
            }
        }
        new ScimPatch(others).apply(whole);
        return new Patched(read(whole), changes);
    }

    private static Change change(ScimPatch.Operation operation) {
        var filter = operation.filter();
        return switch (operation.kind()) {
            case ADD -> {
                if (filter.isPresent()) {
                    throw ScimException.path("Members are added by their ids, without a filter.");
                }
                yield new Change.Add(members(operation.value()));
            }
            case REPLACE -> {
                if (filter.isPresent()) {
                    throw ScimException.path("Members are replaced all at once, without a filter.");
                }
                yield new Change.Replace(members(operation.value()));
            }
            case REMOVE -> {
                if (filter.isPresent()) {
                    yield new Change.Remove(picked(filter.get()));
                }
                yield operation.value().isMissingNode() || operation.value().isNull()
                        ? new Change.Replace(Set.of())
                        : new Change.Remove(members(operation.value()));
            }
        };
    }

    /** {@code members[value eq "…" or value eq "…"]}. */
    private static Set<UUID> picked(Filter filter) {
        Set<UUID> picked = new LinkedHashSet<>();
        if (filter instanceof OrFilter or) {
            or.getCombinedFilters().forEach(term -> picked.addAll(picked(term)));
        } else if (filter instanceof EqualFilter equal
                && equal.getAttributePath().toString().equalsIgnoreCase("value")) {
            picked.add(member(equal.getComparisonValue()));
        } else {
            throw ScimException.path("Members are picked by 'value eq'.");
        }
        return picked;
    }

    private static UUID member(JsonNode value) {
        UUID id = value.isTextual() ? Ids.parse(value.asText()) : null;
        if (id == null) {
            throw ScimException.value("A member is named by the 'id' of a user of the directory.");
        }
        return id;
    }
}
