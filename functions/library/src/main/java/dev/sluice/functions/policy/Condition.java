package dev.sluice.functions.policy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.functions.address.IpNetwork;
import dev.sluice.functions.sql.RequestException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/**
 * One demand of a policy; all of a policy's conditions must hold.
 *
 * @param property what is looked at, for instance {@code remote_ip}
 * @param operator how, for instance {@code is_in_cidr}
 * @param values with what
 */
public record Condition(String property, String operator, List<String> values) {
    public static final String REGION = "remote_ip_location_region";
    public static final String REMOTE_IP = "remote_ip";
    public static final String PROVIDER = "provider_id";
    public static final String TIME = "current_utc_datetime";
    public static final String VERIFIED = "client_verified";

    private static final String FIELD = "conditions";

    private static final Map<String, Set<String>> OPERATORS = Map.of(
            REGION, Set.of("is_in", "is_not_in"),
            REMOTE_IP, Set.of("is_in_cidr", "is_not_in_cidr"),
            PROVIDER, Set.of("is_in", "is_not_in"),
            TIME, Set.of("is_in_day_of_week_time_ranges"),
            VERIFIED, Set.of("is"));

    private static final Map<String, String> FORMS = Map.of(
            REGION, "write codes of two letters such as DE (ISO 3166-1)",
            REMOTE_IP, "write addresses and networks such as 192.0.2.1 or 2001:db8::/32",
            PROVIDER, "write ids of identity providers",
            TIME, "write M/08-17/Europe/Berlin, days as M T W R F S U, with commas between ranges",
            VERIFIED, "write true or false");

    private static final ObjectMapper MAPPER = new ObjectMapper();

    public Condition {
        values = List.copyOf(values);
    }

    /**
     * The condition that says so, in the form in which it is kept.
     *
     * @throws RequestException when there is none
     */
    public static Condition of(String property, String operator, List<String> values) {
        if (!OPERATORS.getOrDefault(property, Set.of()).contains(operator)) {
            throw RequestException.argument(
                    FIELD,
                    "'" + property + "' is not held against anything by '" + operator + "'. There is "
                            + new TreeMap<>(OPERATORS) + ".");
        }
        return new Condition(property, operator, values).normalized();
    }

    /**
     * The same in the one form in which it is kept: networks canonical, codes in upper case. What could never match is
     * refused here, since with {@code is_not_in} it would let everybody pass.
     *
     * @throws RequestException when a value is none of this property
     */
    public Condition normalized() {
        if (values.isEmpty() || !ConditionEvaluator.isReadable(this)) {
            throw RequestException.argument(
                    FIELD,
                    "'" + String.join(",", values) + "' are no values for " + property + ": "
                            + FORMS.getOrDefault(property, "it is not known") + ".");
        }
        return new Condition(
                property,
                operator,
                values.stream().map(this::normalized).distinct().toList());
    }

    /** What an admin may have overlooked; empty if nothing. */
    public Optional<String> caution() {
        if (!operator.equals("is_not_in_cidr")) {
            return Optional.empty();
        }
        boolean ipv4 = values.stream().anyMatch(value -> value.indexOf(':') < 0);
        boolean ipv6 = values.stream().anyMatch(value -> value.indexOf(':') >= 0);
        return ipv4 && ipv6
                ? Optional.empty()
                : Optional.of("'" + text() + "' names networks of IPv" + (ipv4 ? 4 : 6)
                        + " only: whoever comes over IPv" + (ipv4 ? 6 : 4) + " passes it.");
    }

    private String text() {
        return property + " " + operator + " " + String.join(", ", values);
    }

    private String normalized(String value) {
        return switch (property) {
            case REGION -> value.toUpperCase(Locale.ROOT);
            case PROVIDER -> UUID.fromString(value).toString();
            case REMOTE_IP ->
                IpNetwork.parse(value)
                        .map(network -> network.unmapped().toString())
                        .orElse(value);
            default -> value;
        };
    }

    /** The conditions as the database keeps them. */
    public static String toJson(List<Condition> conditions) {
        var array = MAPPER.createArrayNode();
        for (var condition : conditions) {
            var json = array.addObject().put("property", condition.property).put("operator", condition.operator);
            var values = json.putArray("values");
            condition.values.forEach(values::add);
        }
        return array.toString();
    }

    /** Conditions from the database. What cannot be read becomes a condition that never holds. */
    public static List<Condition> fromJson(String text) {
        try {
            return fromJson(MAPPER.readTree(text));
        } catch (JsonProcessingException e) {
            return List.of(new Condition("unreadable", "", List.of()));
        }
    }

    public static List<Condition> fromJson(JsonNode array) {
        var conditions = new ArrayList<Condition>();
        for (var json : array) {
            var values = new ArrayList<String>();
            json.path("values").forEach(value -> values.add(value.asText()));
            conditions.add(new Condition(
                    json.path("property").asText(), json.path("operator").asText(), values));
        }
        return conditions;
    }
}
