"""Who an xAPI actor is: the account behind the learner's reference, and the personal data for the vault. Pure."""

import hashlib
import re
from typing import Any

from services.enrolment.platforms.door import Account
from services.enrolment.platforms.xapi.statement import Actor
from shared.contracts.wire import ContractError, MalformedEvent

#: The home of accounts that are e-mail addresses: an address and its SHA-1 are one account (xAPI Data, 2.4.2.3).
MAILBOXES = "mailto"
OPEN_IDS = "openid"
_SHA1 = re.compile(r"[0-9a-fA-F]{40}")
_MAILTO = re.compile(r"mailto:[^\s@]+@[^\s@]+")


class NobodyInParticular(ContractError):
    """An actor that is no single learner."""


def check_actor(actor: Actor) -> None:
    """Refuse an actor that the specification does not allow.

    Raises:
        MalformedEvent: it has not exactly one identifier, or that is out of form (xAPI Data, section 2.4.2).

    """
    if actor.object_type not in {"Agent", "Group"}:
        raise MalformedEvent("actor.objectType", "neither Agent nor Group")
    if actor.account is not None and not (actor.mbox or actor.mbox_sha1sum or actor.openid):
        return  # as most do
    given = [name for name in ("account", "mbox", "mbox_sha1sum", "openid") if getattr(actor, name)]
    if len(given) > 1 or (not given and actor.object_type == "Agent"):
        raise MalformedEvent("actor", f"{len(given)} identifiers; send one: account, mbox, mbox_sha1sum or openid")
    if actor.mbox and not _MAILTO.fullmatch(actor.mbox):
        raise MalformedEvent("actor.mbox", "not of the form mailto:name@host")
    if actor.mbox_sha1sum and not _SHA1.fullmatch(actor.mbox_sha1sum):
        raise MalformedEvent("actor.mbox_sha1sum", "not 40 hexadecimal digits")


def account_of(actor: Actor) -> Account:
    """Return the account of a checked actor.

    Raises:
        NobodyInParticular: it is a group.

    """
    if actor.object_type == "Group":
        raise NobodyInParticular("actor", "a group is no single learner; send a statement for each of its members")
    if actor.account is not None:
        return Account(actor.account.home_page, actor.account.name)
    if actor.openid:
        return Account(OPEN_IDS, actor.openid)
    digest = actor.mbox_sha1sum.lower() or hashlib.sha1(actor.mbox.encode(), usedforsecurity=False).hexdigest()
    return Account(MAILBOXES, digest)


def personal_data(actor: Actor) -> dict[str, Any]:
    """Return what of an actor names a person, in the vault's words."""
    found: dict[str, Any] = {}
    if actor.name:
        found["name"] = actor.name
    if actor.mbox:
        found["email"] = actor.mbox.removeprefix("mailto:")
    return found
