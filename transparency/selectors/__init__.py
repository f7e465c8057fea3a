"""Reads of the transparency app."""
