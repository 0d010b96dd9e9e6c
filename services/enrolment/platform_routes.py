"""The routes of all platform formats, each in a file of its own; they are served in this order."""

from fastapi import APIRouter

from services.enrolment import lti_context_routes, lti_routes, lti_token_routes, table_routes, webhook_routes

PLATFORM_ROUTERS: tuple[APIRouter, ...] = (
    table_routes.router,
    webhook_routes.router,
    lti_token_routes.router,
    lti_context_routes.router,
    lti_routes.router,
)
