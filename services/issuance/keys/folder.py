"""The keys of a service as they stand on disk: `ring.json` (`entries.py`), beside the files of the keys."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Literal

import httpx
from pydantic import BaseModel, SecretStr

from services.issuance.errors import KeyFileRefused, KeyUnknown
from services.issuance.keys.entries import FIRST, RING, Entry, read_entries, write_entries
from services.issuance.keys.jwk import read, written
from services.issuance.keys.multikey import RS256, algorithm_of
from services.issuance.keys.remote_signer import RemoteSigner
from services.issuance.keys.ring import ALWAYS, Key, KeyRing
from services.issuance.keys.signer import Signer, make_key, signer_from


class Remote(BaseModel):
    """Where the keys are that are kept elsewhere."""

    url: str
    token: SecretStr


class Gone:
    """A key that may sign no more: what it signed is verified, and nothing is added to it."""

    def __init__(self, public_key: bytes, algorithm: str) -> None:
        """Hold the public key."""
        self.public_key = public_key
        self.algorithm = algorithm

    def sign(self, content: bytes) -> bytes:
        """Refuse; no ring chooses a key like this."""
        raise KeyFileRefused(f"a retired key was asked to sign {len(content)} bytes: rotate to a new one")


class KeyFolder:
    """The ring of a service: its first key in a file of its own, all later ones in a folder."""

    def __init__(self, first: Path, folder: Path | None = None, passphrase: bytes | None = None) -> None:
        """Look at nothing yet; the folder is `KEY_FILE.ring` if none is named."""
        self.first = first
        self.folder = folder or first.with_name(f"{first.name}.ring")
        self.passphrase = passphrase
        self._client: httpx.AsyncClient | None = None

    @property
    def begun(self) -> bool:
        """Whether there are keys already, so that something may have been signed with them."""
        return self.first.exists() or (self.folder / RING).exists()

    def entries(self) -> list[Entry]:
        """Return what `ring.json` says, the first key's entry first.

        Raises:
            KeyFileRefused: it cannot be read, or a key's file is refused.

        """
        listed = read_entries(self.folder)
        if any(each.id == FIRST for each in listed):
            return listed
        key = signer_from(self.first, self.passphrase)
        if key.algorithm == RS256:
            raise KeyFileRefused(
                f"key file {self.first} holds an RSA key, which signs JWTs only: let the first key be an Ed25519 or "
                "P-256 key, and add this one with `microcred keys rotate --algorithm RS256`"
            )
        return [Entry(id=FIRST, public_key=written(key.public_key)), *listed]

    def stamp(self) -> tuple[int, int, int] | None:
        """Return what changes whenever `ring.json` does, or None if there is none."""
        try:
            stands = (self.folder / RING).stat()
        except FileNotFoundError:
            return None
        return stands.st_mtime_ns, stands.st_ino, stands.st_size

    def ring(self, remote: Remote | None = None) -> KeyRing:
        """Return the ring of `keys`."""
        return KeyRing(self.keys(remote))

    def keys(self, remote: Remote | None = None, known: Sequence[Key] = ()) -> tuple[Key, ...]:
        """Return all keys; those that are kept elsewhere are asked for signatures at `remote`.

        The signers of keys that are `known` already are kept: what they were asked for is theirs to answer.

        Raises:
            KeyFileRefused: a key is missing, or is another one than the ring says.

        """
        client = self._client_of(remote) if remote else None
        signers = {each.id: each.signer for each in known}
        return tuple(self._key(each, client, signers.get(each.id)) for each in self.entries())

    def _key(self, entry: Entry, client: httpx.AsyncClient | None, known: Signer | None) -> Key:
        try:
            public_key = read(entry.public_key)
        except KeyUnknown as error:
            raise KeyFileRefused(f"key ring {self.folder / RING}: key {entry.id}: {error}") from error
        return Key(
            id=entry.id,
            signer=self._signer(entry, public_key, client, known),
            signs_from=entry.signs_from or ALWAYS,
            tenant=entry.tenant,
            retired=entry.retired,
            compromised=entry.compromised,
        )

    def _signer(
        self, entry: Entry, public_key: bytes, client: httpx.AsyncClient | None, known: Signer | None
    ) -> Signer:
        if entry.retired or entry.compromised:
            return Gone(public_key, algorithm_of(public_key))
        if known is not None and known.public_key == public_key and not isinstance(known, Gone):
            return known
        if entry.kept == "remote":
            if client is None:
                raise KeyFileRefused(f"key {entry.id} is kept elsewhere: set MICROCRED_SIGNER_URL and its token")
            return RemoteSigner(client, entry.id, public_key)
        path = self.path_of(entry.id)
        if not path.exists():
            raise KeyFileRefused(f"key file {path} is missing: restore it, or retire the key {entry.id}")
        signer = signer_from(path, self.passphrase)
        if signer.public_key != public_key:
            raise KeyFileRefused(f"key file {path} holds another key than the ring says: restore the right one")
        return signer

    def path_of(self, key: str) -> Path:
        """Return the file of a key."""
        return self.first if key == FIRST else self.folder / f"{key}.pem"

    def rotate(
        self,
        key: str,
        signs_from: datetime,
        *,
        tenant: str | None,
        algorithm: str,
        remote_key: str | dict[str, str] | None = None,
    ) -> Entry:
        """Add a key that signs from a moment on; with `remote_key`, a Multikey or JWK, one that is kept elsewhere.

        Raises:
            KeyFileRefused: the ring knows the name, or the key cannot be made.

        """
        entries = self.entries()
        if any(each.id == key for each in entries):
            raise KeyFileRefused(f"the ring has a key {key} already: take another name")
        if remote_key is None:
            make_key(self.path_of(key), algorithm, self.passphrase)
        public_key = remote_key or written(signer_from(self.path_of(key), self.passphrase).public_key)
        kept: Literal["file", "remote"] = "remote" if remote_key else "file"
        entry = Entry(id=key, public_key=public_key, signs_from=signs_from, tenant=tenant, kept=kept)
        write_entries(self.folder, [*entries, entry])
        return entry

    def mark(self, key: str, *, retired: datetime | None = None, compromised: datetime | None = None) -> Entry:
        """Mark a key, so that it signs no more.

        Raises:
            KeyFileRefused: the ring does not know it.

        """
        entries = self.entries()
        marks = {"retired": retired, "compromised": compromised}
        told = {name: moment for name, moment in marks.items() if moment is not None}
        after = [each.model_copy(update=told) if each.id == key else each for each in entries]
        marked = next((each for each in after if each.id == key), None)
        if marked is None:
            raise KeyFileRefused(f"the ring has no key {key}; it has {', '.join(each.id for each in entries)}")
        write_entries(self.folder, after)
        return marked

    def _client_of(self, remote: Remote) -> httpx.AsyncClient:
        if self._client is None:
            headers = {"Authorization": f"Bearer {remote.token.get_secret_value()}"}
            self._client = httpx.AsyncClient(base_url=remote.url, headers=headers, trust_env=False)
        return self._client
