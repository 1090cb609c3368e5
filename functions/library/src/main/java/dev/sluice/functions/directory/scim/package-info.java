/** The SCIM 2.0 server (RFC 7643, RFC 7644), with what the clients of Entra and Okta do differently. */
@NullMarked
package dev.sluice.functions.directory.scim;

import org.jspecify.annotations.NullMarked;
