"""The rows that authors edit. Runs never read them: they read a frozen `Version`."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Node(models.Model):
    """One step of a dialog task. ``parent`` is the bot action that holds it, if one does."""

    task = models.ForeignKey("dialogs.DialogTask", on_delete=models.CASCADE, related_name="nodes")
    name = models.SlugField(max_length=100, help_text=_("Without spaces; unique in the dialog task."))
    kind = models.CharField(max_length=40)
    title = models.CharField(max_length=200, blank=True)
    parent = models.ForeignKey("self", on_delete=models.CASCADE, null=True, blank=True, related_name="inner")
    properties = models.JSONField(default=dict, blank=True)
    #: Where the author put it on the canvas, as {"x": …, "y": …} in canvas units; null leaves it to the layout.
    position = models.JSONField(null=True, blank=True)
    order = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["order", "pk"]
        constraints = [models.UniqueConstraint(fields=["task", "name"], name="one_node_per_name")]

    def __str__(self) -> str:
        return self.title or self.name


class Special(models.TextChoices):
    """Where a transition can lead beside a node."""

    NOT_CONNECTED = "", _("Not connected")
    END = "@end", _("End of dialog")
    END_OF_ACTION = "@end_of_action", _("End of bot action")


class Transition(models.Model):
    """An arrow. Those of one source are tried in order: if, else if …, else (no condition)."""

    task = models.ForeignKey("dialogs.DialogTask", on_delete=models.CASCADE, related_name="transitions")
    source = models.ForeignKey(Node, on_delete=models.CASCADE, related_name="outgoing")
    #: A deleted target leaves the arrow behind, not connected, where validation names it.
    target = models.ForeignKey(Node, on_delete=models.SET_NULL, null=True, blank=True, related_name="incoming")
    special = models.CharField(max_length=20, choices=Special.choices, blank=True, default=Special.NOT_CONNECTED)
    order = models.PositiveIntegerField(default=0)
    condition = models.JSONField(null=True, blank=True)
    label = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["order", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(target=None) | models.Q(special=""), name="a_transition_has_one_target"
            )
        ]

    def __str__(self) -> str:
        return self.label or f"→ {self.target or self.get_special_display()}"
