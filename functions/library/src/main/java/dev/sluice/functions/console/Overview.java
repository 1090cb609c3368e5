package dev.sluice.functions.console;

import dev.sluice.functions.sql.Transaction;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What an account has, and what is still to be done before somebody reaches something.
 *
 * @param gateways that are connected now, and so are the clients
 * @param flows that are granted now
 */
public record Overview(
        long sites, long gateways, long clients, long resources, long policies, long people, long flows) {
    /**
     * One thing of the way to the first reachable resource.
     *
     * @param page on which it is done; null where there is none for it
     * @param command by which it is done
     */
    public record Step(
            boolean done, String what, String why, @Nullable String page, String command) {}

    private static final String COUNTS = """
            SELECT (SELECT count(*) FROM site WHERE account_id = a.id AND managed_by = 'account') AS sites,
                   (SELECT count(*) FROM channel WHERE account_id = a.id AND role = 'gateway') AS gateways,
                   (SELECT count(*) FROM channel WHERE account_id = a.id AND role = 'client') AS clients,
                   (SELECT count(*) FROM resource WHERE account_id = a.id AND type <> 'internet') AS resources,
                   (SELECT count(*) FROM policy WHERE account_id = a.id AND disabled_at IS NULL) AS policies,
                   (SELECT count(*) FROM actor WHERE account_id = a.id AND type IN ('user', 'admin')) AS people,
                   (SELECT count(*) FROM flow WHERE account_id = a.id) AS flows
            FROM account a WHERE a.id = ?
            """;

    static Overview read(Transaction transaction, UUID accountId) {
        return transaction.one(
                COUNTS,
                row -> new Overview(
                        row.number("sites"),
                        row.number("gateways"),
                        row.number("clients"),
                        row.number("resources"),
                        row.number("policies"),
                        row.number("people"),
                        row.number("flows")),
                accountId);
    }

    /**
     * In the order in which they are done.
     *
     * @param slug the account's
     * @param portal where devices reach it
     */
    public List<Step> steps(String slug, String portal) {
        String client = "sudo SLUICE_API_URL=" + portal + " ./sluice client ";
        return List.of(
                new Step(
                        sites > 0,
                        "A site",
                        "Where gateways stand: an office, a data centre, a network of a cloud.",
                        "sites",
                        "./sluice portal site create --name Office"),
                new Step(
                        gateways > 0,
                        "A gateway that is connected",
                        "It stands beside what is to be reached, and lets in whom it is told to.",
                        "sites",
                        "./sluice portal token create --type gateway --site Office --token-file gateway.token"),
                new Step(
                        resources > 0,
                        "A resource",
                        "What is to be reached: an address, a subnet, a name.",
                        "resources",
                        "./sluice portal resource create --type cidr --address 10.1.0.0/16 --site Office --name Servers"),
                new Step(
                        policies > 0,
                        "A policy",
                        "Which group may reach it, and under what conditions.",
                        "policies",
                        "./sluice portal policy create --group Everyone --resource Servers"),
                new Step(
                        clients > 0,
                        "A client that is connected",
                        "On the machine of somebody who is to reach it.",
                        "clients",
                        client + "start & " + client + "sign-in --account " + slug));
    }

    /** Whether something is still to be done. */
    public boolean isBeginning() {
        return steps("", "").stream().anyMatch(step -> !step.done());
    }
}
