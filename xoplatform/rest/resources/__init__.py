"""Apps, their people, and the keys of programs."""
