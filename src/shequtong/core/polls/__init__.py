"""Polls and surveys on a post of any board: questions, one sheet each or for each home, and their results."""
