package dev.sluice.functions.lambda;

import dev.sluice.functions.sql.Reserved;
import dev.sluice.functions.sql.Transactions;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** A function does one thing at a time: what a process keeps connections for apart takes the same here. */
@Singleton
class FunctionConnections {
    @Produces
    @Singleton
    @Reserved
    Transactions reserved(Transactions transactions) {
        return transactions;
    }
}
