package dev.sluice.functions.testing;

import dev.sluice.channel.Dialect;
import dev.sluice.functions.account.AccountService;
import dev.sluice.functions.actor.ActorType;
import dev.sluice.functions.address.Origin;
import dev.sluice.functions.audit.AuditEntry;
import dev.sluice.functions.audit.AuditFilter;
import dev.sluice.functions.audit.AuditService;
import dev.sluice.functions.auth.Authentication;
import dev.sluice.functions.auth.Token;
import dev.sluice.functions.auth.TokenKey;
import dev.sluice.functions.auth.TokenKeys;
import dev.sluice.functions.auth.TokenService;
import dev.sluice.functions.auth.TokenType;
import dev.sluice.functions.auth.TokenVerifier;
import dev.sluice.functions.database.TestDatabase;
import dev.sluice.functions.device.Admission;
import dev.sluice.functions.device.Device;
import dev.sluice.functions.device.DeviceService;
import dev.sluice.functions.entity.PageRequest;
import dev.sluice.functions.flow.Ask;
import dev.sluice.functions.flow.Confirmation;
import dev.sluice.functions.flow.ConfirmationService;
import dev.sluice.functions.flow.Decision;
import dev.sluice.functions.flow.DecisionService;
import dev.sluice.functions.flow.FlowRef;
import dev.sluice.functions.flow.FlowService;
import dev.sluice.functions.policy.Condition;
import dev.sluice.functions.policy.ConditionText;
import dev.sluice.functions.policy.PolicyFixture;
import dev.sluice.functions.sql.Ids;
import dev.sluice.functions.sql.Row;
import dev.sluice.functions.sql.Transactions;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An account with a user who is in a group, a site with a gateway that is online, a resource there, and a policy that lets
 * the group reach it. Tests say what is different.
 */
public final class World {
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final Random KEYS = new Random(7);

    public final Transactions transactions;
    public final TokenService tokens;
    private final TokenVerifier verifier;
    public final DeviceService devices;
    public final PolicyFixture policies;
    public final DecisionService decisions;
    public final ConfirmationService confirmations;
    public final FlowService flows;

    public final UUID accountId;
    public final UUID actorId = Ids.next();
    public final UUID groupId = Ids.next();
    public final UUID siteId;
    public final UUID resourceId;
    public final UUID policyId;
    public final UUID instanceId = Ids.next();
    public final Token clientToken;
    public final String clientTokenText;
    public final Token gatewayToken;
    public final String gatewayTokenText;
    public final Device client;
    public final Device gateway;

    /** What earlier tests of this database have left unanswered does not become due in this one. */
    public World(TestDatabase database) {
        this(Pool.transactions(database.application()));
        database.execute("DELETE FROM flow_deadline");
    }

    public World(Transactions transactions) {
        this(transactions, TokenKeys.PUBLISHED);
    }

    /** As the portal that signs with this key sees it. */
    public World(Transactions transactions, TokenKey key) {
        this.transactions = transactions;
        int number = NUMBER.incrementAndGet();
        var accounts = new AccountService(transactions);
        tokens = new TokenService(transactions, key);
        verifier = new TokenVerifier(transactions, key);
        devices = new DeviceService(transactions);
        policies = new PolicyFixture(transactions);
        decisions = new DecisionService(transactions, Settings.FLOW);
        confirmations = new ConfirmationService(transactions);
        flows = new FlowService(transactions);
        accountId = accounts.create("account_" + number + "_" + Math.abs(instanceId.hashCode()), "Account " + number)
                .id();
        execute("INSERT INTO instance (id) VALUES (?)", instanceId);
        actor(actorId, ActorType.USER, "User", "user@example.com");
        group(groupId, "Group", actorId);
        siteId = site("Site");
        resourceId = resource("172.20.0.0/16");
        policyId = policyFor(resourceId);
        var issued =
                tokens.createForActor(accountId, actorId, null, Instant.now().plus(Duration.ofDays(7)));
        clientToken = issued.token();
        clientTokenText = issued.text().value();
        var gatewayIssued = tokens.createForSite(accountId, siteId, null, null);
        gatewayToken = gatewayIssued.token();
        gatewayTokenText = gatewayIssued.text().value();
        client = device(clientToken, "client", "headless-client/1.5.4");
        gateway = device(gatewayToken, "gateway", "gateway/1.4.17");
        online(gateway);
    }

    public TokenVerifier verifier() {
        return verifier;
    }

    public void actor(UUID id, ActorType type, String name, @Nullable String email) {
        execute(
                "INSERT INTO actor (id, account_id, type, name, email) VALUES (?, ?, ?, ?, ?)",
                id,
                accountId,
                type.word(),
                name,
                email);
    }

    public void group(UUID id, String name, UUID... actorIds) {
        execute("INSERT INTO actor_group (id, account_id, name, type) VALUES (?, ?, ?, 'static')", id, accountId, name);
        execute(
                "INSERT INTO membership (account_id, group_id, actor_id) SELECT ?, ?, unnest(?::uuid[])",
                accountId,
                id,
                List.of(actorIds));
    }

    /** The group that everyone is in. */
    public UUID everyone() {
        return one(
                "SELECT id FROM actor_group WHERE account_id = ? AND type = 'everyone'",
                row -> row.id("id"),
                accountId);
    }

    public UUID site(String name) {
        var id = Ids.next();
        execute("INSERT INTO site (id, account_id, name) VALUES (?, ?, ?)", id, accountId, name);
        return id;
    }

    public UUID resource(String network) {
        return resource("cidr", network, null);
    }

    /** A resource that is a domain name. */
    public UUID name(String name) {
        return resource("dns", name, "dual");
    }

    private UUID resource(String type, String address, @Nullable String ipStack) {
        var id = Ids.next();
        execute(
                "INSERT INTO resource (id, account_id, type, name, address, ip_stack) VALUES (?, ?, ?, ?, ?, ?)",
                id,
                accountId,
                type,
                "Net " + address,
                address,
                ipStack);
        execute("INSERT INTO resource_site (account_id, resource_id, site_id) VALUES (?, ?, ?)", accountId, id, siteId);
        return id;
    }

    public void setFilters(UUID resource, String... filters) {
        execute("UPDATE resource SET filters = ? WHERE id = ?", List.of(filters), resource);
    }

    public void deleteResource(UUID resource) {
        execute("DELETE FROM resource WHERE id = ?", resource);
    }

    public UUID policyFor(UUID resource, String... conditions) {
        return policy(groupId, resource, conditions);
    }

    public UUID policy(UUID group, UUID resource, String... conditions) {
        var id = Ids.next();
        execute(
                "INSERT INTO policy (id, account_id, group_id, resource_id, conditions) VALUES (?, ?, ?, ?, ?::jsonb)",
                id,
                accountId,
                group,
                resource,
                Condition.toJson(
                        Stream.of(conditions).map(ConditionText::condition).toList()));
        return id;
    }

    public Device device(Token token, String externalId, String component) {
        return device(token, externalId, component, true);
    }

    /** What was recorded, the latest first. */
    public List<AuditEntry> audit(int atMost) {
        return new AuditService(transactions)
                .page(accountId, new AuditFilter(), PageRequest.first(atMost))
                .rows();
    }

    /** The token, as a device that shows its oldest secret. */
    public Authentication.Accepted shown(Token token) {
        return new Authentication.Accepted(
                token, tokens.secrets(accountId, token.id()).getFirst().id());
    }

    /** A device of ours, or one of somebody else's. */
    public Device device(Token token, String externalId, String component, boolean own) {
        var admitted = devices.admit(
                shown(token), ((Admission.Checked.Valid) parameters(externalId, key(), component, own)).admission());
        return ((DeviceService.Admitted.Accepted) admitted).device();
    }

    /** The client connects again, from there. */
    public void reconnect(String remoteIp) {
        var admission = (Admission.Checked.Valid)
                parameters("client", key(), "headless-client/1.5.4", true, new Origin(remoteIp, null, null));
        devices.admit(shown(clientToken), admission.admission());
    }

    public static Admission.Checked parameters(String externalId, String key, String component, boolean own) {
        return parameters(externalId, key, component, own, new Origin("203.0.113.9", null, null));
    }

    private static Admission.Checked parameters(
            String externalId, String key, String component, boolean own, Origin origin) {
        return Admission.check(
                name -> switch (name) {
                    case "external_id", "name" -> externalId;
                    case "public_key" -> key;
                    case "sluice" -> own ? "1" : null;
                    default -> null;
                },
                "Linux/6.1 " + component + " (x86_64; 6.1)",
                origin,
                Dialect.V1);
    }

    public static String key() {
        byte[] key = new byte[32];
        KEYS.nextBytes(key);
        return Base64.getEncoder().encodeToString(key);
    }

    public void online(Device device) {
        transactions
                .inAccount(accountId)
                .run(transaction -> transaction.update(
                        """
                INSERT INTO channel (device_id, account_id, role, instance_id, fence, token_id, secret_id, own)
                VALUES (?, ?, ?, ?, nextval('channel_fence'), ?, ?, true) ON CONFLICT DO NOTHING
                """,
                        device.id(),
                        device.accountId(),
                        device.role().word(),
                        instanceId,
                        device.credential().tokenId(),
                        device.credential().secretId()));
    }

    public Ask ask() {
        return ask(resourceId);
    }

    public Ask ask(UUID resource) {
        return new Ask(accountId, client.id(), client.credential(), resource, List.of());
    }

    public Decision.Granted grant() {
        return (Decision.Granted) decisions.decide(ask());
    }

    /** Whether a gateway's answer is good. */
    public boolean confirm(UUID gatewayAccountId, UUID gatewayId, String ref) {
        return !(confirmations
                        .confirm(gatewayAccountId, gatewayId, List.of(ref))
                        .getFirst()
                instanceof Confirmation.Invalid);
    }

    /** A flow that the gateway has confirmed. */
    public Decision.Granted authorize() {
        var granted = grant();
        if (!confirm(accountId, gateway.id(), ref(granted.flowId()))) {
            throw new AssertionError("the gateway's answer was refused");
        }
        return granted;
    }

    public String ref(UUID flowId) {
        return new FlowRef(flowId, one("SELECT ref FROM flow WHERE id = ?", row -> row.id("ref"), flowId)).toString();
    }

    /** Lets the time run out in which gateways can answer. */
    public void endDeadlines() {
        execute("UPDATE flow SET deadline = now() WHERE account_id = ? AND deadline IS NOT NULL", accountId);
        execute(
                "INSERT INTO flow_deadline (flow_id, at) SELECT id, deadline FROM flow WHERE account_id = ?"
                        + " AND deadline IS NOT NULL",
                accountId);
    }

    public long count(String sql, Object... parameters) {
        return one(sql, row -> row.number("count"), parameters);
    }

    public <T> T one(String sql, Function<Row, T> read, Object... parameters) {
        return transactions.inAccount(accountId).call(transaction -> transaction.one(sql, read, parameters));
    }

    public List<String> texts(String sql, Object... parameters) {
        return transactions
                .inAccount(accountId)
                .call(transaction -> transaction.list(sql, row -> row.text("v"), parameters));
    }

    public void execute(String sql, Object... parameters) {
        transactions.inAccount(accountId).run(transaction -> transaction.update(sql, parameters));
    }

    public long flowCount() {
        return count("SELECT count(*) FROM flow WHERE account_id = ?", accountId);
    }

    /** What the gateway, or the client, was to be told so far, oldest first. */
    public List<String> outbox(Device device) {
        return texts(
                "SELECT kind || coalesce(' ' || reason, '') AS v FROM outbox WHERE device_id = ? ORDER BY id",
                device.id());
    }

    public Authentication authenticate(TokenType type, String text) {
        return verifier.authenticate(type, text);
    }
}
