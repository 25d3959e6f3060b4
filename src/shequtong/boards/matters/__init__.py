"""身边事: what is broken or wrong nearby, from the first photo to "fixed"."""
