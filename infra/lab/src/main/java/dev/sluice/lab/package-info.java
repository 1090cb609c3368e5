/**
 * An internet in one machine: hosts, routers and the links between them as network namespaces inside one holder process,
 * the parts of Sluice running on them, and the commands that use them. Everything dies with the holder. Uses iproute2,
 * util-linux and curl of the system, and nothing of the other modules but their command lines and status pages.
 */
@NullMarked
package dev.sluice.lab;

import org.jspecify.annotations.NullMarked;
