"""The language in which questions are asked: expressions, patterns, and what a form means. Plain Python, no Django."""
