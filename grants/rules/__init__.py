"""Who may do what with calls, applications, grants and reports; every rule answers with a reason."""
