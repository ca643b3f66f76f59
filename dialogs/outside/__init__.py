"""How a conversation reaches systems of an App's owner, and how these reach it."""
