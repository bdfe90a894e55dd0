"""Faults on purpose: work in a child process that is killed, runs out of disk, or may not write."""

from __future__ import annotations

import ctypes
import os
import random
import resource
import select
import signal
import time
from collections.abc import Callable
from contextlib import suppress

from retold.records import RetoldError

_DAC_OVERRIDE, _DAC_READ_SEARCH = 1, 2  # linux/capability.h: what lets root pass over a file's mode


def killed(work: Callable[[Callable[[str], None]], None], chance: random.Random, longest: float = 0.08) -> list[str]:
    """Run `work` in a fork, kill it at a random moment; every line it had said by then.

    work: gets a function to say lines with, and goes on until it is killed.
    """
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        with suppress(BaseException):
            os.close(read)
            work(lambda line: (os.write(write, f"{line}\n".encode()), None)[1])
        os._exit(1)
    os.close(write)
    select.select([read], [], [], 30)  # not before it has begun
    time.sleep(chance.random() * longest)
    os.kill(child, signal.SIGKILL)
    said = b""
    while part := os.read(read, 65536):
        said += part
    os.close(read)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status), "the work ended before it could be killed"
    return said.decode().splitlines()


def told(work: Callable[[], object], *, limit: int | None = None, obey_modes: bool = False) -> str:
    """Run `work` in a fork; "done", or the sentence it was refused with, or "crash: …".

    limit: the most bytes a file may grow to, as on a full disk. obey_modes: file modes hold even for root.
    """
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        said = "crash"
        try:
            if limit is not None:
                signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
                resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
            if obey_modes:
                _drop_override()
            work()
            said = "done"
        except RetoldError as error:
            said = str(error)
        except BaseException as error:
            said = f"crash: {error!r}"
        finally:
            os.write(write, said.encode())
            os._exit(0)
    os.close(write)
    heard = b""
    while part := os.read(read, 65536):
        heard += part
    os.close(read)
    os.waitpid(child, 0)
    return heard.decode()


def _drop_override() -> None:
    """Give up root's right to write where the mode forbids it (capset(2))."""
    if os.geteuid() != 0:
        return
    libc = ctypes.CDLL(None, use_errno=True)
    head = (ctypes.c_uint32 * 2)(0x20080522, 0)
    data = (ctypes.c_uint32 * 6)()
    assert libc.capget(head, data) == 0
    data[0] &= ~(1 << _DAC_OVERRIDE | 1 << _DAC_READ_SEARCH)
    assert libc.capset(head, data) == 0
