"""The town that all boards share. A lower package never calls a higher one: it publishes an event."""
