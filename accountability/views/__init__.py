"""Pages of complaints: for everybody, and for those who handle them."""
