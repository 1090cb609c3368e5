package dev.sluice.functions.site;

import dev.sluice.functions.entity.Named;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.util.UUID;
import org.hibernate.annotations.DynamicUpdate;
import org.hibernate.annotations.Generated;
import org.hibernate.generator.EventType;

/** A place where gateways stand, as it is administered. */
@Entity
@Table(name = "site")
@DynamicUpdate
@SuppressWarnings("NullAway.Init")
public class SiteEntity extends Named {
    static final String BY_SYSTEM = "system";

    @Generated(event = EventType.INSERT)
    @Column(name = "managed_by", insertable = false, updatable = false)
    private String managedBy;

    protected SiteEntity() {}

    SiteEntity(UUID accountId, String name) {
        super(accountId, name);
    }

    /** {@code account} or {@code system}. */
    String managedBy() {
        return managedBy;
    }

    /** Whether it is the one that every account has for the internet: it stays, and keeps its name. */
    boolean isManagedBySystem() {
        return BY_SYSTEM.equals(managedBy);
    }
}
