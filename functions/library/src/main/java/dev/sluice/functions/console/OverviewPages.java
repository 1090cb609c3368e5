package dev.sluice.functions.console;

import dev.sluice.functions.api.Door;
import dev.sluice.functions.api.OnBehalf;
import dev.sluice.functions.audit.ActivityService;
import dev.sluice.functions.settings.WebAddress;
import dev.sluice.functions.sql.Transactions;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/** An account at a glance. */
@Path(Door.PAGES + "{account}")
@Produces(PageResponse.HTML)
@SignedIn
@OnBehalf
@RunOnVirtualThread
public class OverviewPages {
    private final Visitor visitor;
    private final Transactions transactions;
    private final ActivityService activity;
    private final Frames frames;
    private final WebAddress web;

    @Inject
    OverviewPages(Visitor visitor, Transactions transactions, ActivityService activity, Frames frames, WebAddress web) {
        this.visitor = visitor;
        this.transactions = transactions;
        this.activity = activity;
        this.frames = frames;
        this.web = web;
    }

    /** How long the charts look back, in so many steps. */
    public enum Over {
        HOUR(60, Duration.ofMinutes(1)),
        DAY(96, Duration.ofMinutes(15)),
        WEEK(84, Duration.ofHours(2));

        private final int steps;
        private final Duration step;

        Over(int steps, Duration step) {
            this.steps = steps;
            this.step = step;
        }

        /** As addresses have it. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Over of(@Nullable String word) {
            return Stream.of(values())
                    .filter(over -> over.word().equals(word))
                    .findFirst()
                    .orElse(HOUR);
        }
    }

    @GET
    public Response overview(@RestQuery("over") @Nullable String word) {
        var id = visitor.account().id();
        var over = Over.of(word);
        return transactions.inAccount(id).glance(transaction -> {
            var lately = activity.read(transaction, id, over.steps, over.step);
            return PageResponse.page(Templates.overview(
                    frames.of("overview"),
                    Overview.read(transaction, id),
                    Waiting.read(transaction, id),
                    over,
                    List.of(Chart.flows(lately), Chart.latencies(lately)),
                    web.ofDevices()));
        });
    }
}
