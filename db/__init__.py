"""What is stored and how it is asked for. No web, no rules."""
