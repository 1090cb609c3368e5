package dev.sluice.functions.directory;

import dev.sluice.functions.api.Name;
import jakarta.validation.constraints.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a directory is to be. What is absent stays; a new one needs a name and a type, and keeps its type.
 *
 * @param disabled whether nothing is heard of it; its people stay as they are
 */
public record DirectoryWanted(
        @Pattern(regexp = Name.PATTERN, message = Name.RULE) @Nullable String name,

        @Pattern(regexp = "scim", message = "is scim") @Nullable String type,

        @Nullable Boolean disabled) {}
