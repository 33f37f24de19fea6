"""The README of the learners' repository, in English and Chinese. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from autograde.publish.address import Address
from autograde.publish.colab_cells import badges

HEADINGS = {"en": "English", "zh": "中文"}
TEXT = {
    "en": """\
Interactive notebooks: read, predict, move the controls, then write the code. You need Python 3.11, 3.12 or 3.13.

```sh
{clone}python3 -m venv .venv
. .venv/bin/activate
pip install .
course lab --lang en
```

On Windows the second command is `.venv\\Scripts\\activate`.
The last one opens JupyterLab on a welcome page; Ctrl-C stops it.
Your own copies of the chapters are in `work/en/` and are never overwritten.

{chapters}

Replace the two lines below `YOUR CODE HERE` with your answer, then choose *Kernel → Restart Kernel and Run All Cells*: each test answers in one line, `✓ passed`, `○ not answered yet`, or `✗` with what to look at.
How to hand in, and everything else: [docs/learner.md](docs/learner.md).""",
    "zh": """\
交互式笔记本：先读、先猜、拖动控件，再写代码。需要 Python 3.11、3.12 或 3.13。

```sh
{clone}python3 -m venv .venv
. .venv/bin/activate
pip install .
course lab --lang zh
```

Windows 上第二条命令是 `.venv\\Scripts\\activate`。
最后一条命令打开 JupyterLab 的欢迎页；按 Ctrl-C 结束。
你自己的章节副本在 `work/zh/` 中，不会被覆盖。

{chapters}

用你的答案替换 `YOUR CODE HERE` 下面的两行，然后选择 *内核 → 重启并运行所有单元格…*：每个测试用一行作答，`✓` 通过，`○` 尚未作答，`✗` 则说明该检查什么。
如何提交以及其他说明：[docs/learner.zh.md](docs/learner.zh.md)。""",
}


@dataclass(frozen=True)
class Listed:
    """A chapter in the README, or the glossary: its path in the repository and its heading."""

    path: str
    title: str


def readme(titles: Mapping[str, str], listed: Mapping[str, Sequence[Listed]], address: Address | None) -> str:
    """Return the README's Markdown.

    Args:
        titles: language → the course's title.
        listed: language → its chapters in order.
        address: where the repository is published; without one there are no badges and no clone
            command.
    """
    first = next(iter(listed))
    parts = [f"# {titles.get(first, 'Course')}"]
    clone = ""
    if address:
        name = address.url.rsplit("/", 1)[-1]
        clone = f"git clone {address.url}\ncd {name}\n"
    for lang, chapters in listed.items():
        if len(listed) > 1:
            parts.append(f"## {HEADINGS[lang]}" + (f" · {titles[lang]}" if lang in titles else ""))
        parts.append(TEXT[lang].format(clone=clone, chapters=_table(chapters, address)))
    return "\n\n".join(parts) + "\n"


def _table(chapters: Sequence[Listed], address: Address | None) -> str:
    return "\n".join(
        f"- [{chapter.title}]({chapter.path})"
        + (f" {badges(address, chapter.path)}" if address and chapter.path.endswith(".ipynb") else "")
        for chapter in chapters
    )
