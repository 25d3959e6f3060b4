"""What a walker must know of a form that the form itself does not say: (board, transition or kind) to fields."""

ANOTHER = "another post of the kind "

HINTS: dict[tuple[str, str], dict[str, str]] = {
    ("hall", "adopt"): {"dwellings_voting": "1", "dwellings_for": "1"},
    ("hall", "reject"): {"dwellings_voting": "1"},
    ("matters", "merge"): {"target": ANOTHER},
    ("services", "booking"): {"offer_id": ANOTHER + "offer"},
}
