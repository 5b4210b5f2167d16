"""An issue for each missed limit, drafted with its evidence; pure."""

from harness.bottlenecks import bottlenecks
from harness.evidence import Status
from harness.load_result import CriterionOutcome, Group, LoadResult, Percentiles


def drafted_issues(result: LoadResult, again: str) -> dict[str, str]:
    """Markdown by the criterion's id, nothing where every limit was kept; `again` is what repeats the run."""
    return {
        outcome.id: _draft(result, outcome, again)
        for outcome in result.criteria
        if outcome.status is Status.FAIL
    }


def _draft(result: LoadResult, outcome: CriterionOutcome, again: str) -> str:
    target, began = result.target, f"{result.started_at:%Y-%m-%d %H:%M}Z"
    release = ", ".join(filter(None, (target.release, target.commit))) or "unknown"
    lines = [
        f"# {result.scenario}: {outcome.expected}, observed {outcome.observed}",
        "",
        f"- Target: {target.name} ({target.base_url}), release {release}",
        f"- Run: {result.title}; {result.mode}, {result.seconds:g} s from {began}",
        f"- Requirements: {', '.join(outcome.requirements)}",
        f"- What was seen: {outcome.message or outcome.observed}",
        "",
        "## Where the time went",
        "",
        *(f"- {said}" for said in bottlenecks(result)),
        "",
        *_latency_table(result),
        "",
        "## To see it again",
        "",
        f"    {again}",
        "",
    ]
    return "\n".join(lines)


def summary_page(result: LoadResult) -> str:
    """One page of Markdown for any run: verdict, limits, where the time went."""
    lines = [
        f"# {result.scenario}: {result.verdict}",
        "",
        f"{result.mode}, {result.seconds:g} s from {result.started_at:%Y-%m-%d %H:%M}Z on "
        f"{result.target.name} ({result.target.base_url}), seed {result.seed}."
        + (f" Ended early: {result.partial}." if result.partial else ""),
        "",
        "| limit | observed | status |",
        "|---|---|---|",
        *(f"| {o.id}: {o.expected} | {o.observed} | {o.status} |" for o in result.criteria),
        "",
        *(f"- {note}" for note in result.notes),
        *([""] if result.notes else []),
        "## Where the time went",
        "",
        *(f"- {said}" for said in bottlenecks(result)),
        "",
        *_latency_table(result),
        "",
    ]
    return "\n".join(lines)


def _latency_table(result: LoadResult) -> list[str]:
    return [
        "## Latency by endpoint and phase (ms)",
        "",
        "| endpoint | phase | answers | errors | p50 | p95 | p99 | service p95 |",
        "|---|---|---|---|---|---|---|---|",
        *(_row(group) for group in result.groups if group.count or group.errors),
    ]


def _row(group: Group) -> str:
    latency, service = group.latency, group.service
    cells = [group.endpoint, group.phase, str(group.count), str(group.errors)]
    return f"| {' | '.join([*cells, *_figures(latency), f'{service.p95:.1f}' if service else '–'])} |"


def _figures(latency: Percentiles | None) -> list[str]:
    if latency is None:
        return ["–"] * 3
    return [f"{value:.1f}" for value in (latency.p50, latency.p95, latency.p99)]
