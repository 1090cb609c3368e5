/**
 * What of the host's routing is ours: addresses, rules, routes and the barrier, set by netlink, watched, and put back
 * when somebody else takes them away. The host's own routes are read and never changed.
 */
@NullMarked
package dev.sluice.datapath.io.route;

import org.jspecify.annotations.NullMarked;
