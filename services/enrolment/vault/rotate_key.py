"""Add a key to the vault's: `python -m services.enrolment.vault.rotate_key NAME`, with the service's own settings.

It wraps what is new from the next start on, and what is old is then wrapped anew; it never prints a secret.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from services.enrolment.settings import Settings
from services.enrolment.vault.errors import KeysRefused
from services.enrolment.vault.ring import rotate
from shared.kit.settings import SettingsError, load_settings, variable


def main(arguments: Sequence[str] | None = None) -> int:
    """Do it; return 1 with one line of why if it cannot be done."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name", help="the key's id, such as 2027-01: small letters, digits, dots and hyphens")
    name = parser.parse_args(arguments).name
    try:
        rotate(_file(load_settings(Settings)), name)
    except (KeysRefused, SettingsError, OSError) as error:
        sys.stderr.write(f"error: {error}\n")
        return 1
    print(f"{name} added: restart every process of enrolment, and back the file up")  # noqa: T201 - what it is for
    return 0


def _file(settings: Settings) -> Path:
    if settings.vault_keys is not None:
        raise KeysRefused(f"{variable('vault_keys')} holds the keys: add the new one there, at the end")
    return settings.vault_file


if __name__ == "__main__":
    raise SystemExit(main())
