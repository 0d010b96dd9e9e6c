"""What institutions decide about credentials, as events to append; what makes no sense is refused with the cure.

Pure but for the log. The worker judges once more, by the facts in the order of the log: two decisions that cross each
other on the way may both be taken here.
"""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from services.issuance.domain import Award, Credential, Kind
from services.issuance.errors import DecisionRefused
from services.issuance.handlers import MOST_DECISIONS, SOURCE
from services.issuance.life import about
from services.issuance.news import DECIDED, Decided
from shared.contracts.envelope import Event, derived_id
from shared.kit.asked import Asked
from shared.kit.errors import PublishFailed
from shared.kit.producer import Publisher

_TICK = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class Log:
    """The log's writing end, as far as a client's patience goes; `patience_s` in seconds."""

    publisher: Publisher
    patience_s: float

    async def append(self, event: Event) -> None:
        """Return when the log has the event.

        Raises:
            PublishFailed: it did not acknowledge it in time; sending the same id again is harmless.

        """
        try:
            async with asyncio.timeout(self.patience_s):
                await self.publisher.publish([event])
        except TimeoutError as error:
            raise PublishFailed(f"no acknowledgement within {self.patience_s:g} s") from error


def decided(kind: Kind, award: Award, credential: Credential, asked: Asked, **reasons: Any) -> Decided:
    """Return the event of a decision.

    Its time is later than the credential's validFrom, so that what is signed anew counts as the newer one.

    Raises:
        DecisionRefused: it makes no sense as the credential stands.

    """
    id_ = derived_id("decision", award.tenant, kind, credential.credential_id, asked.once or asked.now.isoformat())
    if all(one.id != id_ for one in award.decisions):
        _require_sense(kind, award, credential, asked.now, reasons.get("valid_until"))
    return DECIDED[kind].model_validate(
        {
            "id": id_,
            "source": SOURCE,
            "time": max(asked.now, credential.valid_from + _TICK),
            "tenant": award.tenant,
            "platform": asked.caller.platform,
            "traceparent": asked.traceparent,
            "learnerref": award.learner_ref,
            "data": {
                "offering": award.offering,
                "credential_id": credential.credential_id,
                "by": asked.caller.client_id,
                **reasons,
            },
        }
    )


def _require_sense(
    kind: Kind, award: Award, credential: Credential, now: datetime, valid_until: datetime | None
) -> None:
    if len(award.decisions) >= MOST_DECISIONS:
        raise DecisionRefused(f"{MOST_DECISIONS} decisions were made about this learner's award already")
    if kind == "reaward":
        return _require_reawardable(award, credential)
    if credential.revoked:
        raise DecisionRefused("the credential is revoked, and that is for good: reaward it instead")
    if kind == "suspend" and credential.suspended:
        raise DecisionRefused("the credential is suspended already: reinstate or revoke it")
    if kind == "reinstate" and not credential.suspended:
        raise DecisionRefused("the credential is not suspended: there is nothing to reinstate")
    if valid_until is not None and valid_until <= now:
        raise DecisionRefused("valid_until: that moment is over; to end a credential now, revoke it")
    return None


def _require_reawardable(award: Award, credential: Credential) -> None:
    if not credential.revoked:
        raise DecisionRefused(f"the credential is {credential.status}: revoke it first, or correct it")
    if award.withdrawn.get(credential.pass_id):
        raise DecisionRefused("its pass was withdrawn: the learner's next pass brings a new credential by itself")
    if about(award, credential.credential_id, "reaward"):
        raise DecisionRefused("the credential was awarded again already: look for the newer one")
