"""Figure of chapter 4, section 9: twenty-five pictures with their predicted classes, right or wrong."""

import numpy as np
from matplotlib.figure import Figure

from course.figures.style import COLORS, new_figure
from course.language import say

Array = np.ndarray
PER_PAGE = 25


def fig_gallery(
    images: Array, labels: Array, predicted: Array, second: Array, show: str = "all", page: int = 0
) -> Figure:
    """Draw a 5×5 grid of pictures with their predicted digits; wrong ones are red and name the truth.

    Args:
        images: (n, 28, 28) or (n, 28, 28, 1).
        labels, predicted, second: integer classes (n,); ``second`` are the network's second choices.
        show: ``"all"``, ``"right"`` or ``"wrong"``.
        page: which twenty-five; beyond the last page the last one is shown.

    Raises:
        ValueError: another word in ``show``.
    """
    labels, predicted, second = (np.asarray(classes) for classes in (labels, predicted, second))
    right = labels == predicted
    if show not in ("all", "right", "wrong"):
        raise ValueError(f"show is 'all', 'right' or 'wrong', not {show!r}")
    rows = np.flatnonzero(np.ones_like(right) if show == "all" else right if show == "right" else ~right)
    pages = max(1, -(-len(rows) // PER_PAGE))
    page = min(max(page, 0), pages - 1)
    figure, axes = new_figure(rows=5, cols=5, width=6.4, height=7.2)
    for place, spot in enumerate(np.asarray(axes).ravel()):
        spot.axis("off")
        position = page * PER_PAGE + place
        if position >= len(rows):
            continue
        row = rows[position]
        spot.imshow(np.asarray(images[row]).reshape(28, 28), cmap="gray_r")
        caption = (
            f"{predicted[row]}"
            if right[row]
            else say(
                en="{guess}, then {second}; is {truth}",
                zh="{guess}，其次 {second}；应为 {truth}",
                guess=predicted[row],
                second=second[row],
                truth=labels[row],
            )
        )
        spot.set_title(
            caption,
            loc="center",
            fontsize=10 if right[row] else 8.5,
            weight="normal" if right[row] else "bold",
            color=COLORS["ink"] if right[row] else COLORS["red"],
        )
    kind = {
        "all": say(en="pictures", zh="张图像"),
        "right": say(en="right ones", zh="张正确"),
        "wrong": say(en="errors", zh="张错误"),
    }[show]
    figure.suptitle(
        say(
            en="Predicted digits: {n:,} {kind}, page {page} of {pages}\n{hits:,} of {total:,} right ({share:.1%})\n"
            "In {saved:,} of {errors:,} errors the second choice is right",
            zh="预测的数字：{n:,} {kind}，第 {page} 页，共 {pages} 页\n{total:,} 张中 {hits:,} 张正确（{share:.1%}）\n"
            "{errors:,} 张错误中，{saved:,} 张的第二选择正确",
            n=len(rows),
            kind=kind,
            page=page + 1,
            pages=pages,
            hits=right.sum(),
            total=len(right),
            share=right.mean(),
            saved=(second == labels)[~right].sum(),
            errors=(~right).sum(),
        ),
        x=0.02,
        ha="left",
        fontsize=11.5,
        weight="bold",
    )
    return figure
