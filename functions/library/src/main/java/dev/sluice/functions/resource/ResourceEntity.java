package dev.sluice.functions.resource;

import dev.sluice.channel.Filter;
import dev.sluice.functions.entity.Named;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.util.List;
import java.util.UUID;
import org.hibernate.annotations.DynamicUpdate;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;

/** What is protected, as it is administered. Which sites serve it stands in rows of their own. */
@Entity
@Table(name = "resource")
@DynamicUpdate
@SuppressWarnings("NullAway.Init")
public class ResourceEntity extends Named {
    private String type;

    private @Nullable String address;

    @Column(name = "address_description")
    private @Nullable String addressDescription;

    @Column(name = "ip_stack")
    private @Nullable String ipStack;

    @JdbcTypeCode(SqlTypes.ARRAY)
    private List<String> filters;

    protected ResourceEntity() {}

    ResourceEntity(UUID accountId, NewResource wanted) {
        super(accountId, wanted.name());
        this.type = wanted.type().word();
        this.address = ResourceAddress.normalise(wanted.type(), wanted.address());
        this.ipStack = wanted.type() == ResourceType.DNS ? "dual" : null;
        this.filters = FilterText.format(wanted.filters());
        if (wanted.addressDescription() != null) {
            describe(wanted.addressDescription());
        }
    }

    ResourceType type() {
        return ResourceType.of(type);
    }

    @Nullable String address() {
        return address;
    }

    void moveTo(String newAddress) {
        address = ResourceAddress.normalise(type(), newAddress);
    }

    @Nullable String addressDescription() {
        return addressDescription;
    }

    /** @param newDescription empty for none */
    void describe(String newDescription) {
        addressDescription = newDescription.isEmpty() ? null : newDescription;
    }

    @Nullable String ipStack() {
        return ipStack;
    }

    void stack(String newStack) {
        ipStack = newStack;
    }

    List<Filter> filters() {
        return FilterText.parse(filters);
    }

    void filter(List<Filter> newFilters) {
        var texts = FilterText.format(newFilters);
        if (!texts.equals(filters)) {
            filters = texts;
        }
    }
}
