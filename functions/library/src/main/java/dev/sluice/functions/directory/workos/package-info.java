/** Directories that are read through WorkOS: integrations.md, section 2.5. */
@NullMarked
package dev.sluice.functions.directory.workos;

import org.jspecify.annotations.NullMarked;
