"""What VC-API answers: verification results, and problems of the types that VC 2.0 names. Pure.

Sources: VCALM (Verifiable Credential API for Lifecycle Management), sections on verifying; Verifiable Credentials Data
Model 2.0, section 7.2 (problem details).
"""

import re
from typing import Any

from fastapi import Response
from pydantic import BaseModel, ConfigDict, Field

from services.issuance.checking.report import Code, Outcome, Report, Step
from services.issuance.jsonld.terms import listed
from shared.kit.problem import Problem, Wording

Document = dict[str, Any]

_TYPES = "https://www.w3.org/TR/vc-data-model#"
PARSING, CRYPTOGRAPHIC, MALFORMED, RANGE = (
    "PARSING_ERROR",
    "CRYPTOGRAPHIC_SECURITY_ERROR",
    "MALFORMED_VALUE_ERROR",
    "RANGE_ERROR",
)
_STATUS_TYPES = "https://www.w3.org/ns/credentials/status-list#"
_OF_STEP = {"format": MALFORMED, "schema": MALFORMED, "proof": CRYPTOGRAPHIC, "issuer": CRYPTOGRAPHIC, "dates": RANGE}
_OF_CODE = {
    Code.STATUS_UNREACHABLE: "STATUS_RETRIEVAL_ERROR",
    Code.STATUS_UNKNOWN: "STATUS_VERIFICATION_ERROR",
}
_REFUSED = {400, 422}


class VcProblem(BaseModel):
    """One thing that is wrong, in the form of RFC 9457; `code` is this service's own, as in its reports."""

    type: str
    title: str
    detail: str
    code: str


class Options(BaseModel):
    """What to return besides the verdict; options that are not known here are left alone."""

    model_config = ConfigDict(extra="ignore")

    returnCredential: bool = False  # noqa: N815 - VC-API's own name
    returnResults: bool = False  # noqa: N815
    returnProblemDetails: bool = True  # noqa: N815
    challenge: str | None = Field(None, max_length=1000)
    domain: str | None = Field(None, max_length=1000)


class Verified(BaseModel):
    """The result of verifying a credential (VCALM, VerificationResult)."""

    model_config = ConfigDict(extra="forbid")

    verified: bool
    problemDetails: list[VcProblem] | None = None  # noqa: N815
    credential: dict[str, Any] | str | None = None
    results: dict[str, Any] | None = None


class VerifiedPresentation(BaseModel):
    """The result of verifying a presentation, and each credential in it."""

    verified: bool
    problemDetails: list[VcProblem] = Field(default_factory=list)  # noqa: N815
    results: dict[str, Any]


def verified(report: Report, document: Document, options: Options, shown: Document | str) -> Verified:
    """Return a report in VC-API's form; `document` is what was checked, `shown` the form in which it was shown."""
    return Verified(
        verified=report.verified,
        problemDetails=problems(report) if options.returnProblemDetails else None,
        credential=shown if options.returnCredential else None,
        results=_results(report, document) if options.returnResults else None,
    )


def problems(report: Report) -> list[VcProblem]:
    """Return what a report says against a credential."""
    return [problem_of(step) for step in report.steps if step.outcome in {Outcome.FAILED, Outcome.UNKNOWN}]


def problem_of(step: Step) -> VcProblem:
    """Return one step that did not pass as a problem; what no specification names has a name of our own."""
    if step.cause in _OF_CODE:
        name = _OF_CODE[step.cause]
        return VcProblem(type=_STATUS_TYPES + name, title=name, detail=step.words, code=step.code)
    name = _OF_STEP.get(step.step, "")
    type_ = _TYPES + name if name else f"urn:microcred:problem:{step.code}"
    return VcProblem(type=type_, title=name or step.code.upper(), detail=step.words, code=step.code)


def problem(name: str, detail: str) -> VcProblem:
    """Return a problem of one of VC 2.0's types."""
    return VcProblem(type=_TYPES + name, title=name, detail=detail, code=name.lower())


def _results(report: Report, document: Document) -> Document:
    passed = {step.step: step.outcome in {Outcome.PASSED, Outcome.SKIPPED} for step in report.steps}
    told: Document = {
        name: {"verified": passed["dates"], "input": document[name]}
        for name in ("validFrom", "validUntil")
        if name in document
    }
    for name, step in (("credentialSchema", "schema"), ("credentialStatus", "status"), ("proof", "proof")):
        told[name] = [{"verified": passed[step], "input": each} for each in listed(document.get(name, []))]
    return told


def _say(problem: Problem) -> Response:
    """Return a refused request as a problem of VC 2.0's types; all others as they are."""
    if problem.status not in _REFUSED or problem.type != "about:blank":
        return problem.response()
    errors = problem.extra.get("errors") or [{}]
    name = PARSING if errors[0].get("field") == "body" else MALFORMED
    return Problem(400, name, problem.detail, type_=_TYPES + name, headers=problem.headers, **problem.extra).response()


WORDING = Wording(re.compile(r"/credentials/(issue|verify|status)$|/presentations/verify$|/status-lists/"), _say)
