package dev.sluice.functions.operator;

import dev.sluice.functions.account.Account;
import dev.sluice.functions.actor.Actor;
import dev.sluice.functions.auth.Token;
import dev.sluice.functions.auth.TokenSecret;
import dev.sluice.functions.auth.TokenService;
import dev.sluice.functions.sql.Ids;
import dev.sluice.functions.sql.RequestException;
import dev.sluice.functions.sql.Transaction;
import dev.sluice.functions.sql.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Tokens. Their text is shown once, when they are created. */
@ApplicationScoped
class TokenCommands implements OperatorCommands {
    private record Listed(
            UUID id,
            String account,
            @Nullable String name,
            String type,
            @Nullable String actor,
            @Nullable String site,
            @Nullable Instant expiresAt,
            @Nullable Instant lastSeenAt) {}

    private record Created(UUID id, String type, @Nullable Instant expiresAt, String token, String note) {}

    private record Deleted(UUID deleted) {}

    private record Withdrawn(UUID withdrawn) {}

    private final Scope scope;
    private final TokenService tokens;
    private final Names names;
    private final Transactions transactions;

    @Inject
    TokenCommands(Scope scope, TokenService tokens, Names names, Transactions transactions) {
        this.scope = scope;
        this.tokens = tokens;
        this.names = names;
        this.transactions = transactions;
    }

    @Override
    public List<OperatorCommand> commands() {
        return List.of(
                new OperatorCommand("token/list", Set.of(Scope.ACCOUNT), this::list),
                new OperatorCommand(
                        "token/create",
                        Set.of("type", "actor", "site", Scope.ACCOUNT, "name", "expires_in"),
                        this::create),
                new OperatorCommand("token/delete", Set.of("token", Scope.ACCOUNT), this::delete),
                new OperatorCommand("token/secrets", Set.of("token", Scope.ACCOUNT), this::secrets),
                new OperatorCommand("token/add-secret", Set.of("token", Scope.ACCOUNT), this::addSecret),
                new OperatorCommand(
                        "token/withdraw-secret", Set.of("token", "secret", Scope.ACCOUNT), this::withdrawSecret));
    }

    private List<Listed> list(OperatorArguments arguments) {
        return scope.accounts(arguments).stream().flatMap(this::list).toList();
    }

    private Stream<Listed> list(Account account) {
        List<Token> all = tokens.list(account.id(), null);
        Map<UUID, String> called =
                names.of(account.id(), all.stream().flatMap(token -> Stream.of(token.actorId(), token.siteId())));
        return all.stream()
                .map(token -> new Listed(
                        token.id(),
                        account.slug(),
                        token.name(),
                        token.type().word(),
                        Names.of(called, token.actorId()),
                        Names.of(called, token.siteId()),
                        token.expiresAt(),
                        token.lastSeenAt()));
    }

    private Created create(OperatorArguments arguments) {
        String type = arguments.text("type");
        Token.Issued issued = switch (type) {
            case "client", "service", "api_client" -> createForActor(type, arguments);
            case "gateway" -> createForSite(arguments);
            case "relay" -> throw RequestException.invalid("Relays have no tokens here: SLUICE_RELAYS names them.");
            default ->
                throw RequestException.invalid(
                        "'" + type + "' is not a type of token. Use client, gateway, service or api_client.");
        };
        return created(issued, type);
    }

    private static Created created(Token.Issued issued, String type) {
        return new Created(
                issued.token().id(),
                type,
                issued.token().expiresAt(),
                issued.text().value(),
                "Keep the token now: it is not shown again.");
    }

    private Token.Issued createForActor(String type, OperatorArguments arguments) {
        refuse(arguments, "site", type);
        String reference = arguments.text("actor");
        Instant expiry = expiry(arguments);
        var located = scope.locate(arguments, account -> scope.actor(account, reference));
        Actor actor = located.thing();
        String fitting = switch (actor.type()) {
            case USER, ADMIN -> "client";
            case SERVICE_ACCOUNT -> "service";
            case API_CLIENT -> "api_client";
        };
        if (!type.equals(fitting)) {
            throw RequestException.invalid(
                    "'" + actor.name() + "' is of type " + actor.type().word() + ". Use --type " + fitting + ".");
        }
        return tokens.createForActor(located.accountId(), actor.id(), arguments.optional("name"), expiry);
    }

    private Token.Issued createForSite(OperatorArguments arguments) {
        refuse(arguments, "actor", "gateway");
        String reference = arguments.text("site");
        Instant expiry = arguments.optional("expires_in") == null ? null : expiry(arguments);
        var located = scope.locate(arguments, account -> scope.site(account, reference));
        return tokens.createForSite(located.accountId(), located.thing().id(), arguments.optional("name"), expiry);
    }

    private Deleted delete(OperatorArguments arguments) {
        var located = token(arguments);
        tokens.delete(located.accountId(), located.thing().id());
        return new Deleted(located.thing().id());
    }

    private List<TokenSecret> secrets(OperatorArguments arguments) {
        var located = token(arguments);
        return tokens.secrets(located.accountId(), located.thing().id());
    }

    private Created addSecret(OperatorArguments arguments) {
        var located = token(arguments);
        var issued = tokens.addSecret(located.accountId(), located.thing().id());
        return created(issued, issued.token().type().word());
    }

    private Withdrawn withdrawSecret(OperatorArguments arguments) {
        UUID secretId = Ids.parse(arguments.text("secret"));
        if (secretId == null) {
            throw RequestException.argument("secret", "A secret is named by its id: 'token secrets' lists them.");
        }
        var located = token(arguments);
        tokens.withdrawSecret(located.accountId(), located.thing().id(), secretId);
        return new Withdrawn(secretId);
    }

    private Scope.Located<Token> token(OperatorArguments arguments) {
        String reference = arguments.text("token");
        return scope.locate(
                arguments,
                account -> References.one(
                        "token",
                        reference,
                        tokens.called(account, reference),
                        () -> tokens.list(account, References.KNOWN + 1),
                        Token::id,
                        token -> Stream.of(token.name())));
    }

    private Instant expiry(OperatorArguments arguments) {
        return transactions.call(Transaction::now).plus(arguments.duration("expires_in"));
    }

    private static void refuse(OperatorArguments arguments, String name, String type) {
        if (arguments.optional(name) != null) {
            throw RequestException.argument(name, "A token of type " + type + " takes no '" + name + "'.");
        }
    }
}
