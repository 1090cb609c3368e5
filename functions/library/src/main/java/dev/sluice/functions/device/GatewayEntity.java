package dev.sluice.functions.device;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.util.UUID;
import org.hibernate.annotations.DynamicUpdate;

/** A gateway, as it is administered. */
@Entity
@Table(name = "gateway")
@DynamicUpdate
@SuppressWarnings("NullAway.Init")
public class GatewayEntity extends DeviceEntity {
    @Column(name = "site_id", insertable = false, updatable = false)
    private UUID siteId;

    protected GatewayEntity() {}

    UUID siteId() {
        return siteId;
    }
}
