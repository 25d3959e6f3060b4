"""党建园地: activities, pledges and small wishes that neighbours take on."""
