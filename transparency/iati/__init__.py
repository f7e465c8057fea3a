"""The released table as IATI 2.03: an activity of the fund, one of each grant told openly, one of each sum. Plain Python.

Money appears once: in the grants and sums; the fund's own activity carries what donors gave. Nothing is read but what the
public reads anyway (`transparency.release`), so what is withheld cannot reach the file; withheld money stands in the sums.
"""
