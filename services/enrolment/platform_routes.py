"""The routes of all platform formats, each in a file of its own; they are served in this order."""

from fastapi import APIRouter

from services.enrolment import caliper_routes, xapi_routes

PLATFORM_ROUTERS: tuple[APIRouter, ...] = (xapi_routes.router, caliper_routes.router)
#: Where bodies are decoded into types, strictly, at once (`create_api`).
DECODED = ("/xapi/statements", "/caliper")
