"""What the stand-in knows, remembers and has been told to do."""
