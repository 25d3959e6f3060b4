"""Finding words again: in posts, in comments, in what the handbook says."""
