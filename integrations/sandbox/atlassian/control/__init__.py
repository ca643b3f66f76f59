"""What tests use to set the scene and to look behind it. The product never calls it."""
