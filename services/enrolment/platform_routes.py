"""The routes of all platform formats, each in a file of its own; they are served in this order."""

from fastapi import APIRouter

from services.enrolment import caliper_routes, webhook_routes
from services.enrolment.lti import context_routes as lti_context_routes
from services.enrolment.lti import routes as lti_routes
from services.enrolment.lti import token_routes as lti_token_routes
from services.enrolment.tables import routes as table_routes
from services.enrolment.xapi import routes as xapi_routes

PLATFORM_ROUTERS: tuple[APIRouter, ...] = (
    xapi_routes.router,
    caliper_routes.router,
    table_routes.router,
    webhook_routes.router,
    lti_token_routes.router,
    lti_context_routes.router,
    lti_routes.router,
)
#: Where bodies are decoded into types, strictly, at once (`create_api`).
DECODED = ("/xapi/statements", "/caliper")
