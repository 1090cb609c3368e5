package dev.sluice.functions.auth;

import dev.sluice.channel.Reason;
import dev.sluice.functions.sql.Transaction;
import dev.sluice.functions.sql.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

/** Whether what somebody shows is a token that is good now. */
@ApplicationScoped
public class TokenVerifier {
    private final Transactions transactions;
    private final TokenSecrets secrets;

    @Inject
    public TokenVerifier(Transactions transactions, TokenKey key) {
        this.transactions = transactions;
        this.secrets = new TokenSecrets(key);
    }

    /** Whether this text is a token of this type that may be used now. */
    public Authentication authenticate(TokenType type, String text) {
        var claims = secrets.claims(type, text);
        if (claims.isEmpty()) {
            return new Authentication.Refused(Reason.TOKEN_INVALID);
        }
        return transactions
                .inAccount(claims.get().accountId())
                .glance(transaction -> authenticate(transaction, type, claims.get()));
    }

    private Authentication authenticate(Transaction transaction, TokenType type, TokenCodec.Claims claims) {
        record Known(Token token, boolean expired, boolean disabled, boolean actorDisabled) {}
        var pipeline = transaction.pipeline();
        var tokens = pipeline.list(
                """
                SELECT t.id, t.account_id, t.type, t.name, t.actor_id, t.site_id, t.directory_id, t.provider_id, t.expires_at,
                       NULL::timestamptz AS last_seen_at, coalesce(t.expires_at <= now(), false) AS expired,
                       account.disabled_at IS NOT NULL AS account_disabled,
                       coalesce(actor.disabled_at IS NOT NULL, false) AS actor_disabled
                FROM token t
                JOIN account ON account.id = t.account_id
                LEFT JOIN actor ON actor.account_id = t.account_id AND actor.id = t.actor_id
                WHERE t.account_id = current_account() AND t.id = ? AND t.type = ?
                """,
                row -> new Known(
                        TokenService.read(row),
                        row.flag("expired"),
                        row.flag("account_disabled"),
                        row.flag("actor_disabled")),
                claims.tokenId(),
                type.word());
        var found = secrets.find(pipeline, claims);
        pipeline.send();
        if (tokens.get().isEmpty()) {
            return new Authentication.Refused(Reason.TOKEN_DELETED);
        }
        var secret = found.get();
        if (secret.isEmpty()) {
            return new Authentication.Refused(Reason.TOKEN_INVALID);
        }
        var row = tokens.get().getFirst();
        if (row.expired()) {
            return new Authentication.Refused(Reason.TOKEN_EXPIRED);
        }
        if (row.actorDisabled()) {
            return new Authentication.Refused(Reason.ACTOR_DISABLED);
        }
        if (row.disabled()) {
            return new Authentication.Refused(Reason.ACCOUNT_DISABLED);
        }
        secrets.seen(transaction, secret.get());
        return new Authentication.Accepted(row.token(), secret.get().id());
    }
}
