package dev.sluice.functions.sql;

import io.quarkus.agroal.DataSource;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import jakarta.transaction.TransactionManager;

/** Makes what is {@link Reserved}. */
@Singleton
class ReservedConnections {
    @Produces
    @Singleton
    @Reserved
    Transactions transactions(@DataSource("reserved") javax.sql.DataSource source, TransactionManager manager) {
        return new Transactions(source, manager);
    }
}
