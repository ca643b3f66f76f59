"""A stand-in for Atlassian in a process of its own: authorization server, gateway and a small Jira.

For demonstrations and tests only: anybody may sign in as anybody. It shares no code with the product,
so that a misunderstanding of Atlassian's behaviour cannot hide on both sides of the wire.
"""
