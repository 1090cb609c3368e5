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

    protected DirectoryEntity() {}

    DirectoryEntity(UUID accountId, String name, String type) {
        super(accountId, name);
        this.type = type;
    }

    String type() {
        return type;
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
