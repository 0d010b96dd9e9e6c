"""Alignments with frameworks that are known: whether an address or a code has the form that the framework gives it.

Checked at the door only: what stands on the log was taken once, and is not judged again.
"""

import re
from collections.abc import Iterable

from shared.contracts.achievement import Alignment

_ESCO = re.compile(r"https?://data\.europa\.eu/esco/(skill|occupation|isco)/[A-Za-z0-9.-]+")
#: An occupation of O*NET-SOC, or an element of its content model.
_ONET = re.compile(r"\d{2}-\d{4}\.\d{2}|[1-6]\.[A-Z](\.[0-9a-z]{1,2})*")


def require_known_forms(alignments: Iterable[Alignment]) -> None:
    """Refuse an alignment that names a known framework and is not of its form.

    Raises:
        ValueError: with its place, and what is expected.

    """
    for place, alignment in enumerate(alignments):
        framework = (alignment.target_framework or "").upper()
        if framework.startswith("ESCO") and not _ESCO.fullmatch(str(alignment.target_url)):
            raise ValueError(
                f"alignments.{place}.target_url: {alignment.target_url} is no ESCO address, such as "
                "http://data.europa.eu/esco/skill/ccd0a1d9-afda-43d9-b901-96344886e14d"
            )
        code = alignment.target_code
        if framework.startswith("O*NET") and code is not None and not _ONET.fullmatch(code):
            raise ValueError(
                f"alignments.{place}.target_code: {code} is no O*NET code, such as 15-2051.00 for an occupation or "
                "2.B.3.e for a skill"
            )
