"""The rules, tested as tables of cases."""
