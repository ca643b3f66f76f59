"""Which function answers which operation of the contract."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .comments import add_comment, get_comments
from .instance import get_license, get_server_info
from .issues import assign_issue, create_issue, delete_issue, edit_issue, get_issue
from .projects import get_create_fields, get_create_types, get_project, search_projects
from .search import search, search_by_post
from .transitions import do_transition, get_transitions
from .users import find_assignable_users, find_users, get_current_user

if TYPE_CHECKING:
    from .call import Handler

OPERATIONS: dict[str, Handler] = {
    "createIssue": create_issue,
    "getIssue": get_issue,
    "editIssue": edit_issue,
    "deleteIssue": delete_issue,
    "assignIssue": assign_issue,
    "getComments": get_comments,
    "addComment": add_comment,
    "getTransitions": get_transitions,
    "doTransition": do_transition,
    "searchAndReconsileIssuesUsingJql": search,
    "searchAndReconsileIssuesUsingJqlPost": search_by_post,
    "searchProjects": search_projects,
    "getProject": get_project,
    "getCreateIssueMetaIssueTypes": get_create_types,
    "getCreateIssueMetaIssueTypeId": get_create_fields,
    "getCurrentUser": get_current_user,
    "findUsers": find_users,
    "findAssignableUsers": find_assignable_users,
    "getServerInfo": get_server_info,
    "getLicense": get_license,
}
