"""A donor's money in numbers: statements of a period, and shares of what unearmarked money did. Plain Python."""
