"""社区公告: what the committee, building leads, property firm and owners' committee make known."""
