"""What a walker must know of a form that the form itself does not say: (board, transition or kind) to fields."""

ANOTHER = "another post of the kind "

HINTS: dict[tuple[str, str], dict[str, str]] = {
    ("matters", "merge"): {"target": ANOTHER},
    ("matters", "meet"): {"held_on": "2026-01-05"},
    ("services", "booking"): {"offer_id": ANOTHER + "offer"},
}

FIRST: dict[tuple[str, str], tuple[tuple[str, str, dict[str, str]], ...]] = {
    ("hall", "adopt"): (("resident", "ballots", {"choice": "for"}),),
    ("hall", "reject"): (("resident", "ballots", {"choice": "against"}),),
}
"""What people do beside the transitions before the clock takes one: who, on which page of the post, with what."""
