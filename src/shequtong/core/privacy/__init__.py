"""What the house keeps about people: declared in one register, shown to everybody, and forgotten in time."""
