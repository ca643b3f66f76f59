"""The people who chat, as channels know them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db import IntegrityError
from django.db.transaction import atomic

from .core.errors import PlatformError
from .core.prepared import PreparedSelect, param
from .models import EndUser

if TYPE_CHECKING:
    from .models import App

#: Begins the ids of staff who try an App in *Talk to Bot*; no channel gives such an id.
OF_STAFF: Final = "staff:"
#: Compiled once: every conversation that a channel opens begins with it.
_BY_EXTERNAL_ID: Final = PreparedSelect(
    lambda: EndUser.objects.filter(
        app_id=param(EndUser, "app_id"), external_id=param(EndUser, "external_id")
    ).order_by()
)


class IdOfStaff(PlatformError):
    """Ids that begin with “staff:” belong to members of the App who try it. Nobody was stored. Use another id."""

    code = "id_of_staff"
    status = 422


def upsert(app: App, external_id: str, **values: str) -> tuple[EndUser, bool]:
    """The person with this id of the channel, with these values, and whether they are new; what is not given stays.

    Two channels that name the same person at once find one row. Raises IdOfStaff.
    """
    if external_id.startswith(OF_STAFF):
        raise IdOfStaff
    known = _BY_EXTERNAL_ID.first(app_id=app.pk, external_id=external_id)
    if known is None:
        try:
            with atomic():
                return EndUser.objects.create(app=app, external_id=external_id, **values), True
        except IntegrityError:
            known = EndUser.objects.get(app=app, external_id=external_id)
    change(known, **values)
    return known, False


def change(end_user: EndUser, **values: str) -> None:
    """Gives a person these values; writes nothing when they have them already."""
    changed = [name for name, value in values.items() if getattr(end_user, name) != value]
    for name in changed:
        setattr(end_user, name, values[name])
    if changed:
        end_user.save(update_fields=changed)
