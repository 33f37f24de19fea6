"""``course doctor``: can this notebook be handed in?"""

from pathlib import Path
from typing import Annotated

import typer

from autograde.commands import Language, command
from autograde.errors import UsageProblem
from autograde.shown import one_line

_WORDS = {
    "en": {
        "whole": "{name} is whole. Hand it in as it is.",
        "whole_open": "{name} is whole. Not answered yet: {cells}. Answer these first, or hand it in without them.",
        "repaired": "{name} can be graded. This would be repaired:",
        "review": "{name} needs a person to look at it:",
        "unreadable": "{name} cannot be graded:",
        "open": "Not answered yet: {cells}.",
        "saved": "A repaired copy is in {path}.",
        "advice": "Save a repaired copy with --write FILE, look through it and hand that in.",
        "outside": "The kernel {kernel} cannot be confined ({why}); `course grade` refuses it.",
        "again": "Download or copy the notebook (.ipynb) again and check it again.",
    },
    "zh": {
        "whole": "{name} 完好，可以直接提交。",
        "whole_open": "{name} 完好。尚未作答：{cells}。可以先作答，也可以就这样提交。",
        "repaired": "{name} 可以评分。以下内容会被修复：",
        "review": "{name} 需要人工查看：",
        "unreadable": "{name} 无法评分：",
        "open": "尚未作答：{cells}。",
        "saved": "修复后的副本已保存到 {path}。",
        "advice": "用 --write 文件名 保存修复后的副本，检查后提交该副本。",
        "outside": "内核 {kernel} 不是此 Python 的内核，无法隔离；`course grade` 将拒绝使用。",
        "again": "请重新下载或复制 notebook（.ipynb），再检查一次。",
    },
}


@command("course doctor ch02.ipynb", "course doctor ch02.ipynb --write ch02-mended.ipynb")
def doctor(
    notebook: Annotated[
        Path | None, typer.Argument(metavar="NOTEBOOK", help="The file that you want to hand in.")
    ] = None,
    write: Annotated[Path | None, typer.Option(metavar="FILE", help="Save a repaired copy there.")] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Let --write replace a file, NOTEBOOK itself included.")
    ] = False,
    release: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="The notebook as you got it; by default it is looked up in release/."),
    ] = None,
    lang: Annotated[Language, typer.Option(help="Language of the messages.")] = Language.en,
    sandbox: Annotated[
        bool,
        typer.Option(
            "--sandbox",
            help="For instructors: list the sandbox layers that work here, and the kernels that cannot be confined. "
            "Exit 1 if one is missing.",
        ),
    ] = False,
) -> None:
    """Check whether a notebook is whole. Exit 0: it is. Exit 1: a list of what grading would repair, or cannot."""
    from autograde.grading.repair.find import find_releases
    from autograde.grading.repair.repair import repair, unanswered

    if sandbox:
        from autograde.grading.confine import unlike_kernels
        from autograde.grading.sandbox import describe, layers

        working = layers()
        print(describe(working, lang.value))
        outside = unlike_kernels(Path.cwd())
        for kernel, why in outside.items():
            print(_WORDS[lang.value]["outside"].format(kernel=kernel, why=why))
        raise typer.Exit(bool(outside) or any(state != "on" for state in working.values()))
    if notebook is None:
        raise UsageProblem("which notebook? course doctor NOTEBOOK")
    raw = _read(notebook)
    releases = [_read(release)] if release else find_releases(notebook, raw, Path.cwd())
    if write and write.exists() and not force:
        raise UsageProblem(f"{write} already exists; choose another name, or add --force to replace it")
    try:
        repaired = repair(raw, releases)
    except ValueError as error:
        raise UsageProblem(f"{release or 'release/'} holds no released notebook ({error})") from None
    words = _WORDS[lang.value]

    def say(key: str, **parts: object) -> None:
        print(one_line(words[key].format(name=notebook.name, **parts)))

    open_cells = unanswered(repaired, releases) if repaired.readable else ()
    if repaired.whole:
        say("whole_open" if open_cells else "whole", cells=", ".join(open_cells))
    for key, reasons in (
        ("repaired", repaired.repairs),
        ("review" if repaired.readable else "unreadable", repaired.review),
    ):
        if reasons:
            say(key)
        for reason in reasons:
            print(f"  - {getattr(reason, lang.value)}")
    if not repaired.readable:
        say("again")
        raise typer.Exit(1)
    if open_cells and not repaired.whole:
        say("open", cells=", ".join(open_cells))
    if write:
        _save(repaired.notebook, write)
        say("saved", path=write)
    elif not repaired.whole:
        say("advice")
    if not repaired.whole:
        raise typer.Exit(1)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageProblem(f"{path}: {error.strerror}; name a notebook that can be read") from None


def _save(notebook: object, path: Path) -> None:
    import nbformat

    from autograde.files import replace_files

    replace_files({path: (nbformat.writes(notebook) + "\n").encode()})
