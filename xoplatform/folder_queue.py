"""The job queue of one machine: a folder in which each message is a file.

kombu's own transport for folders opens a message's file and then writes it, so that a reader can take it half written
and ends with it; so are its tables of queues. Here every file is written under another name and renamed, which the
file system does at once or not at all (rename(2)), and a reader renames a message to itself before it looks inside.
"""

from __future__ import annotations

import fcntl
import time
import uuid
from contextlib import contextmanager
from pathlib import Path
from queue import Empty
from typing import TYPE_CHECKING, Any

import structlog
from kombu.exceptions import ChannelError
from kombu.transport import filesystem
from kombu.transport.filesystem import exchange_queue_t
from kombu.utils.json import dumps, loads

if TYPE_CHECKING:
    from collections.abc import Iterator

log = structlog.get_logger(__name__)

#: What a file raises that is no message, whatever is in it.
NO_MESSAGE = (OSError, ValueError, LookupError, TypeError, AttributeError)


class FolderChannel(filesystem.Channel):
    """Messages in ``data_folder_in``, those just taken in ``processed_folder``, both on one file system.

    What cannot be read is put aside in ``unreadable_folder``.
    """

    def _put(self, queue: str, message: dict[str, Any], **_kwargs: Any) -> None:  # type: ignore[override] # the stubs name it twice
        name = f"{time.time_ns():019d}_{uuid.uuid4()}.{queue}.msg"  # sorts by time
        _write(Path(self.data_folder_out) / name, message)

    def _get(self, queue: str, timeout: float | None = None) -> dict[str, Any]:
        names = [path.name for path in Path(self.data_folder_in).iterdir()]
        for name in sorted(name for name in names if name.partition(".")[2] == f"{queue}.msg"):
            taken = self._take(name)
            message = self._read(taken) if taken else None
            if message is not None:
                return message
        raise Empty

    def _take(self, name: str) -> Path | None:
        """The file, now this reader's alone; None where another one was quicker."""
        taken = _folder(self.processed_folder) / name
        try:
            return (Path(self.data_folder_in) / name).rename(taken)
        except FileNotFoundError:
            return None

    def _read(self, taken: Path) -> dict[str, Any] | None:
        """The message; None, and the file is put aside, where it holds none."""
        try:
            message: dict[str, Any] = loads(taken.read_bytes())
            self.Message(message, channel=self)
        except NO_MESSAGE as error:
            aside = taken.rename(_folder(self.transport_options["unreadable_folder"]) / taken.name)
            log.error("queue_message_unreadable", file=str(aside), error=type(error).__name__)  # noqa: TRY400 -- a trace would show what is in it
            return None
        if not self.store_processed:
            taken.unlink()
        return message

    def get_table(self, exchange: str) -> list[exchange_queue_t]:  # type: ignore[override] # as kombu's own
        try:
            return super().get_table(exchange)
        except ValueError as error:
            raise ChannelError(
                f"The table of the exchange {exchange} cannot be read. Start the workers anew."
            ) from error

    def _queue_bind(self, exchange: str, routing_key: str, pattern: str | None, queue: str) -> None:
        bound = exchange_queue_t(routing_key or "", pattern or "", queue or "")
        with self._table_to_change(exchange) as table:
            if bound not in table:
                table.insert(0, bound)

    def _delete(self, queue: str, *args: Any, **_kwargs: Any) -> None:
        exchange, routing_key, pattern = args[:3]
        self._purge(queue)
        bound = exchange_queue_t(routing_key or "", pattern or "", queue or "")
        with self._table_to_change(exchange) as table:
            if bound in table:
                table.remove(bound)

    @contextmanager
    def _table_to_change(self, exchange: str) -> Iterator[list[exchange_queue_t]]:
        """The exchange's queues, kept as they are afterwards. Others who want to change a table wait meanwhile."""
        path: Path = self._exchange_file(exchange)  # type: ignore[attr-defined] # the stubs lack it
        with (_folder(self.control_folder) / "changing.lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            try:
                before = self.get_table(exchange)
            except ChannelError:
                log.error("queue_table_unreadable", exchange=exchange)  # noqa: TRY400 -- as above
                before = []
            table = list(before)
            yield table
            if table != before:
                _write(path, table)


class FolderTransport(filesystem.Transport):
    """What ``filesystem://`` stands for in the settings."""

    Channel = FolderChannel


def _folder(path: str | Path) -> Path:
    folder = Path(path)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _write(path: Path, content: Any) -> None:
    draft = path.with_name(f".{path.name}.{uuid.uuid4().hex}.draft")
    try:
        draft.write_bytes(dumps(content).encode())
        draft.rename(path)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise ChannelError(f"{path} could not be written.") from error
