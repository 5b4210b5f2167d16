"""Line charts as inline SVG, coloured by the page's own tokens; no script, no font, no image."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

WIDTH, HEIGHT = 720, 240
_LEFT, _RIGHT, _TOP, _BOTTOM = 52, 74, 14, 30
_STRETCHES = 200  # of a line, each drawn by its lowest and highest point
_LETTER = 6.2  # about the width of one


@dataclass(frozen=True, slots=True)
class Series:
    """One line; `points` are (x, y), y null where there is nothing. `style` is a class of the style sheet."""

    name: str
    style: str
    points: tuple[tuple[float, float | None], ...]


@dataclass(frozen=True, slots=True)
class Limit:
    """A declared limit, drawn across the chart, or from where it begins to hold."""

    name: str
    value: float
    begin: float = 0.0


@dataclass(frozen=True, slots=True)
class Band:
    """A stretch of time that has a name."""

    name: str
    begin: float
    end: float


@dataclass(frozen=True, slots=True)
class Moment:
    """A point in time that has a name."""

    name: str
    at: float


@dataclass(frozen=True, slots=True)
class Chart:
    """`unit` belongs to the y axis, which ends at `top` where one is given; x counts seconds."""

    title: str
    unit: str
    series: tuple[Series, ...]
    limits: tuple[Limit, ...] = ()
    bands: tuple[Band, ...] = ()
    moments: tuple[Moment, ...] = ()
    top: float = math.inf


@dataclass(frozen=True, slots=True)
class _Scale:
    x_max: float
    y_max: float

    def x(self, value: float) -> float:
        return _LEFT + min(value, self.x_max) / self.x_max * (WIDTH - _LEFT - _RIGHT)

    def y(self, value: float) -> float:
        return HEIGHT - _BOTTOM - min(value, self.y_max) / self.y_max * (HEIGHT - _TOP - _BOTTOM)


def draw(chart: Chart) -> Markup:
    """The chart as SVG; a title and a description stand for it where it is not seen."""
    scale = _scale(chart)
    parts = [
        Markup('<svg class="chart" viewBox="0 0 {} {}" role="img" aria-label="{}">').format(
            WIDTH, HEIGHT, _description(chart)
        ),
        *(_band(band, scale) for band in chart.bands[1::2]),
        *_grid(scale),
        *(_band_name(band, scale) for band in chart.bands),
        *(_limit(limit, scale) for limit in chart.limits),
        *(_line(series, scale) for series in chart.series),
        *(_moment(moment, scale, row) for row, moment in enumerate(chart.moments)),
        *_names(chart, scale),
        Markup("</svg>"),
    ]
    return Markup("").join(parts)


def _description(chart: Chart) -> str:
    tops = [f"{series.name} at most {_highest(series):.0f} {chart.unit}" for series in chart.series]
    limits = [f"limit {limit.name} {limit.value:g} {chart.unit}" for limit in chart.limits]
    moments = [f"{moment.name} at {moment.at:g} s" for moment in chart.moments]
    return f"{chart.title}: " + ", ".join((*tops, *limits, *moments))


def _highest(series: Series) -> float:
    return max((y for _, y in series.points if y is not None), default=0.0)


def _scale(chart: Chart) -> _Scale:
    xs = [x for series in chart.series for x, _ in series.points]
    ys = [y for series in chart.series for _, y in series.points if y is not None]
    highest = max([*ys, *(limit.value * 1.08 for limit in chart.limits)], default=1.0)
    last = max([*(x + 1 for x in xs), *(moment.at for moment in chart.moments), 1.0])
    return _Scale(x_max=last, y_max=nice_ceiling(min(highest, chart.top)))


def nice_ceiling(value: float) -> float:
    """The next of 1, 1.5, 2, 2.5, 3, 4, 5, 6, 8 times a power of ten."""
    if value <= 0 or not math.isfinite(value):
        return 1.0
    power: float = 10.0 ** math.floor(math.log10(value))
    steps = (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10)
    return next(step * power for step in steps if step * power >= value * (1 - 1e-9))


def _grid(scale: _Scale) -> Iterator[Markup]:
    for share in (0, 0.25, 0.5, 0.75, 1):
        value = scale.y_max * share
        y = scale.y(value)
        yield Markup('<line class="grid" x1="{}" x2="{}" y1="{:.1f}" y2="{:.1f}"/>').format(
            _LEFT, WIDTH - _RIGHT, y, y
        )
        yield Markup('<text class="tick end" x="{}" y="{:.1f}">{}</text>').format(
            _LEFT - 6, y + 4, f"{value:g}"
        )
    for share in (0, 0.25, 0.5, 0.75, 1):
        value = scale.x_max * share
        yield Markup('<text class="tick mid" x="{:.1f}" y="{}">{}</text>').format(
            scale.x(value), HEIGHT - 8, f"{value:.0f} s" if scale.x_max >= 8 else f"{value:.1f} s"
        )


def _band(band: Band, scale: _Scale) -> Markup:
    """Every other one is shaded: that is enough to tell them apart."""
    left, right = scale.x(band.begin), scale.x(band.end)
    return Markup(
        '<rect class="band" x="{:.1f}" y="{}" width="{:.1f}" height="{}"><title>{}</title></rect>'
    ).format(left, _TOP, right - left, HEIGHT - _TOP - _BOTTOM, band.name)


def _band_name(band: Band, scale: _Scale) -> Markup:
    left, right = scale.x(band.begin), scale.x(band.end)
    if len(band.name) * _LETTER > right - left:
        return Markup("")
    return Markup('<text class="tick mid" x="{:.1f}" y="{}">{}</text>').format(
        (left + right) / 2, _TOP - 3, band.name
    )


def _moment(moment: Moment, scale: _Scale, row: int) -> Markup:
    """Its name stands on the side that has room for it, below those before."""
    x = scale.x(moment.at)
    fits = x + len(moment.name) * _LETTER < WIDTH - _RIGHT
    return Markup(
        '<line class="moment" x1="{:.1f}" x2="{:.1f}" y1="{}" y2="{}"/>'
        '<text class="moment-name{}" x="{:.1f}" y="{}">{}</text>'
    ).format(
        x,
        x,
        _TOP,
        HEIGHT - _BOTTOM,
        "" if fits else " end",
        x + (4 if fits else -4),
        _TOP + 24 + 14 * row,
        moment.name,
    )


def _limit(limit: Limit, scale: _Scale) -> Markup:
    x, y = scale.x(limit.begin), scale.y(limit.value)
    return Markup(
        '<line class="limit" x1="{:.1f}" x2="{}" y1="{:.1f}" y2="{:.1f}"/>'
        '<text class="limit-name" x="{:.1f}" y="{:.1f}">{}</text>'
    ).format(x, WIDTH - _RIGHT, y, y, x + 4, y - 4, f"limit {limit.name} {limit.value:g}")


def _line(series: Series, scale: _Scale) -> Markup:
    runs = _runs(thin(series.points, _STRETCHES))
    path = " ".join(
        "M" + " L".join(f"{scale.x(x):.1f} {scale.y(y):.1f}" for x, y in run) for run in runs if run
    )
    dots = Markup("").join(
        Markup('<circle class="dot {}" cx="{:.1f}" cy="{:.1f}" r="2"/>').format(
            series.style, scale.x(x), scale.y(y)
        )
        for run in runs
        if len(run) == 1
        for x, y in run
    )
    return Markup('<path class="line {}" d="{}"/>').format(series.style, path) + dots


def _runs(points: Sequence[tuple[float, float | None]]) -> list[list[tuple[float, float]]]:
    runs: list[list[tuple[float, float]]] = [[]]
    for x, y in points:
        if y is None or not math.isfinite(y):
            runs.append([])
        else:
            runs[-1].append((x, y))
    return [run for run in runs if run]


def thin(points: Sequence[tuple[float, float | None]], stretches: int) -> list[tuple[float, float | None]]:
    """Of each stretch the lowest, the highest and a gap: neither a peak nor an outage is thinned away."""
    size = math.ceil(len(points) / stretches)
    if size <= 3:
        return list(points)
    return [
        point for start in range(0, len(points), size) for point in _telling(points[start : start + size])
    ]


def _telling(stretch: Sequence[tuple[float, float | None]]) -> list[tuple[float, float | None]]:
    known = [(y, n) for n, (_, y) in enumerate(stretch) if y is not None]
    gap = next((n for n, (_, y) in enumerate(stretch) if y is None), None)
    chosen = {min(known)[1], max(known)[1]} if known else set()
    return [stretch[n] for n in sorted(chosen | ({gap} if gap is not None else set()))]


def _names(chart: Chart, scale: _Scale) -> Iterator[Markup]:
    """Each line's name at its right end, pushed apart where they would overlap."""
    ends = []
    for series in chart.series:
        last = next((y for _, y in reversed(series.points) if y is not None and math.isfinite(y)), None)
        if last is not None:
            ends.append((scale.y(last), series))
    spread, previous = [], -math.inf
    for y, series in sorted(ends, key=lambda end: end[0]):
        previous = max(y, previous + 13)
        spread.append((previous, series))
    overflow = max(0.0, (spread[-1][0] if spread else 0.0) - (HEIGHT - _BOTTOM))
    for y, series in spread:
        yield Markup('<text class="name {}" x="{}" y="{:.1f}">{}</text>').format(
            series.style, WIDTH - _RIGHT + 6, y + 4 - overflow, series.name
        )
