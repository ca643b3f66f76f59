"""What the API has of dialogs, below an App's address."""

from __future__ import annotations

from django.urls import include, path

from . import dialog_tests, drafts, nodes, settings, tasks, templates, traces, transfer, versions

urlpatterns = [
    # Conversations: asked most, and so found first
    path("", include("dialogs.rest.chat_urls")),
    # Dialog tasks
    path("tasks/", tasks.Tasks.as_view(), name="api-tasks"),
    path("tasks/<id:task>/", tasks.OneTask.as_view(), name="api-task"),
    path("tasks/<id:task>/deletion/", tasks.Deletion.as_view(), name="api-task-deletion"),
    path("tasks/<id:task>/duplicate/", tasks.Duplicates.as_view(), name="api-task-duplicate"),
    path("tasks/<id:task>/draft/", drafts.Draft.as_view(), name="api-draft"),
    path("tasks/<id:task>/edits/", drafts.Edits.as_view(), name="api-edits"),
    path("tasks/<id:task>/problems/", drafts.Problems.as_view(), name="api-problems"),
    path("tasks/<id:task>/discard/", drafts.Discarding.as_view(), name="api-discard"),
    # Nodes and transitions
    path("tasks/<id:task>/nodes/", nodes.Nodes.as_view(), name="api-nodes"),
    path("tasks/<id:task>/nodes/<str:name>/", nodes.OneNode.as_view(), name="api-node"),
    path("tasks/<id:task>/nodes/<str:name>/transitions/", nodes.NodeWays.as_view(), name="api-node-transitions"),
    path("tasks/<id:task>/transitions/", nodes.Transitions.as_view(), name="api-transitions"),
    # Versions
    path("tasks/<id:task>/versions/", versions.Versions.as_view(), name="api-versions"),
    path("tasks/<id:task>/versions/<id:number>/", versions.OneVersion.as_view(), name="api-version"),
    path("tasks/<id:task>/versions/<id:number>/roll-back/", versions.RollBacks.as_view(), name="api-roll-back"),
    path("tasks/<id:task>/comparison/", versions.Comparing.as_view(), name="api-comparison"),
    # Files
    path("tasks/<id:task>/export/", transfer.TaskExport.as_view(), name="api-task-export"),
    path("export/", transfer.AppExport.as_view(), name="api-export"),
    path("imports/", transfer.Imports.as_view(), name="api-imports"),
    path("imports/report/", transfer.ImportReports.as_view(), name="api-import-report"),
    # Templates
    path("templates/", templates.Templates.as_view(), name="api-templates"),
    path("templates/<slug:provider>/", templates.TemplatesOfProvider.as_view(), name="api-provider-templates"),
    path("templates/<slug:provider>/install/", templates.Installations.as_view(), name="api-install-templates"),
    path("templates/<slug:provider>/<slug:template>/", templates.OneTemplate.as_view(), name="api-template"),
    path(
        "templates/<slug:provider>/<slug:template>/install/",
        templates.OneInstallation.as_view(),
        name="api-install-template",
    ),
    # Tests
    path("tests/", dialog_tests.Tests.as_view(), name="api-tests"),
    path("tests/record/", dialog_tests.Recordings.as_view(), name="api-test-record"),
    path("tests/run/", dialog_tests.RunAll.as_view(), name="api-tests-run"),
    path("tests/<id:test>/", dialog_tests.OneTest.as_view(), name="api-test"),
    path("tests/<id:test>/run/", dialog_tests.Run.as_view(), name="api-test-run"),
    # Settings
    path("conversation-settings/", settings.ConversationSettings.as_view(), name="api-conversation-settings"),
    path("agent-desk/", settings.AgentDesk.as_view(), name="api-agent-desk"),
    path("agent-desk/try/", settings.AgentDeskTry.as_view(), name="api-agent-desk-try"),
    path("signing-secret/", settings.SigningSecret.as_view(), name="api-signing-secret"),
    # Traces
    path("traces/", traces.Traces.as_view(), name="api-traces"),
    path("traces/<id:trace>/", traces.OneTrace.as_view(), name="api-trace"),
    # Webhooks
    path("", include("dialogs.rest.webhook_urls")),
]
