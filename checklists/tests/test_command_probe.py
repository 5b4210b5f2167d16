import hashlib
import os
import signal
import sys
import time
from pathlib import Path

import pytest

from checklists.probes.command import MAX_OUTPUT
from checklists.processes import Processes
from checklists.tests.support import answer, ask, make_executor, make_item, make_target, no_answer
from harness.errors import CouldNotDecideError
from harness.evidence import Status

ROOT = Path(__file__).parents[2]


def python(code: str) -> str:
    """`run:` of a Python program, as YAML."""
    indented = "".join(f"    {line}\n" for line in code.strip().splitlines())
    return f"run:\n  - python\n  - -c\n  - |\n{indented}"


def test_exit_code_and_outputs_become_facts(tmp_path: Path) -> None:
    found = answer(
        tmp_path,
        make_target(tmp_path),
        python("import sys; print('out'); print('err', file=sys.stderr); sys.exit(3)") + "expect: exit = 3",
    )
    words = found.facts.words
    assert (words["exit"], words["stdout"], words["stderr"]) == ((3,), ("out",), ("err",))
    assert b"--- stderr ---" in found.output


def test_a_command_starts_in_the_checklists_folder_with_its_environment(tmp_path: Path) -> None:
    found = answer(
        tmp_path,
        make_target(tmp_path, database_url="postgresql://user@127.0.0.1/db"),
        python("import os; print(os.getcwd(), os.environ['DATABASE'])")
        + 'environment: {DATABASE: "${database_url}"}\nexpect: exit = 0',
    )
    assert found.facts.words["stdout"] == (f"{tmp_path} postgresql://user@127.0.0.1/db",)


def test_arguments_are_passed_as_they_are(tmp_path: Path) -> None:
    (tmp_path / "show").write_text(f"#!{sys.executable}\nimport sys\nprint(sys.argv[1:])\n")
    (tmp_path / "show").chmod(0o755)
    found = answer(
        tmp_path,
        make_target(tmp_path),
        'run: [./show, "a b", "$HOME", "*", "; echo x"]\nexpect: exit = 0',
    )
    assert found.facts.words["stdout"] == ("['a b', '$HOME', '*', '; echo x']",)


def test_a_command_that_is_not_there_could_not_be_judged(tmp_path: Path) -> None:
    found = no_answer(tmp_path, make_target(tmp_path), "run: [no-such-program, -x]\nexpect: exit = 0")
    assert found.status is Status.ERROR
    assert found.reason == "no-such-program is not on PATH"
    assert found.settle == "install no-such-program"


def test_what_the_command_reads_must_be_there(tmp_path: Path) -> None:
    keys = "reads: rules.yml\nrun: [python, -c, pass]\nexpect: exit = 0"
    found = no_answer(tmp_path, make_target(tmp_path), keys)
    assert found.reason == "there is no rules.yml to judge"
    (tmp_path / "rules.yml").touch()
    assert answer(tmp_path, make_target(tmp_path), keys).facts.words["exit"] == (0,)


def test_a_command_that_hangs_is_ended_with_all_its_children(tmp_path: Path) -> None:
    code = """
import os, subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
open("pids", "w").write(f"{os.getpid()} {child.pid}")
time.sleep(600)
"""
    with pytest.raises(CouldNotDecideError, match="did not end within 2 s"):
        ask(tmp_path, make_target(tmp_path), python(code) + "expect: exit = 0\ntimeout: 2s")
    for pid in (tmp_path / "pids").read_text().split():
        assert _gone(int(pid))


def test_a_command_is_asked_to_end_and_its_exit_code_counts(tmp_path: Path) -> None:
    keys = """
run: [sh, -c, "trap 'exit 7' TERM; while :; do sleep 0.05; done"]
terminate_after: 1500ms
expect: exit = 7
"""
    assert answer(tmp_path, make_target(tmp_path), keys).facts.words["exit"] == (7,)


def test_a_command_that_ends_by_itself_was_not_asked_to(tmp_path: Path) -> None:
    keys = python("pass") + "terminate_after: 5s\nexpect: exit = 0"
    with pytest.raises(CouldNotDecideError, match="ended by itself"):
        ask(tmp_path, make_target(tmp_path), keys)


STARTS = """
import signal, sys, time
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
print('ready', flush=True)
time.sleep(60)
"""


def test_it_is_asked_to_end_once_it_has_said_that_it_is_up(tmp_path: Path) -> None:
    (tmp_path / "starts.py").write_text(STARTS, encoding="utf-8")
    keys = "run: [python, starts.py]\nterminate_when: ready\nexpect: [exit = 0, ends_in < 30s]"
    assert make_executor(tmp_path, make_target(tmp_path))(make_item(tmp_path, keys)).status is Status.PASS


def test_what_never_says_that_it_is_up_was_not_judged(tmp_path: Path) -> None:
    (tmp_path / "starts.py").write_text("import time; time.sleep(60)", encoding="utf-8")
    keys = "run: [python, starts.py]\nterminate_when: ready\nterminate_after: 200ms\nexpect: exit = 0"
    outcome = make_executor(tmp_path, make_target(tmp_path))(make_item(tmp_path, keys))
    assert outcome.status is Status.ERROR
    assert "did not print 'ready'" in outcome.message


def test_more_output_than_a_pipe_holds_does_not_block(tmp_path: Path) -> None:
    keys = python("print('x' * 5_000_000)") + "expect: exit = 0"
    assert len(answer(tmp_path, make_target(tmp_path), keys).output) == 5_000_001


def test_what_is_longer_than_is_kept_is_digested_whole_and_not_judged(tmp_path: Path) -> None:
    size = MAX_OUTPUT + 5_000_000
    keys = python(f"import sys; sys.stdout.write('x' * {size}); sys.stderr.write('odd')") + "expect: exit = 0"
    found = answer(tmp_path, make_target(tmp_path), keys)
    assert found.cut
    assert found.details["stdout"] == {"bytes": size, "sha256": hashlib.sha256(b"x" * size).hexdigest()}
    assert found.details["stderr"] == {"bytes": 3, "sha256": hashlib.sha256(b"odd").hexdigest()}
    assert found.facts.words["stderr"] == ("odd",)
    assert "stdout" not in found.facts.words


def test_a_secret_of_the_profile_can_be_passed_and_is_told_as_a_command_line(tmp_path: Path) -> None:
    target = make_target(tmp_path, database_url="postgresql://user:hunter2@127.0.0.1/db")
    item = make_item(tmp_path, 'run: [echo, "${database_url}"]\nexpect: exit = 0')
    assert target.redact(item.probe.asked(target)) == "echo postgresql://user:***@127.0.0.1/db"


def test_an_interrupted_check_ends_what_it_started(tmp_path: Path) -> None:
    processes = Processes()
    argv = [sys.executable, "-c", "import time; time.sleep(600)"]
    with processes.start(argv, folder=tmp_path, environment=dict(os.environ)) as process:
        processes.end_all()
        assert process.wait(timeout=5) == -signal.SIGKILL


def test_a_command_dies_with_the_check_however_it_dies(tmp_path: Path) -> None:
    """The check is killed once its command runs: the command, in a session of its own, has to be gone."""
    child = (
        "import os, time; open('pid.new', 'w').write(str(os.getpid())); os.rename('pid.new', 'pid');"
        " time.sleep(600)"
    )
    code = f"""
import os, sys, time
from pathlib import Path
from checklists.probes.command import MAX_OUTPUT
from checklists.processes import Processes
argv = [sys.executable, "-c", {child!r}]
with Processes().start(argv, folder=Path({str(tmp_path)!r}), environment=dict(os.environ)) as process:
    while not Path("pid").exists():
        time.sleep(0.01)
    os.kill(os.getpid(), 9)
"""
    keys = python(code) + f'environment: {{PYTHONPATH: "{ROOT}"}}\nexpect: exit = -9'
    outcome = make_executor(tmp_path, make_target(tmp_path))(make_item(tmp_path, keys))
    assert outcome.status is Status.PASS, outcome.message
    assert _gone(int((tmp_path / "pid").read_text()))


def _gone(pid: int) -> bool:
    """Whether the process ends within a few seconds; a zombie is gone."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            state = Path(f"/proc/{pid}/stat").read_text("latin-1").rpartition(")")[2].split()[0]
        except (OSError, IndexError):
            return True
        if state == "Z":
            return True
        time.sleep(0.02)
    return False
