"""The cost of a password."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class FundArgon2PasswordHasher(Argon2PasswordHasher):
    """argon2id with 48 MiB, two passes and one lane (OWASP asks for at least 19 MiB)."""

    time_cost = 2
    memory_cost = 48 * 1024
    parallelism = 1
