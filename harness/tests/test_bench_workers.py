"""The figures of the workers come in pairs, and the second of each tells how much cheaper it is."""

from harness.commands.bench_workers import _bench_of, _Measured, workers_table


def test_each_way_is_beside_the_plain_one() -> None:
    measured = (_Measured("anew", (2.0, 4.0, 3.0)), _Measured("a round", (0.3, 0.2, 0.4)))
    bench = _bench_of(measured)
    assert [(figure.name, figure.median, figure.times_cheaper) for figure in bench.figures] == [
        ("anew", 3.0, None),
        ("a round", 0.3, 10.0),
    ]
    assert [line.split()[-1] for line in workers_table(bench).splitlines()] == ["least", "4.000", "10.0"]


def test_each_has_the_least_that_it_should_be_cheaper_and_what_is_not_is_named() -> None:
    pairs = [
        (_Measured(f"{what}: plain", (seconds,)), _Measured(f"{what}: {ours}", (1.0,)))
        for what, ours, seconds in (
            ("5000 checks", "the health checker", 2.4),
            ("uniform", "a round", 8.0),
            ("Zipf", "a round", 19.9),
        )
    ]
    bench = _bench_of([one for pair in pairs for one in pair])
    assert [figure.at_least for figure in bench.figures] == [None, 2.5, None, 8.0, None, 20.0]
    assert bench.missed == (
        "5000 checks: the health checker: 2.4 times cheaper, at least 2.5",
        "Zipf: a round: 19.9 times cheaper, at least 20",
    )
    assert workers_table(bench).splitlines()[-1] == f"missed: {bench.missed[-1]}"
