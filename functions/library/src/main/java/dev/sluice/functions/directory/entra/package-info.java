/** Directories of Microsoft Entra, read from its Graph: integrations.md, section 2.3. */
@NullMarked
package dev.sluice.functions.directory.entra;

import org.jspecify.annotations.NullMarked;
