"""What the broker is told: never less than before, whatever the order in which fetches end."""

from shared.kit.flights import MOST_OPEN, Fetch, Flights


def test_a_fetch_that_ends_late_takes_no_position_back():
    flights = Flights()
    first, second = Fetch({"a": [1], "b": [1]}, {}), Fetch({"b": [2]}, {})
    flights.opened(first)
    flights.opened(second)
    flights.folded(first, {"b": 10})
    flights.folded(second, {"b": 20})
    flights.done(second)
    flights.told({"b": 20})
    flights.folded(first, {"a": 5})
    flights.done(first)
    assert flights.finished == {"a": 5}


def test_a_forgotten_fetch_moves_nothing():
    flights = Flights()
    fetch = Fetch({"a": [1]}, {})
    flights.opened(fetch)
    flights.forget()
    flights.folded(fetch, {"a": 5})
    flights.done(fetch)
    assert flights.finished == {}


async def test_there_is_room_again_when_a_fetch_is_done():
    flights = Flights(lanes=1)
    fetch = Fetch({"a": [1]}, {})
    for each in (fetch, *(Fetch({"a": [number]}, {}) for number in range(1, MOST_OPEN))):
        flights.opened(each)
    assert not await flights.room(0.01)
    flights.done(fetch)
    assert await flights.room(0.01)


def test_read_past_is_what_is_neither_folded_nor_in_the_air():
    flights = Flights()
    flights.begun({"a": 5, "b": 5, "c": 5})
    fetch = Fetch({"b": [1, 1]}, {})
    flights.opened(fetch)
    assert flights.read_past({"a": 7, "b": 7, "c": 5, "not ours": 7}) == {"a": 7}
    flights.folded(fetch, {"b": 7})
    flights.done(fetch)
    assert flights.read_past({"b": 7}) == {}
    flights.drop({"a"})
    assert flights.read_past({"a": 7}) == {}


def test_behind_is_what_is_not_fetched_and_what_is_in_the_air():
    flights = Flights()
    flights.opened(Fetch({"a": [1, 1]}, {}))
    assert flights.behind({"a": 3, "b": 4}) == {"a": 5, "b": 4}
