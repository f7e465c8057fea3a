"""What is new, for feed readers and calendars, in every language of the fund."""
