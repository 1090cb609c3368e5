package dev.sluice.functions.sql;

import dev.sluice.functions.settings.BuildProperties;
import io.quarkus.agroal.DataSource;
import io.quarkus.arc.properties.UnlessBuildProperty;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import jakarta.transaction.TransactionManager;

/** Makes what is {@link Reserved}. */
@Singleton
@UnlessBuildProperty(name = BuildProperties.FUNCTIONS, stringValue = "true", enableIfMissing = true)
class ReservedConnections {
    @Produces
    @Singleton
    @Reserved
    Transactions transactions(@DataSource("reserved") javax.sql.DataSource source, TransactionManager manager) {
        return new Transactions(source, manager);
    }
}
