package dev.sluice.functions.process;

import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/** Says once, when everything else has started, what is on. */
@ApplicationScoped
public class Announcement {
    static final String REMARKS = "sluice.process.remarks";

    private static final Logger LOG = Logger.getLogger(Announcement.class);

    private final String remarks;

    Announcement(@ConfigProperty(name = REMARKS, defaultValue = "none") String remarks) {
        this.remarks = remarks;
    }

    void announce(@Observes @Priority(Integer.MAX_VALUE) StartupEvent event) {
        remarks.lines().forEach(line -> LOG.infof("portal: %s", line));
    }
}
