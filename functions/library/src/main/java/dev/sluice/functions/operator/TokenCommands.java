package dev.sluice.functions.operator;

import dev.sluice.functions.actor.Actor;
import dev.sluice.functions.auth.Token;
import dev.sluice.functions.auth.TokenService;
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
            @Nullable String name,
            String type,
            @Nullable String actor,
            @Nullable String site,
            @Nullable Instant expiresAt,
            @Nullable Instant lastSeenAt) {}

    private record Created(UUID id, String type, @Nullable Instant expiresAt, String token, String note) {}

    private record Deleted(UUID deleted) {}

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
                new OperatorCommand("token/delete", Set.of("token", Scope.ACCOUNT), this::delete));
    }

    private List<Listed> list(OperatorArguments arguments) {
        UUID account = scope.account(arguments).id();
        Map<UUID, String> actors = names.actors(account);
        Map<UUID, String> sites = names.sites(account);
        return tokens.list(account).stream()
                .map(token -> new Listed(
                        token.id(),
                        token.name(),
                        token.type().word(),
                        Names.of(actors, token.actorId()),
                        Names.of(sites, token.siteId()),
                        token.expiresAt(),
                        token.lastSeenAt()))
                .toList();
    }

    private Created create(OperatorArguments arguments) {
        UUID account = scope.account(arguments).id();
        String name = arguments.optional("name");
        String type = arguments.text("type");
        Token.Issued issued = switch (type) {
            case "client", "service" -> {
                refuse(arguments, "site", type);
                Actor actor = scope.actor(account, arguments.text("actor"));
                if (type.equals("service") != (actor.type() == Actor.Type.SERVICE_ACCOUNT)) {
                    throw RequestException.invalid("'" + actor.name() + "' is of type "
                            + actor.type().word() + ". Use --type service for service accounts, and --type client"
                            + " for people.");
                }
                yield tokens.createForActor(account, actor.id(), name, expiry(arguments));
            }
            case "gateway" -> {
                refuse(arguments, "actor", type);
                UUID site = scope.site(account, arguments.text("site")).id();
                yield tokens.createForSite(
                        account, site, name, arguments.optional("expires_in") == null ? null : expiry(arguments));
            }
            case "relay" -> throw RequestException.invalid("Relays have no tokens here: SLUICE_RELAYS names them.");
            default ->
                throw RequestException.invalid(
                        "'" + type + "' is not a type of token. Use client, gateway," + " relay or service.");
        };
        return new Created(
                issued.token().id(),
                type,
                issued.token().expiresAt(),
                issued.text().value(),
                "Keep the token now: it is not shown again.");
    }

    private Deleted delete(OperatorArguments arguments) {
        UUID account = scope.account(arguments).id();
        Token token = References.one(
                tokens.list(account), "token", arguments.text("token"), Token::id, known -> Stream.of(known.name()));
        tokens.delete(account, token.id());
        return new Deleted(token.id());
    }

    private Instant expiry(OperatorArguments arguments) {
        return transactions.call(Transaction::now).plus(arguments.duration("expires_in"));
    }

    private static void refuse(OperatorArguments arguments, String name, String type) {
        if (arguments.optional(name) != null) {
            throw RequestException.invalid("A token of type " + type + " takes no '" + name + "'.");
        }
    }
}
