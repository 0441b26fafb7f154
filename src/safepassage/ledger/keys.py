"""Ed25519 keys as C2SP notes name them: a name, a short key id, and 32 bytes.

Keys are made in `hub`; here they are only derived from a seed that is handed in. Two libraries verify: PyNaCl where it is
installed, because it is faster, and `cryptography`, which decides. All that libsodium accepts OpenSSL accepts too, so
asking again only where PyNaCl refuses gives the answer that `cryptography` alone would give.

Source: C2SP signed-note.md, "Ed25519 signatures"; RFC 8032.
"""

from __future__ import annotations

import binascii
import hashlib
import re
from collections.abc import Callable
from typing import NoReturn

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from safepassage.errors import MALFORMED_KEY, stop
from safepassage.values.ids import DeploymentId, DeviceId

_fast_open: Callable[[bytes, bytes], bytes] | None = None
_fast_refusals: tuple[type[Exception], ...] = (ValueError,)
try:
    import nacl.bindings
    import nacl.exceptions
except ImportError:  # the base install has no PyNaCl
    pass
else:
    _fast_open = nacl.bindings.crypto_sign_open
    _fast_refusals = (ValueError, nacl.exceptions.CryptoError)

ED25519 = 0x01
"""The signature type of a log or a device."""
COSIGNER = 0x04
"""The signature type of a cosigner: Ed25519 too, over a time and the text (`ledger.cosign`)."""

_VKEY = re.compile(r"([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+={0,2})")
_CALLED = {ED25519: "Ed25519", COSIGNER: "an Ed25519 cosigner's"}
_DEMO = "safepassage demo key v1\n"


class VerifyKey(msgspec.Struct, frozen=True):
    """A public key: its name, its id of four bytes, 32 bytes, and what it signs: notes, or cosignatures."""

    name: str
    key_id: bytes
    public: bytes
    algorithm: int = ED25519

    @property
    def vkey(self) -> str:
        """`name+key id in hex+base64(algorithm || key)`, one line of text."""
        return f"{self.name}+{self.key_id.hex()}+{to_base64(bytes([self.algorithm]) + self.public)}"

    def verifies(self, signature: bytes, text: bytes) -> bool:
        """Whether the 64 bytes are this key's signature of the text."""
        return _fast(self.public, signature, text) or _decides(self.public, signature, text)


class Signer(msgspec.Struct, frozen=True):
    """A private key and what its public half is called. Never encoded, never in a folder."""

    key: VerifyKey
    private: Ed25519PrivateKey

    def __repr__(self) -> str:
        return f"Signer({self.key.name})"

    @property
    def name(self) -> str:
        return self.key.name

    @property
    def vkey(self) -> str:
        return self.key.vkey

    def sign(self, text: bytes) -> bytes:
        """The 64 bytes of RFC 8032; the same text always gives the same bytes."""
        return self.private.sign(text)


def verify_key(name: str, public: bytes, algorithm: int = ED25519) -> VerifyKey:
    """The key with the id that the note format derives: SHA-256(name, newline, algorithm, key), its first four bytes.

    Raises
    ------
    InputError
        MALFORMED_KEY: the name has a space or a plus, or the key is not 32 bytes.
    """
    if not lawful_name(name):
        _malformed("its name is empty, or holds a space, a plus or a control character")
    if len(public) != 32:
        _malformed("an Ed25519 key has 32 bytes")
    key_id = hashlib.sha256(name.encode() + b"\n" + bytes([algorithm]) + public).digest()[:4]
    return VerifyKey(name, key_id, public, algorithm)


def parse_vkey(text: str, algorithm: int = ED25519) -> VerifyKey:
    """The key that a line such as `m17-1+1f0c6b9a+AR…` spells.

    Raises
    ------
    InputError
        MALFORMED_KEY: another form, another algorithm, or a key id that does not fit.
    """
    match = _VKEY.fullmatch(text)
    data = from_base64(match[3]) if match else None
    if match is None or data is None:
        _malformed("its form is another")
    if data[0] != algorithm:
        _malformed(f"its algorithm is 0x{data[0]:02x}, not {_CALLED[algorithm]} (0x{algorithm:02x})")
    key = verify_key(match[1], data[1:], algorithm)
    if key.key_id.hex() != match[2]:
        _malformed("its hash does not fit the key")
    return key


def signer_from_seed(name: str, seed: bytes, algorithm: int = ED25519) -> Signer:
    """The signer whose Ed25519 seed (RFC 8032 §5.1.5, the private key) is these 32 bytes."""
    if len(seed) != 32:
        _malformed("a seed has 32 bytes")
    private = Ed25519PrivateKey.from_private_bytes(seed)
    return Signer(verify_key(name, private.public_key().public_bytes_raw(), algorithm), private)


def demo_signer(deployment: DeploymentId, device: DeviceId) -> Signer:
    """A key that everybody can derive: for demonstrations, tests and the shared vectors, and for nothing else."""
    seed = hashlib.sha256(f"{_DEMO}{deployment}\n{device}".encode()).digest()
    return signer_from_seed(device, seed)


def is_demo_key(key: VerifyKey, deployment: DeploymentId) -> bool:
    """Whether the key is the public demonstration key of its name in this deployment."""
    return key == demo_signer(deployment, DeviceId(key.name)).key


def lawful_name(name: str) -> bool:
    """Source: C2SP signed-note.md, "Format": not empty, no Unicode space, no plus, no control character."""
    return bool(name) and not any(char == "+" or char.isspace() or char < " " for char in name)


def to_base64(data: bytes) -> str:
    """RFC 4648 section 4, padded."""
    return binascii.b2a_base64(data, newline=False).decode()


def from_base64(text: str) -> bytes | None:
    """What the text spells; None unless it is the one strict spelling (padding, and pad bits that are zero)."""
    try:
        data = binascii.a2b_base64(text, strict_mode=True)
    except ValueError:
        return None
    return data if to_base64(data) == text else None


def _fast(public: bytes, signature: bytes, text: bytes) -> bool:
    if _fast_open is None or len(signature) != 64:
        return False
    try:
        _fast_open(signature + text, public)
    except _fast_refusals:
        return False
    return True


def _decides(public: bytes, signature: bytes, text: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, text)
    except (InvalidSignature, ValueError):
        return False
    return True


def _malformed(reason: str) -> NoReturn:
    stop(MALFORMED_KEY, reason=reason)
