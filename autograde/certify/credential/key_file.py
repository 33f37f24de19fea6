"""``keys.json``, the issuer's Ed25519 keys: written atomically, readable by its owner only."""

import json
import os
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from autograde.certify.credential.did_document import multibase
from autograde.certify.credential.instant import utc_text
from autograde.errors import CourseError
from autograde.shown import word

FILE = "keys.json"


@dataclass(frozen=True)
class Key:
    """A key of the issuer.

    Attributes:
        name: ``key-2026-01``, after the month in which it was made.
        public: Multikey text, ``z6Mk…``.
        state: ``signing`` (exactly one), ``retired`` (still listed) or ``removed`` (no longer
            listed).
        created, ended: UTC instants; `ended` is None while it signs.
        private: PEM of the private key, only while it signs.
    """

    name: str
    public: str
    state: str
    created: str
    ended: str | None = None
    private: str | None = field(default=None, repr=False)


def new_key(keys: tuple[Key, ...], when: datetime) -> Key:
    """A fresh signing key with a name that `keys` do not use, after the month of `when`."""
    private = Ed25519PrivateKey.generate()
    text = private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    month = f"key-{utc_text(when)[:7]}"
    taken = {key.name for key in keys}
    names = (month if number == 1 else f"{month}-{number}" for number in range(1, len(keys) + 2))
    name = next(name for name in names if name not in taken)
    return Key(name, multibase(private.public_key()), "signing", utc_text(when), private=text.decode())


def write_keys(folder: Path, keys: tuple[Key, ...]) -> None:
    """Replace keys.json atomically: written, readable by its owner only, synced, renamed."""
    part = folder / f".{FILE}.{os.getpid()}.part"
    data = json.dumps({"schema": 1, "keys": [vars(key) for key in keys]}, indent=1).encode()
    part.unlink(missing_ok=True)
    try:
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(handle)
        os.replace(part, folder / FILE)
    finally:
        part.unlink(missing_ok=True)


def read_keys(folder: Path) -> tuple[Key, ...]:
    """The keys in `folder`, the oldest first; exactly one signs.

    Raises:
        CourseError: there are none, they are damaged, or others can read them.
    """
    path = folder / FILE
    try:
        mode = path.stat().st_mode
        document = json.loads(path.read_bytes())
        keys = tuple(Key(**key) for key in document["keys"])
        signing = [key for key in keys if key.state == "signing"]
        if document["schema"] != 1 or len(signing) != 1:
            raise ValueError("not one signing key")
        private = serialization.load_pem_private_key((signing[0].private or "").encode(), None)
        if not isinstance(private, Ed25519PrivateKey) or multibase(private.public_key()) != signing[0].public:
            raise ValueError("the private key does not match the public one")
    except FileNotFoundError:
        raise CourseError(f"there is no {path}; `course certify` makes a key when it first issues") from None
    except OSError as error:
        raise CourseError(f"cannot read {path} ({error.strerror}); check the path and its permissions") from None
    except (ValueError, TypeError, KeyError) as error:
        raise CourseError(f"{path} is damaged ({error}); restore it from your backup") from None
    if os.name == "posix" and mode & 0o077:
        raise CourseError(f"{path} can be read by others; run: chmod 600 -- {word(str(path))}")
    return keys
