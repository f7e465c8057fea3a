"""Reading partners' reports for safety before a donor reads them: what is taken out of a text. Plain Python without Django."""
