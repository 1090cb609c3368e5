package dev.sluice.functions.testing;

import com.arjuna.ats.jta.TransactionManager;
import dev.sluice.functions.database.DatabaseAddress;
import dev.sluice.functions.sql.Transactions;
import io.agroal.api.AgroalDataSource;
import io.agroal.api.configuration.AgroalConnectionFactoryConfiguration.TransactionIsolation;
import io.agroal.api.configuration.supplier.AgroalDataSourceConfigurationSupplier;
import io.agroal.api.security.NamePrincipal;
import io.agroal.api.security.SimplePassword;
import io.agroal.narayana.NarayanaTransactionIntegration;
import jakarta.transaction.TransactionSynchronizationRegistry;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The product's pool and its transactions, for tests without a container. One database has one pool; the server has few
 * connections, so the last test's pool is closed when the next one's is asked for.
 */
public final class Pool {
    public static final int CONNECTIONS = 40;

    private static @Nullable DatabaseAddress of;
    private static @Nullable AgroalDataSource latest;

    private Pool() {}

    /** Transactions on that database, as that role. */
    public static Transactions transactions(DatabaseAddress address) {
        return new Transactions(source(address), TransactionManager.transactionManager());
    }

    /** Connections to that database. */
    public static synchronized DataSource source(DatabaseAddress address) {
        if (latest == null || !address.equals(of)) {
            if (latest != null) {
                latest.close();
            }
            latest = open(address);
            of = address;
        }
        return latest;
    }

    private static AgroalDataSource open(DatabaseAddress address) {
        TransactionSynchronizationRegistry registry =
                new com.arjuna.ats.internal.jta.transaction.arjunacore.TransactionSynchronizationRegistryImple();
        try {
            return AgroalDataSource.from(new AgroalDataSourceConfigurationSupplier()
                    .connectionPoolConfiguration(pool -> pool.maxSize(CONNECTIONS)
                            .acquisitionTimeout(Duration.ofSeconds(10))
                            .transactionIntegration(new NarayanaTransactionIntegration(
                                    TransactionManager.transactionManager(), registry))
                            .connectionFactoryConfiguration(factory -> factory.jdbcUrl(address.jdbcUrl())
                                    .jdbcProperty("logServerErrorDetail", "false")
                                    .jdbcTransactionIsolation(TransactionIsolation.READ_COMMITTED)
                                    .principal(new NamePrincipal(address.user()))
                                    .credential(new SimplePassword(address.password())))));
        } catch (SQLException e) {
            throw new IllegalStateException("no pool for " + address, e);
        }
    }
}
