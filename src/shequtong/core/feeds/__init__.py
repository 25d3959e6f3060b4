"""What somebody reads across boards and communities: their home page, a neighbour's page, what they follow."""
