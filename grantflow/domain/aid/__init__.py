"""The room of aid: what a firm may still receive, what activities are worth, what was proven."""
