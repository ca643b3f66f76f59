from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class PublishState(models.TextChoices):
    """How a task's draft stands to what its App runs."""

    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")
    CHANGED = "changed", _("Changed since published")


class DialogTask(models.Model):
    """A dialog that authors edit as rows of nodes and transitions, and publish as versions."""

    app = models.ForeignKey("xoplatform.App", on_delete=models.CASCADE, related_name="dialog_tasks")
    name = models.SlugField(max_length=100, help_text=_("Without spaces; unique in the App."))
    title = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    start = models.CharField(max_length=100, blank=True, help_text=_("Name of the root intent node."))
    #: Notes and frames on the canvas, for its authors alone; never published.
    notes = models.JSONField(default=list, blank=True)
    #: Where this dialog differs from the App's settings of conversations (see `engine.settings`).
    settings = models.JSONField(default=dict, blank=True)

    provider = models.CharField(max_length=60, blank=True, editable=False)
    template_id = models.CharField(max_length=100, blank=True, editable=False)
    template_version = models.CharField(max_length=40, blank=True, editable=False)
    #: The template's content as installed: the common ancestor of a later three-way upgrade.
    template_document = models.JSONField(null=True, editable=False)
    #: The revision that installing left behind; a later one means that an author changed it since.
    template_revision = models.PositiveIntegerField(null=True, editable=False)

    #: Goes up with every edit.
    revision = models.PositiveIntegerField(default=1, editable=False)
    published = models.ForeignKey(
        "dialogs.Version", on_delete=models.SET_NULL, null=True, editable=False, related_name="+"
    )
    published_revision = models.PositiveIntegerField(null=True, editable=False)
    #: The version that equals the rows as they are now; emptied by an edit, filled when somebody tries the draft.
    snapshot = models.ForeignKey(
        "dialogs.Version", on_delete=models.SET_NULL, null=True, editable=False, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["app", "title"]
        constraints = [models.UniqueConstraint(fields=["app", "name"], name="one_task_per_name")]

    def __str__(self) -> str:
        return self.title

    @property
    def state(self) -> PublishState:
        if self.published_id is None:
            return PublishState.DRAFT
        if self.published_revision == self.revision:
            return PublishState.PUBLISHED
        return PublishState.CHANGED

    @property
    def changed_since_install(self) -> bool:
        """Whether an author edited the task after a template was installed into it."""
        return self.template_revision is not None and self.revision != self.template_revision
