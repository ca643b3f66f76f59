"""The part of Atlassian's own OpenAPI document that every request to Jira is held to."""
