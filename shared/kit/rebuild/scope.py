"""What a rebuild is about: the whole worker, or its part that one model needs. Pure."""

from dataclasses import dataclass

from shared.kit.letters import LETTERS
from shared.kit.parking import PARKED, PARKED_RECORDS
from shared.kit.rebuild.errors import UnknownModel
from shared.kit.worker import Worker

OF_THE_KIT = (LETTERS, PARKED, PARKED_RECORDS)
"""What the kit itself writes beside the models in a chunk's transaction."""


@dataclass(frozen=True, slots=True)
class Scope:
    """The worker that folds, and the collections that are compared and switched.

    `apart` are the topics whose events change what others look at beside: they share no chunk with others.
    """

    worker: Worker
    collections: tuple[str, ...]
    tallies: frozenset[str]
    apart: frozenset[str]


def scope_of(worker: Worker, model: str | None) -> Scope:
    """Return the scope of a rebuild; a single model comes with those that it looks beside, and with its tallies.

    Raises:
        UnknownModel: the worker has no model of this name.

    """
    if model is not None:
        worker = _cut(worker, model)
    models = tuple(each.collection for each in worker.models)
    tallies = tuple(each.collection for each in worker.tallies)
    beside = {binding.beside.collection for binding in worker.bindings if binding.beside is not None}
    apart = {binding.topic.name for binding in worker.bindings if binding.model.collection in beside}
    kit = OF_THE_KIT if model is None else ()  # a part of the worker lays aside a part only
    return Scope(worker, (*models, *tallies, *kit), frozenset(tallies), frozenset(apart))


def _cut(worker: Worker, model: str) -> Worker:
    models = {each.collection: each for each in worker.models}
    if model not in models:
        raise UnknownModel(model, models)
    wanted, grown = {model}, True
    while grown:
        beside = {
            binding.beside.collection
            for binding in worker.bindings
            if binding.beside is not None and binding.model.collection in wanted
        }
        grown = not beside <= wanted
        wanted |= beside
    return Worker(
        worker.service,
        [binding for binding in worker.bindings if binding.model.collection in wanted],
        [tally for tally in worker.tallies if tally.model.collection in wanted],
        # for their indexes
        sweeping=[sweep for sweep in worker.sweeping if sweep.model.collection in wanted],
        telling=[telling for telling in worker.telling if telling.ruled.collection in wanted],
    )
