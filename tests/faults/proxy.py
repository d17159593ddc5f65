"""A proxy that hurts: it passes HTTP/1.1 on to one address, but for what is planned to go wrong.

    proxy = Proxy(upstream_port)
    plan = proxy.plan(CutAnswer(End.RESET), method="PUT", times=3)
    ...
    assert len(plan.met) == 3

The messages are h11's, the connections asyncio's, in a thread of their own. The ``Host`` header is
passed on as it came, so that whoever stands behind it, and signs, knows the proxy's address.
"""

import asyncio
import contextlib
import socket
import struct
import threading
from collections.abc import AsyncIterator
from types import TracebackType
from typing import Any, Self

import h11

from tests.faults.faults import (
    Answer,
    CutAnswer,
    CutRequest,
    End,
    Fault,
    Flip,
    Plan,
    Rate,
    SlowFirstByte,
)

BLOCK = 64 * 1024
HOST = "127.0.0.1"


class Ended(Exception):
    """The connection to the client is to be ended so."""

    def __init__(self, end: End) -> None:
        super().__init__(end.value)
        self.end = end


class Peer:
    """One connection with the state of its HTTP."""

    def __init__(
        self, role: Any, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self.http, self.reader, self.writer = h11.Connection(role), reader, writer

    async def next(self) -> Any:
        while (event := self.http.next_event()) is h11.NEED_DATA:
            self.http.receive_data(await self.reader.read(BLOCK))
        return event

    async def body(self) -> AsyncIterator[bytes]:
        while isinstance(event := await self.next(), h11.Data):
            yield bytes(event.data)

    async def send(self, event: Any) -> None:
        self.writer.write(self.http.send(event) or b"")
        await self.writer.drain()


class Proxy:
    """A context manager. ``requests``: method and target of all that came, in order."""

    def __init__(self, upstream: int) -> None:
        self._upstream = upstream
        self._plans: list[Plan] = []
        self.requests: list[tuple[str, str]] = []
        self._listener = socket.create_server((HOST, 0), backlog=256)
        self.port: int = self._listener.getsockname()[1]
        self.url = f"http://{HOST}:{self.port}"
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="proxy", daemon=True)
        self._stop = asyncio.Event()

    def plan(
        self, fault: Fault, *, method: str = "", target: str = "", times: int = 1, skip: int = 0
    ) -> Plan:
        """From now on; of several that fit the first counts."""
        self._plans.append(Plan(fault, method, target, times, skip))
        return self._plans[-1]

    def clear(self) -> None:
        self._plans.clear()
        self.requests.clear()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)
        self._loop.close()

    def _run(self) -> None:
        self._loop.run_until_complete(self._serve())

    async def _serve(self) -> None:
        serving: set[asyncio.Task[None]] = set()

        async def one(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.current_task()
            assert task is not None
            serving.add(task)
            with contextlib.suppress(asyncio.CancelledError):
                await self._connection(Peer(h11.SERVER, reader, writer))
            serving.discard(task)

        async with await asyncio.start_server(one, sock=self._listener):
            await self._stop.wait()
            for task in serving:
                task.cancel()
            await asyncio.gather(*serving, return_exceptions=True)

    async def _connection(self, client: Peer) -> None:
        upstream = Peer(h11.CLIENT, *await asyncio.open_connection(HOST, self._upstream))
        try:
            while isinstance(request := await client.next(), h11.Request):
                await self._exchange(client, upstream, request)
                if h11.MUST_CLOSE in (client.http.our_state, upstream.http.our_state):
                    break
                client.http.start_next_cycle()
                upstream.http.start_next_cycle()
        except Ended as ended:
            await _end(client, ended.end, self._stop)
        except (OSError, h11.RemoteProtocolError, h11.LocalProtocolError):
            pass  # one of the two is gone, or ended early; the other shall see that too
        finally:
            for peer in (client, upstream):
                with contextlib.suppress(OSError):
                    peer.writer.close()

    async def _exchange(self, client: Peer, upstream: Peer, request: h11.Request) -> None:
        fault = self._fault_for(request.method.decode(), request.target.decode())
        if isinstance(fault, Answer):
            await _refuse(client, fault)
        else:
            await _pass_request(client, upstream, request, fault)
            await _pass_answer(client, upstream, fault)

    def _fault_for(self, method: str, target: str) -> Fault | None:
        self.requests.append((method, target))
        return next((p.fault for p in self._plans if p.takes(method, target)), None)


async def _refuse(client: Peer, answer: Answer) -> None:
    async for _ in client.body():
        pass
    headers = [*answer.headers, ("Content-Length", str(len(answer.body))), ("Connection", "close")]
    await client.send(h11.Response(status_code=answer.status, headers=headers))
    await client.send(h11.Data(data=answer.body))
    await client.send(h11.EndOfMessage())


async def _pass_request(
    client: Peer, upstream: Peer, request: h11.Request, fault: Fault | None
) -> None:
    if client.http.they_are_waiting_for_100_continue:
        await client.send(h11.InformationalResponse(status_code=100, headers=[]))
    await upstream.send(request)
    passed = 0
    cut = fault if isinstance(fault, CutRequest) else None
    async for block in client.body():
        if cut and passed + len(block) >= cut.after:
            raise Ended(cut.end)
        data = _flipped(block) if isinstance(fault, Flip) and not fault.answer else block
        fault = None if isinstance(fault, Flip) and not fault.answer else fault
        await upstream.send(h11.Data(data=data))
        passed += len(block)
        await _slowly(block, fault)
    if cut:
        raise Ended(cut.end)
    await upstream.send(h11.EndOfMessage())


async def _pass_answer(client: Peer, upstream: Peer, fault: Fault | None) -> None:
    while isinstance(answer := await upstream.next(), h11.InformationalResponse):
        pass
    cut = fault if isinstance(fault, CutAnswer) else None
    if cut and cut.after is None:
        raise Ended(cut.end)
    if isinstance(fault, SlowFirstByte):
        await asyncio.sleep(fault.seconds)
    await client.send(answer)
    passed, flips = 0, isinstance(fault, Flip) and fault.answer
    async for block in upstream.body():
        if cut and cut.after is not None and passed + len(block) >= cut.after:
            await client.send(h11.Data(data=block[: cut.after - passed]))
            raise Ended(cut.end)
        await client.send(h11.Data(data=_flipped(block) if flips else block))
        passed, flips = passed + len(block), False
        await _slowly(block, fault)
    await client.send(h11.EndOfMessage())


async def _slowly(block: bytes, fault: Fault | None) -> None:
    if isinstance(fault, Rate):
        await asyncio.sleep(len(block) / fault.bytes_per_s)


def _flipped(block: bytes) -> bytes:
    return bytes([block[0] ^ 1]) + block[1:]


async def _end(client: Peer, end: End, stop: asyncio.Event) -> None:
    match end:
        case End.RESET:
            linger = struct.pack("ii", 1, 0)
            client.writer.get_extra_info("socket").setsockopt(
                socket.SOL_SOCKET, socket.SO_LINGER, linger
            )
            client.writer.transport.abort()
        case End.CLOSE:
            client.writer.close()
        case End.HALF_CLOSE:
            client.writer.write_eof()
            with contextlib.suppress(OSError, h11.RemoteProtocolError):
                while await client.reader.read(BLOCK):
                    pass
        case End.BLACK_HOLE:
            client.writer.transport.pause_reading()  # type: ignore[attr-defined]
            await stop.wait()
