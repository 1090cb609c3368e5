package dev.sluice.datapath.io.netlink;

import dev.sluice.datapath.io.Libc;

/** The kernel refused a request, or a socket to ask it by. */
public final class NetlinkException extends Exception {
    private static final long serialVersionUID = 1;

    private final int errno;

    NetlinkException(int errno, String message) {
        super(message);
        this.errno = errno;
    }

    /** No socket was to be had. */
    static NetlinkException forbidden(int errno) {
        return new NetlinkException(
                errno,
                "the kernel gives this process no netlink socket (errno " + errno
                        + "): where its service or container is confined, allow the address family AF_NETLINK");
    }

    /**
     * The kernel said no.
     *
     * @param said the kernel's own words (NLMSGERR_ATTR_MSG), empty where it gave none
     */
    static NetlinkException refused(int errno, String said) {
        String reason = switch (errno) {
            case Libc.EPERM, Libc.EACCES -> "not permitted";
            case Libc.ENOENT -> "no such thing";
            case Libc.EEXIST -> "it exists already";
            case Libc.ENODEV -> "no such device";
            case Libc.EINVAL -> "invalid";
            case Libc.EAFNOSUPPORT, Libc.EOPNOTSUPP -> "not supported by this kernel";
            default -> "refused";
        };
        return new NetlinkException(errno, (said.isEmpty() ? reason : said) + " (errno " + errno + ")");
    }

    /** As in errno(3), positive. */
    public int errno() {
        return errno;
    }
}
