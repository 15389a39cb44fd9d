"""What is kept: rows, named reads and the loaders of facts."""
