"""The chat that other people's pages embed: its script, and the page where staff learn how and try it.

Its source is part of the front end, in ``dialogs/canvas/frontend/src/widget``.
"""
