"""互助: neighbours help each other."""
