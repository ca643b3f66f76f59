"""Bringing what is stored under the newest encryption key, and knowing which keys are still needed."""
