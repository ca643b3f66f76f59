"""Lists of rows that are never counted: a hundred thousand of them open as fast as ten."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from unfold.paginator import InfinitePaginator
from unfold.views import ChangeList

if TYPE_CHECKING:
    from django.http import HttpRequest


class LongList(ChangeList):  # type: ignore[misc]  # unfold ships no types
    """Knows how many rows its page has, and offers to choose those and no others."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        self.result_count = len(self.result_list)


class LongListMixin:
    """For a model admin whose table grows without end. Order it by an index."""

    paginator = InfinitePaginator
    show_full_result_count = False

    def get_changelist(self, _request: HttpRequest, **_kwargs: Any) -> type[ChangeList]:
        return LongList
