"""What all servers of this machine have in common: checks, launch, readiness, stop."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import ClassVar, Self

from deploy.local.checks import DISK_WANTED, check_disk
from deploy.local.ports import check_port, free_port
from deploy.local.process import Process


class Server(ABC):
    """A server on the loopback interface with a folder of its own; use `with`, or `start` and `stop`.

    `launch` and `wait_ready` are apart so that several servers can come up side by side without threads.
    A stopped or killed server can be started again and has the same port.
    """

    name: ClassVar[str]
    seconds_to_start: ClassVar[float] = 60.0
    disk_wanted: ClassVar[int] = DISK_WANTED

    def __init__(self, folder: Path, port: int = 0, *, port_setting: str = "the port argument") -> None:
        """Take a free port for 0; `port_setting` is named when the port is in use."""
        self.folder = folder.absolute()
        self.port = port or free_port()
        self._port_setting = port_setting
        self._process: Process | None = None

    @property
    def process(self) -> Process:
        """The running process, for signals; raises `RuntimeError` before the start."""
        if self._process is None:
            raise RuntimeError(f"{self.name} is not started: call start() first")
        return self._process

    @property
    def launched(self) -> bool:
        """Whether it was started at least once."""
        return self._process is not None

    @property
    def log(self) -> Path:
        """The file that has all that the server printed since its last start."""
        return self.folder / f"{self.name}.log"

    def start(self) -> None:
        """Launch, and return when the server answers; raises a `LocalError`."""
        self.launch()
        self.wait_ready()

    def launch(self) -> None:
        """Check port and disk, and start the process without waiting for it."""
        self.folder.mkdir(parents=True, exist_ok=True)
        check_disk(self.folder, self.disk_wanted)
        check_port(self.port, self._port_setting)
        self._prepare()
        self._process = Process(self.name, self._command(), self.log)

    def wait_ready(self) -> None:
        """Return when the server answers; a server that does not is stopped, and a `LocalError` raised."""
        try:
            self.process.wait_until(self._ready, self.seconds_to_start)
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """End the server, if it runs."""
        if self._process is not None:
            self._process.stop()

    @abstractmethod
    def _command(self) -> Sequence[str]: ...

    @abstractmethod
    def _ready(self) -> bool: ...

    def _prepare(self) -> None:  # noqa: B027  # a hook: most servers need nothing
        """Do what must be done before the process starts."""

    def __enter__(self) -> Self:
        """Start."""
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop."""
        self.stop()
