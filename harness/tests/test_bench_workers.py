"""The figures of the workers come in pairs, and the second of each tells how much cheaper it is."""

from harness.commands.bench_workers import WorkersBench, _figures, _Measured, workers_table


def test_each_way_is_beside_the_plain_one() -> None:
    measured = (_Measured("anew", (2.0, 4.0, 3.0)), _Measured("a round", (0.3, 0.2, 0.4)))
    figures = _figures(measured)
    assert [(figure.name, figure.median, figure.times_cheaper) for figure in figures] == [
        ("anew", 3.0, None),
        ("a round", 0.3, 10.0),
    ]
    table = workers_table(WorkersBench(format=1, subject="workers", unit="seconds", figures=figures))
    assert [line.split()[-1] for line in table.splitlines()] == ["cheaper", "4.000", "10.0"]
