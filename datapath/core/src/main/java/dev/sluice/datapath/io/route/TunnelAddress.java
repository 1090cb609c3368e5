package dev.sluice.datapath.io.route;

import dev.sluice.datapath.wire.IpAddress;
import dev.sluice.datapath.wire.IpPrefix;

/**
 * An address of the TUN device.
 *
 * @param length of the network around it that the kernel leads to the device; all bits for none
 */
public record TunnelAddress(IpAddress address, int length) {
    /** Alone on its link. */
    public static TunnelAddress alone(IpAddress address) {
        return new TunnelAddress(address, address.bitLength());
    }

    IpPrefix subnet() {
        return new IpPrefix(address, length);
    }

    @Override
    public String toString() {
        return "address " + address + "/" + length;
    }
}
