"""Carries out what was put off: tasks, schedules, loops. Knows every room that declares some."""
