"""JupyterLab on a learner's own copy of the released chapters, or on the course directory for an instructor."""

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
from autograde.welcome import PAGE, keep_fresh, plans, write_page

FOR_INSTRUCTORS = ("formgrader", "create-assignment", "course-list")
"""What nbgrader adds to JupyterLab for instructors; in a learner's folder it could only fail."""

LABEXTENSION = Path(__file__).with_name("labextension")
"""The course's own extension to JupyterLab: locked cells, progress, the welcome page."""

LOCALES = {"zh": "zh_CN"}
"""What JupyterLab calls a language, where it is not what the course calls it; the language pack is among our packages."""

SERVER_EXTENSIONS = {
    "nbgrader.server_extensions.formgrader": False,
    "nbgrader.server_extensions.course_list": False,
    "nbgrader.server_extensions.validate_assignment": False,
    "autograde.nbgrader_ext.validate_button": True,  # answers the same button in the words of the tests, and sooner
}
"""Of nbgrader's extensions to the server, what a learner's has; where nbgrader is installed."""


def open_lab(course: CourseFolder, lang: str, browser: bool = True, instructor: bool = False) -> None:
    """Run JupyterLab, in this process, until it is stopped; Ctrl-C stops it without a question.

    A learner gets the welcome page of ``work/LANG``. An instructor gets the course directory, where nbgrader's
    formgrader works, and a first page that says where each chapter stands. A busy port makes Jupyter take the next
    one. The browser is opened already signed in; Jupyter's token stays in force, since on a machine with several users
    anybody can reach the loopback address.

    Raises:
        CourseError: there is no release in that language, or an instructor's tools are not installed.
    """
    if instructor and importlib.util.find_spec("nbgrader") is None:
        raise CourseError('the formgrader needs the instructor\'s install: pip install ".[instructor]"')
    folder = course.root if instructor else copy_chapters(course, lang)
    settings = write_settings(course, lang, instructor)
    os.environ["JUPYTER_CONFIG_PATH"] = os.pathsep.join(
        [str(settings), *filter(None, [os.environ.get("JUPYTER_CONFIG_PATH")])]
    )
    os.chdir(folder)  # nbgrader reads the settings of the folder that the server starts in
    stopped = threading.Event()
    if not instructor:
        write_page(course, folder, lang)
        threading.Thread(target=keep_fresh, args=(course, folder, lang, stopped), daemon=True).start()
    from jupyterlab.labapp import LabApp

    if sys.stdin is None or not sys.stdin.isatty():
        # Jupyter minds Ctrl-C only at a terminal; elsewhere it would leave its kernels behind
        signal.signal(signal.SIGINT, lambda number, frame: signal.raise_signal(signal.SIGTERM))
    try:
        LabApp.launch_instance(_words(folder, browser, instructor, lang))
    finally:
        stopped.set()


def system_language(environment: Mapping[str, str], languages: Sequence[str]) -> str:
    """Return which of the course's ``languages`` the person's system speaks, by POSIX's variables; else the first."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        value = environment.get(name)
        if value:
            return next((lang for lang in languages if value.lower().startswith(lang)), languages[0])
    return languages[0]


def _words(folder: Path, browser: bool, instructor: bool, lang: str) -> list[str]:
    from jupyter_client import KernelManager

    page = f"/course/{lang}" if instructor else f"/lab/tree/{PAGE}"
    words = [f"--ServerApp.root_dir={folder}", f"--LabApp.default_url={page}", "--ServerApp.answer_yes=True"]
    words += [
        "--log-level=ERROR",
        "--LabApp.log_level=ERROR",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    ]
    if hasattr(KernelManager, "transport_encryption"):
        words += ["--KernelManager.transport_encryption=auto"]  # jupyter_client 8.9 and later; kernels warn without it
    words += [] if instructor else [f"--LabApp.extra_labextensions_path={LABEXTENSION}"]
    words += [] if browser else ["--no-browser"]
    words += ["--allow-root"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []  # containers, CI
    return words


def write_settings(course: CourseFolder, lang: str, instructor: bool = False) -> Path:
    """Write what Jupyter needs to know for this course to ``work/.jupyter/…``; return that folder.

    Jupyter reads this folder before the person's own; what a learner sets in JupyterLab, or in a ``nbgrader_config.py``
    of the folder where they work, has the last word.
    """
    folder = course.root / "work" / ".jupyter" / ("instructor" if instructor else lang)
    defaults = {
        "@jupyterlab/docmanager-extension:plugin": {"defaultViewers": {"markdown": "Markdown Preview"}},
        "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False},
        "@jupyterlab/translation-extension:plugin": {"locale": LOCALES.get(lang, lang)},
    }
    hidden = {} if instructor else {f"@jupyter/nbgrader:{name}": True for name in FOR_INSTRUCTORS}
    # a text: of a table Jupyter would pass on the keys alone
    ours = json.dumps({"lang": lang, "chapters": _chapters(course, lang)}, ensure_ascii=False)
    shown = {"disabledExtensions": hidden, "course": ours}
    files = {
        folder / "labconfig" / "default_setting_overrides.json": json.dumps(defaults, indent=1),
        folder / "labconfig" / "page_config.json": json.dumps(shown, indent=1),
    }
    if instructor:
        files[folder / "jupyter_server_config.json"] = json.dumps(
            {"ServerApp": {"jpserver_extensions": {"autograde.home.server": True}}}, indent=1
        )
    else:
        found = importlib.util.find_spec("nbgrader") is not None
        server = {
            "jpserver_extensions": SERVER_EXTENSIONS if found else {},
            "tornado_settings": {"course_language": lang},
        }
        files[folder / "jupyter_server_config.json"] = json.dumps({"ServerApp": server}, indent=1)
        files[folder / "nbgrader_config.py"] = _exchange(course, lang)
    replace_files({path: text.encode() for path, text in files.items()})
    return folder


def _chapters(course: CourseFolder, lang: str) -> dict[str, dict[str, str]]:
    """What a chapter's notebook says of its points: the share needed to pass and the due date."""
    found, _ = plans(course, lang)
    return {name: {"pass": str(plan.share or ""), "due": plan.due} for name, plan in found.items()}


def _exchange(course: CourseFolder, lang: str) -> str:
    """A learner's settings for nbgrader: which course, and this machine's exchange where the course directory has one."""
    lines = ["c = get_config()", f"c.CourseDirectory.course_id = {course.exchange_id(lang)!r}"]
    lines += ['c.KernelManager.transport_encryption = "auto"  # kernels of jupyter_client 8.9 warn without it']
    if (course.root / "exchange").is_dir():
        lines += [f"c.Exchange.root = {str(course.root / 'exchange')!r}"]
    return "\n".join(lines) + "\n"


def copy_chapters(course: CourseFolder, lang: str) -> Path:
    """Copy the released chapters that are not yet in ``work/LANG`` there; return that folder.

    Raises:
        CourseError: there is no release in that language.
    """
    release = course.root / "release" / lang
    chapters = sorted(release.glob("*/*.ipynb"))
    if not chapters:
        raise CourseError(f"no released chapter in {release}; run `course build`")
    target = course.root / "work" / lang
    for chapter in chapters:
        mine = target / chapter.relative_to(release)
        if not mine.exists():
            mine.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(chapter, mine)
    return target
