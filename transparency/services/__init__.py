"""Writes of the transparency app: importing history, drawing charts."""
