package dev.sluice.functions.console;

import dev.sluice.functions.entity.PageRequest;
import dev.sluice.functions.identity.IdentityProviderService;
import dev.sluice.functions.identity.IdentityProviderView;
import dev.sluice.functions.policy.Condition;
import dev.sluice.functions.policy.PolicyWanted;
import dev.sluice.functions.sql.RequestException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.core.MultivaluedMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * The conditions of a policy as fields of a form, one for each thing that they can ask for. What has no field, as a second
 * condition of the same kind, stays as it is.
 */
@ApplicationScoped
class ConditionFields {
    /** Which condition a field is. */
    private record Kind(String field, String property, String operator) {}

    private static final List<Kind> KINDS = List.of(
            new Kind("addresses", Condition.REMOTE_IP, "is_in_cidr"),
            new Kind("not_addresses", Condition.REMOTE_IP, "is_not_in_cidr"),
            new Kind("countries", Condition.REGION, "is_in"),
            new Kind("not_countries", Condition.REGION, "is_not_in"),
            new Kind("providers", Condition.PROVIDER, "is_in"),
            new Kind("times", Condition.TIME, "is_in_day_of_week_time_ranges"),
            new Kind("verified", Condition.VERIFIED, "is"));

    private static final String TRUE = "true";

    private final IdentityProviderService providers;

    @Inject
    ConditionFields(IdentityProviderService providers) {
        this.providers = providers;
    }

    /** Fields with what a policy asks for. */
    Fields show(UUID account, Fields fields, List<Condition> conditions) {
        for (Kind kind : KINDS) {
            fields.with(kind.field(), "");
        }
        Set<Condition> kept = new HashSet<>(kept(conditions));
        for (Condition condition : conditions) {
            if (!kept.contains(condition)) {
                fields.with(
                        kind(condition).field(),
                        condition.values().stream()
                                .map(value -> kind(condition).property().equals(Condition.PROVIDER)
                                        ? provider(account, value)
                                        : value)
                                .collect(Collectors.joining(separator(kind(condition)))));
            }
        }
        return fields;
    }

    /** Fields with what was sent. */
    Fields read(Fields fields, MultivaluedMap<String, String> form) {
        for (Kind kind : KINDS) {
            fields.with(kind.field(), form.getFirst(kind.field()));
        }
        return fields;
    }

    /**
     * What the fields ask for.
     *
     * @param before what the policy asked for, of which that stays which has no field
     * @throws RequestException when what stands in a field is none, beside that
     */
    List<PolicyWanted.Demand> demands(UUID account, Fields fields, List<Condition> before) {
        List<PolicyWanted.Demand> demands = new ArrayList<>();
        for (Kind kind : KINDS) {
            String text = fields.text(kind.field());
            if (text != null) {
                demands.add(demand(account, kind, text));
            }
        }
        kept(before)
                .forEach(condition -> demands.add(
                        new PolicyWanted.Demand(condition.property(), condition.operator(), condition.values())));
        return demands;
    }

    /** Those that have no field. */
    List<Condition> kept(List<Condition> conditions) {
        Set<Map.Entry<String, String>> shown = new HashSet<>();
        return conditions.stream()
                .filter(condition -> KINDS.stream()
                                .noneMatch(kind -> kind.property().equals(condition.property())
                                        && kind.operator().equals(condition.operator()))
                        || condition.property().equals(Condition.VERIFIED)
                                && !condition.values().equals(List.of(TRUE))
                        || !shown.add(Map.entry(condition.property(), condition.operator())))
                .toList();
    }

    private PolicyWanted.Demand demand(UUID account, Kind kind, String text) {
        List<String> values = Arrays.stream(text.split(kind.property().equals(Condition.TIME) ? "\\R" : "[,\\n]"))
                .map(String::strip)
                .filter(value -> !value.isEmpty())
                .map(value -> kind.property().equals(Condition.PROVIDER) ? provider(account, kind, value) : value)
                .toList();
        try {
            var condition = Condition.of(kind.property(), kind.operator(), values);
            return new PolicyWanted.Demand(condition.property(), condition.operator(), condition.values());
        } catch (RequestException unreadable) {
            throw RequestException.argument(kind.field(), String.valueOf(unreadable.getMessage()));
        }
    }

    /** People know names. */
    private String provider(UUID account, Kind kind, String name) {
        var found = providers.page(account, PageRequest.first(2), null, name).rows();
        if (found.size() == 1) {
            return found.getFirst().id().toString();
        }
        if (name.matches("[0-9a-fA-F-]{36}")) {
            return name;
        }
        throw RequestException.argument(kind.field(), "There is no identity provider '" + name + "'.");
    }

    private String provider(UUID account, String id) {
        return providers.page(account, PageRequest.first(PageRequest.MOST), null, null).rows().stream()
                .filter(provider -> provider.id().toString().equals(id))
                .map(IdentityProviderView::name)
                .findFirst()
                .orElse(id);
    }

    private static Kind kind(Condition condition) {
        return KINDS.stream()
                .filter(kind -> kind.property().equals(condition.property())
                        && kind.operator().equals(condition.operator()))
                .findFirst()
                .orElseThrow();
    }

    private static String separator(Kind kind) {
        return kind.property().equals(Condition.TIME) ? "\n" : ", ";
    }
}
