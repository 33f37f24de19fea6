"""Support for Colab: install what is missing, find a GPU, and download the notebook to hand in.

Colab has nearly everything that the chapters import, in versions tested together; none of them is
replaced.
"""

import importlib.util
import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from course.language import say
from course.open_notebook import from_colab, on_colab

NEEDED = {
    "ipywidgets": "ipywidgets",
    "keras": "keras>=3",
    "matplotlib": "matplotlib",
    "numpy": "numpy",
    "packaging": "packaging",
    "PIL": "pillow",
    "scipy": "scipy",
    "sklearn": "scikit-learn",
    "tensorflow": "tensorflow",
    "threadpoolctl": "threadpoolctl",
}
"""Module → requirement for pip: what a learner's cells import. Other dependencies are for use on a desktop."""


class SubmitError(ValueError):
    """The notebook cannot be handed in yet; the message says what to do."""


def missing() -> list[str]:
    """Return the requirements that must still be installed for the chapters; on Colab usually none."""
    return [name for module, name in NEEDED.items() if importlib.util.find_spec(module) is None]


def prepare() -> None:
    """Install only what is missing, and say whether there is a GPU. Does nothing outside Colab.

    Raises:
        subprocess.CalledProcessError: pip failed; its output is above.
    """
    if not on_colab():
        return
    names = missing()
    if names:
        subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", *names], check=True)
    print(
        gpu()
        or say(
            en="No GPU: fine for every exercise; chapter 4 trains faster with one (Runtime → Change runtime type).",
            zh="没有 GPU：所有练习都够用；第 4 章用 GPU 训练更快（代码执行程序 → 更改运行时类型）。",
        )
    )


def gpu() -> str | None:
    """Return the name of the GPU, found without loading a framework; None if there is none."""
    tool = shutil.which("nvidia-smi")
    if tool is None:
        return None
    try:
        run = subprocess.run([tool, "-L"], capture_output=True, text=True, timeout=20, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    first = run.stdout.strip().splitlines()[0] if run.returncode == 0 and run.stdout.strip() else ""
    return re.sub(r"\s*\(UUID.*\)", "", first) or None


def notebook() -> dict[str, Any]:
    """Return the JSON of the open Colab notebook, from the browser.

    Raises:
        SubmitError: the browser does not answer.
    """
    content = from_colab(timeout=30)
    if content is None:
        raise SubmitError(
            say(
                en="Colab did not return the notebook: use File → Download → Download .ipynb instead",
                zh="Colab 没有返回笔记本：请改用 文件 → 下载 → 下载 .ipynb",
            )
        )
    return content


def submit(learner: str | None = None) -> str:
    """Download the open notebook under the name that grading accepts, ``LEARNER_ch02.ipynb``; return that name.

    Args:
        learner: the id that your instructor gave you; you are asked for it if it is left out.

    Raises:
        SubmitError: not on Colab, an invalid id, or a notebook that is not a chapter.
    """
    if not on_colab():
        raise SubmitError(
            say(
                en="this is not Colab: hand in through the assignment list, or send your notebook file by hand",
                zh="这里不是 Colab：请通过作业列表提交，或者自己上交笔记本文件",
            )
        )
    content = notebook()
    name = file_name(learner if learner is not None else input(say(en="Your learner id: ", zh="你的学号：")), content)
    from google.colab import files

    path = Path(tempfile.mkdtemp(prefix="submit-")) / name
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    files.download(str(path))
    print(
        say(en="Hand in the file {name} where your instructor says.", zh="请按教师的要求上交文件 {name}。", name=name)
    )
    return name


def file_name(learner: str, content: dict[str, Any]) -> str:
    """Return the file name from which this course's ``nbgrader zip_collect`` reads the learner and the chapter.

    Raises:
        SubmitError: see :func:`submit`.
    """
    learner = learner.strip()
    if not re.fullmatch(r"[^\W_]([^\W_]|[.-])*", learner):
        raise SubmitError(
            say(
                en="{id!r} is not a learner id: letters, digits, '.' and '-', no '_'; write submit(\"your-id\")",
                zh='{id!r} 不是学号：只能有字母、数字、“.”和“-”，不能有“_”；请写 submit("你的学号")',
                id=learner,
            )
        )
    return f"{learner}_{assignment(content)}.ipynb"


def assignment(content: dict[str, Any]) -> str:
    """Return the assignment of a chapter's notebook, ``"ch02"``, from the ids of its locked cells.

    Raises:
        SubmitError: the notebook has locked cells of no chapter, or of several.
    """
    chapters = set()
    for cell in content.get("cells", []):
        grade_id = cell.get("metadata", {}).get("nbgrader", {}).get("grade_id", "")
        match = re.fullmatch(r"([a-z]+\d+)-(?:setup|given)-\d+", grade_id)
        if match:
            chapters.add(match[1])
    if len(chapters) != 1:
        problem = (
            say(
                en="cells of {names}",
                zh="有几章的单元格（{names}）",
                names=say(en=" and ", zh="、").join(sorted(chapters)),
            )
            if chapters
            else say(en="no chapter of the course", zh="没有课程的章节")
        )
        raise SubmitError(
            say(
                en="this notebook contains {problem}: open the chapter from its Colab link and copy your answers",
                zh="这个笔记本里{problem}：请用该章的 Colab 链接打开它，再把答案复制过去",
                problem=problem,
            )
        )
    return chapters.pop()
