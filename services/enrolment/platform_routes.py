"""The routes of all platform formats, each in a file of its own; they are served in this order."""

from fastapi import APIRouter

PLATFORM_ROUTERS: tuple[APIRouter, ...] = ()
