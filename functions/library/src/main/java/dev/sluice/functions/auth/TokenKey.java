package dev.sluice.functions.auth;

/**
 * What tokens are signed with.
 *
 * @param base the secret, {@code TOKENS_KEY_BASE}
 * @param salt {@code TOKENS_SALT}
 */
public record TokenKey(String base, String salt) {
    @Override
    public String toString() {
        return "TokenKey[***]";
    }
}
