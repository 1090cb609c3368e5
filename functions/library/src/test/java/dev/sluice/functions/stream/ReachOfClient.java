package dev.sluice.functions.stream;

import dev.sluice.channel.Resource;
import dev.sluice.functions.device.Device;
import dev.sluice.functions.flow.Reach;
import dev.sluice.functions.resource.ResourceRows;
import dev.sluice.functions.sql.Transactions;
import java.util.List;

/** What a client's list has, for tests of other capabilities. */
public final class ReachOfClient {
    private ReachOfClient() {}

    public static List<Resource> resources(Transactions transactions, Device client) {
        return transactions
                .inAccount(client.accountId())
                .call(transaction ->
                        new Reach(new ResourceRows()).all(transaction, transaction.pipeline(), client.id()));
    }
}
