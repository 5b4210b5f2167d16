"""Open arrivals as a locust test: the one place that knows locust's events, runners and messages.

The process that leads (a single one, or locust's master) orders those that drive (itself, or locust's
workers) to begin with their share of the arrivals, merges what they measured, and concludes.
"""

import gc
import signal
import sys
from typing import Any

import gevent
import msgspec
from gevent.event import AsyncResult, Event
from locust import User
from locust.env import Environment
from locust.event import Events
from locust.rpc import Message
from locust.runners import STATE_MISSING, MasterRunner, Runner, WorkerNode, WorkerRunner

from harness.errors import LaunchkitError
from harness.exit_codes import ExitCode
from harness.load_result import LoadVerdict
from harness.results import to_json, write_text
from loadtests.connections import Connections
from loadtests.console import MARK, summary_lines
from loadtests.dispatcher import REQUEST_SECONDS
from loadtests.driver import DONE, MEASURED, Driver, Order
from loadtests.ending import Ending
from loadtests.exporter import Exporter
from loadtests.judgement import EXIT_CODES
from loadtests.leader import Leader
from loadtests.options import Job, add_options, read_job
from loadtests.preflight import look_at
from loadtests.processes import die_with, go_first

BEGIN = "launchkit_begin"
_LEAD_SECONDS = 0.2  # between the order to begin and the first arrival
_LEAD_SECONDS_AFAR = 2.0  # and where it has to reach other processes
_TIMES_TOLD, _TELL_AGAIN_SECONDS = 5, 0.2  # within that lead
_PREPARE_SECONDS = 10.0
_WATCH_SECONDS = 1.0
_SELF = "local"  # locust's name for a process that leads and drives


class Session:
    """What one locust process does from its start to its end."""

    def __init__(self) -> None:
        self._job: Job | None = None
        self._leader: Leader | None = None
        self._orders: AsyncResult[Order] = AsyncResult()
        self._heard: Order | None = None
        self._prepared = Event()
        self._exporter: Exporter | None = None

    def listen(self, events: Events) -> None:
        for event, listener in (
            (events.init_command_line_parser, add_options),
            (events.init, self._start),
            (events.test_start, self._begin),
            (events.test_stop, self._conclude),
        ):
            event.add_listener(listener)  # type: ignore[no-untyped-call]  # locust's has no types

    def drive(self, user: User) -> None:
        """What the only user of a driving process does: wait for the order and carry it out."""
        order, self._orders = self._orders.get(), AsyncResult()
        if self._job is not None and order is not None:
            report = _Statistics(user.environment)
            Driver(self._job, _runner(user.environment).send_message, report).drive(order)

    def wait(self) -> None:
        """Until the run has ended."""
        if self._leader is not None:
            self._leader.finished.wait()

    def _start(self, environment: Environment, **_: Any) -> None:
        try:
            self._prepare(environment)
        except LaunchkitError as error:
            print(f"launchkit: {error}", file=sys.stderr)
            sys.exit(error.exit_code)
        self._prepared.set()

    def _prepare(self, environment: Environment) -> None:
        runner, options = _runner(environment), environment.parsed_options
        if options is None:
            return
        if options.die_with:
            die_with(options.die_with)
        if not isinstance(runner, MasterRunner):
            runner.register_message(BEGIN, self._ordered)
        go_first()
        # What has been imported stays: a collector that walks through it would make arrivals late.
        gc.collect()
        gc.freeze()
        if isinstance(runner, WorkerRunner):
            return
        runner.register_message(MEASURED, self._measured)
        runner.register_message(DONE, self._done)
        self._job = read_job(options)
        options.offset = self._job.offset  # locust hands our options to its workers
        connections = Connections(
            self._job.target.base_url, self._job.identities, self._job.target.headers, timeout=REQUEST_SECONDS
        )
        self._leader = Leader(self._job, look_at(self._job, connections))
        connections.close()
        leader = self._leader
        self._exporter = Exporter(options.metrics_port, self._job.plan, lambda: leader.measurement)
        if options.headless:
            # Locust listens to SIGTERM only after a run with a shape, and to Ctrl-C by breaking off.
            for number in (signal.SIGINT, signal.SIGTERM):
                gevent.signal_handler(number, self._leader.stop)

    def _begin(self, environment: Environment, **_: Any) -> None:
        # A worker may be told to spawn before locust has finished making its runner.
        self._prepared.wait(_PREPARE_SECONDS)
        runner = _runner(environment)
        if isinstance(runner, WorkerRunner) and environment.parsed_options is not None:
            self._job = read_job(environment.parsed_options)
        if self._leader is None:
            return
        environment.process_exit_code = ExitCode.INTERRUPTED  # unless there is a verdict in the end
        if self._exporter is not None:
            print(f"{MARK}metrics of this run: {self._exporter.url}", flush=True)
        afar = isinstance(runner, MasterRunner)
        clients = [node.id for node in workers_of(runner)] if afar else [_SELF]
        orders = self._leader.begin(clients, _LEAD_SECONDS_AFAR if afar else _LEAD_SECONDS)
        told = [(client, msgspec.to_builtins(order)) for client, order in zip(clients, orders, strict=True)]
        if isinstance(runner, MasterRunner):
            gevent.spawn(_keep_telling, runner, told)
            gevent.spawn(self._watch, runner, self._leader)
        else:
            runner.send_message(BEGIN, told[0][1], told[0][0])

    def _conclude(self, environment: Environment, **_: Any) -> None:
        if self._leader is None or not self._leader.running or self._job is None:
            return
        runner = _runner(environment)
        if isinstance(runner, MasterRunner):
            self._leader.present(_living(runner))  # locust ends a run itself when the last worker is lost
        result = self._leader.conclude()
        environment.process_exit_code = _exit_code(result.verdict, complete=self._leader.complete)
        for line in summary_lines(result):
            print(line, flush=True)
        if self._job.out is not None:
            write_text(self._job.out, to_json(result) + "\n")

    def _watch(self, runner: MasterRunner, leader: Leader) -> None:
        """Locust only marks a worker that is lost; the run would wait for it for ever."""
        while leader.running:
            gevent.sleep(_WATCH_SECONDS)
            leader.present(_living(runner))

    def _ordered(self, msg: Message, **_: Any) -> None:
        order = msgspec.convert(msg.data, Order)
        if order != self._heard:
            self._heard = order
            self._orders.set(order)

    def _measured(self, msg: Message, **_: Any) -> None:
        if self._leader is not None:
            self._leader.merge(msg.data)

    def _done(self, msg: Message, **_: Any) -> None:
        if self._leader is not None:
            self._leader.done(msg.node_id, msgspec.convert(msg.data["ending"], Ending | None))


class _Statistics:
    """Hands each answer to locust's own statistics, which its web interface shows."""

    def __init__(self, environment: Environment) -> None:
        self._event = environment.events.request

    def __call__(self, name: str, latency: float, length: int, reason: str) -> None:
        self._event.fire(  # type: ignore[no-untyped-call]  # locust's has no types
            request_type="GET",
            name=name,
            response_time=latency,
            response_length=length,
            exception=reason or None,
            context={},
        )


def _keep_telling(runner: Runner, told: list[tuple[str, Any]]) -> None:
    """Tell the orders several times: a worker loses what comes before it has begun to listen for them."""
    for _ in range(_TIMES_TOLD):
        for client, order in told:
            runner.send_message(BEGIN, order, client)
        gevent.sleep(_TELL_AGAIN_SECONDS)


def workers_of(runner: Runner | None) -> list[WorkerNode]:
    """The workers that a master can drive; none where the process is not a master."""
    if not isinstance(runner, MasterRunner):
        return []
    return [*runner.clients.ready, *runner.clients.running, *runner.clients.spawning]


def _living(runner: MasterRunner) -> set[str]:
    return {name for name, node in runner.clients.items() if node.state != STATE_MISSING}


def _runner(environment: Environment) -> Runner:
    if environment.runner is None:
        raise AssertionError("locust makes its runner before it calls anyone")
    return environment.runner


def _exit_code(verdict: LoadVerdict, *, complete: bool) -> ExitCode:
    return EXIT_CODES[verdict] if complete else ExitCode.INTERRUPTED
