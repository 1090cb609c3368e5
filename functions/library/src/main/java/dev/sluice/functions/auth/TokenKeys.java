package dev.sluice.functions.auth;

import dev.sluice.functions.sql.Transactions;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Where the key comes from: the configuration, or for the static seeds the published one, or else one that is made once
 * and kept in the database.
 */
@Singleton
public class TokenKeys {
    /** Of the development compose file of the system that we follow. Known to everyone, like the tokens it signs. */
    public static final TokenKey PUBLISHED = new TokenKey(
            "5OVYJ83AcoQcPmdKNksuBhJFBhjHD1uUa9mDOHV/6EIdBQ6pXksIhkVeWIzFk5S2", "t01wa0K4lUd7mKa0HAtZdE+jFOPDDej2");

    private static final int BYTES = 48;

    @Produces
    @Singleton
    TokenKey key(
            Transactions transactions,
            @ConfigProperty(name = "TOKENS_KEY_BASE") Optional<String> base,
            @ConfigProperty(name = "TOKENS_SALT") Optional<String> salt,
            @ConfigProperty(name = "STATIC_SEEDS", defaultValue = "false") boolean staticSeeds) {
        if (base.isPresent() && salt.isPresent()) {
            return new TokenKey(base.get(), salt.get());
        }
        return staticSeeds ? PUBLISHED : kept(transactions);
    }

    private static TokenKey kept(Transactions transactions) {
        return transactions.ofPortal().call(transaction -> {
            transaction.update(
                    "INSERT INTO token_key (base, salt) VALUES (?, ?) ON CONFLICT DO NOTHING", random(), random());
            return transaction.one(
                    "SELECT base, salt FROM token_key", row -> new TokenKey(row.text("base"), row.text("salt")));
        });
    }

    private static String random() {
        byte[] bytes = new byte[BYTES];
        new SecureRandom().nextBytes(bytes);
        return Base64.getEncoder().encodeToString(bytes);
    }
}
