package dev.sluice.functions.entity;

import jakarta.persistence.Column;
import jakarta.persistence.MappedSuperclass;
import java.util.UUID;

/** What has a name, and is found by how it begins. */
@MappedSuperclass
@SuppressWarnings("NullAway.Init")
public abstract class Named extends Owned {
    private String name;

    /** Made by the database. {@link Narrowing#named} asks for it. */
    @Column(name = "name_key", insertable = false, updatable = false)
    @SuppressWarnings("UnusedVariable")
    private String nameKey;

    /** As it is read. */
    protected Named() {}

    /** A new one. */
    protected Named(UUID accountId, String name) {
        super(accountId);
        this.name = name;
    }

    public String name() {
        return name;
    }

    public void rename(String newName) {
        name = newName;
    }
}
