"""Lines of N-Quads with slots, put into their order once for whatever fills the slots.

A template is a line in which `%(name)s` stands for a slot and `%(_:0)s` for the first blank node; a percent sign of its
own is doubled. Two templates whose texts differ before the first slot of either stand in that order for ever; the
others are sorted when they are filled.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import Self

Filling = Mapping[str, str]
_LITERAL = re.compile(r"(?:[^%]++|%%)*+")
_PERCENT_SIGN_OR_SLOT = re.compile(r"%(?:%|\(([^)]*)\)s)")


@dataclass(frozen=True, slots=True)
class Ordered:
    """Templates in order: texts of lines that keep it, and between them lists of lines that may change places."""

    parts: tuple[str | tuple[str, ...], ...]

    @classmethod
    def of(cls, templates: Iterable[str], begins: str = "") -> Self:
        """Put templates in order, of which each begins with the same text; those that are equal are one."""
        runs = _runs({template.removeprefix(begins): template for template in templates})
        parts: list[str | tuple[str, ...]] = []
        for alone, group in groupby(runs, key=lambda run: len(run) == 1):
            if alone:
                parts.append("".join(run[0] for run in group))
            else:
                parts += (tuple(run) for run in group)
        return cls(tuple(parts))

    def text(self, filling: Filling) -> str:
        """Return the lines with these values, in order; those that have become equal are one."""
        filled = (
            part % filling if isinstance(part, str) else "".join(sorted({each % filling for each in part}))
            for part in self.parts
        )
        return "".join(filled)


@dataclass(frozen=True, slots=True)
class About:
    """All statements about one subject.

    `only` names the one slot that they have, a blank node's label, of which there are few: what it makes of them is
    kept. It is empty if they have none, and None if what they have is more than that.
    """

    subject: str
    ordered: Ordered
    only: str | None
    _kept: dict[str, tuple[str, str]] = field(default_factory=dict)

    @classmethod
    def of(cls, subject: str, templates: Iterable[str], kept: Iterable[str]) -> Self:
        """Put the statements about a subject in order; `kept` are the slots of few values."""
        templates = list(templates)
        slots = {name for each in templates for name in slots_in(each)}
        only = next(iter(slots), "") if slots <= set(kept) and len(slots) <= 1 else None
        return cls(f"{subject} ", Ordered.of(templates, f"{subject} "), only)

    def filled(self, filling: Filling) -> tuple[str, str]:
        """Return the subject, by which these stand among the statements about others, and the lines."""
        if self.only is None:
            return self.subject % filling, self.ordered.text(filling)
        value = filling.get(self.only, "")
        found = self._kept.get(value)
        if found is None:
            found = self._kept[value] = self.subject % filling, self.ordered.text(filling)
        return found


def joined(filled: list[tuple[str, str]]) -> str:
    """Return the statements about all subjects, in order; two slots with one value may be one subject."""
    if len(dict(filled)) < len(filled):
        return "".join(sorted({f"{line}\n" for _, text in filled for line in text.split("\n") if line}))
    filled.sort()
    return "".join([text for _, text in filled])


def slots_in(template: str) -> list[str]:
    """Return the names of a template's slots."""
    return [name for name in _PERCENT_SIGN_OR_SLOT.findall(template) if name]


def _runs(templates: Mapping[str, str]) -> list[list[str]]:
    """Return the templates in order; together those of which one's text before its first slot begins the other's."""
    runs: list[list[str]] = []
    head: str | None = None
    for literal, template in sorted((_literal(rest), template) for rest, template in templates.items()):
        if head is not None and literal.startswith(head):
            runs[-1].append(template)
        else:
            runs.append([template])
            head = literal
    return runs


def _literal(template: str) -> str:
    match = _LITERAL.match(template)
    return match[0].replace("%%", "%") if match else ""
