package dev.sluice.functions.operator;

import dev.sluice.functions.account.Account;
import dev.sluice.functions.account.AccountService;
import dev.sluice.functions.actor.Actor;
import dev.sluice.functions.actor.ActorService;
import dev.sluice.functions.sql.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** Accounts, created whole: with an administrator who can do the rest. */
@ApplicationScoped
class AccountCommands implements OperatorCommands {
    private record Created(UUID id, String slug, String name, UUID adminId) {}

    private final AccountService accounts;
    private final ActorService actors;
    private final Transactions transactions;

    @Inject
    AccountCommands(AccountService accounts, ActorService actors, Transactions transactions) {
        this.accounts = accounts;
        this.actors = actors;
        this.transactions = transactions;
    }

    @Override
    public List<OperatorCommand> commands() {
        return List.of(
                new OperatorCommand("account/list", Set.of(), arguments -> accounts.list()),
                new OperatorCommand("account/create", Set.of("name", "slug", "admin_email"), this::create));
    }

    private Created create(OperatorArguments arguments) {
        String email = arguments.text("admin_email");
        String slug = arguments.text("slug");
        String name = arguments.text("name");
        return transactions.call(transaction -> {
            Account account = accounts.create(transaction, slug, name);
            UUID admin = actors.create(transaction, account.id(), Actor.Type.ADMIN, email, email)
                    .id();
            return new Created(account.id(), account.slug(), account.name(), admin);
        });
    }
}
