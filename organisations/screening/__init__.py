"""Screening of names against lists of sanctions: reading the lists, and finding who is worth a look. Plain Python.

A name is compared across scripts by the consonants that are written in both: vowels, articles and kinship words say
nothing, letters that one transliteration or another uses for the same sound are one. A likeness proves nothing: two
people judge it (domain specification §3.15).
"""
