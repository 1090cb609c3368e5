package dev.sluice.datapath.connectivity;

/**
 * One side's ICE credentials, as the portal derives them for a pair of devices.
 *
 * @param username the fragment that stands in a check's USERNAME, 4 characters
 * @param password the raw key of a check's MESSAGE-INTEGRITY, 22 characters
 */
public record IceCredentials(String username, String password) {
    public IceCredentials {
        if (username.isEmpty() || username.length() > 256 || username.indexOf(':') >= 0) {
            throw new IllegalArgumentException("an ICE username has 1 to 256 characters and no colon");
        }
        if (password.isEmpty() || password.length() > 256) {
            throw new IllegalArgumentException("an ICE password has 1 to 256 characters");
        }
    }

    @Override
    public String toString() {
        return "IceCredentials[username=" + username + ", password=redacted]";
    }
}
