"""`work`: the composition root of the workers."""

import argparse
import os
import signal
import sys
import threading
from collections.abc import Sequence
from concurrent.futures import Future
from datetime import UTC, datetime
from ipaddress import ip_network

import structlog
from prometheus_client import CollectorRegistry, disable_created_metrics, start_http_server

from reference_service.cache import open_cache
from reference_service.commands.arguments import Arguments
from reference_service.domain.address_ranges import Network
from reference_service.domain.errors import UnavailableError
from reference_service.domain.retention import months_needed
from reference_service.domain.worker_names import WorkerName
from reference_service.settings import Settings
from reference_service.storage.health_ledger import HealthLedger
from reference_service.storage.metrics_aggregation import MetricsAggregation
from reference_service.storage.partitions import HealthPartitions
from reference_service.storage.search_preparation import prepare_searches
from reference_service.storage.worker_session import WorkerSession, open_worker_session
from reference_service.telemetry.logs import configure_logs
from reference_service.telemetry.worker_metrics import WorkerMetrics
from reference_service.workers.dialling import NetworkDialler, client_tls
from reference_service.workers.health_check import Checker
from reference_service.workers.health_checker import HealthChecker
from reference_service.workers.metrics_aggregator import MetricsAggregator, SearchPreparer
from reference_service.workers.partition_manager import PartitionManager
from reference_service.workers.runner import Job, Outcome, Runner
from reference_service.workers.side_by_side import Work, run_all
from reference_service.workers.ssrf import Guard, SystemResolver

ALL = "all"
THREADS_A_CHECK = 4  # for lookups: one that hangs holds its thread beyond the check's deadline
EXIT_CODES = {Outcome.DONE: 0, Outcome.STOPPED: 0, Outcome.FAILED: 1, Outcome.NOT_LEADING: 3}


def work(settings: Settings, argv: list[str]) -> int:
    """Run workers until SIGTERM, or one round of each; 1: a round failed, 3: another process leads."""
    options = parse(argv)
    configure_logs(settings.log_level)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    structlog.get_logger(__name__).info("work_begins")  # from here on a signal is heeded
    disable_created_metrics()  # type: ignore[no-untyped-call]  # a series more of each, that nobody asks for
    registry = CollectorRegistry()
    metrics = WorkerMetrics(registry)
    runners = [
        Runner(job, lambda: open_worker_session(settings), stop, metrics)
        for job in build_jobs(settings, options, metrics)
    ]
    if options.metrics_port is not None:
        try:
            start_http_server(options.metrics_port, addr=options.metrics_host, registry=registry)
        except OSError as error:
            where = f"{options.metrics_host}:{options.metrics_port}"
            return _complain(f"metrics at {where}: {error.strerror}", 2)
    if options.once:
        return _once(runners, stop)
    _run(stop, *(Work(runner.run_forever, runner.cut_short) for runner in runners))
    return 0


def build_jobs(
    settings: Settings, options: argparse.Namespace, metrics: WorkerMetrics
) -> list[Job[WorkerSession]]:
    """The jobs of the workers asked for; partitions come first, because the checks need them."""
    jobs = (
        _partition_manager(settings, metrics),
        _health_checker(settings, options, metrics),
        _metrics_aggregator(settings, metrics),
    )
    return [job for job in jobs if options.worker in (ALL, job.name.value)]


def _health_checker(
    settings: Settings, options: argparse.Namespace, metrics: WorkerMetrics
) -> Job[WorkerSession]:
    concurrency = settings.health_check_concurrency
    guard = Guard(SystemResolver(concurrency * THREADS_A_CHECK), (*settings.ssrf_allow, *options.allow))
    deadline = options.deadline or settings.health_check_deadline
    checker = HealthChecker(
        Checker(guard, NetworkDialler(client_tls()), deadline=deadline),
        concurrency=concurrency,
        now=_now,
        metrics=metrics,
    )

    def run(session: WorkerSession, stop: threading.Event) -> None:
        HealthPartitions(session.connection).ensure(months_needed(_now())[:1])

        def recorded() -> None:
            session.progress(WorkerName.HEALTH_CHECKER, settings.health_check_interval)

        checker.run_round(HealthLedger(session.connection, recorded), stop)

    return Job(WorkerName.HEALTH_CHECKER, settings.health_check_interval, run)


def _metrics_aggregator(settings: Settings, metrics: WorkerMetrics) -> Job[WorkerSession]:
    aggregator = MetricsAggregator(invalidate=open_cache(settings).invalidate, metrics=metrics)
    preparer = SearchPreparer()

    def run(session: WorkerSession, _: threading.Event) -> None:
        aggregator.run_round(MetricsAggregation(session.connection))

    def meanwhile(session: WorkerSession) -> None:
        aggregator.repeat_unheard()
        preparer.prepare_soon(lambda: prepare_searches(session.connection))

    return Job(WorkerName.METRICS_AGGREGATOR, settings.aggregate_interval, run, meanwhile)


def _partition_manager(settings: Settings, metrics: WorkerMetrics) -> Job[WorkerSession]:
    manager = PartitionManager(_now, metrics)

    def run(session: WorkerSession, _: threading.Event) -> None:
        manager.run_round(HealthPartitions(session.connection))

    return Job(WorkerName.PARTITION_MANAGER, settings.partition_interval, run)


def _run(stop: threading.Event, *works: Work) -> None:
    """Ends the process where they do not end in time."""
    if not run_all(works, stop):
        structlog.get_logger(__name__).warning("worker_round_left")
        # An exit would wait for its threads. The transaction goes with the connection, whole.
        os._exit(1)


def _once(runners: Sequence[Runner[WorkerSession]], stop: threading.Event) -> int:
    ended: Future[list[int]] = Future()

    def run() -> None:
        try:
            ended.set_result([EXIT_CODES[runner.run_once()] for runner in runners])
        except BaseException as error:  # it is raised again where it is waited for
            ended.set_exception(error)

    def cut_short() -> None:
        for runner in runners:
            runner.cut_short()

    _run(stop, Work(run, cut_short))
    try:
        codes = ended.result()
    except UnavailableError as error:
        return _complain(str(error), 1)
    if 3 in codes:
        return _complain("another process leads; its lock was not had in time", 3)
    return max(codes)


def parse(argv: list[str]) -> argparse.Namespace:
    """Ends the process with 2 and one line on a wrong call."""
    parser = Arguments(prog="work", description=work.__doc__)
    parser.add_argument("worker", choices=[ALL, *(name.value for name in WorkerName)])
    parser.add_argument("--once", action="store_true", help="one round, then exit")
    parser.add_argument(
        "--allow", type=_networks, default=(), help="CIDRs that may be dialled besides public ones"
    )
    parser.add_argument("--deadline", type=_positive, help="seconds a health check may take in all")
    parser.add_argument("--metrics-port", type=_port, help="serve /metrics on this port")
    parser.add_argument("--metrics-host", default="127.0.0.1", help="and this address; default: loopback")
    return parser.parse_args(argv)


def _networks(text: str) -> tuple[Network, ...]:
    return tuple(ip_network(item.strip()) for item in text.split(",") if item.strip())


def _positive(text: str) -> float:
    value = float(text)
    if not 0 < value < float("inf"):
        raise ValueError
    return value


def _port(text: str) -> int:
    value = int(text)
    if not 0 < value < 2**16:
        raise ValueError
    return value


def _now() -> datetime:
    return datetime.now(UTC)


def _complain(problem: str, code: int) -> int:
    print(f"reference_service work: {problem}", file=sys.stderr)
    return code
