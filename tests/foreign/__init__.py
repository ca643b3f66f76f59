"""An authorization server that is not ours: django-oauth-toolkit in a process of its own.

It asks for PKCE, compares redirect addresses byte by byte, gives each refresh token for one use and ends the whole
grant when one is used twice. Around it stands what Atlassian has beside it: sites, account, and a way to Jira.
"""
