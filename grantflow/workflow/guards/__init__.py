"""Guards, one family a file: named sentences over frozen facts that answer with reasons."""
