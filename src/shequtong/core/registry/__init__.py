"""The registry of residents: who lives behind which door, with an account or without."""
