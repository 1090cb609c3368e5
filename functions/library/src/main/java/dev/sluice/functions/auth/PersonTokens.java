package dev.sluice.functions.auth;

import dev.sluice.functions.sql.Ids;
import dev.sluice.functions.sql.Transaction;
import dev.sluice.functions.sql.Transactions;
import dev.sluice.functions.sql.Turns;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The tokens that people get by signing in, and those that sign them in: no admin makes or lists these for them. */
@ApplicationScoped
class PersonTokens {
    private final Transactions transactions;
    private final TokenSecrets secrets;

    @Inject
    PersonTokens(Transactions transactions, TokenKey key) {
        this.transactions = transactions;
        this.secrets = new TokenSecrets(key);
    }

    /** Issues what a link is opened by. */
    Token.Issued link(Transaction transaction, UUID accountId, UUID actorId, Duration life) {
        return issued(transaction, insert(transaction, accountId, actorId, null, TokenType.SIGN_IN, null, life), "");
    }

    /** Issues what a browser shows in which somebody has signed in. */
    Token.Issued session(Transaction transaction, Person person, String browser, Duration life) {
        return issued(transaction, insert(transaction, person, TokenType.BROWSER, browser, life), "");
    }

    /**
     * Issues what a client shows beside the browser in which somebody has signed in.
     *
     * @param nonce which the client has made; the text is good together with that alone
     */
    Token.Issued client(Transaction transaction, Person person, String name, String nonce) {
        return issued(transaction, register(transaction, person, name), nonce);
    }

    /** Makes a token for a client, which nothing proves yet: {@link TokenService#addSecret} makes what does. */
    Token register(Transaction transaction, Person person, String name) {
        return insert(transaction, person, TokenType.CLIENT, name, TokenService.USUAL_LIFE);
    }

    /**
     * Deletes a token that may be gone already.
     *
     * @return whether it was there: of several who do this at once, one did
     */
    static boolean spend(Transaction transaction, UUID accountId, UUID tokenId) {
        Turns.take(transaction, accountId);
        return transaction.update("DELETE FROM token WHERE account_id = ? AND id = ?", accountId, tokenId) == 1;
    }

    /** Ends a token that may be gone already. */
    void end(UUID accountId, UUID tokenId) {
        transactions.inAccount(accountId).run(transaction -> spend(transaction, accountId, tokenId));
    }

    private Token.Issued issued(Transaction transaction, Token token, String nonce) {
        return secrets.issue(transaction, token, nonce).orElseThrow();
    }

    private static Token insert(Transaction transaction, Person person, TokenType type, String name, Duration life) {
        return insert(transaction, person.accountId(), person.actorId(), person.providerId(), type, name, life);
    }

    private static Token insert(
            Transaction transaction,
            UUID accountId,
            UUID actorId,
            @Nullable UUID providerId,
            TokenType type,
            @Nullable String name,
            Duration life) {
        var ends = TokenService.kept(transaction.now().plus(life));
        return TokenService.insert(
                transaction, new Token(Ids.next(), accountId, type, name, actorId, null, null, providerId, ends, null));
    }
}
