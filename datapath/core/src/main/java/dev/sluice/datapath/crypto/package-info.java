/**
 * The AEAD seam and its providers, BLAKE2s, HKDF and X25519. Pure functions over byte arrays; keys come from outside,
 * and so does randomness.
 */
@NullMarked
package dev.sluice.datapath.crypto;

import org.jspecify.annotations.NullMarked;
