"""Jira's sentences, and a second language to catch whoever decides by their words."""

from __future__ import annotations

ENGLISH = {
    "no_issue": "Issue does not exist or you do not have permission to see it.",
    "no_project": "No project could be found with key '{key}'.",
    "authenticate": "Client must be authenticated to access this resource.",
    "no_such_api": "No such API: {path}",
    "search_removed": (
        "The requested API has been removed. Please migrate to the /rest/api/3/search/jql API. "
        "A full migration guideline is available at https://developer.atlassian.com/changelog/#CHANGE-2046"
    ),
    "contract": "{words}",
    "may_not_create": "You do not have permission to create issues in this project.",
    "may_not_delete": "You do not have permission to delete issues in this project.",
    "may_not_assign": "You do not have permission to assign issues.",
    "may_not_comment": "You do not have the permission to comment on this issue.",
    "may_not_notify": ("To discard the user notification either admin or project admin permissions are required."),
    "may_not_administer": "You do not have permission to view licenses.",
    "bad_project": "Specify a valid project ID or key",
    "bad_type": "Specify a valid issue type",
    "no_type": "Specify an issue type",
    "no_summary": "You must specify a summary of the issue.",
    "long_summary": "Summary can't exceed 255 characters.",
    "line_summary": "The summary is invalid because it contains newline characters.",
    "bad_field": "Field '{field}' cannot be set. It is not on the appropriate screen, or unknown.",
    "twice": "Field '{field}' cannot appear in both 'fields' and 'update'",
    "not_string": "Operation value must be a string",
    "not_labels": "The label '{label}' contains spaces which is invalid.",
    "not_adf": "Operation value must be an Atlassian Document (see the Atlassian Document Format)",
    "bad_comment": "Comment body is not valid!",
    "bad_user": "Specify a valid user ID.",
    "unassignable": "User '{user}' cannot be assigned issues.",
    "bad_priority": "Specify a valid priority ID or name",
    "bad_parent": "Given parent issue does not exist or may not be a parent of this issue.",
    "required": "{name} is required.",
    "bad_option": "Option '{value}' is not valid for this field.",
    "not_number": "Operation value must be a number",
    "not_list": "Operation value must be an array",
    "no_such_type": "The issue type selected is invalid.",
    "no_place": "Either the project or the issue must be given.",
    "bad_date": "Error parsing date string: {value}",
    "bad_operation": "Field '{field}' does not support operation '{operation}'",
    "subtasks": (
        "The issue '{key}' has subtasks.  You must specify the 'deleteSubtasks' parameter "
        "to delete this issue and all its subtasks."
    ),
    "no_transition": "It is required that a transition is specified.",
    "bad_transition": "Transition id '{id}' is not valid for this issue.",
    "no_query": "At least one of the parameters query, accountId or property must be given.",
    "unbounded": "Unbounded JQL queries are not allowed here. Please add a search restriction to your query.",
    "jql_syntax": "Error in the JQL Query: {words}",
    "jql_value": "The value '{value}' does not exist for the field '{field}'.",
    "jql_key": "An issue with key '{value}' does not exist for field 'key'.",
    "jql_field": "Field '{field}' does not exist or you do not have permission to view it.",
    "jql_operator": "The operator '{operator}' is not supported by the '{field}' field.",
    "jql_order": "Not able to sort using field '{field}'.",
    "jql_date": "Date value '{value}' for field '{field}' is invalid.",
    "bad_page_token": "The provided next page token is invalid or expired.",
    "many_reconcile": "At most 50 issues may be reconciled in one search.",
}
GERMAN = {
    "no_issue": "Der Vorgang existiert nicht oder Sie haben keine Berechtigung, ihn zu sehen.",
    "no_project": "Es wurde kein Projekt mit dem Schlüssel '{key}' gefunden.",
    "authenticate": "Der Client muss authentifiziert sein, um auf diese Ressource zuzugreifen.",
    "may_not_create": "Sie haben keine Berechtigung, Vorgänge in diesem Projekt zu erstellen.",
    "may_not_delete": "Sie haben keine Berechtigung, Vorgänge in diesem Projekt zu löschen.",
    "may_not_assign": "Sie haben keine Berechtigung, Vorgänge zuzuweisen.",
    "may_not_comment": "Sie haben keine Berechtigung, diesen Vorgang zu kommentieren.",
    "bad_project": "Geben Sie eine gültige Projekt-ID oder einen gültigen Schlüssel an",
    "bad_type": "Geben Sie einen gültigen Vorgangstyp an",
    "no_type": "Geben Sie einen Vorgangstyp an",
    "no_summary": "Sie müssen eine Zusammenfassung des Vorgangs angeben.",
    "bad_field": (
        "Feld '{field}' kann nicht gesetzt werden. "
        "Es befindet sich nicht auf der entsprechenden Ansicht oder ist unbekannt."
    ),
    "required": "{name} ist erforderlich.",
    "bad_transition": "Die Übergangs-ID '{id}' ist für diesen Vorgang ungültig.",
    "unbounded": "Unbegrenzte JQL-Abfragen sind hier nicht zulässig. Fügen Sie Ihrer Abfrage eine Einschränkung hinzu.",
    "jql_value": "Der Wert '{value}' existiert nicht für das Feld '{field}'.",
}


def in_language(locale: str, name: str, values: dict[str, str]) -> str:
    """A text in the person's language; what has no translation stays English, as at Atlassian."""
    words = GERMAN.get(name) if locale.startswith("de") else None
    return (words or ENGLISH[name]).format(**values)
