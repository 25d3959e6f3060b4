"""村（居）务公开: a village's or committee's open books."""
