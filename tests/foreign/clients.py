"""Who may use the foreign server; shared by its process and the tests that drive it."""

from __future__ import annotations

#: Client ids with their secrets: one for the installation, one for a profile of an App.
CLIENTS = {"foreign-system": "foreign-system-secret", "foreign-custom": "foreign-custom-secret"}
#: User names; each is the key of a person of the sandbox.
PEOPLE = ("ada", "ben", "dee")
PASSWORD = "people-of-the-foreign-server"
