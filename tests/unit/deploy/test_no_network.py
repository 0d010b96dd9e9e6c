"""Unit tests cannot reach the network, and event loops still work."""

import asyncio
import socket

import pytest
from pytest_socket import SocketBlockedError


def test_a_unit_test_cannot_open_a_connection() -> None:
    with pytest.raises(SocketBlockedError), pytest.warns(UserWarning, match="socket"):
        socket.create_connection(("127.0.0.1", 9))


async def test_an_event_loop_still_runs() -> None:
    assert await asyncio.sleep(0, "woken") == "woken"
