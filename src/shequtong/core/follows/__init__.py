"""The light graph: whom and what a person follows, mutes or blocks, and who their neighbours are."""
