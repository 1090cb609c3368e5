package dev.sluice.functions.device;

import dev.sluice.functions.entity.Named;
import jakarta.persistence.Column;
import jakarta.persistence.MappedSuperclass;
import java.time.Instant;
import org.hibernate.annotations.ColumnTransformer;
import org.hibernate.annotations.Formula;
import org.jspecify.annotations.Nullable;

/** What clients and gateways have in common, as they are administered: they make themselves, by connecting. */
@MappedSuperclass
@SuppressWarnings("NullAway.Init")
abstract class DeviceEntity extends Named {
    @Column(name = "external_id", insertable = false, updatable = false)
    private String externalId;

    @Column(insertable = false, updatable = false)
    @ColumnTransformer(read = "host(ipv4)")
    private String ipv4;

    @Column(insertable = false, updatable = false)
    @ColumnTransformer(read = "host(ipv6)")
    private String ipv6;

    @Column(name = "last_seen_at", insertable = false, updatable = false)
    private Instant lastSeenAt;

    @Column(name = "last_seen_version", insertable = false, updatable = false)
    private String lastSeenVersion;

    @Column(name = "last_seen_user_agent", insertable = false, updatable = false)
    private String lastSeenUserAgent;

    @Column(name = "last_seen_remote_ip", insertable = false, updatable = false)
    @ColumnTransformer(read = "host(last_seen_remote_ip)")
    private @Nullable String lastSeenRemoteIp;

    @Formula("exists (select 1 from online o where o.device_id = id)")
    private boolean online;

    String externalId() {
        return externalId;
    }

    String ipv4() {
        return ipv4;
    }

    String ipv6() {
        return ipv6;
    }

    Instant lastSeenAt() {
        return lastSeenAt;
    }

    String lastSeenVersion() {
        return lastSeenVersion;
    }

    String lastSeenUserAgent() {
        return lastSeenUserAgent;
    }

    @Nullable String lastSeenRemoteIp() {
        return lastSeenRemoteIp;
    }

    boolean isOnline() {
        return online;
    }
}
