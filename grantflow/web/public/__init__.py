"""Pages that everybody may read, one module for each."""
