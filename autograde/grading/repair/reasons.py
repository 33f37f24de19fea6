"""What repair did and could not do, in plain words: one sentence for each kind, with its cells."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from autograde.grading.reasons.reason import Reason

_SHOWN = 8  # cells named in one sentence

# code: (en, zh); {cells} is the list of the cells
_REPAIRS = {
    "encoding-mended": (
        "The file was not saved as UTF-8; its text was converted.",
        "文件未以 UTF-8 编码保存；文字已转换。",
    ),
    "json-mended": (
        "The file was not valid JSON; it was repaired.",
        "文件不是合法的 JSON；错位之处已改正。",
    ),
    "file-cut-short": (
        "The end of the file is missing; no answer stood there.",
        "文件末尾缺失；缺失部分没有答案。",
    ),
    "merge-conflict-resolved": (
        "The file held the marks of a merge conflict; both sides have the same answers.",
        "文件中有合并冲突的标记；两边的答案相同。",
    ),
    "format-converted": (
        "The notebook was in another format and was converted.",
        "notebook 是另一种格式，已转换。",
    ),
    "shape-mended": (
        "Parts of the notebook that no Jupyter program writes were dropped or put right.",
        "notebook 中不合规范的部分已去掉或改正。",
    ),
    "whitespace-mended": (
        "Line ends, blanks or invisible characters that another editor changed were put right.",
        "其他编辑器改动的换行符、空白或不可见字符已改正。",
    ),
    "outputs-dropped": (
        "Outputs that were damaged or far too large were dropped; grading makes them anew.",
        "损坏或过大的输出已去掉；评分时会重新生成。",
    ),
    "kernel-restored": (
        "The notebook names another kernel, or none; the chapter's own is used.",
        "notebook 指定了其他内核或没有指定；将使用本章的内核。",
    ),
    "ids-restored": (
        "Cell ids that another program had removed or changed are back.",
        "其他程序去掉或改动的单元格 id 已恢复。",
    ),
    "metadata-restored": (
        "The grading marks of these cells had been lost or changed and are back: {cells}.",
        "以下单元格的评分标记丢失或被改动，已恢复：{cells}。",
    ),
    "cell-renamed": (
        "These cells carried another name and have theirs back: {cells}.",
        "以下单元格的名称被改动，已恢复：{cells}。",
    ),
    "cell-retyped": (
        "These cells had become another type of cell and are back to theirs: {cells}.",
        "以下单元格的类型被改动，已恢复：{cells}。",
    ),
    "cell-deleted": (
        "These cells were missing and are back as released: {cells}.",
        "以下单元格缺失，已按发布版恢复：{cells}。",
    ),
    "cell-moved": (
        "These cells stood elsewhere and are back in their places: {cells}.",
        "以下单元格的位置被改动，已放回原处：{cells}。",
    ),
    "cell-duplicated": (
        "These cells stood there more than once; the last copy with an answer in it counts: {cells}.",
        "以下单元格出现多次；以最后一个含有答案的为准：{cells}。",
    ),
    "cell-split": (
        "These answers were spread over several cells and were joined in their order: {cells}.",
        "以下答案分散在多个单元格中，已按顺序合并：{cells}。",
    ),
    "cell-merged": (
        "These cells had been merged with others and were taken apart: {cells}.",
        "以下单元格曾与其他单元格合并，已拆开：{cells}。",
    ),
    "locked-cell-changed": (
        "These locked cells had been changed; the released text counts: {cells}.",
        "以下锁定的单元格被改动；以发布的内容为准：{cells}。",
    ),
    "answer-adopted": (
        "These answers stood in cells of your own and were taken for theirs: {cells}.",
        "以下答案写在你自己添加的单元格中，已作为答案采用：{cells}。",
    ),
    "cell-unknown": (
        "These cells carry grading marks that this chapter does not have; they stay as ordinary cells: {cells}.",
        "以下单元格带有本章没有的评分标记；作为普通单元格保留：{cells}。",
    ),
}
_REVIEWS = {
    "file-empty": ("The file is empty.", "文件是空的。"),
    "file-too-large": (
        "The file is too large to be read; clear the outputs and hand it in again.",
        "文件过大，无法读取；请清除输出后重新提交。",
    ),
    "html-page": (
        "The file is a web page, not a notebook; download the notebook itself (.ipynb).",
        "文件是网页而不是 notebook；请下载 .ipynb 文件本身。",
    ),
    "not-a-notebook": ("No notebook can be read from the file.", "无法从文件中读出 notebook。"),
    "other-chapter": (
        "The notebook belongs to another chapter, or nothing of this one is left in it.",
        "该 notebook 属于其他章节，或其中已没有本章的内容。",
    ),
    "answers-cut-off": (
        "The end of the file is missing, and these answers with it: {cells}.",
        "文件末尾缺失，以下答案随之丢失：{cells}。",
    ),
    "merge-conflict": (
        "The file holds a merge conflict with different answers on its two sides; the first side was taken.",
        "文件中有合并冲突，两边的答案不同；已采用前一边。",
    ),
    "answers-differ": (
        "These answers appear twice and differ, and the last copy is not complete Python: {cells}.",
        "以下答案有两个不同的版本，且最后一个不是完整的 Python 代码：{cells}。",
    ),
    "piece-left-over": (
        "A cell starts in the middle of a block of code; it may be a piece of an answer that was taken apart.",
        "有一个单元格从代码块中间开始；它可能是某个被拆开的答案的一部分。",
    ),
    "answer-in-pieces": (
        "Cells were split or merged, and these answers may lack a piece or hold one of another: {cells}.",
        "单元格曾被拆开或合并，以下答案可能缺少一部分，或混入了其他答案的内容：{cells}。",
    ),
    "answer-not-found": (
        "Nothing tells which cell holds these answers, if any does; cells without marks are left over: {cells}.",
        "无法判断哪个单元格是以下答案；仍有没有标记的单元格：{cells}。",
    ),
    "answer-uncertain": (
        "Several cells may be the answer, and the first of them was taken: {cells}.",
        "有多个单元格可能是答案，已采用其中第一个：{cells}。",
    ),
}
_NOTES = {
    "earlier-release": (
        "These cells are as an earlier release had them; the newest release counts: {cells}.",
        "以下单元格是较早发布版的内容；以最新的发布版为准：{cells}。",
    ),
}
REPAIR_CODES = frozenset(_REPAIRS)
"""Every code that `Repaired.repairs` may hold."""
REVIEW_CODES = frozenset(_REVIEWS)
"""Every code that `Repaired.review` may hold."""
UNREADABLE = frozenset({"file-empty", "file-too-large", "html-page", "not-a-notebook"})
"""The codes after which the notebook holds nothing of the learner's."""


@dataclass
class Findings:
    """Collects findings in the order they were made; each kind becomes one sentence."""

    _cells: dict[str, dict[str, None]] = field(default_factory=dict)

    def add(self, code: str, *cells: str) -> None:
        """Add a finding of the kind `code` about `cells` (grade_ids)."""
        if code not in _REPAIRS and code not in _REVIEWS and code not in _NOTES:
            raise KeyError(code)
        self._cells.setdefault(code, {}).update(dict.fromkeys(cells))

    def __contains__(self, code: str) -> bool:
        return code in self._cells

    def about(self, code: str, cell: str) -> bool:
        """Whether a finding of the kind `code` names `cell`."""
        return cell in self._cells.get(code, ())

    def repairs(self) -> tuple[Reason, ...]:
        """What was repaired."""
        return tuple(self._sentences(_REPAIRS))

    def review(self) -> tuple[Reason, ...]:
        """What a person has to look at."""
        return tuple(self._sentences(_REVIEWS))

    def notes(self) -> tuple[Reason, ...]:
        """What the course itself changed since the notebook was handed out."""
        return tuple(self._sentences(_NOTES))

    def excuse(self, code: str, cells: Iterable[str], better: str) -> None:
        """Move `cells` from the findings of the kind `code` to the kind `better`."""
        excused = [name for name in cells if name in self._cells.get(code, {})]
        for name in excused:
            del self._cells[code][name]
            self.add(better, name)
        if excused and not self._cells[code]:
            del self._cells[code]

    def _sentences(self, table: dict[str, tuple[str, str]]) -> Iterable[Reason]:
        for code, cells in self._cells.items():
            if code in table:
                en, zh = table[code]
                names = list(cells)
                more = len(names) - _SHOWN
                shown = ", ".join(f"`{name}`" for name in names[:_SHOWN])
                yield Reason(
                    code,
                    en.format(cells=shown + (f" and {more} more" if more > 0 else "")),
                    zh.format(cells=shown.replace(", ", "、") + (f" 等 {len(names)} 个" if more > 0 else "")),
                    tuple(names),
                )
