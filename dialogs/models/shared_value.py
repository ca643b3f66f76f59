from __future__ import annotations

from django.db import models


class SharedValue(models.Model):
    """A session value that outlives a conversation (see `engine.scopes`).

    Of one person in one App, of one App, or, without both, of the whole installation.
    """

    #: Whose it is in one word, for a constraint that holds where the columns are null: "user/7", "app/3" or "all".
    owner = models.CharField(max_length=40, editable=False)
    app = models.ForeignKey("xoplatform.App", on_delete=models.CASCADE, null=True, related_name="shared_values")
    end_user = models.ForeignKey(
        "xoplatform.EndUser", on_delete=models.CASCADE, null=True, related_name="shared_values"
    )
    key = models.CharField(max_length=200)
    value = models.JSONField()
    expires_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "key"], name="one_shared_value_per_key")]

    def __str__(self) -> str:
        return f"{self.owner} · {self.key}"
