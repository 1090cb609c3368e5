package dev.sluice.datapath.io;

/** A UDP socket with the options of socket(7) and ipv6(7) that all of ours have. */
final class DatagramDescriptor {
    private static final int SOL_SOCKET = 1;
    private static final int SO_SNDBUF = 7;
    private static final int SO_RCVBUF = 8;
    private static final int SO_SNDBUFFORCE = 32;
    private static final int SO_RCVBUFFORCE = 33;
    private static final int IPV6_V6ONLY = 26;

    /** 10 Gbit/s for 10 ms, and 1 ms: bursts while the loop is busy elsewhere. */
    private static final int RECEIVE_BYTES = 16 << 20;

    private static final int SEND_BYTES = 2 << 20;

    private DatagramDescriptor() {}

    /**
     * Non-blocking, marked, with large buffers; an IPv6 socket leaves IPv4 alone.
     *
     * @param mark as of {@link SocketMark}
     * @return the descriptor, or {@code -errno} where the host does not have the family
     * @throws IllegalStateException without CAP_NET_ADMIN in the network namespace, which marking takes
     */
    static int open(int family, int mark) {
        int descriptor = Libc.socket(family, Libc.SOCK_DGRAM | Libc.O_NONBLOCK | Libc.O_CLOEXEC, 0);
        if (descriptor == -Libc.EAFNOSUPPORT) {
            return descriptor;
        }
        if (descriptor < 0) {
            throw new IllegalStateException("the kernel refused a UDP socket (errno " + -descriptor + ")");
        }
        int marked = Libc.setsockopt(descriptor, SOL_SOCKET, SocketMark.SO_MARK, mark);
        if (marked < 0) {
            Libc.close(descriptor);
            throw new IllegalStateException(
                    "the kernel refused to mark a socket (errno " + -marked + "): run as root or with CAP_NET_ADMIN");
        }
        if (family == Libc.AF_INET6) {
            Libc.setsockopt(descriptor, ControlMessages.IPPROTO_IPV6, IPV6_V6ONLY, 1);
        }
        enlarge(descriptor, SO_RCVBUFFORCE, SO_RCVBUF, RECEIVE_BYTES);
        enlarge(descriptor, SO_SNDBUFFORCE, SO_SNDBUF, SEND_BYTES);
        return descriptor;
    }

    /** Has the kernel say to which address each datagram came. */
    static void tellDestinations(int descriptor, int family) {
        if (family == Libc.AF_INET) {
            Libc.setsockopt(descriptor, ControlMessages.IPPROTO_IP, ControlMessages.IP_PKTINFO, 1);
        } else {
            Libc.setsockopt(descriptor, ControlMessages.IPPROTO_IPV6, ControlMessages.IPV6_RECVPKTINFO, 1);
        }
    }

    /** Whether the kernel cuts trains of datagrams. */
    static boolean takesTrains(int descriptor) {
        return Libc.setsockopt(descriptor, ControlMessages.IPPROTO_UDP, ControlMessages.UDP_SEGMENT, 0) == 0;
    }

    /** Has the kernel put trains of datagrams together, if it knows how. */
    static void joinTrains(int descriptor) {
        Libc.setsockopt(descriptor, ControlMessages.IPPROTO_UDP, ControlMessages.UDP_GRO, 1);
    }

    /** Root's buffers go past rmem_max and wmem_max; the others' get what these allow. No sysctl is touched. */
    private static void enlarge(int descriptor, int forced, int limited, int bytes) {
        if (Libc.setsockopt(descriptor, SOL_SOCKET, forced, bytes) < 0) {
            Libc.setsockopt(descriptor, SOL_SOCKET, limited, bytes);
        }
    }
}
