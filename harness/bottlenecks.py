"""Where the time of a load run went, as sentences: pure."""

from collections.abc import Iterator

from harness.load_result import DatabaseUse, Group, LoadResult, ProcessSample

_TOLD_FROM_PERCENT = 1.0


def bottlenecks(result: LoadResult) -> tuple[str, ...]:
    """Waiting before a request was sent, serving it, the database, what processes used, what failed."""
    return tuple(_found(result)) or ("nothing was answered, and nothing is known of the target's processes",)


def _found(result: LoadResult) -> Iterator[str]:
    whole = result.group()
    if whole is not None and whole.latency and whole.service:
        waiting = max(0.0, whole.latency.p95 - whole.service.p95)
        yield (
            f"p95 latency {whole.latency.p95:.1f} ms, of which serving takes {whole.service.p95:.1f} ms "
            f"and waiting for a connection about {waiting:.1f} ms (the generator's own lateness, "
            f"p99 {result.lateness.p99:.1f} ms, included)"
        )
        yield from _database(result, whole)
    if result.processes:
        yield _usage(result.processes)
    if whole is not None and whole.failures:
        yield "failures: " + ", ".join(f"{count} × {reason}" for reason, count in whole.failures.items())


def _database(result: LoadResult, whole: Group) -> Iterator[str]:
    """By the target's own metrics, which count what its threads spent there, and by the database itself."""
    last = result.service[-1] if result.service else None
    if last is not None and last.database_seconds is not None:
        requests = max(1, last.requests)
        yield (
            f"database: {last.database_seconds:.2f} s in {last.t:.0f} s by the target's own metrics, "
            f"{last.database_seconds / requests * 1000:.2f} ms a request"
        )
    elif result.database is None:
        yield "database: not known, for the profile has no database_url and the target's metrics do not tell"
    if result.database is not None and result.database.missing:
        yield f"database: pg_stat_statements cannot be read: {result.database.missing}"
    elif result.database is not None:
        yield from _statements(result.database, whole)


def _statements(used: DatabaseUse, whole: Group) -> Iterator[str]:
    serving = whole.service.mean * whole.count / 1000 if whole.service else 0.0
    share = f", {100 * used.seconds / serving:.0f} % of the {serving:.2f} s of serving" if serving else ""
    yield (
        f"database: {used.seconds:.2f} s in {used.calls} statements by pg_stat_statements{share} "
        "(with all that others asked of it meanwhile)"
    )
    for statement in used.statements:
        percent = 100 * statement.seconds / used.seconds if used.seconds else 0.0
        if percent >= _TOLD_FROM_PERCENT:
            yield (
                f"database, {percent:.0f} % of it: {statement.seconds:.2f} s "
                f"in {statement.calls} × {statement.text}"
            )


def _usage(samples: tuple[ProcessSample, ...]) -> str:
    cpu, rss = max(sample.cpu for sample in samples), max(sample.rss for sample in samples)
    files = max(sample.fds for sample in samples)
    return f"the target's processes used at most {cpu:.2f} cores, {rss / 1e6:.0f} MB and {files} open files"
