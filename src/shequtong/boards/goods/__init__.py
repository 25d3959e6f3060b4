"""闲置物品: idle goods find a new home."""
