"""A small Jira: projects, issues, search, comments, transitions and permissions."""
