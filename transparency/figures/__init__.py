"""Sums over the history of other funds: plain Python over plain facts, no Django, no words."""
