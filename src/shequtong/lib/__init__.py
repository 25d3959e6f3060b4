"""Bricks without a domain word: each file could serve any other house."""
