"""Answers that are kept so that a request which is sent again is not carried out again."""

from __future__ import annotations

from django.db import models

from xoplatform.core.fields import EncryptedTextField


class KeptAnswer(models.Model):
    """The answer to a request that carried an ``Idempotency-Key``; without an answer it is still being worked on."""

    #: Who asked: keys of different callers do not meet.
    caller = models.CharField(max_length=80)
    key = models.CharField(max_length=255)
    #: Of method, path and body: the same key with another request is a mistake of the caller's.
    fingerprint = models.CharField(max_length=64)
    #: While it has no answer: until when the request is believed to be at work. Its process may have died.
    held_until = models.DateTimeField()
    status = models.PositiveSmallIntegerField(null=True)
    headers = models.JSONField(default=dict)
    #: Encrypted, because answers tell keys and links that are shown once.
    body = EncryptedTextField(bound_to=("caller", "key"), blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["caller", "key"], name="one_answer_per_idempotency_key")]
        indexes = [models.Index(fields=["created_at"], name="kept_answers_by_age")]

    def __str__(self) -> str:
        return f"{self.caller} · {self.key}"
