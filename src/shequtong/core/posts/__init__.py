"""What people write: posts of every board, their comments, reactions and links, written once for all boards."""
