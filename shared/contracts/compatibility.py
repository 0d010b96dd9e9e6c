"""Whether old and new code read each other's events: `python -m shared.contracts.compatibility` compares all releases.

Readers ignore properties that they do not know, so a new optional property is fine both ways.
"""

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from shared.contracts.keywords import Finding, Schema, refused

HERE = Path(__file__).parent


def compare(old: Schema, new: Schema) -> dict[str, list[Finding]]:
    """Return what breaks: `backward`, where new code reads old events, and `forward`, the other way."""
    old, new = inlined(old), inlined(new)
    return {
        "backward": list(_unreadable(old, new)),
        "forward": [*_unreadable(new, old), *_removed(old, new)],
    }


def inlined(schema: Schema) -> dict[str, Any]:
    """Return the schema with what it refers to in place of each reference."""
    defs = schema.get("$defs", {})

    def whole(value: Any) -> Any:
        if isinstance(value, list):
            return [whole(each) for each in value]
        if not isinstance(value, Mapping):
            return value
        named = whole(defs[value["$ref"].removeprefix("#/$defs/")]) if "$ref" in value else {}
        return {**named, **{name: whole(each) for name, each in value.items() if name != "$ref"}}

    return {name: whole(value) for name, value in schema.items() if name not in {"$defs", "examples"}}


def _unreadable(writer: Schema, reader: Schema, path: str = "") -> Iterator[Finding]:
    yield from refused(writer, reader, path)
    yield from _members(writer, reader, path)
    if "items" in writer and "items" in reader:
        yield from _unreadable(writer["items"], reader["items"], f"{path}[]")


def _members(writer: Schema, reader: Schema, path: str) -> Iterator[Finding]:
    written, certain = writer.get("properties", {}), set(writer.get("required", ()))
    for name in reader.get("required", ()):
        if name not in certain:
            yield Finding("required", _below(path, name), "it may be left out by the writer, the reader requires it")
    for name, schema in reader.get("properties", {}).items():
        if name not in written:
            continue
        if name not in certain and written[name].get("default") != schema.get("default"):
            meanings = f"{written[name].get('default')} to the writer, {schema.get('default')} to the reader"
            yield Finding("default", _below(path, name), f"left out, it means {meanings}")
        yield from _unreadable(written[name], schema, _below(path, name))


def _removed(old: Schema, new: Schema, path: str = "") -> Iterator[Finding]:
    left = new.get("properties", {})
    for name, schema in old.get("properties", {}).items():
        if name in left:
            yield from _removed(schema, left[name], _below(path, name))
        else:
            cure = "keep it with `deprecated`, or make the next major version of the event"
            yield Finding("removed", _below(path, name), "old readers use it, new writers do not know it", cure)
    if "items" in old and "items" in new:
        yield from _removed(old["items"], new["items"], f"{path}[]")


def _below(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def against(released: Path, schemas: Path) -> list[str]:
    """Return what breaks between one release's schemas and those of today, a line for each finding."""
    lines = []
    for path in sorted(released.glob("*.json")):
        today = schemas / path.name
        if not today.is_file():
            lines.append(f"{path.stem}: released, and gone; keep it as long as it stands on a log")
            continue
        for direction, findings in compare(_read(path), _read(today)).items():
            lines.extend(f"{path.stem} ({direction}): {finding}" for finding in findings)
    return lines


def _read(path: Path) -> Schema:
    schema: Schema = json.loads(path.read_text(encoding="utf-8"))
    return schema


def main(folder: Path = HERE) -> int:
    """Compare the committed schemas with every release; return 1 if anything breaks."""
    releases = sorted(path for path in (folder / "released").glob("*") if path.is_dir())
    if not releases:
        sys.stderr.write("released: nothing to compare with; commit the schemas of the last release there\n")
        return 1
    lines = [f"since {each.name}: {line}" for each in releases for line in against(each, folder / "schemas")]
    for line in lines:
        sys.stderr.write(f"{line}\n")
    return int(bool(lines))


if __name__ == "__main__":
    raise SystemExit(main())
