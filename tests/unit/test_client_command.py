"""How a client is started: its command, its environment, its job, its port; and what its last line says."""

from __future__ import annotations

import os
import re
import socket
import sys
from typing import TYPE_CHECKING

import pytest

from screenplay_contracts.client import ports
from screenplay_contracts.client.command import BadVariable, NoSuchCommand, Told, absolute, environment, passed_on
from screenplay_contracts.client.folders import Folders
from screenplay_contracts.client.job import Job, of_client, submission
from screenplay_contracts.client.moment import Moment
from screenplay_contracts.client.observation import Report
from screenplay_contracts.client.reporting import report

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def here(tmp_path: Path) -> Path:
    (tmp_path / "src").mkdir()
    (tmp_path / "test").mkdir()
    (tmp_path / "src" / "client.py").touch()
    (tmp_path / "main.js").touch()
    (tmp_path / "run.sh").touch(0o755)
    return tmp_path


def test_files_of_a_command_get_their_whole_names_and_words_stay(here: Path) -> None:
    python = "python3" if sys.platform != "win32" else "python"
    program, *rest = absolute(
        (python, "src/client.py", "main.js", "./src", "test", "-m", "x", ""), here, os.environ["PATH"]
    )
    assert os.path.isabs(program)  # noqa: PTH117
    assert rest == [f"{here}/src/client.py", f"{here}/main.js", f"{here}/src", "test", "-m", "x", ""]


def test_a_program_in_a_folder_is_found_from_where_the_command_was_given(here: Path) -> None:
    assert absolute(("./run.sh",), here, "/nowhere") == (f"{here}/run.sh",)


def test_a_link_to_a_program_stays_one(here: Path) -> None:
    (here / "python").symlink_to(sys.executable)  # as in a virtual environment, which is known by it
    assert absolute(("./python",), here, "") == (f"{here}/python",)


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("nosuchprogram", "there is no program 'nosuchprogram' in PATH"),
        ("./nosuchprogram", "there is no program './nosuchprogram' in "),
        ("src/client.py", "'src/client.py' is there, but may not be executed: `chmod +x src/client.py`"),
        ("./test", "'./test' is a folder"),
        ("run.sh", "there is no program 'run.sh' in PATH; the one in this folder is called './run.sh'"),
    ],
)
def test_what_cannot_be_run_is_no_command_and_the_way_out_is_told(here: Path, name: str, why: str) -> None:
    with pytest.raises(NoSuchCommand, match=re.escape(why)):
        absolute((name,), here, os.environ["PATH"])


ARGUMENTS = [
    ("-cp src Main", "-cp {0}/src Main"),
    ("-cp a.jar:src:lib/* Main", "-cp {0}/a.jar:{0}/src:{0}/lib/* Main"),
    ("-cp lib/*", "-cp {0}/lib/*"),
    ("a.jar:nowhere", "{0}/a.jar:nowhere"),
    ("src:nowhere", "src:nowhere"),
    ("--config=main.js DATA=./src --mode=test", "--config={0}/main.js DATA={0}/src --mode=test"),
    ("run test", "run test"),
    ("-m src", "-m src"),
    (". -C src/..", "{0} -C {0}"),
    ("http://127.0.0.1:80/ file:///tmp src:8000", "http://127.0.0.1:80/ file:///tmp src:8000"),
]


@pytest.mark.skipif(os.pathsep != ":", reason="lists are written otherwise")
@pytest.mark.parametrize(("given", "wanted"), ARGUMENTS)
def test_an_argument_is_a_path_where_it_can_hardly_be_anything_else(here: Path, given: str, wanted: str) -> None:
    (here / "lib").mkdir()
    (here / "a.jar").touch()
    assert absolute(("./run.sh", *given.split()), here, "")[1:] == tuple(wanted.format(here).split())


def test_an_argument_that_can_be_no_file_stays(here: Path) -> None:
    assert absolute(("./run.sh", "a\0b", "x" * 5_000), here, "")[1:] == ("a\0b", "x" * 5_000)


def test_the_environment_is_what_the_contract_names_and_nothing_else(tmp_path: Path) -> None:
    folders, told = Folders(tmp_path), Told("http://x/v2", "sk\n", "submit/ok")
    given = environment(told, folders, tmp_path / "job.json", "/bin")
    assert given == {
        "PATH": "/bin",
        "LANG": "C.UTF-8",
        "TZ": "UTC",
        "HOME": str(folders.home),
        "TMPDIR": str(folders.tmp),
        "SCREENPLAY_BASE_URL": "http://x/v2",
        "SCREENPLAY_API_KEY": "sk\n",
        "SCREENPLAY_CASE": "submit/ok",
        "SCREENPLAY_JOB": str(tmp_path / "job.json"),
        "SCREENPLAY_OUT": str(folders.out),
    }


def test_a_user_can_pass_variables_on_and_set_others() -> None:
    found = passed_on(("JAVA_HOME", "MODE=a=b", "EMPTY="), {"JAVA_HOME": "/opt/java", "SECRET": "x"})
    assert found == {"JAVA_HOME": "/opt/java", "MODE": "a=b", "EMPTY": ""}


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("NOWHERE", "NOWHERE is not set here, so it cannot be passed on; NOWHERE=VALUE sets it"),
        ("=x", "'=x' is neither NAME nor NAME=VALUE"),
        ("SCREENPLAY_API_KEY=x", "SCREENPLAY_API_KEY is not yours to set"),
        ("HOME", "HOME is not yours to set"),
        ("https_proxy=x", "https_proxy is not yours to set"),
    ],
)
def test_a_variable_that_cannot_be_passed_on_is_refused(text: str, why: str) -> None:
    with pytest.raises(BadVariable, match=re.escape(why)):
        passed_on((text,), {"HOME": "/root"})


def test_nobody_can_set_what_the_environment_tells(tmp_path: Path) -> None:
    told = Told("https://x/v2", "sk", "tls/ok", "127.0.0.1:20000", tmp_path / "ca.pem")
    for name in environment(told, Folders(tmp_path), tmp_path / "job.json", "/bin"):
        with pytest.raises(BadVariable):
            passed_on((f"{name}=x",), {})


def test_what_is_passed_on_stands_beside_ours_and_never_instead(tmp_path: Path) -> None:
    told, job = Told("http://x/v2", "sk", "submit/ok"), tmp_path / "job.json"
    given = environment(told, Folders(tmp_path), job, "/bin", {"JAVA_HOME": "/opt/java", "PATH": "/elsewhere"})
    assert (given["JAVA_HOME"], given["PATH"]) == ("/opt/java", "/bin")


def test_a_receiver_and_an_authority_are_told_where_there_are_any(tmp_path: Path) -> None:
    told = Told("https://x/v2", "sk", "tls/ok", "127.0.0.1:20000", tmp_path / "ca.pem")
    given = environment(told, Folders(tmp_path), tmp_path / "job.json", "/bin")
    assert given["SCREENPLAY_WEBHOOK_LISTEN"] == "127.0.0.1:20000"
    names = {name for name, value in given.items() if value == str(tmp_path / "ca.pem")}
    assert names == {"SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS", "REQUESTS_CA_BUNDLE", "SCREENPLAY_CA_FILE"}


def test_each_of_several_clients_has_episodes_of_its_own() -> None:
    job = Job(submission(2))
    assert of_client(job, 0) is job
    assert of_client(job, 3).submit["episodes"] == {"1": "re_000001c3", "2": "re_000002c3"}


def test_a_port_is_given_once_and_is_free() -> None:
    numbers = [ports.free_port() for _ in range(20)]
    assert len(set(numbers)) == 20
    assert not any(map(ports.is_taken, numbers))
    with socket.create_server((ports.HOST, numbers[0])):
        assert ports.is_taken(numbers[0])


@pytest.mark.parametrize(
    ("after", "moment"),
    [
        ("submitTask", Moment("submitTask", 1, of_bytes=False)),
        ("getTask:2", Moment("getTask", 2, of_bytes=False)),
        ("downloadTask:200", Moment("downloadTask", 200, of_bytes=True)),
        ("downloadTask", Moment("downloadTask", 1, of_bytes=False)),
    ],
)
def test_a_moment_is_read(after: str, moment: Moment) -> None:
    assert Moment.read(after) == moment


COMPLETED = b'{"outcome": "completed", "task_id": "t1", "error_code": null, "error_message": null}'


@pytest.mark.parametrize("stdout", [COMPLETED, b"log\n" + COMPLETED + b"\n", COMPLETED + b"\r\n \n"])
def test_the_last_line_is_the_report(stdout: bytes) -> None:
    assert report(stdout) == Report("completed", "t1", None, None)


def test_members_that_are_no_text_and_unknown_ones_do_no_harm() -> None:
    assert report(b'{"outcome": "failed", "error_code": 17, "x": []}') == Report("failed", None, "17", None)


@pytest.mark.parametrize(
    "stdout", [b"", b"done\n", COMPLETED + b"\nbye", b"[1]", b'{"task_id": "t"}', b"\xff{}", b"[" * 10**5]
)
def test_anything_else_is_no_report(stdout: bytes) -> None:
    assert report(stdout) is None
