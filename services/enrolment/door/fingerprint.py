"""Whether the secret of learner references is the one that this database was begun with.

Under another secret every account would quietly become another learner: a lost file, or a second process with a file of
its own, must be noticed before the first payload.
"""

import structlog

from services.enrolment.vault.box import VAULT
from shared.kit.errors import StoreUnavailable
from shared.kit.secret import derived
from shared.kit.settings import SettingsError, variable
from shared.kit.store import Store, Unit

#: No learner's place is so called: those begin with an institution.
_PLACE = "/identity"
_log = structlog.get_logger(__name__)


async def require_same_secret(store: Store, secret: bytes) -> None:
    """Refuse a secret that is another one than before; the first one is noted, by its fingerprint.

    Raises:
        SettingsError: with the cure.

    """
    fingerprint = derived(secret, "fingerprint").hex()

    async def work(unit: Unit) -> str:
        held = (await unit.load(VAULT, [_PLACE])).get(_PLACE)
        if held is None:
            await unit.write(VAULT, [{"_id": _PLACE, "fingerprint": fingerprint}], [])
            return fingerprint
        return str(held["fingerprint"])

    try:
        await store.ping()
        noted = await store.transact(work)
    except StoreUnavailable as error:
        _log.warning("identity.unchecked", reason=str(error))
        return
    if noted != fingerprint:
        name = variable("identity_secret_file")
        raise SettingsError(
            f"{name} holds another secret than the one that this database was begun with: every account would become "
            "another learner. Restore the file from a backup, or let all processes read the same one"
        )
