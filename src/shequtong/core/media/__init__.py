"""Photos: kept as they were sent, shown as they were cleaned."""
