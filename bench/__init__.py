"""How fast the pages are, as ratios to what this machine can do at all: `make bench`."""
