"""The committee's day on one page: what is owed, what is held, who waits to be let in."""
