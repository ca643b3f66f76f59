"""Other people's dialog engines with the same dialog. They run in a virtual environment of their own, without ours."""
