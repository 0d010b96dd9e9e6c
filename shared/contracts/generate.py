"""Writes what is committed of the contracts: `python -m shared.contracts.generate`, and `--check` to compare only."""

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from shared.contracts.asyncapi import document
from shared.contracts.schema import EVENTS, schema_of
from shared.contracts.topics import TOPICS, Topic

HERE = Path(__file__).parent
COMMAND = "python -m shared.contracts.generate"
START, END = "<!-- topics: written by `make schemas` -->", "<!-- end of topics -->"


def generated(folder: Path = HERE) -> dict[Path, str]:
    """Return the content of every generated file, by path; the README keeps what stands outside its markers."""
    files = {folder / "schemas" / f"{event.TYPE}.json": _json(schema_of(event)) for event in EVENTS}
    readme = folder / "README.md"
    return files | {
        folder / "asyncapi.json": _json(document()),
        readme: with_topics(readme.read_text(encoding="utf-8")),
    }


def with_topics(readme: str) -> str:
    """Return the page with the topics table between its markers.

    Raises:
        ValueError: a marker is missing.

    """
    before, start, rest = readme.partition(START)
    _, end, after = rest.partition(END)
    if not (start and end):
        raise ValueError(f"README.md: its markers are missing; put {START} and {END} around the topics table")
    rows = ["| topic | key | events | published by | heard by |", "|---|---|---|---|---|", *map(_row, TOPICS)]
    return f"{before}{START}\n" + "\n".join(rows) + f"\n{END}{after}"


def drift(files: Mapping[Path, str], folder: Path = HERE) -> list[str]:
    """Return what differs between these files and those in the folder, by name."""
    changed = [path for path, text in files.items() if not path.is_file() or path.read_text(encoding="utf-8") != text]
    return sorted(str(path.relative_to(folder)) for path in [*changed, *_surplus(files, folder)])


def _surplus(files: Mapping[Path, str], folder: Path) -> set[Path]:
    return set((folder / "schemas").glob("*.json")) - set(files)


def write(files: Mapping[Path, str], folder: Path = HERE) -> None:
    """Write the files, and remove schemas of events that are no more."""
    for path, text in files.items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    for path in _surplus(files, folder):
        path.unlink()


def _row(topic: Topic) -> str:
    events = "<br>".join(f"`{event.TYPE}`" for event in topic.events)
    key = f"`{topic.key}`, compacted" if topic.compacted else f"`{topic.key}`"
    return f"| `{topic.name}` | {key} | {events} | {', '.join(topic.publishers)} | {', '.join(topic.heard_by)} |"


def _json(content: object) -> str:
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def main(arguments: Sequence[str] | None = None, folder: Path = HERE) -> int:
    """Write or compare; return 1 if what is committed differs."""
    parser = argparse.ArgumentParser(prog=COMMAND, description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; fail if anything differs")
    checking = parser.parse_args(arguments).check
    files = generated(folder)
    differing = drift(files, folder)
    if not checking:
        write(files, folder)
        return 0
    if differing:
        sys.stderr.write(f"not as the models say: {', '.join(differing)}; run `{COMMAND}` and commit what it writes\n")
    return int(bool(differing))


if __name__ == "__main__":
    raise SystemExit(main())
