"""Addresses of pages, for messages and next steps."""

from typing import Any

from django.urls import reverse


def link(name: str, *args: Any) -> str:
    """The path of the page ``grants:name``."""
    return reverse(f"grants:{name}", args=args)
