"""Telling people what concerns them: once, grouped, and never what they may not see."""
