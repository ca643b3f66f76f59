"""What every endpoint of the REST API has in common, and the resources that belong to the frame."""
