"""The report's plots. Pure: numbers and words in, inline SVG out; nothing is shown by colour alone."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from fractions import Fraction
from math import ceil, floor, log10

from markupsafe import Markup

from autograde.report.cohort import BINS, Standing, Times
from autograde.report.intervals import Estimate
from autograde.report.svg import Drawing
from autograde.report.words import Words

STANDINGS: tuple[Standing, ...] = ("reached", "below", "waiting", "absent")
WIDE, FULL = 720, 1064


def outcome_bar(counts: Mapping[str, int], words: Words) -> Markup:
    """A bar of all learners, divided by outcome, the highest level first."""
    total = sum(counts.values())
    labels = {name: words(name) if name in ("none", "pending") else words.level(name) for name in counts}
    seen = ", ".join(f"{labels[name]}: {n}" for name, n in counts.items())
    drawing = Drawing(FULL, 64, "outcomes-plot", words("outcomes-of", n=total), seen)
    levels = [name for name in counts if name not in ("none", "pending")]
    x, key_x = 0.0, 0.0
    for name, n in counts.items():
        style = name if name in ("none", "pending") else f"level-{min(levels.index(name), 3)}"
        width = FULL * n / total
        drawing.rect(x, 0, width - 1.5, 26, style, f"{labels[name]}: {n}")
        if width > 14 + 8 * len(str(n)):
            drawing.text(x + width / 2 - 0.75, 18, str(n), f"on-{style} middle")
        x += width
        drawing.rect(key_x, 42, 12, 12, style)
        drawing.text(key_x + 18, 52.5, f"{labels[name]} {n}")
        key_x += 44 + 8 * _columns(f"{labels[name]} {n}")
    return drawing.markup()


def histogram(
    counts: Sequence[int], cuts: Sequence[tuple[str, Fraction]], name: str, title: str, words: Words
) -> Markup:
    """Learners per tenth of the points, with dashed lines at the `cuts`, each a label and a share."""
    seen = words("scores-seen", n=sum(counts), counts=", ".join(map(str, counts)))
    drawing = Drawing(340, 190, name, title, seen)
    left, top, width, height = 8, 30, 324, 132
    step = width / BINS
    for i, n in enumerate(counts):
        tall = height * n / max(*counts, 1)
        tip = words("bin", low=i * 10, high=i * 10 + 10, n=n)
        if n:
            drawing.rect(left + i * step + 1, top + height - tall, step - 2, tall, "bar", tip)
            drawing.text(left + (i + 0.5) * step, top + height - tall - 5, str(n), "small middle")
    drawing.line(left, top + height, left + width, top + height, "axis")
    for percent in (0, 25, 50, 75, 100):
        x = left + width * percent / 100
        anchor = "start" if percent == 0 else "end" if percent == 100 else "middle"
        drawing.text(x, top + height + 17, f"{percent} %" if percent == 100 else str(percent), "small", anchor)
    for label, share in cuts:
        x = left + width * float(share)
        drawing.line(x, 12, x, top + height, "cut")
        is_right = share > Fraction(3, 10)
        drawing.text(x - 4 if is_right else x + 4, 12, label, "small cut-label", "end" if is_right else "start")
    return drawing.markup()


def progress_bars(rows: Sequence[tuple[str, Counter[Standing]]], words: Words) -> Markup:
    """For each assignment one bar of all learners by standing, beside its name."""
    seen = "; ".join(
        f"{name}: " + ", ".join(f"{words('key-' + key)} {counts[key]}" for key in STANDINGS) for name, counts in rows
    )
    left, step = 110, 32
    drawing = Drawing(WIDE, step * len(rows) + 26, "progress-plot", words("progress-by"), seen)
    for i, (name, counts) in enumerate(rows):
        x, total = float(left), max(counts.total(), 1)
        drawing.text(left - 10, i * step + 17, name, "", "end")
        for key in STANDINGS:
            width = (WIDE - left) * counts[key] / total
            drawing.rect(x, i * step, width - 1.5, 24, key, f"{name}, {words('key-' + key)}: {counts[key]}")
            if width > 12 + 8 * len(str(counts[key])):
                drawing.text(x + width / 2 - 0.75, i * step + 17, str(counts[key]), f"on-{key} middle")
            x += width
    x = float(left)
    for key in STANDINGS:
        drawing.rect(x, step * len(rows) + 8, 12, 12, key)
        drawing.text(x + 18, step * len(rows) + 18.5, words("key-" + key), "small")
        x += 44 + 7 * _columns(words("key-" + key))
    return drawing.markup()


def hand_ins(curves: Sequence[tuple[str, Sequence[datetime]]], learners: int, words: Words) -> Markup:
    """Cumulative share of learners who handed in, a labelled step line for each assignment."""
    moments = sorted(moment for _, times in curves for moment in times)
    if not moments or moments[0] == moments[-1]:
        return Markup("")
    first, span = moments[0], (moments[-1] - moments[0]).total_seconds()
    form = "%Y-%m-%d" if span > 3 * 86400 else "%m-%d %H:%M" if span > 600 else "%H:%M:%S"
    left, top, width, height = 44, 10, WIDE - 44 - 110, 190
    drawing = Drawing(
        WIDE,
        height + 40,
        "hand-ins-plot",
        words("hand-ins"),
        "; ".join(f"{name}: {len(times)}/{learners}" for name, times in curves),
    )
    for percent in (0, 50, 100):
        y = top + height * (1 - percent / 100)
        drawing.line(left, y, left + width, y, "grid")
        drawing.text(left - 8, y + 4, f"{percent} %", "small", "end")
    for i in range(5):
        x = left + width * i / 4
        drawing.text(x, top + height + 20, (first + (moments[-1] - first) * i / 4).strftime(form), "small middle")
    ends = []
    for i, (name, times) in enumerate(curves):
        points, y = [], float(top + height)
        for n, moment in enumerate(sorted(times), 1):
            x = left + width * (moment - first).total_seconds() / span
            points += [(x, y), (x, y := top + height * (1 - n / learners))]
        if points:
            drawing.path([*points, (left + width, y)], f"curve curve-{i % 6}", name)
            ends.append((y, i, f"{name} ({len(times)})"))
    below = -99.0
    for y, i, label in sorted(ends):
        below = max(y, below + 14)  # labels of curves that end together are stacked
        drawing.text(left + width + 8, below + 4, label, f"small ink-{i % 6}")
    return drawing.markup()


def whisker(estimate: Estimate | None, low: float, high: float, marks: Sequence[float] = ()) -> Markup:
    """A dot with its confidence interval on a line from `low` to `high`.

    The numbers are beside it as text.
    """
    if estimate is None:
        return Markup("")
    width = 104

    def place(value: float) -> float:
        return 5 + (width - 10) * (min(max(value, low), high) - low) / (high - low)

    parts = [Markup('<line class="grid" x1="5" y1="9" x2="{}" y2="9"/>').format(width - 5)]
    parts += [Markup('<line class="cut" x1="{0:.1f}" y1="2" x2="{0:.1f}" y2="16"/>').format(place(m)) for m in marks]
    ends = place(estimate.low), place(estimate.high)
    parts.append(Markup('<line class="whisker" x1="{:.1f}" y1="9" x2="{:.1f}" y2="9"/>').format(*ends))
    parts.append(Markup('<circle class="dot" cx="{:.1f}" cy="9" r="3.5"/>').format(place(estimate.value)))
    shape = Markup('<svg class="inline" aria-hidden="true" viewBox="0 0 {0} 18" width="{0}" height="18">{1}</svg>')
    return shape.format(width, Markup("").join(parts))


def around_cut(shares: Sequence[Fraction], cut: Fraction, half: float, name: str, subject: str, words: Words) -> Markup:
    """Learners as dots, stacked by percent, around a `cut`.

    The review band, `half` wide to each side, is shaded.
    """
    low, high = max(float(cut) - 0.2, 0.0), min(float(cut) + 0.2, 1.0)
    first, last = floor(low * 100), ceil(high * 100)
    step = WIDE / (last - first)
    stacks: dict[int, list[bool]] = {}  # percent -> whether each learner there is within the band
    for share in sorted(shares, key=lambda share: abs(share - cut)):
        percent = min(floor(share * 100), 99)
        if first <= percent < last:
            stacks.setdefault(percent, []).append(abs(float(share - cut)) <= half)
    tallest = max(map(len, stacks.values()), default=1)
    dot = min(11.0, 170 / tallest)
    height = max(60.0, dot * tallest + 26)
    inside = sum(abs(float(share - cut)) <= half for share in shares)
    label = f"{float(cut) * 100:g} %"
    drawing = Drawing(
        WIDE,
        height + 26,
        name,
        words("near-plot", subject=subject, cut=label),
        words("near-seen", n=len(shares), inside=inside, cut=label),
    )

    def place(share: float) -> float:
        return (share * 100 - first) * step

    band_low, band_high = place(max(float(cut) - half, low)), place(min(float(cut) + half, high))
    drawing.rect(band_low, 0, band_high - band_low, height, "band")
    drawing.line(place(float(cut)), 0, place(float(cut)), height, "cut")
    drawing.text(place(float(cut)) + 5, 13, label, "small cut-label")
    for percent, stack in stacks.items():
        for i, is_near in enumerate(stack):
            x, y = (percent - first + 0.5) * step, height - dot * (i + 0.5)
            drawing.circle(x, y, min(dot, step) * 0.42, "dot-near" if is_near else "dot-far")
    drawing.line(0, height, WIDE, height, "axis")
    for percent in range(first, last + 1):
        if percent % 5 == 0:
            anchor = "start" if percent == first else "end" if percent == last else "middle"
            drawing.text((percent - first) * step, height + 17, f"{percent} %", "small", anchor)
    return drawing.markup()


def time_bars(rows: Sequence[Times], words: Words) -> Markup:
    """Seconds per submission, by assignment, on a logarithmic axis."""
    lowest = max(min(row.seconds[0] for row in rows), 0.001)
    highest = max(max(row.seconds[4] for row in rows), lowest * 1.01)
    first, last = floor(log10(lowest)), ceil(log10(highest))
    last = max(last, first + 1)
    left, right, step = 110, 16, 30
    drawing = Drawing(WIDE, step * len(rows) + 28, "times-plot", words("times-of"), "; ".join(time_rows(rows, words)))

    def place(seconds: float) -> float:
        return left + (WIDE - left - right) * (log10(max(seconds, 10**first)) - first) / (last - first)

    for power in range(first, last + 1):
        x = place(10**power)
        drawing.line(x, 0, x, step * len(rows), "grid")
        drawing.text(x, step * len(rows) + 18, f"{10.0**power:g} s", "small middle")
    for i, row in enumerate(rows):
        y = step * i + step / 2
        low, tenth, median, ninetieth, high = map(place, row.seconds)
        drawing.text(left - 10, y + 4, row.assignment, "", "end")
        drawing.line(tenth, y, ninetieth, y, "whisker thick")
        drawing.circle(low, y, 3, "ring")
        drawing.circle(high, y, 3, "ring")
        drawing.rect(median - 2, y - 9, 4, 18, "bar", time_rows([row], words)[0])
    return drawing.markup()


def time_rows(rows: Sequence[Times], words: Words) -> list[str]:
    """The content of :func:`time_bars` in words."""
    return [
        words(
            "time-row",
            assignment=row.assignment,
            n=row.n,
            median=_seconds(row.seconds[2]),
            longest=_seconds(row.seconds[4]),
            total=_seconds(row.total),
        )
        for row in rows
    ]


def counted_bars(counts: Sequence[tuple[str, int]], name: str, title: str) -> Markup:
    """A bar for each label, the most frequent first."""
    left, step = 250, 26
    drawing = Drawing(WIDE, step * len(counts), name, title, "; ".join(f"{label}: {n}" for label, n in counts))
    most = max(n for _, n in counts)
    for i, (label, n) in enumerate(counts):
        width = max((WIDE - left - 50) * n / most, 2)
        drawing.text(left - 10, i * step + 17, label if len(label) <= 34 else label[:33] + "…", "", "end")
        drawing.rect(left, i * step + 4, width, 17, "bar", f"{label}: {n}")
        drawing.text(left + width + 7, i * step + 17, str(n), "small")
    return drawing.markup()


def _seconds(value: float) -> str:
    return f"{value:.2f}" if value < 10 else f"{value:,.0f}"


def _columns(text: str) -> int:
    """Width of a text in columns of half a Chinese character."""
    return sum(2 if ord(c) > 0x2E7F else 1 for c in text)
