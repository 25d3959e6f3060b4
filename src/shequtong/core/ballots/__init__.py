"""Ballots of dwellings on a post of any board: a frozen roll, one ballot each, counted as the law counts."""
