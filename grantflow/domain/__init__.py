"""What is true: values and decisions, on the standard library alone."""
