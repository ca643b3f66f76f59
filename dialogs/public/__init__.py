"""What the outside reaches without signing in: callbacks, an agent desk's deliveries, and pages of forms."""
