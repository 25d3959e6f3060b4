"""How committees answer, in kept figures for committee, street, district and city; `docs/statistics.md` says how."""
