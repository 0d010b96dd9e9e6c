"""The keys of issuance on the command line: `python -m services.issuance.keys --help`, or `microcred keys --help`.

It works on the files that MICROCRED_KEY_FILE and MICROCRED_KEY_RING name, where these stand; it never prints a secret.
"""

import argparse
import json
import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from services.issuance.errors import IssuanceError
from services.issuance.keys.entries import FIRST, Entry
from services.issuance.keys.folder import KeyFolder
from services.issuance.keys.jwk import fragment_of, read, written
from services.issuance.keys.multikey import ED25519, P256, RS256
from services.issuance.keys.signer import encrypt_key, is_encrypted
from services.issuance.keys.status_secret import order_from, status_file
from services.issuance.keys.watch import EVERY_S
from services.issuance.settings import SHORTEST

_LEAD = timedelta(minutes=15)
_NOTICED = f"every process of issuance that sees these files takes it up within {EVERY_S:g} seconds"
_EXAMPLES = """examples:
  microcred keys list
  microcred keys rotate --tenant harbour            a new key for one institution, from in 15 minutes on
  microcred keys rotate --algorithm P-256 --from 2027-01-01T00:00:00Z
  microcred keys rotate --algorithm RS256 --from 2000-01-01T00:00:00Z   for JWTs, also of what was issued before
  microcred keys rotate --id hsm-1 --remote zDna...  a key that a signer elsewhere keeps (MICROCRED_SIGNER_URL)
  microcred keys retire first                       it signs no more, and what it signed stays good
  microcred keys compromised first                  it signs no more, and what it signed is not believed any more
  MICROCRED_KEY_PASSPHRASE=... microcred keys encrypt
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what is asked; return 1 with one line of why if it cannot be done."""
    given = _parser().parse_args(arguments)
    passphrase = os.environ.get("MICROCRED_KEY_PASSPHRASE", "").encode() or None
    folder = KeyFolder(given.key_file, given.key_ring, passphrase)
    try:
        # As the service does on its first start: what is issued with these keys has its status entries in this order.
        order_from(given.status_secret or status_file(given.key_file), begun=folder.begun)
        print(_done(folder, given))  # noqa: T201 - what a command is for
    except (IssuanceError, ValueError, OSError) as error:
        sys.stderr.write(f"error: {error}\n")
        return 1
    return 0


def _done(folder: KeyFolder, given: argparse.Namespace) -> str:
    now = datetime.now(UTC).replace(microsecond=0)
    if given.command == "rotate":
        return _rotated(folder, given, now)
    if given.command in {"retire", "compromised"}:
        moments = {"retired": now} if given.command == "retire" else {"compromised": now}
        return f"{_shown(folder.mark(given.key, **moments))}\n{_NOTICED}"
    if given.command == "encrypt":
        return _encrypted(folder)
    return "\n".join(map(_shown, folder.entries()))


def _rotated(folder: KeyFolder, given: argparse.Namespace, now: datetime) -> str:
    signs_from = datetime.fromisoformat(given.signs_from).astimezone(UTC) if given.signs_from else now + _LEAD
    remote_key = _public_key(given.remote) if given.remote else None
    name = given.id or f"{given.tenant or 'all'}-{signs_from:%Y%m%dt%H%M%Sz}".lower()
    entry = folder.rotate(name, signs_from, tenant=given.tenant, algorithm=given.algorithm, remote_key=remote_key)
    return f"{_shown(entry)}\nit signs from {signs_from.isoformat()} on; {_NOTICED}"


def _public_key(text: str) -> str | dict[str, str]:
    key: str | dict[str, str] = json.loads(text) if text.startswith("{") else text
    return written(read(key))


def _encrypted(folder: KeyFolder) -> str:
    if folder.passphrase is None:
        raise ValueError("MICROCRED_KEY_PASSPHRASE is not set: give the passphrase that the files are to have")
    if len(folder.passphrase) < SHORTEST:
        raise ValueError(f"MICROCRED_KEY_PASSPHRASE is too short: at least {SHORTEST} characters are needed")
    entries = [each for each in folder.entries() if each.kept == "file"]
    plain = [path for each in entries if (path := folder.path_of(each.id)).exists() and not is_encrypted(path)]
    for path in plain:
        encrypt_key(path, folder.passphrase)
    return f"{len(plain)} key files were encrypted, {len(entries) - len(plain)} were already or are gone"


def _shown(entry: Entry) -> str:
    state = "signs"
    if entry.compromised:
        state = f"compromised since {entry.compromised.isoformat()}"
    elif entry.retired:
        state = f"retired since {entry.retired.isoformat()}"
    key = entry.public_key if isinstance(entry.public_key, str) else f"RSA key {fragment_of(read(entry.public_key))}"
    since = entry.signs_from.isoformat() if entry.signs_from else "always"
    return f"{entry.id}  {entry.tenant or 'all institutions'}  from {since}  {entry.kept}  {state}  {key}"


def _parser() -> argparse.ArgumentParser:
    environment = os.environ
    parser = argparse.ArgumentParser(
        prog="microcred keys",
        description="The keys that sign credentials: list them, and let a new one take over.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    key_file = Path(environment.get("MICROCRED_KEY_FILE") or ".local/issuer-key")
    ring = environment.get("MICROCRED_KEY_RING")
    parser.add_argument("--key-file", type=Path, default=key_file, help="the first key (MICROCRED_KEY_FILE)")
    parser.add_argument("--key-ring", type=Path, default=Path(ring) if ring else None, help="MICROCRED_KEY_RING")
    secret = environment.get("MICROCRED_STATUS_SECRET_FILE")
    parser.add_argument(
        "--status-secret", type=Path, default=Path(secret) if secret else None, help="MICROCRED_STATUS_SECRET_FILE"
    )
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("list", help="all keys, also those that sign no more")
    rotate = commands.add_parser("rotate", help="a new key, which signs from a moment on; the old ones stay published")
    rotate.add_argument("--tenant", help="for this institution only; without it, for all that have no key of their own")
    rotate.add_argument("--algorithm", choices=[ED25519, P256, RS256], default=ED25519, help="RS256 signs JWTs only")
    rotate.add_argument("--from", dest="signs_from", help="the moment, ISO 8601; in 15 minutes by default")
    rotate.add_argument("--id", help="the key's name")
    rotate.add_argument("--remote", metavar="KEY", help="public key that a signer elsewhere keeps: Multikey or JWK")
    retire = commands.add_parser("retire", help="a key signs no more; what it signed stays good")
    retire.add_argument("key", help=f"its name; that of the first is {FIRST}")
    compromised = commands.add_parser("compromised", help="a key came into other hands: nothing it signed is believed")
    compromised.add_argument("key")
    commands.add_parser("encrypt", help="encrypt the files that are not, with MICROCRED_KEY_PASSPHRASE")
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
