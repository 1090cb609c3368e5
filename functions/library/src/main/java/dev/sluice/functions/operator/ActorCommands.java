package dev.sluice.functions.operator;

import dev.sluice.functions.actor.Actor;
import dev.sluice.functions.actor.ActorService;
import dev.sluice.functions.auth.TokenService;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Who acts in accounts. */
@ApplicationScoped
class ActorCommands implements OperatorCommands {
    private record Shown(
            UUID id,
            String account,
            String type,
            String name,
            @Nullable String email,
            boolean disabled) {}

    private record SignedOut(String actor, int tokens) {}

    private static final int DEFAULT_LIMIT = 200;

    private final Scope scope;
    private final ActorService actors;
    private final TokenService tokens;

    @Inject
    ActorCommands(Scope scope, ActorService actors, TokenService tokens) {
        this.scope = scope;
        this.actors = actors;
        this.tokens = tokens;
    }

    @Override
    public List<OperatorCommand> commands() {
        return List.of(
                new OperatorCommand("actor/list", Set.of("limit", Scope.ACCOUNT), this::list),
                new OperatorCommand("actor/sign-out", Set.of("actor", Scope.ACCOUNT), this::signOut));
    }

    private List<Shown> list(OperatorArguments arguments) {
        int limit = arguments.limit(DEFAULT_LIMIT);
        return scope.accounts(arguments).stream()
                .flatMap(account -> actors.list(account.id(), limit).stream()
                        .map(actor -> new Shown(
                                actor.id(),
                                account.slug(),
                                actor.type().word(),
                                actor.name(),
                                actor.email(),
                                actor.disabled())))
                .limit(limit)
                .toList();
    }

    private SignedOut signOut(OperatorArguments arguments) {
        String reference = arguments.text("actor");
        var located = scope.locate(arguments, account -> scope.actor(account, reference));
        Actor actor = located.thing();
        return new SignedOut(actor.name(), tokens.deleteOf(located.accountId(), actor.id()));
    }
}
