package dev.sluice.functions.entity;

import dev.sluice.functions.sql.Ids;
import jakarta.persistence.Column;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.MappedSuperclass;
import java.time.Instant;
import java.util.UUID;
import org.hibernate.annotations.Generated;
import org.hibernate.generator.EventType;

/** A row of an account that is administered. */
@MappedSuperclass
@IdClass(OwnedId.class)
@SuppressWarnings("NullAway.Init")
public abstract class Owned {
    @Id
    @Column(name = "account_id")
    private UUID accountId;

    @Id
    private UUID id;

    @Generated(event = {EventType.INSERT, EventType.UPDATE})
    @Column(insertable = false, updatable = false)
    private long version;

    @Generated(event = EventType.INSERT)
    @Column(name = "inserted_at", insertable = false, updatable = false)
    private Instant insertedAt;

    /** As it is read. */
    protected Owned() {}

    /** A new one. */
    protected Owned(UUID accountId) {
        this.accountId = accountId;
        this.id = Ids.next();
    }

    public UUID accountId() {
        return accountId;
    }

    public UUID id() {
        return id;
    }

    /** Raised by the database with every change, whoever makes it; known once a change is flushed. */
    public long version() {
        return version;
    }

    public Instant insertedAt() {
        return insertedAt;
    }
}
