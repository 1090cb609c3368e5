package dev.sluice.functions.seed;

import dev.sluice.channel.Filter;
import dev.sluice.functions.account.AccountService;
import dev.sluice.functions.actor.ActorService;
import dev.sluice.functions.actor.ActorType;
import dev.sluice.functions.actor.GroupService;
import dev.sluice.functions.actor.MembershipService;
import dev.sluice.functions.auth.TokenService;
import dev.sluice.functions.auth.TokenType;
import dev.sluice.functions.policy.PolicyService;
import dev.sluice.functions.resource.FilterText;
import dev.sluice.functions.resource.NewResource;
import dev.sluice.functions.resource.ResourceService;
import dev.sluice.functions.resource.ResourceType;
import dev.sluice.functions.site.SiteService;
import dev.sluice.functions.sql.Transaction;
import dev.sluice.functions.sql.Transactions;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Plants the development data. The accounts' ids and, with {@code STATIC_SEEDS=true}, the tokens are the published ones of
 * the compose file of the system that we follow; everybody knows them.
 */
@ApplicationScoped
public class SeedService {
    /** What a call did. */
    public enum Outcome {
        PLANTED,
        /** The data was there; missing static tokens were put back. */
        PRESENT
    }

    private static final Logger LOG = Logger.getLogger(SeedService.class);

    public static final UUID ACCOUNT = UUID.fromString("c89bcc8c-9392-4dae-a40d-888aef6d28e0");
    public static final UUID OTHER_ACCOUNT = UUID.fromString("9b9290bf-e1bc-4dd3-b401-511908262690");
    public static final UUID CLIENT_TOKEN = UUID.fromString("7da7d1cd-111c-44a7-b5ac-4027b9d230e5");
    public static final UUID GATEWAY_TOKEN = UUID.fromString("2274560b-e97b-45e4-8b34-679c7617e98d");
    public static final String SITE = "mycro-aws-gws";
    public static final String SYNCED_GROUP = "Group:Synced Group with long name";

    private static final String UNPRIVILEGED = "firezone-unprivileged-1@localhost.local";
    private static final Duration CLIENT_TOKEN_LIFE = Duration.ofDays(365);
    private static final List<String> WEB = List.of("tcp:80", "tcp:433", "udp:53", "icmp");

    /** Any number that nobody else locks: two portals that start together plant once. */
    private static final long LOCK = 0x736c75696365L;

    private final Transactions transactions;
    private final AccountService accounts;
    private final ActorService actors;
    private final GroupService groups;
    private final MembershipService memberships;
    private final SiteService sites;
    private final ResourceService resources;
    private final PolicyService policies;
    private final TokenService tokens;
    private final boolean staticSeeds;

    @Inject
    public SeedService(
            Transactions transactions,
            AccountService accounts,
            ActorService actors,
            GroupService groups,
            MembershipService memberships,
            SiteService sites,
            ResourceService resources,
            PolicyService policies,
            TokenService tokens,
            @ConfigProperty(name = "STATIC_SEEDS", defaultValue = "false") boolean staticSeeds) {
        this.transactions = transactions;
        this.accounts = accounts;
        this.actors = actors;
        this.groups = groups;
        this.memberships = memberships;
        this.sites = sites;
        this.resources = resources;
        this.policies = policies;
        this.tokens = tokens;
        this.staticSeeds = staticSeeds;
    }

    /** Plants the data unless it is there, and puts back the static tokens if they are asked for and missing. */
    public Outcome seed() {
        plantOther();
        return transactions.inAccount(ACCOUNT).call(transaction -> {
            if (present(transaction, ACCOUNT)) {
                if (staticSeeds) {
                    plantTokens(transaction);
                }
                return Outcome.PRESENT;
            }
            plant(transaction);
            return Outcome.PLANTED;
        });
    }

    /** A token that was deleted stays so over a restart; only an empty portal is planted by its start. */
    void start(@Observes @Priority(1) StartupEvent event) {
        if (staticSeeds) {
            LOG.warn("STATIC_SEEDS=true: the development tokens are published, and so is what signs others if"
                    + " TOKENS_KEY_BASE is not set. For laboratories only.");
            plantOther();
            transactions.inAccount(ACCOUNT).run(transaction -> {
                if (!present(transaction, ACCOUNT)) {
                    plant(transaction);
                }
            });
        }
    }

    private static boolean present(Transaction transaction, UUID account) {
        transaction.list("SELECT pg_advisory_xact_lock(?)", row -> true, LOCK);
        return transaction
                .first("SELECT FROM account WHERE id = ?", row -> true, account)
                .isPresent();
    }

    /** An account in which nothing is. */
    private void plantOther() {
        transactions.inAccount(OTHER_ACCOUNT).run(transaction -> {
            if (!present(transaction, OTHER_ACCOUNT)) {
                accounts.create(transaction, OTHER_ACCOUNT, "not_firezone", "Other Corp Account");
            }
        });
    }

    private void plant(Transaction transaction) {
        accounts.create(transaction, ACCOUNT, "firezone", "Firezone Account");
        transaction.update("UPDATE account SET search_domain = 'httpbin.search.test' WHERE id = ?", ACCOUNT);
        var admin = actor(transaction, ActorType.ADMIN, "Firezone Admin", "firezone@localhost.local");
        var unprivileged = actor(transaction, ActorType.USER, "Firezone Unprivileged", UNPRIVILEGED);
        actor(transaction, ActorType.SERVICE_ACCOUNT, "Backup Manager", null);
        var engineering = group(transaction, "Engineering", List.of(admin));
        group(transaction, "Finance", List.of(admin));
        var synced = group(transaction, SYNCED_GROUP, List.of(admin, unprivileged));
        var everyone = transaction.one(
                "SELECT id FROM actor_group WHERE account_id = ? AND type = 'everyone'", row -> row.id("id"), ACCOUNT);
        var site = sites.create(transaction, ACCOUNT, SITE).id();

        var dns = ResourceType.DNS;
        resource(transaction, site, dns, "foobar.com", "foobar.com", List.of(), everyone);
        resource(transaction, site, dns, "**.firez.one", "**.firez.one", List.of(), synced);
        resource(transaction, site, dns, "*.firezone.dev", "*.firezone.dev", List.of(), everyone);
        resource(transaction, site, dns, "example.com", "example.com", List.of(), everyone);
        resource(transaction, site, dns, "ip6only.me", "ip6only", List.of(), synced);
        resource(transaction, site, dns, "*.example.com", "*.example.com", List.of(), everyone);
        resource(transaction, site, dns, "gitlab.mycorp.com", "gitlab.mycorp.com", WEB, engineering);
        resource(transaction, site, ResourceType.IP, "1.2.3.4", "CloudFlare DNS", WEB, null);
        resource(transaction, site, ResourceType.CIDR, "172.20.0.0/16", "MyCorp Network", List.of(), synced);
        resource(transaction, site, ResourceType.CIDR, "172:20::/64", "MyCorp Network (IPv6)", List.of(), synced);
        resource(transaction, site, dns, "**.httpbin", "**.httpbin", WEB, everyone);
        resource(transaction, site, dns, "**.httpbin.search.test", "**.httpbin.search.test", WEB, everyone);
        if (staticSeeds) {
            plantTokens(transaction);
        }
    }

    private void plantTokens(Transaction transaction) {
        var actor = transaction.first(
                "SELECT id FROM actor WHERE account_id = ? AND email = ?", row -> row.id("id"), ACCOUNT, UNPRIVILEGED);
        actor.ifPresent(id -> tokens.keep(
                transaction,
                ACCOUNT,
                CLIENT_TOKEN,
                TokenType.CLIENT,
                id,
                null,
                "n" + "AiIy_6pBk-WLeRAPzzkCFXNqIZKWBs2Ddw_2vgIQvFg",
                "kKKA7dtf3TJk0-1O2D9N1w",
                transaction.now().plus(CLIENT_TOKEN_LIFE)));
        var site = transaction.first(
                "SELECT id FROM site WHERE account_id = ? AND name = ?", row -> row.id("id"), ACCOUNT, SITE);
        site.ifPresent(id -> tokens.keep(
                transaction,
                ACCOUNT,
                GATEWAY_TOKEN,
                TokenType.GATEWAY,
                null,
                id,
                "O02L7US2J3VINOMPR9J6IL88QIQP6UO8AQVO6U5IPL0VJC22JGH0====",
                "uQyisyqrvYIIitMXnSJFKQ",
                null));
    }

    private UUID actor(Transaction transaction, ActorType type, String name, @Nullable String email) {
        return actors.create(transaction, ACCOUNT, type, name, email).id();
    }

    private UUID group(Transaction transaction, String name, List<UUID> members) {
        var id = groups.create(transaction, ACCOUNT, name).id();
        memberships.add(transaction, ACCOUNT, id, members);
        return id;
    }

    private void resource(
            Transaction transaction,
            UUID siteId,
            ResourceType type,
            String address,
            String name,
            List<String> filters,
            @Nullable UUID groupId) {
        List<Filter> parsed = FilterText.parse(filters);
        var wanted = new NewResource(type, address, name, null, List.of(siteId), parsed);
        var id = resources.create(transaction, ACCOUNT, wanted).id();
        if (groupId != null) {
            policies.create(transaction, ACCOUNT, groupId, id, List.of());
        }
    }
}
