package dev.sluice.functions.stream;

import dev.sluice.functions.job.ScheduledJob;
import dev.sluice.functions.job.ScheduledJobs;
import dev.sluice.functions.settings.BuildProperties;
import dev.sluice.functions.sql.DatabaseFailure;
import io.quarkus.arc.properties.UnlessBuildProperty;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.util.List;
import org.jboss.logging.Logger;

/** What this instance does from start to stop, where it is a process that serves channels. */
@ApplicationScoped
@UnlessBuildProperty(name = BuildProperties.FUNCTIONS, stringValue = "true", enableIfMissing = true)
public class Lifecycle implements ScheduledJobs {
    private static final Logger LOG = Logger.getLogger(Lifecycle.class);

    private final Instance instance;
    private final Channels channels;
    private final Deliverers deliverers;
    private final WakeCalls calls;
    private final Relays relays;
    private final StreamSettings settings;

    @Inject
    public Lifecycle(
            Instance instance,
            Channels channels,
            Deliverers deliverers,
            WakeCalls calls,
            Relays relays,
            StreamSettings settings) {
        this.instance = instance;
        this.channels = channels;
        this.deliverers = deliverers;
        this.calls = calls;
        this.relays = relays;
        this.settings = settings;
    }

    @Override
    public List<ScheduledJob> jobs() {
        return List.of(ScheduledJob.every(settings.beat(), "beat", this::beat));
    }

    void start(@Observes StartupEvent event) {
        LOG.infof("%d relays are handed to every peer", relays.all().size());
        instance.beat();
        deliverers.start();
        calls.start();
    }

    void stop(@Observes ShutdownEvent event) {
        calls.stop();
        try {
            deliverers.stop();
            instance.leave();
        } catch (DatabaseFailure e) {
            LOG.warnf("this instance's rows stay until another clears them: %s", e.getMessage());
        }
    }

    void beat() {
        try {
            // As of the last beat, since which nothing of what it clears can have been heard.
            channels.reconcile();
        } finally {
            instance.beat();
        }
    }
}
