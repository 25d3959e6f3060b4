"""议事厅: from a neighbour's proposal to a decision of the households, and to what came of it."""
