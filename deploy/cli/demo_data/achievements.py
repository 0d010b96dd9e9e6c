"""What the demonstration's offerings certify, with all that a credential can say about it."""

import base64
from collections.abc import Sequence

from shared.contracts.achievement import Achievement
from shared.contracts.profile import Issuer

HARBOUR = "https://harbour.example"
INSTITUTION = Issuer.model_validate(
    {
        "name": "Harbour Open University",
        "url": HARBOUR,
        "email": "awards@harbour.example",
        "phone": "+31 10 555 0100",
        "description": "Open courses for everyone who works near water.",
        "image": f"{HARBOUR}/logo.png",
        "image_caption": "A lighthouse.",
        "official": "Office of the Registrar",
        "address": {"street": "Quay 1", "postal_code": "3011", "locality": "Rotterdam", "country_code": "NL"},
        "other_identifiers": [{"identifier": f"{HARBOUR}/register/4711", "identifier_type": "ext:Register"}],
        "parent": {"id": f"{HARBOUR}/group", "name": "Harbour Group", "url": f"{HARBOUR}/group"},
    }
)
ONET = {"target_framework": "O*NET", "target_framework_version": "29.0", "target_type": "CFItem"}
SKILLS = {
    "data-literacy": ("4.A.2.a.4", "Analyzing Data or Information"),
    "python-basics": ("2.B.3.e", "Programming"),
    "practical-statistics": ("2.A.1.e", "Mathematics"),
    "research-ethics": ("2.A.2.a", "Critical Thinking"),
    "cloud-security": ("2.C.3.a", "Computers and Electronics"),
}
OUTCOMES = {
    "data-literacy": "Reads, questions and presents data.",
    "python-basics": "Writes and tests small programs.",
    "practical-statistics": "Chooses a model and says how sure it is.",
    "research-ethics": "Weighs the rights of those who are studied.",
    "cloud-security": "Finds and closes the gaps of a small system.",
}
HOURS_OF_A_CREDIT = 28
HOURS_OF_A_WEEK = 7


def achievement(course: str, days: int, criteria: str, assessed_by: Sequence[str]) -> Achievement:
    """Return what a course of so many days certifies, and which components assess it."""
    title, weeks = course.replace("-", " ").capitalize(), days // 7
    code, skill = SKILLS[course]
    return Achievement.model_validate(
        {
            "name": title,
            "description": f"{title}: a micro-credential of {weeks} weeks.",
            "criteria": criteria,
            "criteria_url": f"{HARBOUR}/courses/{course}",
            "image": _badge(title),
            "image_caption": f"A round badge that reads {title}.",
            "human_code": "".join(word[0] for word in title.upper().split()),
            "version": "2025",
            "field_of_study": "Digital skills",
            "tags": [*course.split("-"), "online"],
            "alignments": [
                {
                    **ONET,
                    "target_name": skill,
                    "target_code": code,
                    "target_url": f"https://www.onetonline.org/find/descriptor/result/{code}",
                }
            ],
            "outcomes": [
                {
                    "id": "outcome-1",
                    "title": OUTCOMES[course],
                    "statement": OUTCOMES[course],
                    "assessed_by": assessed_by,
                }
            ],
            "credits": {"available": weeks * HOURS_OF_A_WEEK / HOURS_OF_A_CREDIT},
            "notional_hours": weeks * HOURS_OF_A_WEEK,
            "level": {"level": "5"},
            "validity": {"months": 60},
            "other_identifiers": [{"identifier": f"{course}-2025", "identifier_type": "sourcedId"}],
            "creator": {"id": f"{HARBOUR}/faculty/digital", "name": "Faculty of Digital Skills"},
        }
    )


def _badge(title: str) -> str:
    """Return a picture that needs no server."""
    picture = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 200">'
        '<circle cx="100" cy="100" r="96" fill="#0b4f6c"/>'
        f'<text x="100" y="106" fill="#fff" font-size="16" text-anchor="middle">{title}</text></svg>'
    )
    return f"data:image/svg+xml;base64,{base64.b64encode(picture.encode()).decode()}"
