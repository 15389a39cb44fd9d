"""North Middle Sweden from its draft to its award letters, told once and played by different hands."""
