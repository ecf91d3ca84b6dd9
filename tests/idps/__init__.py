"""Real identity providers, by whom tests sign people in."""
