"""Errors as the Open Badges API has them: Imsx_StatusInfo (Open Badges 3.0, section C.4). Pure."""

import re
from typing import Any

import orjson
from fastapi import Response

from shared.kit.problem import Problem, Wording

BASE = "/ims/ob/v3p0"
_MINOR = {
    400: "invalid_data",
    401: "unauthorizedrequest",
    403: "forbidden",
    404: "not_found",
    405: "not_allowed",
    406: "not_acceptable",
    413: "invalid_data",
    422: "invalid_query_parameter",
    500: "internal_server_error",
    503: "server_busy",
}
_TEXT = {"type": "string"}
STATUS_INFO: dict[str, Any] = {
    "type": "object",
    "title": "Imsx_StatusInfo",
    "required": ["imsx_codeMajor", "imsx_severity"],
    "properties": {
        "imsx_codeMajor": {"type": "string", "enum": ["failure", "processing", "success", "unsupported"]},
        "imsx_severity": {"type": "string", "enum": ["error", "status", "warning"]},
        "imsx_description": _TEXT,
        "imsx_codeMinor": {
            "type": "object",
            "required": ["imsx_codeMinorField"],
            "properties": {
                "imsx_codeMinorField": {
                    "type": "array",
                    "minItems": 1,
                    "items": {
                        "type": "object",
                        "required": ["imsx_codeMinorFieldName", "imsx_codeMinorFieldValue"],
                        "properties": {"imsx_codeMinorFieldName": _TEXT, "imsx_codeMinorFieldValue": _TEXT},
                    },
                }
            },
        },
    },
}
ERRORS: dict[int | str, dict[str, Any]] = {
    "default": {
        "description": "What went wrong, as Imsx_StatusInfo",
        "content": {"application/json": {"schema": STATUS_INFO}},
    }
}


def status_info(problem: Problem) -> dict[str, Any]:
    """Return a problem as Imsx_StatusInfo."""
    minor = {
        "imsx_codeMinorFieldName": "TargetEndSystem",
        "imsx_codeMinorFieldValue": _MINOR.get(problem.status, "unknown"),
    }
    return {
        "imsx_codeMajor": "failure",
        "imsx_severity": "error",
        "imsx_description": problem.detail or problem.title,
        "imsx_codeMinor": {"imsx_codeMinorField": [minor]},
    }


def _say(problem: Problem) -> Response:
    # The specification knows no 422: what it forbids is a bad request.
    status = 400 if problem.status == 422 else problem.status  # noqa: PLR2004 - HTTP's own number
    return Response(orjson.dumps(status_info(problem)), status, problem.headers, "application/json")


WORDING = Wording(re.compile(re.escape(BASE) + "(/|$)"), _say)
