"""The bank's formats (ISO 20022), read and written as plain Python: no model, no Django."""
