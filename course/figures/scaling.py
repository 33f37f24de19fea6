"""Why features are standardised before gradient descent (chapter 3)."""

import numpy as np
from matplotlib.figure import Figure

from course.figures.descent import level_lines
from course.figures.style import COLORS, new_figure
from course.language import say


def flats() -> tuple[np.ndarray, np.ndarray]:
    """Return area (40,) in m² and price (40,) in thousands, price ≈ 4 · area + 60, drawn from seed 11."""
    rng = np.random.default_rng(11)
    area = rng.normal(90, 25, 40)
    return area, 4 * area + 60 + rng.normal(0, 20, 40)


def fig_scaling(standardised: bool = False, steps: int = 30, answered: bool = True) -> Figure:
    """Show descent at the learning rate 1/λ_max, with the area in m² or standardised.

    Args:
        standardised: subtract the mean and divide by the standard deviation first.
        steps: number of updates, 0 … 100.
        answered: whether the descent is shown; otherwise only the flats.
    """
    area, price = flats()
    fig, (plane, data) = new_figure(1, 2, width=9.6, height=3.9)
    data.plot(area, price, "o", color=COLORS["ink"], ms=4.5)
    data.set(
        xlim=(30, 150),
        ylim=(0, 750),
        xlabel=say(en="area (m²)", zh="面积（m²）"),
        ylabel=say(en="price (thousands)", zh="价格（千元）"),
    )
    plane.set(xlabel="$w$", ylabel=say(en="$b$ (thousands)", zh="$b$（千元）"))
    plane.grid(False)
    if not answered:
        return fig

    x = (area - area.mean()) / area.std() if standardised else area
    A = np.column_stack([x, np.ones_like(x)])
    H = 2 / len(x) * A.T @ A
    best = np.linalg.lstsq(A, price, rcond=None)[0]
    eig, V = np.linalg.eigh(H)
    lr = 1 / eig[1]
    shrink = (1 - lr * eig) ** np.arange(steps + 1)[:, None]
    path = best + (shrink * (V.T @ -best)) @ V.T  # starts at w = b = 0
    span = np.full(2, 1.25 * np.abs(best).max()) if standardised else np.array([1.3 * abs(best[0]), 1.5 * abs(best[1])])
    # contour lines are ellipses: ½ zᵀHz = level; along the valley they are far longer than the picture
    far = 0.5 * np.einsum("i,ij,j", span, H, span)
    turn = np.concatenate([np.linspace(0, 2 * np.pi, 200), np.linspace(-0.01, 0.01, 200) + np.pi / 2])
    turn = np.sort(np.concatenate([turn, turn + np.pi]))
    ovals = level_lines(H, best, np.geomspace(1e-4, 1, 9) * far, turn)
    plane.plot(*ovals, color=COLORS["grey"], lw=0.8, alpha=0.7, label="contours")
    plane.plot(path[:, 0], path[:, 1], "o-", color=COLORS["blue"], ms=4, lw=1.2, label="path")
    plane.plot(*best, "*", color=COLORS["green"], ms=14, zorder=5)
    plane.plot(0, 0, "o", color=COLORS["ink"], ms=7)
    unit = (
        say(en="$w$ (thousands per standard deviation)", zh="$w$（千元每标准差）")
        if standardised
        else say(en="$w$ (thousands per m²)", zh="$w$（千元每 m²）")
    )
    plane.set(xlim=(best[0] - span[0], best[0] + span[0]), ylim=(best[1] - span[1], best[1] + span[1]), xlabel=unit)
    if standardised:
        plane.set_aspect("equal")
    plane.set_title(
        say(
            en="These 40 flats: κ = {kappa:,.0f}, α = {lr:.2g}",
            zh="这 40 套房子：κ = {kappa:,.0f}，α = {lr:.2g}",
            kappa=eig[1] / eig[0],
            lr=lr,
        )
    )

    w, b = path[-1]
    grid = np.array([30.0, 150.0])
    scaled = (grid - area.mean()) / area.std() if standardised else grid
    squares = say(en="least squares", zh="最小二乘")
    data.plot(grid, best[0] * scaled + best[1], ":", color=COLORS["green"], lw=2, label=squares)
    after = say(en="after {steps} steps", zh="走了 {steps} 步", steps=steps)
    data.plot(grid, w * scaled + b, color=COLORS["blue"], label=after)
    data.legend(loc="upper left")
    raw = b - w * area.mean() / area.std() if standardised else b  # the price at area 0
    goal = best[1] - best[0] * area.mean() / area.std() if standardised else best[1]
    data.set_title(
        say(
            en="Intercept {raw:.2f}, least squares {goal:.2f}",
            zh="截距 {raw:.2f}，最小二乘 {goal:.2f}",
            raw=raw,
            goal=goal,
        )
    )
    return fig
