package dev.sluice.lab.scenario;

import dev.sluice.lab.LabException;
import java.util.List;

/** Every scenario, in the order in which {@code all} runs them. */
final class Scenarios {
    private static final List<Scenario> ALL = List.of(
            new Underlay(),
            FirstPacket.ipv4(),
            FirstPacket.ipv6(),
            new Denied(),
            new NoLeak(),
            new ForeignHands(),
            new Overlap(),
            new Reauthorize(),
            new ReauthorizeDownload(),
            new ReauthorizeOff(),
            new ProhibitedBeyond(),
            new Revoke(),
            new RevokeStale(),
            new TokenDeleted(),
            new SignIn(),
            new Expiry(),
            new Drift(),
            new Filter(),
            new LongDatagrams(),
            new Inbound(),
            new LastResource(),
            new NothingBack(),
            PortalDown.staysDown(),
            PortalDown.restarts(),
            new GatewayRestart(),
            new ClientRestart(),
            Roam.client(),
            Roam.gateway(),
            new Lossy(),
            new WireGuard(),
            new WireGuardOnLink(),
            new FullTunnel(),
            new WireGuardGo(),
            new WrongClock(),
            new LastPacket(),
            new DirectoryRemoval(),
            new OwnPostgres(),
            new Lambda(),
            new KillPortal(),
            new RollingUpgrade(),
            new Restore());

    private Scenarios() {}

    static List<Scenario> all() {
        return ALL;
    }

    static Scenario named(String name) {
        return ALL.stream()
                .filter(scenario -> scenario.name().equals(name))
                .findFirst()
                .orElseThrow(() ->
                        new LabException("there is no scenario " + name + "; './sluice lab scenario list' shows them"));
    }
}
