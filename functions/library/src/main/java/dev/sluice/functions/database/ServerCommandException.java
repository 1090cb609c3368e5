package dev.sluice.functions.database;

/** One of the server's programs failed. */
final class ServerCommandException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int code;
    private final String output;

    ServerCommandException(String program, int code, String output) {
        super(program + " ended with code " + code + (output.isEmpty() ? "" : ": " + output) + wayOut(output));
        this.code = code;
        this.output = output;
    }

    /** For what hosts are known to forbid; empty for anything else. */
    static String wayOut(String output) {
        if (output.contains("unshare")
                || output.contains("cannot be run as root")
                || output.contains("must not be run")) {
            return "\nPostgreSQL does not run as root, and this host forbids the user namespace in which it would not be."
                    + " Start the portal as an ordinary user, allow user namespaces"
                    + " (sysctl -w user.max_user_namespaces=1000, and kernel.unprivileged_userns_clone=1 where there is"
                    + " such a thing), or name a server of yours with SLUICE_DATABASE_URL.";
        }
        if (output.contains("could not look up effective user ID")) {
            return "\nThis user has no name on this host, which PostgreSQL wants: give it a line in /etc/passwd, start the"
                    + " portal as a user that has one, or name a server of yours with SLUICE_DATABASE_URL.";
        }
        if (output.contains("shared memory")) {
            return "\nPostgreSQL gets no shared memory: give /dev/shm room (docker run --shm-size=256m), or name a server"
                    + " of yours with SLUICE_DATABASE_URL.";
        }
        return "";
    }

    int code() {
        return code;
    }

    String output() {
        return output;
    }
}
