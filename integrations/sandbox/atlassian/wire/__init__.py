"""How answers travel, and how ordered troubles spoil them."""
