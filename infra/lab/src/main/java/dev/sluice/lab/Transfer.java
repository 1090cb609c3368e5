package dev.sluice.lab;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Large transfers from and to a resource's server, whole or a failure. */
public final class Transfer {
    private static final long SEED = 4711;

    private Transfer() {}

    /** Fetches {@code size} bytes from the server at {@code address}, compares their checksum, and returns the milliseconds. */
    public static double get(String host, String address, long size, Duration limit) {
        Path file = Place.INSIDE.resolve("transfer-" + host);
        Curl curl = Curl.from(host, url(address, "/file", size), limit, "--output", file.toString());
        if (!curl.succeeded()) {
            throw new LabException("the transfer failed: " + curl.error());
        }
        String actual = checksum(file);
        String expected =
                Curl.from(host, url(address, "/sha256", size), limit).body().strip();
        if (!actual.equals(expected)) {
            throw new LabException("the checksum is " + actual + " and not " + expected);
        }
        return curl.total();
    }

    /** Sends what {@link #get} of the same size has fetched, compares the server's checksum, and returns the milliseconds. */
    public static double put(String host, String address, Duration limit) {
        Path file = Place.INSIDE.resolve("transfer-" + host);
        Curl curl = Curl.from(host, url(address, "/upload", 0), limit, "--upload-file", file.toString());
        if (!curl.body().strip().equals(checksum(file))) {
            throw new LabException("what arrived differs from what was sent: " + curl.error());
        }
        return curl.total();
    }

    private static String checksum(Path file) {
        return Program.require(List.of("sha256sum", file.toString()), "").split(" ")[0];
    }

    private static String url(String address, String path, long size) {
        return "http://" + (address.indexOf(':') < 0 ? address : "[" + address + "]") + path + "?size=" + size
                + "&seed=" + SEED;
    }
}
