"""The fund's public facts for machines: read only, the released table and public calls and nothing else.

Addresses stand under ``/api/v1/``; what a donor's own token opens is what the donor's pages show.
"""
