"""办事指南: how to get things done, and what residents ask about it."""
