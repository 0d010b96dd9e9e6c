"""When a partition that was read past is read again."""

from shared.kit.jumps import EVERY_LOOK, Jumps


def test_what_stands_at_two_looks_is_read_again():
    jumps = Jumps()
    assert jumps.look({"p": 7, "q": 3}) == []
    assert jumps.look({"p": 7}) == ["p"]


def test_what_moves_is_on_its_way():
    jumps = Jumps()
    assert [jumps.look({"p": place}) for place in (7, 8, 9)] == [[], [], []]


def test_what_was_gone_meanwhile_is_new():
    jumps = Jumps()
    assert [jumps.look(places) for places in ({"p": 7}, {}, {"p": 7}, {"p": 7})] == [[], [], [], ["p"]]


def test_what_no_fetch_brings_is_asked_for_once_in_a_while():
    jumps = Jumps()
    looks = [bool(jumps.look({"p": 7})) for _ in range(2 * EVERY_LOOK)]
    assert [number for number, asked in enumerate(looks, 1) if asked] == [2, EVERY_LOOK, 2 * EVERY_LOOK]
