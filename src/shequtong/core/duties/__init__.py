"""Who owes whom an answer, and by when: clocks that run in hours of duty, and whom their lateness is told to."""
