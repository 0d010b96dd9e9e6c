"""Holding an offering against rule sets: findings with their places, and how complete it is; never a verdict. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from services.enrolment.frameworks.conditions import Document, Found, shown, values_at
from services.enrolment.frameworks.facts import credit_of, document_of
from services.enrolment.frameworks.rules import Rule, RuleSet, Severity
from shared.contracts.credit import HOURS, Credit, awarded, views_of
from shared.contracts.enrolment import Offering


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as a rule wants it; `overridden` is the institution's reason for leaving it so."""

    rule: str
    severity: Severity
    path: str
    found: tuple[Found, ...]
    wanted: str
    source: str
    read: str
    overridden: str | None = None


@dataclass(frozen=True, slots=True)
class Missing:
    """One element that is not there: where it belongs in the definition, and in the European Learning Model."""

    rule: str
    path: str
    elm: str


@dataclass(frozen=True, slots=True)
class Completeness:
    """How many of a group's elements are there; those that only an award has are counted apart."""

    rule_set: str
    group: str
    of: int
    said: int
    at_award: int
    not_applicable: int
    missing: tuple[Missing, ...]


@dataclass(frozen=True, slots=True)
class Checked:
    """What came out: findings, completeness, and the size along every named path."""

    rule_sets: tuple[str, ...]
    rules: int
    findings: tuple[Finding, ...]
    completeness: tuple[Completeness, ...]
    sizes: tuple[Credit, ...]


def checked(offering: Offering, sets: Iterable[RuleSet], today: date | None = None) -> Checked:
    """Hold an offering against these rule sets; rules about days that have passed hold where `today` is not given."""
    document, chosen = document_of(offering, today), tuple(sets)
    reasons = {each.rule: each.reason for each in (offering.standing.overrides if offering.standing else ())}
    return Checked(
        rule_sets=tuple(each.id for each in chosen),
        rules=sum(len(each.rules) for each in chosen),
        findings=tuple(found for each in chosen for found in _findings(document, each, reasons)),
        completeness=tuple(counted for each in chosen for counted in _completeness(document, each)),
        sizes=tuple(_sizes(offering)),
    )


def _findings(document: Document, rules: RuleSet, reasons: dict[str, str]) -> Iterator[Finding]:
    for rule in rules.rules:
        if rule.check is None or not _applies(rule, document):
            continue
        name = f"{rules.id}/{rule.id}"
        reason = reasons.get(name) if rule.overridable else None
        if failing := rule.check.fails(document):
            found = tuple(_told(document, rule, failing))
            yield Finding(
                rule=name,
                severity=rule.severity if reason is None else "note",
                path=found[0].path if len(found) == 1 else rule.path,
                found=found,
                wanted=rule.wanted,
                source=rule.source,
                read=rule.read,
                overridden=reason,
            )


def _told(document: Document, rule: Rule, failing: Iterable[Found]) -> Iterator[Found]:
    """Yield what was found, where the definition says it: what only follows from it is told at the rule's own place."""
    derived = [found for found in failing if found.path.startswith("facts.")]
    if derived:
        # An amount of credit says nothing without its unit, which stands in the definition.
        telling = (found.value for found in derived if not found.path.startswith("facts.credit."))
        follows = next((value for value in telling if value is not None), None)
        for here in values_at(document, rule.path):
            yield Found(here.path, shown(here.value if follows is None else follows))
    yield from (Found(found.path, shown(found.value)) for found in failing if found not in derived)


def _applies(rule: Rule, document: Document) -> bool:
    return rule.applies is None or rule.applies.holds(document)


def _completeness(document: Document, rules: RuleSet) -> Iterator[Completeness]:
    for group in ("mandatory", "optional"):
        members = [rule for rule in rules.rules if rule.group == group]
        if not members:
            continue
        asked = [rule for rule in members if rule.check is not None and _applies(rule, document)]
        missing = [rule for rule in asked if rule.check is not None and rule.check.fails(document)]
        at_award = sum(rule.at_award for rule in members)
        yield Completeness(
            rule_set=rules.id,
            group=group,
            of=len(members),
            said=len(asked) - len(missing),
            at_award=at_award,
            not_applicable=len(members) - at_award - len(asked),
            missing=tuple(Missing(f"{rules.id}/{each.id}", each.path, each.elm or "") for each in missing),
        )


def _sizes(offering: Offering) -> Iterator[Credit]:
    credit, hours = credit_of(offering), offering.achievement.notional_hours
    for native in (credit, awarded(hours, HOURS) if hours else None):
        if native is not None:
            yield native
            yield from views_of(native)
