"""Alignments with frameworks that are known: whether an address or a code has the form that the framework gives it.

Checked at the door only: what stands on the log was taken once, and is not judged again.
"""

from collections.abc import Iterable

from services.enrolment.frameworks.skills import ESCO, ISCO, ONET, is_of_esco, is_of_onet
from shared.contracts.achievement import Alignment


def require_known_forms(alignments: Iterable[Alignment]) -> None:
    """Refuse an alignment that names a known framework and is not of its form.

    Raises:
        ValueError: with its place, and what is expected.

    """
    for place, alignment in enumerate(alignments):
        url, code = str(alignment.target_url), alignment.target_code
        if is_of_esco(alignment) and not (ESCO.fullmatch(url) or ISCO.fullmatch(url)):
            raise ValueError(
                f"alignments.{place}.target_url: {url} is no ESCO address: send http and a UUID in lower case, such as "
                "http://data.europa.eu/esco/skill/ccd0a1d9-afda-43d9-b901-96344886e14d"
            )
        if is_of_onet(alignment) and code is not None and not ONET.fullmatch(code):
            raise ValueError(
                f"alignments.{place}.target_code: {code} is no O*NET code, such as 15-2051.00 for an occupation or "
                "2.B.3.e for a skill"
            )
