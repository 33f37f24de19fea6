"""What article A's constant "gradient" does to the loss, step by step (chapter 3)."""

import numpy as np
from matplotlib.figure import Figure

from course.figures.descent import level_lines
from course.figures.style import COLORS, new_figure
from course.language import say

LEARNING_RATE = 0.01
START = (1.0, 1.0)
"""θ₀ = [w, b] and α as in article A."""


def article_data() -> tuple[np.ndarray, np.ndarray]:
    """Return 50 points (x, y) of y = 3x + 1 with normal noise of deviation 0.1, drawn from seed 0."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=50)
    return x, 3 * x + 1 + 0.1 * rng.normal(size=50)


def steps_of_frame(frame: int) -> int:
    """Return the number of steps that a frame stands for: 0, then ten frames per power of ten, up to 10,000 at frame 40."""
    return 0 if frame == 0 else round(10 ** (frame / 10))


def constant_path(steps: np.ndarray) -> np.ndarray:
    """Return θ (len(steps), 2) after that many updates with the constant vector [−2x₁, −2x₂], x₁ and x₂ the first two inputs."""
    x, _ = article_data()
    return np.asarray(np.array(START) - LEARNING_RATE * np.asarray(steps)[:, None] * np.array([-2 * x[0], -2 * x[1]]))


def correct_path(steps: np.ndarray) -> np.ndarray:
    """Return θ (len(steps), 2) after that many updates with the gradient of the mean squared error, in closed form."""
    x, y = article_data()
    A = np.column_stack([x, np.ones_like(x)])
    H = 2 / len(x) * A.T @ A
    best = np.linalg.solve(H, 2 / len(x) * A.T @ y)
    eig, V = np.linalg.eigh(H)
    shrink = (1 - LEARNING_RATE * eig) ** np.asarray(steps)[:, None]  # θ_k − θ* = V (1 − αλ)^k Vᵀ (θ₀ − θ*)
    return np.asarray(best + (shrink * (V.T @ (np.array(START) - best))) @ V.T)


def loss_of(theta: np.ndarray) -> np.ndarray:
    """Return the mean squared error (n,) of the lines theta (n, 2)."""
    x, y = article_data()
    return np.asarray(np.mean((y - theta[:, :1] * x - theta[:, 1:]) ** 2, axis=1))


def fig_wrong_gradient(corrected: bool = False, frame: int = 20, answered: bool = True) -> Figure:
    """Show the parameters and the loss after the steps of a frame, with the article's vector or the true gradient.

    Args:
        corrected: use the gradient of the loss instead of the constant vector.
        frame: 0 … 40, see :func:`steps_of_frame`.
        answered: whether the descent is shown; otherwise only the surface and the start.
    """
    fig, (plane, curve) = new_figure(1, 2, width=9.6, height=3.9)
    x, y = article_data()
    A = np.column_stack([x, np.ones_like(x)])
    best = np.linalg.lstsq(A, y, rcond=None)[0]
    ovals = level_lines(2 / len(x) * A.T @ A, best, np.array([0.05, 0.3, 0.9, 1.8, 3.0, 4.8, 7, 10]))
    plane.plot(*ovals, color=COLORS["grey"], lw=0.8, alpha=0.7)
    plane.plot(*START, "o", color=COLORS["ink"], ms=7)
    plane.annotate(say(en="start", zh="起点"), START, xytext=(-6, 6), textcoords="offset points", ha="right")
    plane.plot(3, 1, "*", color=COLORS["green"], ms=13)
    plane.annotate(say(en="true line", zh="真实直线"), (3, 1), xytext=(8, 6), textcoords="offset points")
    plane.set(xlim=(-0.5, 5), ylim=(-2.2, 3.4), xlabel="$w$", ylabel="$b$")
    plane.grid(False)
    curve.set_xscale("symlog", linthresh=1, linscale=0.35)
    curve.set(
        xlim=(-0.15, 15000),
        ylim=(-0.084, 4.2),
        xlabel=say(en="step (logarithmic)", zh="步数（对数刻度）"),
        ylabel=say(en="mean squared error", zh="均方误差"),
    )
    if not answered:
        return fig

    follow, color = (correct_path, COLORS["green"]) if corrected else (constant_path, COLORS["red"])
    last = steps_of_frame(frame)
    shown = np.array(sorted({steps_of_frame(f) for f in range(frame + 1)}))
    path, losses = follow(shown), loss_of(follow(shown))
    dense = follow(np.unique(np.linspace(0, last, 200).astype(int)))
    plane.plot(dense[:, 0], dense[:, 1], color=color, lw=2, label="path")
    inside = -0.5 <= path[-1, 0] <= 5 and -2.2 <= path[-1, 1] <= 3.4
    if inside:
        plane.plot(*path[-1], "o", color=color, ms=8)
    else:
        plane.text(
            2.25,
            -1.85,
            say(
                en="left the picture: $w$ = {w:.1f}, $b$ = {b:.1f}",
                zh="跑出图外：$w$ = {w:.1f}，$b$ = {b:.1f}",
                w=path[-1, 0],
                b=path[-1, 1],
            ),
            ha="center",
            color="white",
            weight="bold",
            bbox={"facecolor": color, "edgecolor": "none", "boxstyle": "round,pad=0.35"},
        )
    plane.set_title(
        say(en="Gradient of the loss", zh="损失的梯度")
        if corrected
        else say(en="Article A's vector", zh="文章 A 的向量")
    )

    curve.plot(shown, losses, "o-", color=color, ms=3.5, lw=1.8)
    top = max(4.2, 1.15 * float(losses.max()))  # the axis grows with the loss, as in a live training plot
    curve.set(ylim=(-0.02 * top, top))
    for k, value in zip(shown, losses, strict=True):
        if k in (0, 10, 100, 1000, 10000):
            beside = corrected and k in (10, 100)
            below = not corrected and k > 0 and 0.3 * top < value < losses[0]
            if corrected and k == 1000 and last > 2000:
                continue  # the same number stands at the end
            curve.annotate(
                f"{value:.4g}",
                (k, value),
                xytext=(7 if beside else 0, -15 if below else 7),
                color=color,
                textcoords="offset points",
                weight="bold",
                ha="left" if k == 0 or beside else "right" if k == last else "center",
            )
    after = f"{last:,}" if last >= 10_000 else str(last)
    curve.set_title(
        say(en="After {after} steps: loss {loss:.4g}", zh="{after} 步后：损失 {loss:.4g}", after=after, loss=losses[-1])
    )
    return fig
