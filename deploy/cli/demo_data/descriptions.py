"""How the demonstration's offerings are learned, what stands behind them, and what they cost."""

from datetime import datetime, timedelta

from deploy.cli.demo_data.achievements import HARBOUR, HOURS_OF_A_WEEK
from shared.contracts.learning import Learning
from shared.contracts.standing import Standing
from shared.contracts.terms import Terms

_PRICE_OF_A_WEEK = 1_500


def learning(days: int) -> Learning:
    """Return how a course of so many days is learned and assessed."""
    return Learning.model_validate(
        {
            "participation": "online",
            "languages": ["en"],
            "effort": {"weeks": days // 7, "hours_per_week": HOURS_OF_A_WEEK},
            "prerequisites": "None but reading and writing.",
            "materials": [
                {
                    "title": "Harbour open readers",
                    "url": f"{HARBOUR}/open",
                    "licence": "https://creativecommons.org/licenses/by/4.0/",
                }
            ],
            "assessing": {
                "kinds": ["marked-assignment"],
                "summative": True,
                "supervision": "online",
                "identity": "assessment",
            },
        }
    )


def standing() -> Standing:
    """Return what stands behind all of them."""
    return Standing.model_validate(
        {
            "provider_kind": "university",
            "provider_regulated": True,
            "quality": [{"kind": "internal", "title": "Yearly review by the faculty", "url": f"{HARBOUR}/quality"}],
            "credit_route": "direct",
            "integration": "stackable",
            "earner_owns": True,
        }
    )


def terms(start: datetime, days: int) -> Terms:
    """Return what a course that starts then costs, and when its description is looked at again."""
    opens = start.date()
    return Terms.model_validate(
        {
            "prices": [{"amount": days // 7 * _PRICE_OF_A_WEEK, "currency": "EUR", "on": opens}],
            "opens": opens,
            "review_on": opens + timedelta(days=365),
        }
    )
