package dev.sluice.functions.site;

import dev.sluice.functions.api.View;
import java.time.Instant;
import java.util.UUID;

/**
 * A site as it is shown.
 *
 * @param managedBy {@code account}, or {@code system} for the one of the internet resource
 */
public record SiteView(UUID id, String name, String managedBy, Instant insertedAt, long version) implements View {}
