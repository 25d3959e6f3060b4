"""The place: divisions from the city to the committee, buildings, dwellings, who lives there, who serves there."""
