package dev.sluice.lab.scenario;

import dev.sluice.lab.Exchange;
import dev.sluice.lab.Lab;
import dev.sluice.lab.Topology;
import java.time.Duration;

/** Datagrams that are longer than the tunnel's packets, as of large DNS answers, IKE and Kerberos: they go in parts. */
final class LongDatagrams implements Scenario {
    private static final int[] LENGTHS = {1_400, 3_000, 8_000};
    private static final Duration LIMIT = Duration.ofSeconds(5);

    @Override
    public String name() {
        return "long-datagrams";
    }

    @Override
    public String promise() {
        return "datagrams of up to 8,000 bytes pass in IP fragments, there and back, the first packet among them, and cause"
                + " no re-authorization";
    }

    @Override
    public Figure run(Lab lab) throws Exception {
        Stage stage = Stage.fresh(lab);
        int passed = 0;
        for (String address : new String[] {Topology.RESOURCE_IPV4, Topology.RESOURCE_IPV6}) {
            // The first goes in parts too, and waits for its grant.
            for (int length : LENGTHS) {
                Check.that(
                        Exchange.echoes(Topology.CLIENT, address, length, LIMIT),
                        "a datagram of " + length + " bytes to " + address + " is not answered");
                passed++;
            }
        }
        Check.that(stage.reauthorizations() == 0, "parts have caused a re-authorization");
        return Figure.fact(passed + " lengths and families came back", "all of them");
    }
}
