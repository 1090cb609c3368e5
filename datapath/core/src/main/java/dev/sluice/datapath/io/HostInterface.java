package dev.sluice.datapath.io;

import dev.sluice.datapath.io.IpTool.Command;
import dev.sluice.datapath.wire.IpPrefix;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Addresses and routes of a plain tunnel, in the main table, as wg-quick sets them. They go with the device. */
public final class HostInterface {
    private HostInterface() {}

    /**
     * Sets addresses, brings the device up and adds the routes. A default route is left to the operator: in the main
     * table it would catch the tunnel's own datagrams.
     *
     * @param addresses with their prefix lengths
     */
    public static void configure(String device, Collection<String> addresses, Collection<IpPrefix> routes)
            throws HostRoutesException {
        List<Command> links = new ArrayList<>();
        links.add(Command.attempt("link set dev " + device + " addrgenmode none"));
        links.add(Command.set("link set dev " + device + " up"));
        run(4, links);
        for (int family : new int[] {4, 6}) {
            List<Command> commands = new ArrayList<>();
            for (String address : addresses) {
                if (address.contains(":") == (family == 6)) {
                    commands.add(
                            Command.set("addr replace " + address + " dev " + device + (family == 6 ? " nodad" : "")));
                }
            }
            for (IpPrefix route : routes) {
                if (route.network().version() == family && route.length() > 0) {
                    commands.add(Command.set("route replace " + route + " dev " + device));
                }
            }
            run(family, commands);
        }
    }

    private static void run(int family, List<Command> commands) throws HostRoutesException {
        Optional<String> failure = new IpTool().run(family, commands);
        if (failure.isPresent()) {
            throw new HostRoutesException(failure.get());
        }
    }
}
