"""The pages on which a person signs in, picks a site and accepts or cancels."""
