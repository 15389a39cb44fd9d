"""Records of every kind as people see them: found, shown with path, choices and journal, listed and moved."""
