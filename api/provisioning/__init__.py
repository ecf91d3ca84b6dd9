"""The house rules as plain functions: facts → plan → apply. No web framework here."""
