package dev.sluice.datapath.simulation;

import dev.sluice.channel.IceCredentials;
import dev.sluice.channel.Secret;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;

/** Secrets of a pair of devices: the same for as long as neither has another key. */
final class ConnectionKeys {
    private final byte[] secret;
    private final String words;

    /** @param pair ids and public keys of both */
    ConnectionKeys(String pair) {
        try {
            secret = MessageDigest.getInstance("SHA-256").digest(pair.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
        words = HexFormat.of().formatHex(secret);
    }

    Secret presharedKey() {
        return new Secret(Base64.getEncoder().encodeToString(secret));
    }

    IceCredentials clientIce() {
        return new IceCredentials(words.substring(0, 4), new Secret(words.substring(4, 26)));
    }

    IceCredentials gatewayIce() {
        return new IceCredentials(words.substring(26, 30), new Secret(words.substring(30, 52)));
    }
}
