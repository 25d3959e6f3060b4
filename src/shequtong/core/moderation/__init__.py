"""Keeping a community kind: what is held, what is reported, what was decided and why, and the appeal."""
