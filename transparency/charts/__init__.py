"""Charts as small SVG pictures: drawn by Altair and vl-convert, then tidied. No Django, no words of their own."""
