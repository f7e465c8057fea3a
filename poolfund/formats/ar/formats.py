"""Arabic: the same digits and separators as in all languages of the fund (`kernel.money.format_money`).

Django's own format writes 10 MB as "10,0", which beside 4,000 reads as a number of thousands.
"""

DECIMAL_SEPARATOR = "."
THOUSAND_SEPARATOR = ","
