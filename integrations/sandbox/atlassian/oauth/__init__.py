"""The authorization server: codes, grants, rotating refresh tokens."""
