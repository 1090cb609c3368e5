package dev.sluice.functions.directory.sync;

import dev.sluice.functions.directory.Directory;
import dev.sluice.functions.directory.DirectorySettings;
import dev.sluice.functions.outgoing.OutgoingException;
import dev.sluice.functions.plan.Feature;
import dev.sluice.functions.plan.Plans;
import dev.sluice.functions.settings.SettingException;
import dev.sluice.functions.sql.Acting;
import dev.sluice.functions.sql.DatabaseFailure;
import dev.sluice.functions.sql.RequestException;
import dev.sluice.functions.sql.Transactions;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.arc.All;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;

/** Asks a directory who there is, once, and does what it says. */
@ApplicationScoped
public class DirectorySync {
    private static final Logger LOG = Logger.getLogger(DirectorySync.class);

    private final Transactions transactions;
    private final DirectorySettings settings;
    private final Runs runs;
    private final List<ConnectorFactory> factories;
    private final MeterRegistry metrics;

    @Inject
    public DirectorySync(
            Transactions transactions,
            DirectorySettings settings,
            Runs runs,
            @All List<ConnectorFactory> factories,
            MeterRegistry metrics) {
        this.transactions = transactions;
        this.settings = settings;
        this.runs = runs;
        this.factories = List.copyOf(factories);
        this.metrics = metrics;
    }

    /**
     * Does it, unless somebody is at it. What goes wrong is told in the row of the run.
     *
     * @return whether it was done
     */
    public boolean run(UUID accountId, UUID directoryId) {
        Optional<DirectorySource> source = transactions
                .inAccount(accountId)
                .glance(transaction -> DirectorySource.read(transaction, accountId, directoryId));
        if (source.isEmpty() || source.get().directory().isDisabled()) {
            return false;
        }
        Optional<Run> run = runs.begin(source.get().directory());
        run.ifPresent(begun -> ScopedValue.where(
                        Acting.CURRENT,
                        new Acting(
                                accountId,
                                "directory " + directoryId,
                                begun.id().toString()))
                .run(() -> run(source.get(), begun)));
        return run.isPresent();
    }

    private void run(DirectorySource source, Run run) {
        try {
            requirePlan(run.directory());
            var connector = factory(source).open(source);
            new Reading(transactions, connector, run, Clock.systemUTC()).all();
            Counts counts = new Reconciliation(transactions, runs, settings, run).apply();
            metrics.counter("sluice.directory.runs", "outcome", counts.outcome())
                    .increment();
            LOG.infof("directory %s: %s %s", run.directory().id(), counts.outcome(), counts.json());
        } catch (DirectoryFailure e) {
            failed(run, e);
        } catch (OutgoingException | DatabaseFailure e) {
            LOG.warnf("directory %s: %s", run.directory().id(), e.getMessage());
            failed(run, DirectoryFailure.passing("It could not be read, or kept: see the portal's log."));
        } catch (SettingException | RequestException e) {
            failed(run, DirectoryFailure.lasting(String.valueOf(e.getMessage())));
        } catch (RuntimeException e) {
            LOG.errorf(e, "directory %s", run.directory().id());
            failed(run, DirectoryFailure.lasting("An error of the portal's: see its log."));
        }
    }

    private void failed(Run run, DirectoryFailure failure) {
        metrics.counter("sluice.directory.runs", "outcome", "failed").increment();
        LOG.warnf(
                "directory %s of account %s: %s",
                run.directory().id(), run.directory().accountId(), failure.getMessage());
        runs.failed(run, failure);
    }

    private void requirePlan(Directory directory) {
        boolean has = transactions
                .inAccount(directory.accountId())
                .glance(transaction -> Plans.has(transaction, directory.accountId(), Feature.IDP_SYNC));
        if (!has) {
            throw DirectoryFailure.lasting("The account's plan is without people from directories.");
        }
    }

    private ConnectorFactory factory(DirectorySource source) {
        return factories.stream()
                .filter(factory -> factory.type().equals(source.type()))
                .findFirst()
                .orElseThrow(() -> DirectoryFailure.lasting("Nobody asks directories of this type."));
    }
}
