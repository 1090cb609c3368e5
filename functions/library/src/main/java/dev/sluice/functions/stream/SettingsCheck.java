package dev.sluice.functions.stream;

import dev.sluice.functions.audit.AuditSettings;
import dev.sluice.functions.flow.FlowSettings;
import dev.sluice.functions.outgoing.OutgoingSettings;
import dev.sluice.functions.settings.BuildProperties;
import io.quarkus.arc.properties.UnlessBuildProperty;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.interceptor.Interceptor;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Ends a start with settings that cannot be used, before anything rests on them. */
@ApplicationScoped
@UnlessBuildProperty(name = BuildProperties.FUNCTIONS, stringValue = "true", enableIfMissing = true)
public class SettingsCheck {
    private final StreamSettings stream;
    private final FlowSettings flow;
    private final AuditSettings audit;
    private final OutgoingSettings outgoing;
    private final Relays relays;
    private final int connections;

    @Inject
    public SettingsCheck(
            StreamSettings stream,
            FlowSettings flow,
            AuditSettings audit,
            OutgoingSettings outgoing,
            Relays relays,
            @ConfigProperty(name = "quarkus.datasource.jdbc.max-size") int connections) {
        this.stream = stream;
        this.flow = flow;
        this.audit = audit;
        this.outgoing = outgoing;
        this.relays = relays;
        this.connections = connections;
    }

    /** Before the jobs begin, and everything else. */
    void check(@Observes @Priority(Interceptor.Priority.PLATFORM_BEFORE - 1) StartupEvent event) {
        stream.check();
        flow.check(connections);
        audit.check();
        outgoing.allowed();
        relays.all();
    }
}
