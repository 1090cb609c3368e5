package dev.sluice.functions.actor;

import dev.sluice.functions.entity.Expected;
import dev.sluice.functions.entity.Narrowing;
import dev.sluice.functions.entity.Page;
import dev.sluice.functions.entity.PageRequest;
import dev.sluice.functions.plan.Limit;
import dev.sluice.functions.plan.Plans;
import dev.sluice.functions.policy.PolicyTestRuns;
import dev.sluice.functions.sql.RequestException;
import dev.sluice.functions.sql.Transaction;
import dev.sluice.functions.sql.Transactions;
import dev.sluice.functions.sql.Turns;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Creates, changes, finds and deletes actors. What a change ends, the database ends with it. */
@ApplicationScoped
public class ActorService {
    private final Transactions transactions;
    private final Actors actors;
    private final PolicyTestRuns tests;

    @Inject
    public ActorService(Transactions transactions, Actors actors, PolicyTestRuns tests) {
        this.transactions = transactions;
        this.actors = actors;
        this.tests = tests;
    }

    /**
     * A page of actors.
     *
     * @param name with what their names begin; null for all
     * @param called their whole name or address; null for all
     * @param type null for all
     */
    public Page<ActorView> page(
            UUID accountId,
            PageRequest request,
            @Nullable String name,
            @Nullable String called,
            @Nullable ActorType type) {
        var narrowing = Narrowing.NONE
                .named(name)
                .called(called, "name", "email")
                .with("type", type == null ? null : type.word());
        return transactions
                .inAccount(accountId)
                .search(transaction ->
                        actors.page(accountId, request, narrowing).map(ActorService::view));
    }

    /** @throws RequestException when there is none */
    public ActorView get(UUID accountId, UUID id) {
        return transactions.inAccount(accountId).call(transaction -> view(actors.get(accountId, id)));
    }

    /**
     * Creates an actor.
     *
     * @throws RequestException when the name or the type is missing, or the address is taken or belongs to no person
     */
    public ActorView create(Transaction transaction, UUID accountId, ActorWanted wanted) {
        if (wanted.name() == null) {
            throw RequestException.argument("name", "A new actor needs a name.");
        }
        if (wanted.type() == null) {
            throw RequestException.argument("type", "A new actor needs a type.");
        }
        return create(transaction, accountId, type(wanted.type()), wanted.name(), wanted.email());
    }

    /** As {@link #create(Transaction, UUID, ActorWanted)}. */
    public ActorView create(
            Transaction transaction, UUID accountId, ActorType type, String name, @Nullable String email) {
        if (email != null) {
            requireFree(accountId, type, email);
        }
        requireRoom(transaction, accountId, null, type);
        return view(actors.added(new ActorEntity(accountId, type, name, email)));
    }

    /**
     * Changes an actor. To disable them ends all that they have; their tokens are refused until they are enabled again.
     *
     * @throws RequestException when there is none of this version, or it cannot become so
     */
    public ActorView change(UUID accountId, UUID id, ActorWanted wanted, Expected expected) {
        return transactions.inAccount(accountId).call(transaction -> {
            Turns.take(transaction, accountId);
            var actor = actors.take(accountId, id, expected);
            return tests.keeping(transaction, accountId, () -> {
                var type = wanted.type() == null ? actor.type() : type(wanted.type());
                if (type != actor.type() && !(type.isPerson() && actor.type().isPerson())) {
                    throw RequestException.argument(
                            "type",
                            "A person can be account_user or account_admin_user; all others stay what they are.");
                }
                var email = wanted.email();
                if (actor.directoryId() != null
                        && (wanted.name() != null && !wanted.name().equals(actor.name())
                                || email != null && !email.equals(actor.email()))) {
                    throw ofDirectory(actor);
                }
                if (email != null && !email.equals(actor.email())) {
                    requireFree(accountId, type, email);
                    actor.reachAt(email);
                }
                if (wanted.name() != null) {
                    actor.rename(wanted.name());
                }
                boolean enabled = actor.disabledAt() == null;
                boolean enables = wanted.disabled() == null ? enabled : !wanted.disabled();
                if (enables) {
                    requireRoom(transaction, accountId, enabled ? actor.type() : null, type);
                }
                actor.become(type);
                if (wanted.disabled() != null && wanted.disabled() != (actor.disabledAt() != null)) {
                    if (wanted.disabled()) {
                        actor.disable(transaction.now());
                    } else {
                        requireActive(transaction, actor);
                        actor.enable();
                    }
                }
                actors.flush();
                return view(actor);
            });
        });
    }

    /**
     * Deletes an actor, with all that they have.
     *
     * @throws RequestException when there is none of this version
     */
    public ActorView delete(UUID accountId, UUID id, Expected expected) {
        return transactions.inAccount(accountId).call(transaction -> {
            Turns.take(transaction, accountId);
            var actor = actors.take(accountId, id, expected);
            if (actor.directoryId() != null) {
                throw ofDirectory(actor);
            }
            actors.delete(actor);
            actors.flush();
            return view(actor);
        });
    }

    /**
     * Before somebody counts who did not.
     *
     * @param before as what they count already; null if as nothing
     */
    private static void requireRoom(
            Transaction transaction, UUID accountId, @Nullable ActorType before, ActorType type) {
        if (before == type) {
            return;
        }
        if (type.isPerson() && (before == null || !before.isPerson())) {
            Plans.requirePerson(transaction, accountId);
        }
        switch (type) {
            case ADMIN -> Plans.require(transaction, accountId, Limit.ACCOUNT_ADMIN_USERS);
            case SERVICE_ACCOUNT -> Plans.require(transaction, accountId, Limit.SERVICE_ACCOUNTS);
            case USER, API_CLIENT -> {
                // No plan counts them by themselves.
            }
        }
    }

    private static RequestException ofDirectory(ActorEntity actor) {
        return RequestException.conflict("They are of directory " + actor.directoryId()
                + ", which says who they are: change or delete them there. Here they can be disabled.");
    }

    /** Whom their directory has taken out stays out until it takes them in again. */
    private static void requireActive(Transaction transaction, ActorEntity actor) {
        boolean active = actor.directoryId() == null
                || transaction.one(
                        "SELECT active FROM directory_user WHERE account_id = ? AND id = ?",
                        row -> row.flag("active"),
                        actor.accountId(),
                        actor.id());
        if (!active) {
            throw RequestException.conflict(
                    "Directory " + actor.directoryId() + " has suspended them: enable them there.");
        }
    }

    private void requireFree(UUID accountId, ActorType type, String email) {
        if (!type.isPerson()) {
            throw RequestException.argument("email", "Only people have an e-mail address.");
        }
        if (actors.count("accountId = ?1 and email = ?2", accountId, email) > 0) {
            throw RequestException.argument("email", "Somebody has this e-mail address already.");
        }
    }

    private static ActorType type(String word) {
        return ActorType.ofApi(word)
                .orElseThrow(() -> RequestException.argument("type", "'" + word + "' is no type of actor."));
    }

    private static ActorView view(ActorEntity actor) {
        return new ActorView(
                actor.id(),
                actor.name(),
                actor.type().apiWord(),
                actor.email(),
                actor.disabledAt(),
                actor.directoryId(),
                actor.insertedAt(),
                actor.version());
    }
}
