"""Addresses of pages, for messages."""

from typing import Any

from django.urls import NoReverseMatch, reverse


def link(name: str, *args: Any) -> str:
    """The path of the page ``grants:name``."""
    try:
        return reverse(f"grants:{name}", args=args)
    except NoReverseMatch:
        return ""
