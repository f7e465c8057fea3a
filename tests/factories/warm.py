"""The web application with its addresses read before processes are forked: one that replaces a killed one answers at once."""

from django.urls import get_resolver

from poolfund.wsgi import application

__all__ = ["application"]
get_resolver().reverse_dict  # noqa: B018 -- reads every urls.py
