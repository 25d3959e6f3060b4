"""What a walker must know of a form that the form itself does not say: (board, transition or kind) to fields."""

ANOTHER = "another post of the kind "

HINTS: dict[tuple[str, str], dict[str, str]] = {
    ("affairs", "answer"): {"question": ""},
    ("affairs", "correct"): {"amount": "2.50"},
    ("hall", "open_vote"): {"vote_buildings": ""},
    ("matters", "merge"): {"target": ANOTHER},
    ("matters", "meet"): {
        "held_on": "2026-01-05",
        "what_1": "换整条线路",
        "who_1": "物业",
        "by_1": "2099-01-05",
    },
    ("party", "note_work"): {"done_on": "2026-01-05", "served": "阿芳"},
    ("property", "answer"): {"question": ""},
    ("property", "correct"): {"amount": "2.50"},
    ("services", "booking"): {"offer_id": ANOTHER + "offer"},
}

BY_TURNS: dict[tuple[str, str], tuple[dict[str, str], ...]] = {
    ("hall", "open_vote"): ({"outcome": "covenant"}, {"outcome": "project"}, {"outcome": "referral"}),
}
"""What one walk cannot choose all of: the first walk takes the first, and the last is for all that follow."""

FIRST: dict[tuple[str, str], tuple[tuple[str, str, dict[str, str]], ...]] = {
    ("hall", "adopt"): (("resident", "ballots", {"choice": "for"}),),
    ("hall", "reject"): (("resident", "ballots", {"choice": "against"}),),
}
"""What people do beside the transitions before the clock takes one: who, on which page of the post, with what."""

PARTS_FIRST = {("party", "finish")}
"""Transitions before which some take their part, because only those concerned have something to do afterwards."""
