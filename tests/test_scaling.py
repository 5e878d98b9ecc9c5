"""Scaling laws, the laboratory that measures for them, and prices."""

from __future__ import annotations

import json
import math
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

import manycore as mc
from manycore import _core, cli, scaling

CORES = [1, 2, 4, 8, 16]


def amdahl_times(serial: float, cores: list[int] = CORES) -> list[float]:
    return [10 / mc.amdahl(1 - serial, n) for n in cores]


def usl_times(sigma: float, kappa: float, cores: list[int] = CORES) -> list[float]:
    return [10 / mc.usl(sigma, kappa, n) for n in cores]


def test_closed_forms_are_those_of_the_papers() -> None:
    assert mc.amdahl(p=0.95, n=32) == pytest.approx(1 / (0.05 + 0.95 / 32))
    assert mc.gustafson(s=0.05, n=32) == pytest.approx(30.45)
    assert mc.usl(0.1, 0, 8) == pytest.approx(mc.amdahl(0.9, 8))
    assert mc.usl(0.02, 0.001, 10) == pytest.approx(10 / (1 + 0.02 * 9 + 0.001 * 90))
    assert mc.amdahl(0.0, 7) == mc.usl(0, 0, 1) == 1


@pytest.mark.parametrize(
    ("law", "arguments"),
    [
        (mc.amdahl, (1.5, 4)),
        (mc.amdahl, (0.5, 0)),
        (mc.amdahl, (math.nan, 2)),
        (mc.gustafson, (-0.1, 4)),
        (mc.usl, (-1, 0, 4)),
        (mc.usl, (0, 0, math.inf)),
    ],
)
def test_closed_forms_refuse_what_cannot_be(
    law: Callable[..., float], arguments: tuple[float, ...]
) -> None:
    with pytest.raises(ValueError, match="must be"):
        law(*arguments)


def test_parameters_of_exact_times_are_found() -> None:
    s = scaling.fit(cores=CORES, seconds=usl_times(0.03, 1e-3))
    assert s.usl.sigma.value == pytest.approx(0.03, abs=1e-5)
    assert s.usl.kappa.value == pytest.approx(1e-3, abs=1e-6)
    assert s.usl.sigma.low <= 0.03 <= s.usl.sigma.high
    assert s.usl.gamma == pytest.approx(0.1)
    assert s.usl.peak == pytest.approx(math.sqrt(0.97 / 1e-3), rel=1e-3)
    s = scaling.fit(cores=CORES, seconds=amdahl_times(0.2))
    assert float(s.amdahl.serial_fraction) == pytest.approx(0.2, abs=1e-6)
    assert s.amdahl.limit == pytest.approx(5)
    assert set(s.karp_flatt) == {2, 4, 8, 16}
    assert all(value == pytest.approx(0.2) for value in s.karp_flatt.values())


def test_gustafsons_law_is_found() -> None:
    s = scaling.fit(cores=CORES, seconds=[10 / mc.gustafson(0.1, n) for n in CORES])
    assert s.gustafson.serial_fraction.value == pytest.approx(0.1, abs=1e-6)


def test_a_prediction_has_its_interval_and_warns_beyond_the_data() -> None:
    s = scaling.fit(cores=CORES, seconds=amdahl_times(0.05))
    ahead = s.predict(cores=32)
    truth = 10 / mc.amdahl(0.95, 32)
    assert ahead.low < truth < ahead.high
    assert ahead.seconds == pytest.approx(truth, rel=0.1)
    assert ahead.warning == "it was measured on up to 16 cores"
    assert "tested up to 4 times" in s.predict(cores=100).warning
    assert s.predict(cores=8).warning == ""
    assert ahead.law == s.best
    assert f"({ahead.low:.3f}-{ahead.high:.3f}, 90 %)" in str(ahead)


def test_words_say_the_speedup_and_the_peak() -> None:
    words = scaling.fit(cores=CORES, seconds=usl_times(0.02, 1e-3)).words(32)
    assert words.startswith("on 32 cores ")
    assert words.endswith("; past 31 cores it gets slower")
    assert "slower" not in scaling.fit(cores=CORES, seconds=amdahl_times(0.05)).words(32)


def test_sizes_name_the_shape_and_predict() -> None:
    sizes = [1e4, 2e4, 4e4, 8e4, 1.6e5]
    g = scaling.fit(sizes=sizes, seconds=[1e-7 * n * math.log2(n) for n in sizes])
    assert g.best == "n log n"
    ahead = g.predict(1e7 / 16)
    assert ahead.seconds == pytest.approx(1e-7 * 6.25e5 * math.log2(6.25e5), rel=0.05)
    assert ahead.warning == "it was measured at sizes up to 160,000"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"cores": [1, 2], "seconds": [1, 0.6]}, "needs at least 3 times over 3 numbers of cores"),
        ({"cores": [4] * 5, "seconds": [1] * 5}, "there are 5 times over 1 number of cores"),
        ({"cores": [1, 2, 4], "seconds": [1, -0.6, 0.3]}, "not -0.6 .on 2 cores"),
        ({"cores": [1, 2, 4], "seconds": [1, math.nan, 0.3]}, "finite, not NaN"),
        ({"cores": [0, 2, 4], "seconds": [1, 0.6, 0.3]}, "at least 1, not 0"),
        ({"cores": [1, 2, 4], "seconds": [1, 0.6]}, "as many, not 3 and 2"),
        ({"sizes": [1, 2, 4], "seconds": [1, 2, 3]}, "needs at least 4 times over 4 sizes"),
        ({"sizes": [1, 2, 4, 8], "seconds": [1, 1, 1, 1]}, "times at 4 sizes"),
        ({"sizes": [1, 2, 4, -8], "seconds": [1, 2, 3, 4]}, "more than 0, not -8"),
    ],
)
def test_what_is_too_little_or_wrong_says_what_is_needed(
    arguments: dict[str, list[float]], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        scaling.fit(**arguments).predict(8)  # type: ignore[arg-type]


def test_laws_with_too_few_times_say_so_and_the_table_leaves_them_out() -> None:
    s = scaling.fit(cores=[1, 2, 4], seconds=[3, 2, 1.5])
    with pytest.raises(ValueError, match="universal scalability law needs at least 4 times"):
        _ = s.usl
    assert "USL" not in str(s)
    assert "Amdahl" in str(s)
    with pytest.raises(ValueError, match="needs times on 1 core and on more, not on 2, 4"):
        _ = scaling.fit(cores=[2, 4], seconds=[2, 1]).karp_flatt
    with pytest.raises(TypeError, match="either cores= or sizes="):
        scaling.fit(seconds=[1])


def test_cores_that_do_not_help_are_data() -> None:
    s = scaling.fit(cores=[1, 2, 4, 8], seconds=[3, 3, 3, 3])
    assert s.amdahl.serial_fraction.value == pytest.approx(1)
    assert s.predict(16).seconds == pytest.approx(3, rel=0.2)


def test_the_function_runs_with_so_many_workers_in_turns() -> None:
    seen: list[int] = []
    before = mc.get_num_threads()

    def work() -> None:
        seen.append(mc.get_num_threads())
        time.sleep(0.02 / mc.get_num_threads())

    s = scaling.cores(work, cores=[2, 1], repeats=2, budget=0.3)
    assert mc.get_num_threads() == before
    rounds = seen[2:]
    assert seen[:2] == [2, 1]
    assert rounds[:4] == [1, 2, 2, 1]
    assert set(s.cores) == {1.0, 2.0}
    assert s.noise == "quiet" or s.noise.startswith("not certain: ")


def test_more_workers_than_cores_are_not_certain() -> None:
    usable = mc.machine(bandwidth=False).usable_cores
    s = scaling.cores(lambda: None, cores=[1, 4 * usable], budget=0.1)
    assert f"{4 * usable} workers had {usable} core" in s.noise


def test_a_spent_budget_still_measures_each_once() -> None:
    s = scaling.cores(lambda: time.sleep(0.01), cores=[1, 2], repeats=5, budget=0.001)
    assert s.cores == (1.0, 2.0)
    assert "one time of each" in s.noise


def test_what_the_function_raises_comes_through_and_settings_come_back() -> None:
    before = mc.get_num_threads()

    def work() -> None:
        raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        scaling.cores(work, cores=[1, 2])
    assert mc.get_num_threads() == before


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"cores": []}, ValueError),
        ({"cores": [0]}, ValueError),
        ({"cores": [1.5]}, TypeError),
        ({"repeats": 0}, ValueError),
        ({"budget": 0}, ValueError),
    ],
)
def test_bad_measurements_are_refused_before_anything_runs(
    arguments: dict[str, object], error: type[Exception]
) -> None:
    called: list[int] = []
    with pytest.raises(error):
        scaling.cores(lambda: called.append(1), **arguments)  # type: ignore[arg-type]
    assert not called


def test_sizes_are_whole_and_their_data_are_new_each_time() -> None:
    made: list[object] = []
    given: list[int] = []

    def setup(n: int) -> list[int]:
        given.append(n)
        made.append(object())
        return list(range(n, 0, -1))

    g = scaling.sizes(list.sort, [1000, 2000, 4000, 8000.0], setup=setup, repeats=2, budget=0.5)
    assert all(type(n) is int for n in given)
    assert set(g.sizes) == {1000, 2000, 4000, 8000}
    with pytest.raises(ValueError, match="at least 4 sizes"):
        scaling.sizes(sorted, [1, 2])


def test_prices_fit_memory_and_meet_the_deadline() -> None:
    s = scaling.fit(cores=CORES, seconds=amdahl_times(0.001))
    offers = scaling.cost(s, hours=16, instances="a1.*", deadline=3)
    assert [o.usd.value for o in offers.offers] == sorted(o.usd.value for o in offers.offers)
    best = offers.cheapest
    assert best is not None
    assert best.in_time
    assert best.hours.high <= 3
    assert best.name in offers.words()
    roomy = scaling.cost(s, hours=16, instances="a1.*", memory="30GiB")
    assert {o.name for o in roomy.offers} == {"a1.4xlarge", "a1.metal"}
    with pytest.raises(ValueError, match="GiB of memory"):
        scaling.cost(s, instances="a1.*", memory="1TiB")
    late = scaling.cost(s, hours=1000, instances="a1.*", deadline=1)
    assert late.cheapest is None
    assert "none is sure" in late.words()


def test_a_burstable_instance_says_what_is_assumed() -> None:
    s = scaling.fit(cores=CORES, seconds=amdahl_times(0.001))
    surplus = scaling.cost(s, hours=10, instances="t3.large").offers[0]
    standard = scaling.cost(s, hours=10, instances="t3.large", burst="standard").offers[0]
    assert standard.hours.value == pytest.approx(surplus.hours.value / 0.6)
    assert "unlimited" in surplus.notes[0]
    assert "standard" in standard.notes[0]


def test_my_own_instances_come_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    row = """
[[instance]]
name = "lab.1"
provider = "us"
region = "cellar"
usd_per_hour = 0.01
vcpus = 8
cores = 4
gib = 16.0
priced = 2020-01-01
source = "the electricity bill"
"""
    table = tmp_path / "mine.toml"
    table.write_text(row)
    s = scaling.fit(cores=CORES, seconds=amdahl_times(0.01))
    offer = scaling.cost(s, instances="lab.*", table=table).offers[0]
    assert "more than a year ago" in offer.notes[0]
    monkeypatch.setenv("MANYCORE_INSTANCES", str(table))
    assert scaling.cost(s).offers[0].name == "lab.1"
    table.write_text(row.replace("0.01", "0.0"))
    with pytest.raises(ValueError, match=r"instance lab\.1: usd_per_hour must be more than 0"):
        scaling.cost(s)
    with pytest.raises(FileNotFoundError):
        scaling.cost(s, table=tmp_path / "none.toml")


@pytest.mark.parametrize(
    "arguments",
    [
        {"instances": "x9.*"},
        {"hours": 0},
        {"deadline": -1},
        {"burst": "never"},
        {"memory": "much"},
    ],
)
def test_bad_questions_of_price_are_refused(arguments: dict[str, object]) -> None:
    s = scaling.fit(cores=CORES, seconds=amdahl_times(0.01))
    with pytest.raises(ValueError, match=r"."):
        scaling.cost(s, **arguments)  # type: ignore[arg-type]


def test_pictures_and_tables_show_what_was_found(tmp_path: Path) -> None:
    s = scaling.fit(cores=CORES, seconds=usl_times(0.02, 1e-3))
    s.plot(tmp_path / "speedup.svg")
    assert (tmp_path / "speedup.svg").read_text().startswith("<svg")
    assert "<table>" in s._repr_html_()
    g = scaling.fit(sizes=[1, 2, 4, 8], seconds=[1, 2, 4, 8])
    assert "<svg" in g._repr_html_()
    assert "<svg" in scaling.cost(s, instances="m7i.*")._repr_html_()
    assert "speed-up" in str(s)


def test_noise_is_quiet_or_says_why() -> None:
    watch = _core.noise()
    time.sleep(0.3)
    verdict, load, steal, others = watch.verdict(0.5)
    assert verdict.startswith("not certain: ")
    assert "repeats differ by 50 %" in verdict
    if sys.platform == "linux":
        assert load is not None
        assert steal is not None
        assert others is not None


def test_our_own_work_is_no_noise() -> None:
    watch = _core.noise()
    alone = watch.verdict(None)[3]
    end = time.perf_counter() + 0.6
    while time.perf_counter() < end:
        pass
    others = watch.verdict(None)[3]
    assert alone is None
    if sys.platform == "linux":
        cores = mc.machine(bandwidth=False).logical_cores
        assert others is not None
        # A busy machine has others on all cores but ours; alone we count for nothing.
        assert 0 <= others <= cores - 0.3


MODULE = """
import time

def work():
    time.sleep(0.005)

def grow(n):
    return sum(range(n))

number = 3
"""


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    (tmp_path / "laboratory_subject.py").write_text(MODULE)
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    return "laboratory_subject"


def test_the_command_measures_cores(module: str, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["scaling", f"{module}:work", "--cores", "1,2,3", "--budget", "0.2"]
    command += ["--predict", "8", "--instances", "t3.*", "--html", "report.html"]
    assert cli.main(command) == 0
    out = capsys.readouterr().out
    assert "on 8 cores" in out
    assert "is the cheapest" in out
    assert "noise: " in out
    page = Path("report.html").read_text()
    assert page.count("<svg") == 2
    assert "http://" not in page.replace("http://www.w3.org", "")


def test_the_command_measures_sizes(module: str, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["scaling", f"{module}:grow", "--sizes", "1e3,2e3,4e3,8e3", "--budget", "0.5"]
    assert cli.main([*command, "--predict", "3.2e4", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["predictions"][0]["seconds"] > 0
    assert set(document["sizes"]) == {1000, 2000, 4000, 8000}


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["nonsense"], "MODULE:FUNCTION"),
        (["no_such_module_here:f"], "can't be imported"),
        (["laboratory_subject:none"], "has no function"),
        (["laboratory_subject:number"], "not a function"),
        (["laboratory_subject:work", "--cores", "one"], "takes numbers"),
        (["laboratory_subject:work", "--cores", "1.5"], "whole numbers"),
        (["laboratory_subject:grow", "--sizes", "1,2"], "at least 4 sizes"),
        (["laboratory_subject:grow", "--sizes", "1,2,3,4", "--instances", "*"], "needs --cores"),
    ],
)
def test_the_command_says_what_is_wrong(
    module: str, words: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert module == "laboratory_subject"
    assert cli.main(["scaling", *words]) == 1
    assert message in capsys.readouterr().err
