package dev.sluice.datapath.app;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.channel.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.StreamSupport;

/** The resources of a running client for people, and why one cannot be reached. */
final class ResourceText {
    private ResourceText() {}

    /** A line each: name, address, state. */
    static String list(JsonNode status) {
        StringBuilder text = new StringBuilder();
        for (JsonNode resource : status.path("resources")) {
            text.append(String.format(
                    Locale.ROOT,
                    "%-24s %-24s %s%n",
                    resource.path("name").asText(),
                    resource.path("address").asText(),
                    state(resource)));
        }
        return text.isEmpty() ? nothing(status) + System.lineSeparator() : text.toString();
    }

    /**
     * The one resource that is meant.
     *
     * @param meant its name, id or address
     * @throws CommandFailedException when there is none, or several are called so
     */
    static JsonNode find(JsonNode status, String meant) {
        List<JsonNode> found = StreamSupport.stream(status.path("resources").spliterator(), false)
                .filter(resource -> resource.path("name").asText().equalsIgnoreCase(meant)
                        || resource.path("id").asText().equals(meant)
                        || resource.path("address").asText().equals(meant))
                .toList();
        if (found.isEmpty()) {
            throw CommandFailedException.refused("there is no resource \"" + meant
                    + "\" for you: no policy lets you have one that is called so, or the portal has not said yet; "
                    + nothing(status));
        }
        if (found.size() > 1) {
            throw CommandFailedException.refused(
                    "several resources are called \"" + meant + "\": name one by id, as resources --json shows them");
        }
        return found.getFirst();
    }

    /** What of it is so, and why. */
    static String explain(JsonNode status, JsonNode resource) {
        List<String> lines = new ArrayList<>();
        lines.add(
                resource.path("name").asText() + " (" + resource.path("address").asText() + "): " + state(resource));
        if (!status.path("state").asText().equals("running")) {
            lines.add(nothing(status));
        }
        JsonNode gateway = resource.path("gateway_id");
        if (!gateway.isMissingNode()) {
            lines.add("Through gateway " + gateway.asText() + ".");
        }
        JsonNode denial = resource.path("last_denial");
        if (!denial.isMissingNode()) {
            lines.add("Last refused at " + denial.path("at").asText() + ": " + words(denial) + ".");
        }
        return String.join(System.lineSeparator(), lines) + System.lineSeparator();
    }

    /** Why there may be nothing to show. */
    private static String nothing(JsonNode status) {
        JsonNode portal = status.path("portal");
        String remedy = portal.path("remedy").asText("");
        if (!remedy.isEmpty()) {
            return "Nobody is signed in: " + remedy + ".";
        }
        return portal.path("state").asText().equals("up")
                ? "No policy lets you have any other."
                : "The portal cannot be reached just now.";
    }

    private static String state(JsonNode resource) {
        return switch (resource.path("state").asText()) {
            case "granted" -> "reachable";
            case "asked" -> "asking the portal";
            case "known" -> "asked for by the first packet";
            case "refused" -> "refused";
            case "unsupported" -> "of a kind that this client cannot reach";
            default -> resource.path("state").asText();
        };
    }

    private static String words(JsonNode denial) {
        StringBuilder failed = new StringBuilder();
        denial.path("properties").forEach(property -> {
            String seen = denial.path("seen").path(property.asText()).asText("");
            failed.append(failed.isEmpty() ? "" : ", ").append(property(property.asText()));
            if (!seen.isEmpty()) {
                failed.append(" (the portal sees ").append(seen).append(')');
            }
        });
        String code = denial.path("reason").asText();
        return Reason.of(code).map(reason -> words(reason, failed.toString())).orElse(code);
    }

    private static String words(Reason reason, String failed) {
        return switch (reason) {
            case NO_POLICY -> "no policy lets you have it any more";
            case CONDITION -> "what the policies ask for is not so: " + failed;
            case POLICY_DISABLED -> "the policy was disabled";
            case POLICY_DELETED -> "the policy was deleted";
            case MEMBERSHIP_REMOVED -> "you are in the policy's group no more";
            case RESOURCE_DELETED -> "the resource was deleted";
            case RESOURCE_CHANGED -> "the resource was changed";
            case SITE_REMOVED -> "its site was removed";
            case CONDITION_CHANGED -> "the policy's conditions were changed";
            case EXPIRED -> "it was granted for so long, and that is over";
            case FLOW_DELETED -> "an admin has ended it";
            case SUPERSEDED -> "another gateway serves it for you now";
            case FILTERED -> "this port or protocol is not let through";
            case GATEWAY_OFFLINE -> "no gateway is there that could serve it";
            case GATEWAY_VERSION -> "its gateways are of a version that this client cannot use";
            case TOKEN_DELETED -> "your sign-in was withdrawn";
            case TOKEN_EXPIRED -> "your sign-in is over";
            case TOKEN_INVALID -> "your sign-in is not valid";
            case ACTOR_DISABLED -> "you were disabled";
            case CLIENT_DELETED -> "this client was deleted";
            case ACCOUNT_DISABLED -> "the account is disabled";
            case LIMIT -> "the account has as much as it may have";
        };
    }

    private static String property(String name) {
        return switch (name) {
            case "remote_ip" -> "your address";
            case "remote_ip_location_region" -> "the country that you are in";
            case "current_utc_datetime" -> "the time";
            case "provider_id" -> "how you signed in";
            case "client_verified" -> "that an admin has verified this client";
            default -> name;
        };
    }
}
