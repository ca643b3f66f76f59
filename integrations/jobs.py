"""Celery jobs of integrations. Arguments are ids, never tokens."""

from __future__ import annotations

from celery import shared_task

from integrations import grant_jobs, link_jobs, worker_end
from integrations.flows import holding, keeping
from integrations.vault import tally

__all__ = ["forget_lapsed_grants", "grant_jobs", "keep_alive", "link_jobs", "look_for_sites", "prune_refreshes"]

#: Seconds after which nobody needs to ask for sites any more: the token that was at hand ends soon.
SITES_EXPIRE = 1800


@shared_task
def keep_alive() -> int:
    """Renews the connections that are due; how many were. What is left for lack of time is another job's, at once.

    A beat that runs twice does no harm, nor one that does not run for an hour: the next run finds what is due.
    """
    kept = keeping.keep_alive(stopping=worker_end.is_near)
    if kept.found:
        tally.fold()
    for some in keeping.wanting_a_look(kept.renewed):
        look_for_sites.apply_async((some,), expires=SITES_EXPIRE)
    if kept.more:
        keep_alive.apply_async()
    return len(kept.renewed)


@shared_task
def look_for_sites(connection_ids: list[int]) -> int:
    """Asks for the sites of grants whose token was just renewed; how many were asked. Failures wait."""
    return keeping.look(connection_ids)


@shared_task
def prune_refreshes() -> int:
    """Daily: deletes records of renewals that tell nothing any more; how many."""
    return keeping.prune()


@shared_task
def forget_lapsed_grants() -> int:
    """Erases the tokens of people who allowed access and never confirmed whose account it was; how many."""
    return holding.forget_lapsed()
