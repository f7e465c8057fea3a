"""Pages of grants and their money: award, agreement, tranches, payments, reports, closing."""
