"""Dead letters and what waits behind them are rebuilt and switched with the read models that they belong to."""

from pathlib import Path

import httpx

from shared.kit.generations import Generations
from shared.kit.http import create_api
from shared.kit.letter_routes import letter_routes
from shared.kit.secret import ensure_secret
from shared.kit.settings import ServiceSettings, load_settings
from shared.testing.counting import Refusing, refusing_worker
from tests.integration.kit.rebuilding import Told, rebuild
from tests.integration.kit.rig import Rig, until


async def test_what_waits_in_the_new_generation_is_released_there(rig: Rig, tmp_path: Path) -> None:
    refusing = Refusing({3})
    worker, live = refusing_worker(refusing), Generations(rig.store)
    async with rig.running(worker, store=live):
        await rig.publish(200, learners=20)  # ten for each learner, the fourth of which is refused
        await rig.read_up()
        told = Told()
        assert await rebuild(rig, told, worker) == 0
        assert told.parity["letters"] == told.parity["parked"] == (20, 0, 0, 0)
        assert told.parity["parked_records"] == (120, 0, 0, 0)
        refusing.refused.clear()
        await _redrive_all(rig, live, tmp_path)

        async def all_counted() -> bool:
            return await rig.counted_in("counts.2") == 200

        await until(all_counted, 20, "not everything that waited was counted")

    assert sum(each["disorder"] for each in await rig.store.find("counts.2", {})) == 0
    assert await rig.counted() == (60, 0), "the kept generation was written to"
    waiting = {name: await rig.store.count(name, {}) for name in ("parked", "parked.2", "parked_records.2")}
    assert waiting == {"parked": 20, "parked.2": 0, "parked_records.2": 0}
    assert {each["parked"] for each in await rig.store.find("ledger", {"topic": "platform.events"})} == {0}

    told = Told()
    assert await rebuild(rig, told, worker, rollback=True) == 0
    assert await rig.counted() == (200, 0), "the earlier generation did not release what waited in it"


async def _redrive_all(rig: Rig, live: Generations, folder: Path) -> None:
    app = create_api(
        "test",
        load_settings(ServiceSettings, token_secret_file=ensure_secret(folder / "secret")),
        routers=[letter_routes("assessment")],
    )
    app.state.reader, app.state.publisher = live, rig.publisher
    headers = {"Authorization": f"Bearer {app.state.tokens.issue('operators', ['operate'], 'ops-1')}"}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://a", headers=headers) as desk:
        letters = [each["_id"] for each in await live.find("letters", {}, limit=100)]
        answer = await desk.post("/v1/dead-letters/redrive", json={"letters": letters})
        assert answer.json()["accepted"] == 20, answer.text
