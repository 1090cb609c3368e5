#!/usr/bin/env python3
"""Computes WireGuard handshakes with fixed keys, from the paper, on hashlib and the package "cryptography".

It shares nothing with the code under test. Usage: python3 handshake_vectors.py > handshake-vectors.properties
"""

import hashlib
import hmac
import struct

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

CONSTRUCTION = b"Noise_IKpsk2_25519_ChaChaPoly_BLAKE2s"
IDENTIFIER = b"WireGuard v1 zx2c4 Jason@zx2c4.com"


def blake2s(*parts):
    return hashlib.blake2s(b"".join(parts)).digest()


def mac(key, data):
    return hashlib.blake2s(data, key=key, digest_size=16).digest()


def kdf(count, key, data):
    secret = hmac.new(key, data, hashlib.blake2s).digest()
    outputs, last = [], b""
    for i in range(count):
        last = hmac.new(secret, last + bytes([i + 1]), hashlib.blake2s).digest()
        outputs.append(last)
    return outputs


def aead(key, counter, plain, associated):
    return ChaCha20Poly1305(key).encrypt(bytes(4) + struct.pack("<Q", counter), plain, associated)


def hchacha20(key, nonce):
    state = list(struct.unpack("<16I", b"expand 32-byte k" + key + nonce))

    def rotate(value, bits):
        return (value << bits | value >> (32 - bits)) & 0xFFFFFFFF

    def quarter(a, b, c, d):
        for x, y, z, bits in ((a, b, d, 16), (c, d, b, 12), (a, b, d, 8), (c, d, b, 7)):
            state[x] = (state[x] + state[y]) & 0xFFFFFFFF
            state[z] = rotate(state[z] ^ state[x], bits)

    for _ in range(10):
        for i in range(4):
            quarter(i, 4 + i, 8 + i, 12 + i)
        for i in range(4):
            quarter(i, 4 + (i + 1) % 4, 8 + (i + 2) % 4, 12 + (i + 3) % 4)
    return struct.pack("<8I", *state[:4], *state[12:])


def xaead(key, nonce, plain, associated):
    return ChaCha20Poly1305(hchacha20(key, nonce[:16])).encrypt(bytes(4) + nonce[16:], plain, associated)


def secret(label):
    key = bytearray(hashlib.sha256(label.encode()).digest())
    key[0] &= 248
    key[31] = key[31] & 127 | 64
    return bytes(key)


def public(private):
    return X25519PrivateKey.from_private_bytes(private).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def dh(private, point):
    return X25519PrivateKey.from_private_bytes(private).exchange(X25519PublicKey.from_public_bytes(point))


def handshake(name, psk, unix_seconds, nanoseconds, initiator_index, responder_index):
    values = {}
    si, sr = secret(name + " initiator"), secret(name + " responder")
    ei, er = secret(name + " initiator ephemeral"), secret(name + " responder ephemeral")
    timestamp = struct.pack(">QI", 2**62 + 10 + unix_seconds, nanoseconds)
    values.update(initiatorStatic=si, responderStatic=sr, initiatorEphemeral=ei, responderEphemeral=er)
    values.update(presharedKey=psk, timestamp=timestamp)

    # 5.4.2: the initiation
    c = blake2s(CONSTRUCTION)
    h = blake2s(c, IDENTIFIER)
    h = blake2s(h, public(sr))
    (c,) = kdf(1, c, public(ei))
    message = struct.pack("<II", 1, initiator_index) + public(ei)
    h = blake2s(h, public(ei))
    c, k = kdf(2, c, dh(ei, public(sr)))
    static = aead(k, 0, public(si), h)
    h = blake2s(h, static)
    c, k = kdf(2, c, dh(si, public(sr)))
    stamp = aead(k, 0, timestamp, h)
    h = blake2s(h, stamp)
    message += static + stamp
    mac1 = mac(blake2s(b"mac1----", public(sr)), message)
    values["initiation"] = message + mac1 + bytes(16)

    # 5.4.7: a cookie reply to it, and the same initiation with the cookie's mac2
    cookie, nonce = secret(name + " cookie")[:16], secret(name + " nonce")[:24]
    sealed = xaead(blake2s(b"cookie--", public(sr)), nonce, cookie, mac1)
    values["cookieReply"] = struct.pack("<II", 3, initiator_index) + nonce + sealed
    values["initiationMac2"] = mac(cookie, message + mac1)

    # 5.4.3: the response
    message = struct.pack("<III", 2, responder_index, initiator_index) + public(er)
    (c,) = kdf(1, c, public(er))
    h = blake2s(h, public(er))
    (c,) = kdf(1, c, dh(er, public(ei)))
    (c,) = kdf(1, c, dh(er, public(si)))
    c, t, k = kdf(3, c, psk)
    h = blake2s(h, t)
    empty = aead(k, 0, b"", h)
    h = blake2s(h, empty)
    message += empty
    message += mac(blake2s(b"mac1----", public(si)), message)
    values["response"] = message + bytes(16)

    # 5.4.5 and 5.4.6: the transport keys, and the first messages of both directions
    to_responder, to_initiator = kdf(2, c, b"")
    values.update(initiatorSends=to_responder, responderSends=to_initiator)
    packet = bytes(range(33))
    values["packet"] = packet
    values["initiatorKeepalive"] = struct.pack("<IIQ", 4, responder_index, 0) + aead(to_responder, 0, b"", b"")
    values["initiatorData"] = struct.pack("<IIQ", 4, responder_index, 1) + aead(to_responder, 1, packet, b"")
    values["responderData"] = struct.pack("<IIQ", 4, initiator_index, 0) + aead(to_initiator, 0, packet, b"")

    print()
    print(f"{name}.unixSeconds={unix_seconds}")
    print(f"{name}.nanoseconds={nanoseconds}")
    for key, value in values.items():
        print(f"{name}.{key}={value.hex()}")


print("# Made by handshake_vectors.py: do not edit.")
handshake("preshared", secret("preshared key"), 1700000000, 0x1000000 * 5, 0xAAAAAA01, 0xBBBBBB01)
handshake("plain", bytes(32), 0x61234567, 0, 0xAAAAAA01, 0xBBBBBB01)
