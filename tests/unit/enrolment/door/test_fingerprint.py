"""Another secret than before is refused, since it would make every learner another one."""

import pytest

from services.enrolment.door.fingerprint import require_same_secret
from shared.kit.errors import StoreUnavailable
from shared.kit.settings import SettingsError
from shared.testing.memory import MemoryStore

SECRET, OTHER = b"a secret of an installation, long enough", b"another secret of one, and long enough too"


async def test_the_first_secret_is_noted_and_every_other_refused():
    store = MemoryStore()
    for _ in range(2):
        await require_same_secret(store, SECRET)
    with pytest.raises(SettingsError, match=r"MICROCRED_IDENTITY_SECRET_FILE holds another secret .* Restore the file"):
        await require_same_secret(store, OTHER)
    assert SECRET.decode() not in repr(store.collections)


class Away(MemoryStore):
    async def ping(self) -> None:
        raise StoreUnavailable("away")


async def test_a_database_that_is_away_stops_no_start():
    await require_same_secret(Away(), SECRET)
