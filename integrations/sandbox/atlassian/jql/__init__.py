"""Jira's query language, as much of it as people and dialogs use."""
