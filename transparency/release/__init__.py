"""What the public is told of grants: one released table from which every public output is made. Plain Python.

A grant is told openly, or as a part of a *pool*: a sum of several partners' grants under which nobody's amount, place or
name can be told apart. Every chart, list, file and total adds up released rows and pools and nothing else, so no difference
between two public figures can reach below a pool, and everything together is the ledger's sum to the last cent.
"""
