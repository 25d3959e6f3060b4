"""Open books: what a firm, an owners' committee or a committee plans, takes in, spends and agrees, line by line."""
