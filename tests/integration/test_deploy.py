"""What deploy/ has works: nginx in front of the service, the unit, the image, the composition."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml

from scripts.ensure_nginx import MISSING, find_nginx
from tests.browser.service import ROOT, Service, free_port, running
from tests.integration.wire import Browser, ask

DEPLOY = ROOT / "deploy"
NGINX = find_nginx()
CRISIS = b"988"
SITE = ("upstream.conf", "site.conf")
needs_nginx = pytest.mark.skipif(not NGINX, reason=MISSING)


def dockerfile(instruction: str) -> list[str]:
    """Return what follows an instruction of the Dockerfile, each time it is there."""
    text = (DEPLOY / "Dockerfile").read_text().replace("\\\n", " ")
    lines = (line.partition(" ") for line in text.splitlines())
    return [" ".join(rest.split()) for word, _, rest in lines if word == instruction]


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the files that the Dockerfile copies, and no others."""
    folder = tmp_path_factory.mktemp("image")
    for line in dockerfile("COPY"):
        source, target = line.split()
        if (ROOT / source).is_dir():
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(ROOT / source, folder / target, ignore=ignored)
        else:
            (folder / target).mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / source, folder / target)
    return folder


@pytest.fixture(scope="module")
def service(image: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """The service as the image runs it, from its own files only."""
    log = tmp_path_factory.mktemp("service") / "log.txt"
    with running(log, folder=image, settings={"PYTHONDONTWRITEBYTECODE": "1"}) as started:
        yield started


def port_of(service: Service) -> str:
    return str(urlsplit(service.url).port)


def configured(folder: Path, services: list[str], names: tuple[str, ...], port: int) -> Path:
    """Write the files of deploy/nginx as they are, but for ports and folders of this machine."""
    (folder / "clinics-proxy.conf").write_text((DEPLOY / "nginx" / "proxy.conf").read_text())
    text = "".join((DEPLOY / "nginx" / name).read_text() for name in names)
    for place, here in zip(
        ("127.0.0.1:8501", "app1:8501", "app2:8501"), services * 3, strict=False
    ):
        text = text.replace(f"server {place};", f"server 127.0.0.1:{here};")
    assert "listen 80;" in text
    text = text.replace("listen 80;", f"listen 127.0.0.1:{port};")
    text = text.replace("/var/log/nginx", str(folder)).replace("/etc/nginx", str(folder))
    temporary = "".join(
        f"{kind}_temp_path {folder}/{kind};\n"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    user = "user root;\n" if os.geteuid() == 0 else ""
    main = f"{user}daemon off;\npid {folder}/pid;\nworker_processes 1;\nevents {{}}\n"
    path = folder / "nginx.conf"
    path.write_text(f"{main}http {{\naccess_log off;\n{temporary}{text}}}\n")
    return path


@contextmanager
def nginx(folder: Path, services: list[str], names: tuple[str, ...] = SITE) -> Iterator[Service]:
    """Check the configuration, and run nginx with it in front of services on these ports."""
    port, log = free_port(), folder / "nginx.txt"
    config = configured(folder, services, names, port)
    command = [str(NGINX), "-e", str(folder / "first.txt"), "-c", str(config)]
    checked = subprocess.run([*command, "-t"], capture_output=True, text=True)
    assert checked.returncode == 0, checked.stderr

    def start() -> subprocess.Popen[bytes]:
        with log.open("wb") as output:
            return subprocess.Popen(command, stdout=output, stderr=output)

    found = Service(port, log, start)
    try:
        found.wait()
        yield found
    finally:
        found.stop()


@pytest.fixture
def proxy(tmp_path: Path, service: Service) -> Iterator[Service]:
    with nginx(tmp_path, [port_of(service)]) as started:
        yield started


@needs_nginx
def test_pages_and_the_websocket_come_through_nginx(proxy: Service, image: Path) -> None:
    status, body = proxy.get("/plain?near=20912")
    assert (status, CRISIS in body) == (200, True)
    assert proxy.get("/healthz")[0] == 200
    with Browser(proxy, origin=proxy.url).tab() as tab:
        assert tab.received
    assert not list(image.rglob("__pycache__"))


@needs_nginx
def test_whole_addresses_name_the_host_that_was_asked(proxy: Service) -> None:
    assert f'"{proxy.url}/plain'.encode() in proxy.get("/plain")[1]


@needs_nginx
def test_the_log_of_nginx_says_nothing_of_a_visit(proxy: Service, tmp_path: Path) -> None:
    proxy.get("/plain?near=Telltale")
    proxy.get("/near/telltale")
    proxy.get("/_stcore/metrics?telltale")
    time.sleep(0.1)
    written = (tmp_path / "clinics.log").read_text()
    assert " GET 200 " in written
    assert "127.0.0.1" not in written
    for path in tmp_path.glob("*.[lt][ox][gt]"):
        assert "telltale" not in path.read_text().lower(), path


@needs_nginx
def test_what_is_not_for_visitors_or_too_much_is_refused_with_the_crisis_line(
    proxy: Service,
) -> None:
    status, body = proxy.get("/_stcore/metrics")
    assert (status, CRISIS in body) == (404, True)
    refused = ask(proxy, "PUT", "/_stcore/upload_file/a/b", b"x" * 6_300_000)
    assert (refused.status, CRISIS in refused.body) == (413, True)
    answers = [proxy.get("/api/v1/treatments") for _ in range(100)]
    assert answers[0][0] == 200
    busy = [body for status, body in answers if status == 429]
    assert busy
    assert CRISIS in busy[0]


@needs_nginx
def test_while_the_service_is_away_nginx_says_so_with_the_crisis_line(tmp_path: Path) -> None:
    with nginx(tmp_path, [str(free_port())]) as proxy:
        status, body = proxy.get("/plain?near=Telltale")
        assert (status, CRISIS in body) == (503, True)
    assert "Telltale" not in (tmp_path / "clinics-error.log").read_text()


@needs_nginx
def test_of_two_replicas_a_visitor_stays_with_one(tmp_path: Path, service: Service) -> None:
    ports = ["0", port_of(service), port_of(service)]
    with nginx(tmp_path, ports, ("upstream-two.conf", "site.conf")) as proxy:
        assert proxy.get("/plain")[0] == 200
    text = (DEPLOY / "nginx" / "upstream-two.conf").read_text()
    assert "hash $remote_addr consistent;" in text


@needs_nginx
def test_the_service_can_live_under_a_path_of_another_site(tmp_path: Path) -> None:
    site = (DEPLOY / "nginx" / "site.conf").read_text()
    zones = site[: site.index("log_format")]
    other = (DEPLOY / "nginx" / "prefix.conf").read_text()
    config = DEPLOY / "nginx" / "upstream.conf"
    text = f"{zones}server {{ listen 80;\n{other}}}\n"
    made = tmp_path / "made.conf"
    made.write_text(text)
    with (
        running(tmp_path / "service.txt", base="find-clinics") as service,
        nginx(tmp_path, [port_of(service)], (str(config), str(made))) as proxy,
    ):
        for path in ("/find-clinics/plain", "/find-clinics"):
            status, body = proxy.get(path)
            assert (status, CRISIS in body) == (200, True), path


def test_the_health_check_looks_at_the_answer_and_not_at_its_status(service: Service) -> None:
    def check(port: str) -> int:
        command = [sys.executable, str(DEPLOY / "is_healthy.py")]
        environ = os.environ | {"STREAMLIT_SERVER_PORT": port}
        return subprocess.run(command, env=environ, capture_output=True).returncode

    assert check(port_of(service)) == 0
    assert check(str(free_port())) == 1


def test_systemd_accepts_the_unit(tmp_path: Path) -> None:
    if not shutil.which("systemd-analyze"):
        pytest.skip("systemd-analyze comes with systemd, and there is none.")
    unit = tmp_path / "clinics.service"
    (tmp_path / "python").symlink_to(sys.executable)
    text = (DEPLOY / "clinics.service").read_text()
    unit.write_text(text.replace("/opt/clinics/.venv/bin", str(tmp_path)))
    checked = subprocess.run(["systemd-analyze", "verify", unit], capture_output=True, text=True)
    assert (checked.returncode, checked.stderr) == (0, "")


def composition() -> dict[str, Any]:
    found = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    assert isinstance(found, dict)
    return found


def test_image_composition_unit_and_nginx_name_the_same_port_user_and_check() -> None:
    [port], [user] = dockerfile("EXPOSE"), dockerfile("USER")
    [check] = dockerfile("HEALTHCHECK")
    services = composition()["services"]
    for name in ("app1", "app2"):
        app = services[name]
        assert app["expose"] == [port]
        assert app["user"] == user != "0"
        assert app["read_only"] is True
        assert re.findall(r"[\w/.]+", check)[-2:] == app["healthcheck"]["test"][1:]
        assert "STREAMLIT_SERVER_COOKIE_SECRET" in app["environment"]
        assert f"server {name}:{port};" in (DEPLOY / "nginx" / "upstream-two.conf").read_text()
    assert f"STREAMLIT_SERVER_PORT={port}" in dockerfile("ENV")[0]
    assert f"--server.port {port}" in (DEPLOY / "clinics.service").read_text()
    assert f"127.0.0.1:{port};" in (DEPLOY / "nginx" / "upstream.conf").read_text()
    assert services["proxy"]["ports"] == ["80:80"]
    assert not [name for name, one in services.items() if name != "proxy" and "ports" in one]


def test_the_composition_mounts_files_that_there_are() -> None:
    for volume in composition()["services"]["proxy"]["volumes"]:
        assert (DEPLOY / volume.split(":")[0]).is_file(), volume


def test_the_image_is_given_what_it_copies_and_nothing_else() -> None:
    allowed = (DEPLOY / "Dockerfile.dockerignore").read_text().splitlines()
    copied = {line.split()[0] for line in dockerfile("COPY")}
    assert {line[1:] for line in allowed if line.startswith("!")} == copied
    assert "*" in allowed
