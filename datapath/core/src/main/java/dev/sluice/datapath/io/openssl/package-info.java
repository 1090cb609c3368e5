/**
 * The host's OpenSSL as a provider of the AEAD seam: by FFM, and therefore not among the pure ones of {@code crypto}. Knows
 * nothing but that seam.
 */
@NullMarked
package dev.sluice.datapath.io.openssl;

import org.jspecify.annotations.NullMarked;
