package dev.sluice.functions.directory;

import dev.sluice.functions.entity.Named;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
import org.hibernate.annotations.DynamicUpdate;
import org.jspecify.annotations.Nullable;

/** A directory, as it is administered. */
@Entity
@Table(name = "directory")
@DynamicUpdate
@SuppressWarnings("NullAway.Init")
public class DirectoryEntity extends Named {
    private String type;

    @Column(name = "disabled_at")
    private @Nullable Instant disabledAt;

    @Column(name = "tenant_id")
    private @Nullable String tenantId;

    @Column(name = "client_id")
    private @Nullable String clientId;

    @Column(name = "client_secret")
    private byte @Nullable [] clientSecret;

    @Column(name = "organization_id")
    private @Nullable String organizationId;

    @Column(name = "source_id")
    private @Nullable String sourceId;

    @Column(name = "wanted_at")
    private @Nullable Instant wantedAt;

    protected DirectoryEntity() {}

    DirectoryEntity(UUID accountId, String name, DirectoryType type) {
        super(accountId, name);
        this.type = type.word();
    }

    DirectoryType type() {
        return DirectoryType.of(type);
    }

    @Nullable String tenantId() {
        return tenantId;
    }

    @Nullable String clientId() {
        return clientId;
    }

    boolean hasClientSecret() {
        return clientSecret != null;
    }

    /** Where it is asked, and as whom. */
    void ask(String tenant, String client) {
        tenantId = tenant;
        clientId = client;
    }

    /** @param sealed by what it knows us */
    void knowUsBy(byte[] sealed) {
        clientSecret = sealed.clone();
    }

    @Nullable String organizationId() {
        return organizationId;
    }

    void belongTo(String organization) {
        organizationId = organization;
    }

    @Nullable String sourceId() {
        return sourceId;
    }

    /** Somebody wants it to be asked, from then on. */
    void want(Instant at) {
        wantedAt = at;
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
