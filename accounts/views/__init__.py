"""Pages of people: their own account, offices, invitations, staff sessions."""
