"""Telling other systems what happens in an App."""
