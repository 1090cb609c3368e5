package dev.sluice.functions.console;

import dev.sluice.functions.api.Door;
import dev.sluice.functions.auth.Sessions;
import dev.sluice.functions.sql.DatabaseFailure;
import dev.sluice.functions.sql.Transactions;
import io.quarkus.runtime.ShutdownEvent;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.subscription.BackPressureStrategy;
import io.smallrye.mutiny.subscription.MultiEmitter;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.RestHeader;
import org.jboss.resteasy.reactive.RestStreamElementType;
import org.jspecify.annotations.Nullable;

/**
 * Tells an open page that what it shows has changed, and that its session has ended: it then gets itself anew. What it is told
 * holds nothing that is secret. Looks at the account each second, which is two primary keys and the end of an index.
 */
@Path(Door.PAGES + "{account}/live")
@SignedIn
@Blocking
public class LivePages {
    private static final Logger LOG = Logger.getLogger(LivePages.class);

    private static final Duration INTERVAL = Duration.ofSeconds(1);

    /** After so many looks without news something is sent all the same: who is gone is noticed by that. */
    private static final int SILENCE = 15;

    private static final String CHANGED = "changed";
    private static final String ENDED = "ended";

    /** What changes with every decision and revocation, with what admins do, and with what connects. */
    private static final String MARK = """
            SELECT coalesce((SELECT max(id) FROM audit_entry WHERE account_id = ?), 0)::text || ' '
                   || (SELECT count(*) || ' ' || coalesce(max(fence), 0) FROM channel WHERE account_id = ?) AS mark
            """;

    /** So many pages are told of news by one instance; those beyond show what was when they were opened. */
    @Singleton
    static class Listeners {
        private static final int MOST = 500;

        private final Semaphore places = new Semaphore(MOST);
        private volatile boolean closing;

        void close(@Observes ShutdownEvent event) {
            closing = true;
        }
    }

    private final Visitor visitor;
    private final Cookies cookies;
    private final Sessions sessions;
    private final Transactions transactions;
    private final Listeners listeners;
    private final RoutingContext routing;

    @Inject
    LivePages(
            Visitor visitor,
            Cookies cookies,
            Sessions sessions,
            Transactions transactions,
            Listeners listeners,
            RoutingContext routing) {
        this.visitor = visitor;
        this.cookies = cookies;
        this.sessions = sessions;
        this.transactions = transactions;
        this.listeners = listeners;
        this.routing = routing;
    }

    @GET
    @Produces(MediaType.SERVER_SENT_EVENTS)
    @RestStreamElementType(MediaType.TEXT_PLAIN)
    public Multi<OutboundSseEvent> listen(
            @Context Sse sse, @RestHeader(HttpHeaders.USER_AGENT) @Nullable String browser) {
        if (!listeners.places.tryAcquire()) {
            throw new WebApplicationException(Response.Status.SERVICE_UNAVAILABLE);
        }
        // What is around pages is not around a stream.
        routing.response().putHeader("Cache-Control", "no-store").putHeader("X-Content-Type-Options", "nosniff");
        UUID account = visitor.accountId();
        String session = cookies.session(account).orElse("");
        // Whoever does not read is told the newest alone, when they do.
        return Multi.createFrom()
                .<OutboundSseEvent>emitter(
                        page -> {
                            Thread follower = Thread.ofVirtual()
                                    .name("live")
                                    .unstarted(() -> follow(new Listener(page, sse), account, session, browser));
                            page.onTermination(follower::interrupt);
                            follower.start();
                        },
                        BackPressureStrategy.LATEST)
                .onTermination()
                .invoke(listeners.places::release);
    }

    private record Listener(MultiEmitter<? super OutboundSseEvent> page, Sse sse) {
        void tell(String event) {
            page.emit(sse.newEventBuilder().name(event).data("").build());
        }

        void stay() {
            page.emit(sse.newEventBuilder().comment("").build());
        }
    }

    private void follow(Listener page, UUID account, String session, @Nullable String browser) {
        try {
            String mark = mark(account);
            // Since the page was made, or since it was told last before a connection broke, something may have changed.
            page.tell(CHANGED);
            for (int silent = 0; !listeners.closing; silent++) {
                Thread.sleep(INTERVAL);
                if (hasEnded(account, session, browser)) {
                    page.tell(ENDED);
                    break;
                }
                String now = mark(account);
                if (!now.equals(mark)) {
                    mark = now;
                    silent = 0;
                    page.tell(CHANGED);
                } else if (silent % SILENCE == 0) {
                    page.stay();
                }
            }
        } catch (InterruptedException gone) {
            LOG.debug("a page is gone");
        } catch (DatabaseFailure away) {
            LOG.debugf("the database cannot be asked for news: %s", away.getMessage());
        }
        page.page().complete();
    }

    private boolean hasEnded(UUID account, String session, @Nullable String browser) {
        return sessions.find(session, browser)
                .filter(found -> found.admin() && found.accountId().equals(account))
                .isEmpty();
    }

    private String mark(UUID account) {
        return transactions
                .inAccount(account)
                .glance(transaction -> transaction.one(MARK, row -> row.text("mark"), account, account));
    }
}
