"""Why features are standardised before gradient descent (chapter 3)."""

import numpy as np
from matplotlib.figure import Figure

from course.figures.style import COLORS, new_figure


def flats() -> tuple[np.ndarray, np.ndarray]:
    """Return area (40,) in m² and price (40,) in thousands, price ≈ 4 · area + 60, drawn from seed 11."""
    rng = np.random.default_rng(11)
    area = rng.normal(90, 25, 40)
    return area, 4 * area + 60 + rng.normal(0, 20, 40)


def fig_scaling(standardised: bool = False, steps: int = 30) -> Figure:
    """Show descent at the learning rate 1/λ_max, with the area in m² or standardised.

    Args:
        standardised: subtract the mean and divide by the standard deviation first.
        steps: number of updates, 0 … 100.
    """
    area, price = flats()
    x = (area - area.mean()) / area.std() if standardised else area
    A = np.column_stack([x, np.ones_like(x)])
    H = 2 / len(x) * A.T @ A
    best = np.linalg.lstsq(A, price, rcond=None)[0]
    eig, V = np.linalg.eigh(H)
    lr = 1 / eig[1]
    shrink = (1 - lr * eig) ** np.arange(steps + 1)[:, None]
    path = best + (shrink * (V.T @ -best)) @ V.T  # starts at w = b = 0
    fig, (plane, data) = new_figure(1, 2, width=9.6, height=3.9)

    span = np.full(2, 1.25 * np.abs(best).max()) if standardised else np.array([1.3 * abs(best[0]), 1.5 * abs(best[1])])
    W, B = np.meshgrid(
        np.linspace(best[0] - span[0], best[0] + span[0], 120), np.linspace(best[1] - span[1], best[1] + span[1], 120)
    )
    D = np.stack([W - best[0], B - best[1]])
    J = 0.5 * np.einsum("iab,ij,jab->ab", D, H, D)
    plane.contour(
        W, B, J, levels=np.geomspace(1e-4, 0.5, 9) * J.max(), colors=COLORS["grey"], linewidths=0.8, alpha=0.7
    )
    plane.plot(path[:, 0], path[:, 1], "o-", color=COLORS["blue"], ms=4, lw=1.2)
    plane.plot(*best, "*", color=COLORS["green"], ms=14, zorder=5)
    plane.plot(0, 0, "o", color=COLORS["ink"], ms=7)
    unit = "per standard deviation" if standardised else "per m²"
    plane.set(xlabel=f"$w$ (thousands {unit})", ylabel="$b$ (thousands)")
    plane.grid(False)
    if standardised:
        plane.set_aspect("equal")
    plane.set_title(f"Condition number κ = {eig[1] / eig[0]:,.0f}, α = {lr:.2g}")

    w, b = path[-1]
    grid = np.array([30.0, 150.0])
    scaled = (grid - area.mean()) / area.std() if standardised else grid
    data.plot(area, price, "o", color=COLORS["ink"], ms=4.5)
    data.plot(grid, best[0] * scaled + best[1], ":", color=COLORS["green"], lw=2, label="least squares")
    data.plot(grid, w * scaled + b, color=COLORS["blue"], label=f"after {steps} steps")
    data.set(xlim=(30, 150), ylim=(0, 750), xlabel="area (m²)", ylabel="price (thousands)")
    data.legend(loc="upper left")
    raw = b - w * area.mean() / area.std() if standardised else b  # the price at area 0
    goal = best[1] - best[0] * area.mean() / area.std() if standardised else best[1]
    data.set_title(f"Price at 0 m²: {raw:.2f}, least squares {goal:.2f}")
    return fig
