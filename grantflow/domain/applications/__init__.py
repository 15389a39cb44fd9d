"""Applications: what is sent, when, with which answers, and how it is checked."""
