"""The demo town: the story of `town`, played through the product's own actions into a database of its own.

`keeping` says whose database it is, `rehearsing` reads the story against the boards, `founding` builds houses
and lets people in, `playing` plays the three weeks in the order of time.
"""
