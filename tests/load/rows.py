"""What the measurement writes to the database and reads of it. Needs Django to be set up."""

from __future__ import annotations

from datetime import timedelta

from django.db import connection
from django.db.models import Count, F

from integrations.models import AuthorizationLink, LinkBatch
from xoplatform.models import App, EndUser

PREFIX = "load-"


def add_people(number: int) -> None:
    """People of the demo App who have an e-mail and nothing else."""
    app = App.objects.get(slug="demo")
    EndUser.objects.filter(app=app).update(email="")
    rows = (
        EndUser(app=app, external_id=f"{PREFIX}{n}", name=f"Person {n}", email=f"person-{n}@example.com")
        for n in range(number)
    )
    EndUser.objects.bulk_create(rows, batch_size=1000)
    connection.close()


def deliveries() -> dict[str, int]:
    """Links by what became of their mail."""
    rows = AuthorizationLink.objects.order_by().values_list("delivery").annotate(Count("pk"))
    return dict(rows)


def prepared() -> bool:
    """Whether all links of all batches are made."""
    return LinkBatch.objects.exists() and not LinkBatch.objects.filter(prepared_at=None).exists()


def let_claims_age() -> None:
    """Moves what was left behind ten minutes into the past, when it counts as not known."""
    rows = AuthorizationLink.objects.filter(delivery=AuthorizationLink.Delivery.SENDING)
    rows.update(claimed_at=F("claimed_at") - timedelta(minutes=11))


def people_of(delivery: str) -> set[str]:
    """The addresses whose mail ended like this."""
    rows = AuthorizationLink.objects.filter(delivery=delivery)
    return set(rows.values_list("end_user__email", flat=True))
