"""The people, sites, projects and issues that a new sandbox begins with."""

from __future__ import annotations

from .jira_records import Issue, Project
from .records import Person, Site

ADA, BEN, CY, DEE, ELI, FRITZ, GUS, HANA, IVY = (
    f"712020:0000-{name}" for name in ("ada", "ben", "cy", "dee", "eli", "fritz", "gus", "hana", "ivy")
)
ACME, GLOBEX, INITECH, NOTES, UMBRELLA = (f"{number}1111111-2222-4333-8444-555555555555" for number in range(1, 6))
TASK, STORY, BUG, SUBTASK, INCIDENT = "10001", "10002", "10003", "10004", "10005"
TO_DO, IN_PROGRESS, DONE = "10000", "10001", "10002"
HOUR = 3600.0


def first_people() -> list[Person]:
    """Each stands for a situation, told by the note beside the name on the sign-in page."""
    return [
        Person("ada", ADA, "Ada Ames", "ada@example.com", note="Administrator of acme: may do everything"),
        Person(
            "ben", BEN, "Ben Brook", "ben@example.com", note="Two sites: acme and globex", time_zone="Europe/London"
        ),
        Person("cy", CY, "Cy Chen", "cy@example.com", note="No site at all", time_zone="Asia/Shanghai"),
        Person("dee", DEE, "Dee Dow", "dee@example.com", note="May neither create nor delete in DEMO"),
        Person("eli", ELI, "Eli Endo", "eli@example.com", note="Hides the e-mail address", email_hidden=True),
        Person("fritz", FRITZ, "Fritz Falk", "fritz@example.com", note="Jira answers in German", locale="de_DE"),
        Person("gus", GUS, "Gus Gray", "gus@example.com", note="One site with Jira and Confluence: initech"),
        Person("hana", HANA, "Hana Hill", "hana@example.com", note="One site with Confluence only: notes"),
        Person("ivy", IVY, "Ivy Iles", "ivy@example.com", note="The administrator blocks user apps: umbrella"),
    ]


def first_sites() -> list[Site]:
    acme = [ADA, BEN, DEE, ELI, FRITZ]
    return [
        Site("acme", ACME, "Acme", members=acme, admins=[ADA]),
        Site("globex", GLOBEX, "Globex", members=[BEN], admins=[BEN], time_zone="Asia/Kolkata"),
        Site("initech", INITECH, "Initech", members=[GUS], admins=[GUS], products=["jira", "confluence"]),
        Site("notes", NOTES, "Notes", members=[HANA], admins=[HANA], products=["confluence"]),
        Site("umbrella", UMBRELLA, "Umbrella", members=[IVY], block_user_apps=True),
    ]


def first_projects() -> list[Project]:
    refused = {DEE: ["CREATE_ISSUES", "DELETE_ISSUES"]}
    operations = Project("10001", ACME, "OPS", "Operations", ADA, issues_made=1, types=[TASK, INCIDENT])
    operations.screen = [f"customfield_100{number}" for number in range(30, 37)]
    operations.required = {
        "*": ["customfield_10031"],
        INCIDENT: ["description", "customfield_10030", "customfield_10032", "customfield_10034"],
    }
    operations.moving = {"31": ["resolution"]}
    return [
        Project("10000", ACME, "DEMO", "Demo project", ADA, denied=refused, issues_made=3),
        operations,
        Project("10002", ACME, "SECRET", "Secret project", ADA, only=[ADA], issues_made=1),
        Project("10003", GLOBEX, "GLX", "Globex rollout", BEN, issues_made=1),
        Project("10004", INITECH, "INI", "Initech", GUS),
        Project("10005", UMBRELLA, "UMB", "Umbrella", IVY),
    ]


def first_issues(now: float) -> list[Issue]:
    """Issues of the last hours, the youngest last."""
    rows = [
        ("10000", "10000", "DEMO-1", STORY, TO_DO, ADA, "Welcome new colleagues", ["onboarding"]),
        ("10001", "10000", "DEMO-2", BUG, IN_PROGRESS, BEN, "Login page is slow", ["performance"]),
        ("10002", "10000", "DEMO-3", TASK, DONE, ADA, "Order a coffee machine", []),
        ("10003", "10001", "OPS-1", TASK, TO_DO, ADA, "Renew the certificate", ["security"]),
        ("10004", "10002", "SECRET-1", TASK, TO_DO, ADA, "Plan the surprise party", []),
        ("10005", "10003", "GLX-1", TASK, TO_DO, BEN, "Invite the pilot customers", []),
    ]
    return [_issue(row, now - (len(rows) - place) * HOUR) for place, row in enumerate(rows)]


def _issue(row: tuple[str, str, str, str, str, str, str, list[str]], made: float) -> Issue:
    number, project, key, kind, status, reporter, summary, labels = row
    fields = {"summary": summary, "labels": labels, "assignee": reporter, "priority": "3"}
    return Issue(number, project, key, kind, status, reporter, created=made, updated=made, fields=fields)
