package dev.sluice.functions.identity;

import dev.sluice.functions.entity.Named;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
import org.hibernate.annotations.DynamicUpdate;
import org.jspecify.annotations.Nullable;

/** An identity provider, as it is administered. */
@Entity
@Table(name = "identity_provider")
@DynamicUpdate
@SuppressWarnings("NullAway.Init")
public class IdentityProviderEntity extends Named {
    private String type;

    private @Nullable String issuer;

    @Column(name = "client_id")
    private @Nullable String clientId;

    @Column(name = "client_secret")
    private byte @Nullable [] clientSecret;

    @Column(name = "disabled_at")
    private @Nullable Instant disabledAt;

    protected IdentityProviderEntity() {}

    IdentityProviderEntity(UUID accountId, String name, ProviderType type) {
        super(accountId, name);
        this.type = type.word();
    }

    ProviderType type() {
        return ProviderType.of(type);
    }

    @Nullable String issuer() {
        return issuer;
    }

    @Nullable String clientId() {
        return clientId;
    }

    /** Where people are sent, and as whom we send them. */
    void sendTo(String newIssuer, String newClientId) {
        issuer = newIssuer;
        clientId = newClientId;
    }

    /** @param sealed by what it knows us */
    void knowUsBy(byte[] sealed) {
        clientSecret = sealed.clone();
    }

    @Nullable Instant disabledAt() {
        return disabledAt;
    }

    void disable(Instant at) {
        disabledAt = at;
    }

    void enable() {
        disabledAt = null;
    }
}
