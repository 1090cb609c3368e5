package dev.sluice.functions.flow;

import dev.sluice.channel.Detail;
import dev.sluice.channel.Reason;
import dev.sluice.functions.auth.Credential;
import dev.sluice.functions.policy.ConditionEvaluator;
import dev.sluice.functions.policy.Evaluation;
import dev.sluice.functions.policy.PolicyRows;
import dev.sluice.functions.policy.Subject;
import dev.sluice.functions.sql.RequestException;
import dev.sluice.functions.sql.Row;
import dev.sluice.functions.sql.Transaction;
import dev.sluice.functions.sql.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Says what a decision would be, by what the decision itself evaluates with, and leaves nothing behind. */
@ApplicationScoped
public class ExplanationService {
    /**
     * What is asked.
     *
     * @param clientId from where; null for wherever the actor may come from
     * @param actorId who; null where a client says it
     * @param at as of when; null for now
     * @param remoteIp from which address; null for the client's
     * @param region from which country; null for the client's
     */
    public record Question(
            UUID accountId,
            @Nullable UUID clientId,
            @Nullable UUID actorId,
            UUID resourceId,
            @Nullable Instant at,
            @Nullable String remoteIp,
            @Nullable String region) {}

    /** Who asks as far as it is known, and what the parties are called. */
    private record Case(
            Causes.Asker asker,
            Explanation.Party actor,
            Explanation.@Nullable Party client,
            Explanation.Party resource) {}

    private record Standing(
            GatewayChoice.Candidate gateway, String name, String site, boolean online, boolean serving) {}

    /** By the token that it is connected with, else by the one that lasts longest. */
    private static final String CLIENT = """
            SELECT c.name AS client, a.id AS actor_id, a.name AS actor, s.token_id, s.id AS secret_id
            FROM client c
            JOIN actor a ON a.account_id = c.account_id AND a.id = c.actor_id
            LEFT JOIN token k ON k.account_id = c.account_id AND k.actor_id = c.actor_id AND k.type = 'client'
            LEFT JOIN token_secret s ON s.account_id = k.account_id AND s.token_id = k.id
            WHERE c.account_id = ? AND c.id = ?
            ORDER BY EXISTS (SELECT FROM channel ch WHERE ch.device_id = c.id AND ch.secret_id = s.id) DESC,
                     k.expires_at DESC NULLS LAST
            LIMIT 1
            """;

    private static final String ACTOR = """
            SELECT a.name AS actor, t.disabled_at IS NOT NULL AS account_disabled, a.disabled_at IS NOT NULL AS disabled,
                   clock_timestamp() AS now, r.type AS resource_type,
                   EXISTS (SELECT FROM resource_site s WHERE s.account_id = r.account_id AND s.resource_id = r.id)
                       AS has_sites
            FROM account t
            JOIN actor a ON a.account_id = t.id AND a.id = ?
            JOIN resource r ON r.account_id = t.id AND r.id = ?
            WHERE t.id = ?
            """;

    private static final String GATEWAYS = """
            SELECT g.id, g.public_key, g.last_seen_version, host(g.last_seen_remote_ip) AS remote_ip,
                   g.last_seen_latitude, g.last_seen_longitude, g.serves, g.name, site.name AS site,
                   EXISTS (SELECT FROM online o WHERE o.device_id = g.id) AS online,
                   EXISTS (SELECT FROM flow f
                           WHERE f.account_id = g.account_id AND f.client_id = ? AND f.resource_id = s.resource_id
                             AND f.gateway_id = g.id AND %s) AS serving
            FROM resource_site s
            JOIN site ON site.account_id = s.account_id AND site.id = s.site_id
            JOIN gateway g ON g.account_id = s.account_id AND g.site_id = s.site_id
            WHERE s.account_id = ? AND s.resource_id = ?
            ORDER BY g.id LIMIT 100
            """.replace("%s", Causes.SERVING);

    private static final Credential NONE = new Credential(new UUID(0, 0), new UUID(0, 0));

    private final Transactions transactions;

    @Inject
    public ExplanationService(Transactions transactions) {
        this.transactions = transactions;
    }

    /** @throws RequestException when there is no such client, actor or resource */
    public Explanation explain(Question question) {
        return transactions.inAccount(question.accountId()).call(transaction -> explain(transaction, question));
    }

    private static Explanation explain(Transaction transaction, Question question) {
        var known = question.clientId() == null
                ? ofActor(transaction, question, Objects.requireNonNull(question.actorId()))
                : ofClient(transaction, question, question.clientId());
        var asker = known.asker().as(subject(known.asker().subject(), question));
        var policies = PolicyRows.about(
                transaction, question.accountId(), known.actor().id(), question.resourceId());
        var standing = transaction.list(
                GATEWAYS,
                ExplanationService::standing,
                question.clientId(),
                question.accountId(),
                question.resourceId());
        var verdict = Verdict.of(
                asker,
                policies.stream()
                        .filter(PolicyRows.About::reaches)
                        .map(PolicyRows.About::policy)
                        .toList());
        var choice = among(asker, standing, known.client() != null);
        var detail = refusal(verdict, choice);
        var allowed = verdict instanceof Verdict.Allowed given ? given : null;
        var considered = policies.stream()
                .map(about -> policy(about, asker.subject(), allowed))
                .toList();
        var gateways = standing.stream()
                .map(gateway -> gateway(gateway, asker, choice, known.client() != null))
                .toList();
        var expiresAt = allowed == null || detail != null || allowed.expiresAt().equals(Instant.MAX)
                ? null
                : allowed.expiresAt();
        return new Explanation(
                detail == null,
                detail == null ? null : detail.reason().code(),
                detail == null ? List.of() : detail.properties(),
                ExplanationText.of(
                        detail == null ? null : detail.reason(),
                        known.actor().name(),
                        "'" + known.resource().name() + "'",
                        expiresAt == null ? null : expiresAt.toString(),
                        considered,
                        gateways),
                asker.now(),
                known.actor(),
                known.client(),
                known.resource(),
                expiresAt,
                considered,
                gateways);
    }

    private static @Nullable Detail refusal(Verdict verdict, GatewayChoice choice) {
        return switch (verdict) {
            case Verdict.Refused refused -> refused.detail();
            case Verdict.Allowed allowed ->
                switch (choice) {
                    case GatewayChoice.Among among -> null;
                    case GatewayChoice.None none -> Detail.of(none.reason());
                    case GatewayChoice.Unable unable -> Detail.of(Reason.GATEWAY_OFFLINE);
                };
        };
    }

    private static Case ofClient(Transaction transaction, Question question, UUID clientId) {
        record Signed(Explanation.Party actor, String client, Optional<Credential> credential) {}
        var signed = transaction
                .first(
                        CLIENT,
                        row -> new Signed(
                                new Explanation.Party(row.id("actor_id"), row.text("actor")),
                                row.text("client"),
                                Optional.ofNullable(row.optionalId("secret_id"))
                                        .map(secret -> new Credential(row.id("token_id"), secret))),
                        question.accountId(),
                        clientId)
                .orElseThrow(() -> RequestException.notFound("There is no client " + clientId + "."));
        if (question.actorId() != null
                && !question.actorId().equals(signed.actor().id())) {
            throw RequestException.argument("actor_id", "The client is another actor's.");
        }
        var resource = resource(transaction, question);
        var ask = new Ask(
                question.accountId(), clientId, signed.credential().orElse(NONE), question.resourceId(), List.of());
        return new Case(
                Causes.asker(transaction, ask),
                signed.actor(),
                new Explanation.Party(clientId, signed.client()),
                resource);
    }

    /** Of a client that is not known, nothing is: neither its address nor its version, nor how long its token lasts. */
    private static Case ofActor(Transaction transaction, Question question, UUID actorId) {
        var resource = resource(transaction, question);
        return transaction
                .first(
                        ACTOR,
                        row -> new Case(
                                new Causes.Asker(
                                        row.instant("now"),
                                        row.flag("account_disabled")
                                                ? Reason.ACCOUNT_DISABLED
                                                : row.flag("disabled") ? Reason.ACTOR_DISABLED : null,
                                        "",
                                        "",
                                        Optional.empty(),
                                        null,
                                        new Subject(null, null, null, false, row.instant("now")),
                                        Instant.MAX,
                                        row.text("resource_type"),
                                        row.flag("has_sites")),
                                new Explanation.Party(actorId, row.text("actor")),
                                null,
                                resource),
                        actorId,
                        question.resourceId(),
                        question.accountId())
                .orElseThrow(() -> RequestException.notFound("There is no actor " + actorId + "."));
    }

    private static Explanation.Party resource(Transaction transaction, Question question) {
        return transaction
                .first(
                        "SELECT name FROM resource WHERE account_id = ? AND id = ?",
                        row -> new Explanation.Party(question.resourceId(), row.text("name")),
                        question.accountId(),
                        question.resourceId())
                .orElseThrow(() -> RequestException.notFound("There is no resource " + question.resourceId() + "."));
    }

    private static Subject subject(Subject seen, Question question) {
        return new Subject(
                question.remoteIp() == null ? seen.remoteIp() : question.remoteIp(),
                question.region() == null ? seen.region() : question.region(),
                seen.providerId(),
                seen.verified(),
                question.at() == null ? seen.now() : question.at());
    }

    /** Without a client, every version is as good as another. */
    private static GatewayChoice among(Causes.Asker asker, List<Standing> standing, boolean byClient) {
        var online = standing.stream()
                .filter(Standing::online)
                .map(Standing::gateway)
                .toList();
        if (byClient) {
            var serving = standing.stream()
                    .filter(Standing::serving)
                    .map(gateway -> gateway.gateway().id())
                    .toList();
            return GatewayChoice.among(
                    online,
                    asker.resourceType(),
                    new GatewayChoice.Client(asker.version(), asker.place(), List.of(), serving));
        }
        var able = online.stream()
                .filter(gateway -> gateway.serves(asker.resourceType()))
                .toList();
        if (online.isEmpty()) {
            return new GatewayChoice.None(Reason.GATEWAY_OFFLINE);
        }
        return able.isEmpty() ? new GatewayChoice.Unable() : new GatewayChoice.Among(able);
    }

    private static Explanation.ConsideredPolicy policy(
            PolicyRows.About about, Subject subject, Verdict.@Nullable Allowed allowed) {
        var policy = about.policy();
        var evaluation = ConditionEvaluator.evaluate(policy.conditions(), subject);
        return new Explanation.ConsideredPolicy(
                policy.policyId(),
                about.groupId(),
                about.group(),
                about.reaches(),
                policy.enabled(),
                policy.conditions().stream()
                        .map(condition -> ConditionEvaluator.look(condition, subject))
                        .map(found -> new Explanation.ConsideredCondition(
                                found.condition(), found.holds(), found.seen(), found.until()))
                        .toList(),
                policy.enabled() && evaluation instanceof Evaluation.Conforms,
                evaluation instanceof Evaluation.Conforms conforms ? conforms.expiresAt() : null,
                allowed != null && allowed.by().policyId().equals(policy.policyId()));
    }

    private static Explanation.ConsideredGateway gateway(
            Standing standing, Causes.Asker asker, GatewayChoice choice, boolean byClient) {
        var gateway = standing.gateway();
        return new Explanation.ConsideredGateway(
                gateway.id(),
                standing.name(),
                standing.site(),
                standing.online(),
                gateway.serves(asker.resourceType()),
                byClient ? gateway.isUsableBy(asker.version()) : null,
                choice instanceof GatewayChoice.Among among && among.gateways().contains(gateway));
    }

    private static Standing standing(Row row) {
        return new Standing(
                Causes.gateway(row), row.text("name"), row.text("site"), row.flag("online"), row.flag("serving"));
    }
}
