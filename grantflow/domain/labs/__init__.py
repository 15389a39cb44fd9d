"""Labs: who counts, what was shown to everybody, and the frame."""
