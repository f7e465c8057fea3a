"""Pages of the charter: in words, its versions and votes, drafts, networks, holidays."""
