from __future__ import annotations

import multiprocessing
from collections import Counter
from pathlib import Path
from queue import Empty
from typing import TYPE_CHECKING, Any

import pytest
from kombu import Connection
from kombu.exceptions import ChannelError, OperationalError
from structlog.testing import capture_logs

from xoplatform.celery import app as celery
from xoplatform.folder_queue import FolderTransport

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from multiprocessing.process import BaseProcess

WRITERS, READERS, EACH, EXCHANGES = 3, 3, 100, 100
#: Large enough for a reader to come in between if a file were written where it is read.
FILLING = "x" * 20_000
#: Quicker than fresh interpreters; the queue keeps nothing in a process.
processes = multiprocessing.get_context("fork")


def connection(base: Path) -> Connection:
    names = {
        "data_folder_in": "messages",
        "data_folder_out": "messages",
        "control_folder": "control",
        "processed_folder": "processed",
        "unreadable_folder": "unreadable",
    }
    options = {option: str(base / name) for option, name in names.items()}
    return Connection("filesystem://", transport=FolderTransport, transport_options=options)


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """A queue that this process has not bound yet; kombu remembers for as long as a process lives."""
    FolderTransport.global_state.clear()
    (tmp_path / "messages").mkdir()
    return tmp_path


@pytest.fixture
def channel(base: Path) -> Any:
    return connection(base).default_channel


def write(base: Path, writer: int) -> None:
    with connection(base) as broker:
        queue = broker.SimpleQueue("work")
        for number in range(EACH):
            queue.put([f"{writer}-{number}", FILLING])


def read(base: Path, reader: int, written: Any) -> None:
    """Notes what came in a file of its own, until the writers have ended and nothing is left."""
    with connection(base) as broker, (base / f"read-{reader}").open("w") as notes:
        queue = broker.SimpleQueue("work")
        while True:
            ended = written.is_set()
            try:
                message = queue.get_nowait()
            except Empty:
                if ended:
                    return
                written.wait(0.002)
            else:
                notes.write(f"{message.payload[0]}\n")
                message.ack()


def bind(base: Path, queue: int, together: Any) -> None:
    channel: Any = connection(base).default_channel
    for exchange in range(EXCHANGES):
        together.wait(30)
        channel._queue_bind(f"news-{exchange}", "", "", f"queue-{queue}")


def started(target: Callable[..., None], arguments: Iterable[tuple[Any, ...]]) -> list[BaseProcess]:
    found: list[BaseProcess] = [processes.Process(target=target, args=each, daemon=True) for each in arguments]
    for process in found:
        process.start()
    return found


def end_well(found: list[BaseProcess]) -> bool:
    for process in found:
        process.join(60)
    return all(process.exitcode == 0 for process in found)


def test_of_what_many_processes_write_and_read_nothing_is_lost_doubled_or_put_aside(base: Path) -> None:
    written = processes.Event()
    readers = started(read, [(base, reader, written) for reader in range(READERS)])
    assert end_well(started(write, [(base, writer) for writer in range(WRITERS)]))
    written.set()
    assert end_well(readers)
    got = Counter(line for reader in range(READERS) for line in (base / f"read-{reader}").read_text().split())
    assert got == Counter(f"{writer}-{number}" for writer in range(WRITERS) for number in range(EACH))
    assert [path for name in ("messages", "processed", "unreadable") for path in base.glob(f"{name}/*")] == []


def test_queues_that_many_processes_bind_at_once_are_all_bound(base: Path, channel: Any) -> None:
    together = processes.Barrier(4)
    assert end_well(started(bind, [(base, queue, together) for queue in range(4)]))
    bound = [sorted(row.queue for row in channel.get_table(f"news-{exchange}")) for exchange in range(EXCHANGES)]
    assert bound == [[f"queue-{queue}" for queue in range(4)]] * EXCHANGES


def test_messages_come_in_the_order_in_which_they_were_put(base: Path) -> None:
    with connection(base) as broker:
        queue = broker.SimpleQueue("work")
        for number in range(12):
            queue.put(number)
        assert [queue.get_nowait().payload for _ in range(12)] == list(range(12))


@pytest.mark.parametrize(
    "content", ['{"body": "secret-in-ha', "", "null", '["secret"]', '{"properties": {}}', "\udcff"]
)
def test_a_file_that_is_no_message_is_put_aside_and_the_next_one_read(base: Path, content: str) -> None:
    name = "0000000000000000001_half.work.msg"
    (base / "messages" / name).write_bytes(content.encode(errors="surrogateescape"))
    with connection(base) as broker:
        queue = broker.SimpleQueue("work")
        queue.put("whole")
        with capture_logs() as logs:
            assert queue.get_nowait().payload == "whole"
    (line,) = logs
    assert (line["log_level"], line["event"]) == ("error", "queue_message_unreadable")
    assert Path(line["file"]) == base / "unreadable" / name
    assert Path(line["file"]).exists()
    assert "secret" not in str(line)


def test_what_a_writer_left_behind_half_written_is_not_seen(base: Path, channel: Any) -> None:
    (base / "messages" / ".1_a.work.msg.2f.draft").write_text('{"body')
    with pytest.raises(Empty):
        channel._get("work")
    assert channel._size("work") == 0


def test_a_message_that_cannot_be_kept_is_refused_and_leaves_nothing(base: Path, channel: Any) -> None:
    (base / "messages").rmdir()
    with pytest.raises(ChannelError, match="could not be written"):
        channel._put("work", {"body": "secret"})
    assert not (base / "messages").exists()


def test_a_message_is_refused_while_nobody_knows_its_queues(base: Path) -> None:
    with connection(base) as broker:
        queue = broker.SimpleQueue("work")
        (base / "control" / "work.exchange").write_text('[["work"')
        with pytest.raises((ChannelError, OperationalError)):
            queue.put("lost otherwise")


def test_a_table_that_cannot_be_read_is_made_anew_by_whoever_starts(base: Path) -> None:
    (base / "control").mkdir()
    (base / "control" / "work.exchange").write_text('[["work"')
    with connection(base) as broker:
        queue = broker.SimpleQueue("work")
        queue.put("whole")
        assert queue.get_nowait().payload == "whole"


def test_a_queue_that_is_deleted_is_unbound_and_empty(base: Path, channel: Any) -> None:
    with connection(base) as broker:
        queue = broker.SimpleQueue("work")
        queue.put("gone")
        queue.queue(broker.default_channel).delete()
    assert channel.get_table("work") == []
    assert channel._size("work") == 0


def test_every_process_takes_this_queue_where_the_settings_name_a_folder() -> None:
    folder = celery.conf.broker_url.startswith("filesystem:")
    for broker in (celery.connection_for_read(), celery.connection_for_write()):
        assert (broker.get_transport_cls() is FolderTransport) == folder
