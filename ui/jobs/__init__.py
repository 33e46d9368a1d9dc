"""Long work with an id on disk, the sessions it belongs to, and what people send in.

store = JobStore()                                   # $MAQUETTE_DATA/studio
job = store.submit("optimise", {"brief": "a low saloon", "trials": 200}, session.id)
store.read(job.id).share, store.events(job.id), store.cancel(job.id)
"""

from __future__ import annotations

from .places import contained, studio_root
from .record import CANCELLED, DONE, FAILED, FINAL, INTERRUPTED, QUEUED, RUNNING, Job
from .session import Decision, Log, Session, Sessions
from .store import JobStore
from .uploads import accept_upload

__all__ = [
    "CANCELLED",
    "DONE",
    "FAILED",
    "FINAL",
    "INTERRUPTED",
    "QUEUED",
    "RUNNING",
    "Decision",
    "Job",
    "JobStore",
    "Log",
    "Session",
    "Sessions",
    "accept_upload",
    "contained",
    "studio_root",
]
