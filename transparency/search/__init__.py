"""Finding calls, grants and organisations by words, however they are written. Only what is public is ever indexed."""
