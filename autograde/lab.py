"""Run JupyterLab on a learner's copy of the released chapters, or on the course directory."""

import importlib.util
import json
import os
import shutil
import signal
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

from autograde.errors import CourseError
from autograde.files import replace_files
from autograde.settings.course_folder import CourseFolder
from autograde.welcome.page import GLOSSARY, PAGE, keep_fresh, plans, write_page

FOR_INSTRUCTORS = ("formgrader", "create-assignment", "course-list")
"""nbgrader's extensions for instructors; in a learner's folder they would only fail."""

LABEXTENSION = Path(__file__).with_name("labextension")
"""The course's JupyterLab extension: locked cells, progress, the welcome page."""

LOCALES = {"zh": "zh_CN"}
"""Language → JupyterLab's locale, where they differ; we depend on the language pack."""

SERVER_EXTENSIONS = {
    "nbgrader.server_extensions.formgrader": False,
    "nbgrader.server_extensions.course_list": False,
    "nbgrader.server_extensions.validate_assignment": False,
    "autograde.nbgrader_ext.validate_button": True,  # replaces it: faster, with the tests' own messages
}
"""Server extensions on or off for a learner, where nbgrader is installed."""


def open_lab(course: CourseFolder, lang: str, browser: bool = True, instructor: bool = False) -> None:
    """Run JupyterLab in this process until it is stopped; Ctrl-C stops it without asking.

    A learner gets the welcome page of ``work/LANG``. An instructor gets the course directory, where
    nbgrader's formgrader works, and a first page with the state of each chapter. If the port is
    busy, Jupyter takes the next one. The browser opens already signed in; Jupyter's token stays on,
    since every user of a machine can reach its loopback address.

    Raises:
        CourseError: there is no release in that language, or the instructor's tools are not
            installed.
    """
    if instructor and importlib.util.find_spec("nbgrader") is None:
        raise CourseError('the formgrader needs the instructor\'s install: pip install ".[instructor]"')
    folder = course.root if instructor else copy_chapters(course, lang)
    settings = write_settings(course, lang, instructor)
    os.environ["JUPYTER_CONFIG_PATH"] = os.pathsep.join(
        [str(settings), *filter(None, [os.environ.get("JUPYTER_CONFIG_PATH")])]
    )
    os.chdir(folder)  # nbgrader reads its settings from the server's working directory
    stopped = threading.Event()
    if not instructor:
        write_page(course, folder, lang)
        threading.Thread(target=keep_fresh, args=(course, folder, lang, stopped), daemon=True).start()
    from jupyterlab.labapp import LabApp

    if sys.stdin is None or not sys.stdin.isatty():
        # Jupyter handles Ctrl-C only at a terminal; otherwise it would leave its kernels running
        signal.signal(signal.SIGINT, lambda number, frame: signal.raise_signal(signal.SIGTERM))
    try:
        LabApp.launch_instance(_arguments(folder, browser, instructor, lang))
    finally:
        stopped.set()


def system_language(environment: Mapping[str, str], languages: Sequence[str]) -> str:
    """Return the course language that the POSIX locale variables ask for, else the first of ``languages``."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        value = environment.get(name)
        if value:
            return next((lang for lang in languages if value.lower().startswith(lang)), languages[0])
    return languages[0]


def _arguments(folder: Path, browser: bool, instructor: bool, lang: str) -> list[str]:
    from jupyter_client.manager import KernelManager

    page = f"/course/{lang}" if instructor else f"/lab/tree/{PAGE}"
    arguments = [f"--ServerApp.root_dir={folder}", f"--LabApp.default_url={page}", "--ServerApp.answer_yes=True"]
    arguments += [
        "--log-level=ERROR",
        "--LabApp.log_level=ERROR",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    ]
    if hasattr(KernelManager, "transport_encryption"):
        # since jupyter_client 8.9 kernels warn without it
        arguments += ["--KernelManager.transport_encryption=auto"]
    arguments += [] if instructor else [f"--LabApp.extra_labextensions_path={LABEXTENSION}"]
    arguments += [] if browser else ["--no-browser"]
    arguments += ["--allow-root"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []  # containers, CI
    return arguments


def write_settings(course: CourseFolder, lang: str, instructor: bool = False) -> Path:
    """Write Jupyter's settings for this course to ``work/.jupyter/…``; return that folder.

    The user's own settings override these: those made in JupyterLab, and those in the
    ``nbgrader_config.py`` of the working directory.
    """
    folder = course.root / "work" / ".jupyter" / ("instructor" if instructor else lang)
    defaults = {
        "@jupyterlab/docmanager-extension:plugin": {"defaultViewers": {"markdown": "Markdown Preview"}},
        "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False},
        "@jupyterlab/translation-extension:plugin": {"locale": LOCALES.get(lang, lang)},
    }
    hidden = {} if instructor else {f"@jupyter/nbgrader:{name}": True for name in FOR_INSTRUCTORS}
    # a string: of an object Jupyter would pass on only the keys
    page_data = json.dumps({"lang": lang, "chapters": _chapters(course, lang)}, ensure_ascii=False)
    page_config = {"disabledExtensions": hidden, "course": page_data}
    files = {
        folder / "labconfig" / "default_setting_overrides.json": json.dumps(defaults, indent=1),
        folder / "labconfig" / "page_config.json": json.dumps(page_config, indent=1),
    }
    if instructor:
        files[folder / "jupyter_server_config.json"] = json.dumps(
            {"ServerApp": {"jpserver_extensions": {"autograde.home.server": True}}}, indent=1
        )
    else:
        has_nbgrader = importlib.util.find_spec("nbgrader") is not None
        server = {
            "jpserver_extensions": SERVER_EXTENSIONS if has_nbgrader else {},
            "tornado_settings": {"course_language": lang},
        }
        files[folder / "jupyter_server_config.json"] = json.dumps({"ServerApp": server}, indent=1)
        files[folder / "nbgrader_config.py"] = _exchange(course, lang)
    replace_files({path: text.encode() for path, text in files.items()})
    return folder


def _chapters(course: CourseFolder, lang: str) -> dict[str, dict[str, str]]:
    """For each chapter, what the extension shows: the share of points needed to pass and the due date."""
    by_chapter, _ = plans(course, lang)
    return {name: {"pass": str(plan.share or ""), "due": plan.due} for name, plan in by_chapter.items()}


def _exchange(course: CourseFolder, lang: str) -> str:
    """A learner's nbgrader settings: the course id, and the exchange if the course directory has one."""
    lines = ["c = get_config()", f"c.CourseDirectory.course_id = {course.exchange_id(lang)!r}"]
    lines += ['c.KernelManager.transport_encryption = "auto"  # since jupyter_client 8.9 kernels warn without it']
    if (course.root / "exchange").is_dir():
        lines += [f"c.Exchange.root = {str(course.root / 'exchange')!r}"]
    return "\n".join(lines) + "\n"


def copy_chapters(course: CourseFolder, lang: str) -> Path:
    """Copy to ``work/LANG`` the released chapters that it lacks; return that folder.

    Raises:
        CourseError: there is no release in that language.
    """
    release = course.root / "release" / lang
    chapters = sorted(release.glob("*/*.ipynb"))
    if not chapters:
        raise CourseError(f"no released chapter in {release}; run `course build`")
    target = course.root / "work" / lang
    for chapter in chapters:
        copy = target / chapter.relative_to(release)
        if not copy.exists():
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(chapter, copy)
    if (release / GLOSSARY).is_file():  # nobody writes into it, so it is always the newest
        target.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(release / GLOSSARY, target / GLOSSARY)
    return target
