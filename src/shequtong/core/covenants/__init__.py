"""公约: the rules that households of a committee have given themselves, kept after their topics are closed."""
