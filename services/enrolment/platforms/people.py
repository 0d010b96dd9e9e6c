"""Who an xAPI actor is: the account behind the learner's reference, and the personal data for the vault. Pure."""

import hashlib
import re
from typing import Any

from services.enrolment.platforms.door import Account
from services.enrolment.platforms.statement import Actor
from shared.contracts.wire import ContractError, MalformedEvent

#: The home of accounts that are e-mail addresses: an address and its SHA-1 are one account (xAPI Data, 2.4.2.3).
MAILBOXES = "mailto"
OPEN_IDS = "openid"
_SHA1 = re.compile(r"[0-9a-f]{40}")
_MAILTO = re.compile(r"mailto:[^\s@]+@[^\s@]+")


class NobodyInParticular(ContractError):
    """An actor that is no single learner."""


def account_of(actor: Actor) -> Account:
    """Return the account of an actor.

    Raises:
        MalformedEvent: it has not exactly one identifier, or that is out of form (xAPI Data, section 2.4.2.1).
        NobodyInParticular: it is a group.

    """
    account = actor.account
    if account is not None and not (actor.mbox or actor.mbox_sha1sum or actor.openid):
        _refuse_other_than_agent(actor)
        return Account(account.home_page, account.name)
    given = [name for name in ("mbox", "mbox_sha1sum", "openid") if getattr(actor, name)]
    if account is not None or len(given) > 1:
        raise MalformedEvent("actor", "more than one identifier; send account, mbox, mbox_sha1sum or openid, only one")
    _refuse_other_than_agent(actor)
    if not given:
        raise MalformedEvent("actor", "nothing that identifies it; send account, mbox, mbox_sha1sum or openid")
    if actor.openid:
        return Account(OPEN_IDS, actor.openid)
    return Account(MAILBOXES, _digest(actor))


def personal_data(actor: Actor) -> dict[str, Any]:
    """Return what of an actor names a person, in the vault's words."""
    found: dict[str, Any] = {}
    if actor.name:
        found["name"] = actor.name
    if actor.mbox:
        found["email"] = actor.mbox.removeprefix("mailto:")
    return found


def _digest(actor: Actor) -> str:
    if actor.mbox:
        if not _MAILTO.fullmatch(actor.mbox):
            raise MalformedEvent("actor.mbox", "not of the form mailto:name@host")
        return hashlib.sha1(actor.mbox.encode(), usedforsecurity=False).hexdigest()
    digest = actor.mbox_sha1sum.lower()
    if not _SHA1.fullmatch(digest):
        raise MalformedEvent("actor.mbox_sha1sum", "not 40 hexadecimal digits")
    return digest


def _refuse_other_than_agent(actor: Actor) -> None:
    if actor.object_type == "Group":
        raise NobodyInParticular("actor", "a group is no single learner; send a statement for each of its members")
    if actor.object_type != "Agent":
        raise MalformedEvent("actor.objectType", "neither Agent nor Group")
