"""The vault: nothing is readable without keys, an erasure is for good, and what does not open is an alarm."""

import stat
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.enrolment.vault.box import VAULT, Vault
from services.enrolment.vault.errors import Gone, KeysRefused, Unreadable
from services.enrolment.vault.novelty import MOST_BYTES
from services.enrolment.vault.ring import KeyRing, rotate
from services.enrolment.vault.sealing import opened, rewrapped, seal
from shared.testing.memory import MemoryStore
from tests.unit.enrolment import facts as a

OLD, NEW = "first:" + "A" * 43, "second:" + "B" * 42 + "A"
RING = KeyRing.of(OLD)
AROHA = {"name": "Aroha T", "email": "aroha@example.org"}
PLACE = "ou/lrn-1"


class Writes(MemoryStore):
    written = 0

    async def transact(self, work: Any) -> Any:
        self.written += 1
        return await super().transact(work)


@pytest.fixture
def store() -> Writes:
    return Writes()


@pytest.fixture
def alarms() -> list[int]:
    return []


@pytest.fixture
def vault(store: Writes, alarms: list[int]) -> Vault:
    return Vault(store, RING, lambda: alarms.append(1))


VALUES = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(st.characters(codec="utf-8"))


@given(st.dictionaries(st.text(st.characters(codec="utf-8")), VALUES))
def test_what_is_sealed_opens_at_its_place_and_nowhere_else(person: dict[str, Any]):
    sealed = seal(RING, PLACE, person)
    assert opened(RING, PLACE, sealed) == person
    both = KeyRing.of(f"{OLD} {NEW}")
    assert opened(both, PLACE, rewrapped(both, PLACE, sealed)) == person
    for ring, place, other in (
        (RING, "ou/lrn-2", sealed),
        (KeyRing.of("first:" + "C" * 42 + "A"), PLACE, sealed),
        (KeyRing.of(NEW), PLACE, sealed),
        (RING, PLACE, sealed._replace(content=sealed.content[:-1])),
        (RING, PLACE, sealed._replace(wrapped=b"")),
    ):
        with pytest.raises(Unreadable):
            opened(ring, place, other)


async def test_what_is_known_grows_and_the_latest_word_stands(vault: Vault):
    await vault.keep("ou", {"lrn-1": AROHA, "lrn-2": {"name": "Eve"}})
    await vault.keep("ou", {"lrn-1": {"name": "Aroha Tane", "salt": "s"}})
    assert await vault.open("ou", "lrn-1") == {**AROHA, "name": "Aroha Tane", "salt": "s"}
    assert await vault.open("ou", "lrn-2") == {"name": "Eve"}
    assert await vault.open("other", "lrn-1") is None


async def test_what_is_kept_is_not_written_again(vault: Vault, store: Writes):
    await vault.keep("ou", {"lrn-1": AROHA})
    before = store.versions[VAULT, PLACE]
    for person in (AROHA, {"name": "Aroha T"}, dict(reversed(AROHA.items())), {}):
        await vault.keep("ou", {"lrn-1": person})
    assert store.written == 1
    # Another process does not remember, and finds nothing new either.
    await Vault(store, RING).keep("ou", {"lrn-1": AROHA})
    assert store.versions[VAULT, PLACE] == before
    await vault.keep("ou", {"lrn-1": {"name": "Aroha Tane"}})
    await vault.keep("ou", {"lrn-1": {"name": "Aroha T"}})
    assert await vault.open("ou", "lrn-1") == AROHA


async def test_an_erasure_is_for_good(vault: Vault, store: Writes, alarms: list[int]):
    await vault.keep("ou", {"lrn-1": AROHA})
    await vault.erase("ou", ["lrn-1", "lrn-never-seen"], a.at(1))
    await vault.erase("ou", ["lrn-1"], a.at(2))
    for keeper in (vault, Vault(store, RING)):
        await keeper.keep("ou", {"lrn-1": {"name": "Aroha again"}, "lrn-never-seen": AROHA})
    assert store.collections[VAULT] == {
        PLACE: {"_id": PLACE, "erased": a.at(1)},
        "ou/lrn-never-seen": {"_id": "ou/lrn-never-seen", "erased": a.at(1)},
    }
    for ref in ("lrn-1", "lrn-never-seen"):
        with pytest.raises(Gone):
            await vault.open("ou", ref)
    assert not alarms


async def test_what_does_not_open_is_an_alarm_and_not_an_erasure(vault: Vault, store: Writes, alarms: list[int]):
    await vault.keep("ou", {"lrn-1": AROHA})
    other = Vault(store, KeyRing.of(NEW), lambda: alarms.append(1))
    with pytest.raises(Unreadable, match="the vault's keys lack first"):
        await other.open("ou", "lrn-1")
    await other.keep("ou", {"lrn-1": {"name": "Mallory"}, "lrn-2": {"name": "Eve"}})
    assert alarms == [1, 1]
    assert await vault.open("ou", "lrn-1") == AROHA
    assert await other.open("ou", "lrn-2") == {"name": "Eve"}


@pytest.mark.parametrize("hole", ["kek", "wrapped", "content"])
async def test_a_document_with_a_hole_is_an_alarm(vault: Vault, store: Writes, alarms: list[int], hole: str):
    await vault.keep("ou", {"lrn-1": AROHA})
    store.put(VAULT, {key: value for key, value in store.collections[VAULT][PLACE].items() if key != hole})
    with pytest.raises(Unreadable):
        await vault.open("ou", "lrn-1")
    assert alarms


@pytest.mark.parametrize("person", [{"name": "x" * MOST_BYTES}, {"name": {1, 2}}, {str(n): 1 for n in range(51)}])
async def test_what_is_no_persons_data_is_left_out_and_stops_nothing(vault: Vault, person: dict[str, Any]):
    await vault.keep("ou", {"lrn-1": person, "lrn-2": AROHA})
    assert await vault.open("ou", "lrn-1") is None
    assert await vault.open("ou", "lrn-2") == AROHA


async def test_a_new_key_takes_over_and_the_old_one_can_go(vault: Vault, store: Writes, tmp_path: Path):
    await vault.keep("ou", {f"lrn-{number}": AROHA for number in range(3)})
    await vault.erase("ou", ["lrn-2"], a.at(1))
    both = Vault(store, KeyRing.of(f"{OLD}\n{NEW}\n"))
    assert await both.open("ou", "lrn-1") == AROHA
    assert await both.rewrap() == 2
    assert await both.rewrap() == 0
    only = Vault(store, KeyRing.of(NEW))
    assert await only.open("ou", "lrn-1") == AROHA
    with pytest.raises(Gone):
        await only.open("ou", "lrn-2")


def test_the_file_of_keys_is_made_once_and_grows(tmp_path: Path):
    path = tmp_path / "keys" / "vault"
    first = KeyRing.read(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert KeyRing.read(path) == first
    rotate(path, "2027-01")
    second = KeyRing.read(path)
    assert (list(second.keys), second.newest) == (["first", "2027-01"], "2027-01")
    assert second.keys["first"] == first.keys["first"]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert str(second.keys["first"]) not in repr(second)
    for name in ("first", "no name", ""):
        with pytest.raises(KeysRefused):
            rotate(path, name)
    assert KeyRing.read(path) == second


@pytest.mark.parametrize("text", ["", "first", "first:short", f"{OLD} {OLD}", "First:" + "A" * 43, "a:" + "é" * 43])
def test_a_bad_ring_is_refused_and_no_key_repeated(text: str, tmp_path: Path):
    path = tmp_path / "vault"
    path.write_text(text)
    with pytest.raises(KeysRefused) as refused:
        KeyRing.read(path)
    assert "AAAA" not in str(refused.value)
