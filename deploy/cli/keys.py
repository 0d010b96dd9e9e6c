"""`microcred keys`: hands over to issuance, the one service that sees private keys."""

import os
import subprocess
import sys
from pathlib import Path

import typer

from deploy.cli.options import FOLDER

KEY_FILE = FOLDER / "issuer-key"


def keys(context: typer.Context) -> None:
    """List the keys that sign credentials, or let a new one take over: list, rotate, retire, compromised, encrypt."""
    environment = {"MICROCRED_KEY_FILE": str(KEY_FILE), **os.environ}
    command = [sys.executable, "-m", "services.issuance.keys", *(context.args or ["--help"])]
    ended = subprocess.run(command, env=environment, check=False, cwd=Path.cwd())
    raise typer.Exit(ended.returncode)
