"""Calls: what a file may ask for, forms, rubrics, and what guards know of a call."""
