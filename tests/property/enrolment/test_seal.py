"""Sealed records: opened again whole, the same bytes every time, and nothing of theirs to be read in between."""

from hypothesis import given
from hypothesis import strategies as st

from services.enrolment.bridge.seal import Seal, SealBroken
from shared.kit.ledger import Record

RECORDS = st.builds(
    Record,
    st.integers(0, 2**62),
    st.integers(0, 2**42),
    st.one_of(st.none(), st.binary(max_size=50)),
    st.one_of(st.none(), st.binary(max_size=300)),
    st.lists(st.tuples(st.text(max_size=20), st.one_of(st.none(), st.binary(max_size=40))), max_size=5).map(tuple),
)
SEAL = Seal(b"s" * 32)


@given(RECORDS)
def test_what_is_sealed_is_opened_whole(record: Record):
    sealed = SEAL.seal(record)
    assert sealed == SEAL.seal(record)
    assert (sealed.offset, sealed.timestamp, sealed.key, sealed.headers) == (record.offset, record.timestamp, None, ())
    assert SEAL.opened(sealed) == record


@given(RECORDS)
def test_nobody_else_opens_it_and_it_belongs_to_its_place(record: Record):
    sealed = SEAL.seal(record)
    moved = sealed._replace(offset=sealed.offset + 1)
    changed = sealed._replace(value=(sealed.value or b"")[:-1] + bytes([(sealed.value or b"x")[-1] ^ 1]))
    for seal, given_ in ((Seal(b"t" * 32), sealed), (SEAL, moved), (SEAL, changed)):
        assert isinstance(seal.opened(given_), SealBroken)


def test_nothing_of_a_record_can_be_read_in_its_seal():
    name = b"aroha4711@example.org"
    assert name not in (SEAL.seal(Record(1, 2, name, name, (("x", name),))).value or b"")


def test_what_is_not_kept_any_longer_says_so():
    refused = SEAL.opened(Record(1, 2, None, None))
    assert isinstance(refused, SealBroken)
    assert "not kept" in refused.reason
