/**
 * Netlink (RFC 3549, netlink(7)): how a process speaks with the kernel's network stack without a program in between.
 * Sockets, messages and attributes; what the messages mean is the business of those who use them.
 */
@NullMarked
package dev.sluice.datapath.io.netlink;

import org.jspecify.annotations.NullMarked;
