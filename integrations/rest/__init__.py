"""What programs do with an App's authorizations over the REST API. Thin over `integrations.flows`."""
