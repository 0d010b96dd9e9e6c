"""The committed schemas of Open edX are what its own classes write with, in the version that is named."""

from importlib.metadata import version

from services.enrolment.platforms.openedx.events import SIGNALS
from services.enrolment.platforms.openedx.schema_files import FOLDER, VERSION
from shared.testing.openedx import files, schemas


def test_they_are_made_of_the_version_that_is_named():
    assert version("openedx-events") == VERSION


def test_they_are_what_the_classes_write_with():
    committed = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.iterdir()}
    assert committed == files(schemas()), f"python -m shared.testing.openedx {FOLDER.relative_to(FOLDER.parents[4])}"


def test_there_is_one_for_each_signal_that_is_heard():
    assert SIGNALS.keys() <= schemas().keys()
