"""Gatherings on a post of any board: day and place, sign-up, a queue, check-in, and calendars that follow."""
