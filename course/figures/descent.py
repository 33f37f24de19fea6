"""Gradient descent on a quadratic: direction, learning rate, and when it diverges (chapter 3).

A quadratic J(θ) = ½ (θ − θ*)ᵀ H (θ − θ*) is what every smooth loss looks like near a minimum. In
the eigenvectors of H the error obeys e ← (1 − α λ) e, one independent factor per eigenvalue; hence
the bound 2/λ_max (Nesterov 2018, "Lectures on Convex Optimization", section 2.1; Boyd and
Vandenberghe 2004, "Convex Optimization", section 9.3).
"""

import numpy as np
from matplotlib.figure import Figure

from course.figures.style import COLORS, new_figure
from course.language import say

EIGENVALUES = {"bowl": (1.0, 2.0), "ravine": (0.1, 2.0)}
"""Curvatures (λ_min, λ_max) of the two surfaces; λ_max is 2 for both, so the bound 2/λ_max is 1 for both."""

ROTATION = np.deg2rad(25.0)
START = (-2.6, 1.9)


def hessian(surface: str) -> np.ndarray:
    """Return H (2, 2) of a surface; its eigenvectors are turned by 25° against the coordinate axes."""
    V = eigenvectors()
    return np.asarray(V @ np.diag(EIGENVALUES[surface]) @ V.T)


def eigenvectors() -> np.ndarray:
    """Return the eigenvectors of both surfaces as columns (2, 2), λ_min first."""
    c, s = np.cos(ROTATION), np.sin(ROTATION)
    return np.array([[c, -s], [s, c]])


def descend(H: np.ndarray, start: np.ndarray, lr: float, steps: int) -> np.ndarray:
    """Return the points θ₀ … θ_steps (steps + 1, d) of gradient descent on ½ θᵀHθ."""
    path = [np.asarray(start, dtype=float)]
    for _ in range(steps):
        path.append(path[-1] - lr * H @ path[-1])
    return np.array(path)


def level_lines(H: np.ndarray, center: np.ndarray, levels: np.ndarray, turn: np.ndarray | None = None) -> np.ndarray:
    """Return the contour lines of ½ (θ − center)ᵀ H (θ − center), which are ellipses, as one line (2, m) with gaps.

    Args:
        H: symmetric, positive definite (2, 2).
        center: the minimum (2,).
        levels: heights above the minimum.
        turn: angles at which the ellipses are drawn, from the flat direction; all round by default.
    """
    eig, V = np.linalg.eigh(H)
    turn = np.linspace(0, 2 * np.pi, 121) if turn is None else turn
    circle = np.stack([np.cos(turn), np.sin(turn)])
    ovals = [
        np.column_stack([center[:, None] + V @ (np.sqrt(2 * level / eig)[:, None] * circle), [np.nan, np.nan]])
        for level in levels
    ]
    return np.hstack(ovals)


def regime(lr: float, lambda_min: float, lambda_max: float) -> str:
    """Name the behaviour at a learning rate: slow, fast, oscillates, never settles or diverges."""
    if np.isclose(lr, 2 / lambda_max):
        return "never settles"
    if lr > 2 / lambda_max:
        return "diverges"
    if lr > 1.6 / lambda_max:
        return "oscillates"
    worst = max(abs(1 - lr * lambda_min), abs(1 - lr * lambda_max))
    return "slow" if worst > 0.9 else "fast"


def regime_words(name: str) -> str:
    """Say a behaviour of :func:`regime` in the notebook's language."""
    return {
        "slow": say(en="slow", zh="缓慢"),
        "fast": say(en="fast", zh="很快"),
        "oscillates": say(en="oscillates, converges", zh="振荡，但收敛"),
        "never settles": say(en="never settles", zh="永不停歇"),
        "diverges": say(en="diverges", zh="发散"),
    }[name]


def surface_words(surface: str) -> str:
    """Say the name of a surface in the notebook's language."""
    return {"bowl": say(en="Bowl", zh="碗形"), "ravine": say(en="Ravine", zh="峡谷")}[surface]


def fig_descent(surface: str = "ravine", lr: float = 0.3, step: int = 20, answered: bool = True) -> Figure:
    """Show the path of gradient descent on a bowl or a ravine, and the loss along each eigenvector.

    Args:
        surface: ``"bowl"`` (λ = 1, 2) or ``"ravine"`` (λ = 0.1, 2).
        lr: learning rate α > 0; the bound 2/λ_max is 1 on both surfaces.
        step: number of updates shown, 0 … 60.
        answered: whether the path is shown; otherwise only the surface and the start.
    """
    H, V, eig = hessian(surface), eigenvectors(), EIGENVALUES[surface]
    fig, (plane, curve) = new_figure(1, 2, width=9.6, height=4.0, gridspec_kw={"width_ratios": [1.15, 1]})

    plane.plot(*level_lines(H, np.zeros(2), np.geomspace(0.02, 16, 12)), color=COLORS["grey"], lw=0.8, alpha=0.7)
    for k, sign in ((0, 1), (1, -1)):
        u = V[:, k] * sign
        plane.plot([-4.6 * u[0], 4.6 * u[0]], [-4.6 * u[1], 4.6 * u[1]], ":", color=COLORS["grey"], lw=1)
        at = u * (3.1, 2.35)[k]
        plane.text(
            at[0],
            at[1],
            rf"$\lambda={eig[k]:g}$",
            fontsize=9,
            ha="center",
            va="center",
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.5},
        )
    plane.plot(*START, "o", color=COLORS["ink"], ms=7)
    plane.annotate(say(en="start", zh="起点"), START, xytext=(-2, 8), textcoords="offset points", ha="right")
    plane.set(xlim=(-4, 4), ylim=(-3, 3), xlabel=r"$\theta_1$", ylabel=r"$\theta_2$")
    plane.set_aspect("equal")
    plane.grid(False)
    curve.set(
        xlim=(0, 60),
        ylim=(1e-8, 1e4),
        yscale="log",
        xlabel=say(en="step $k$", zh="步数 $k$"),
        ylabel=say(en=r"loss $J(\theta_k)$", zh=r"损失 $J(\theta_k)$"),
    )
    curve.minorticks_off()  # a third of the drawing time
    if not answered:
        return fig

    path = descend(H, np.array(START), lr, step)
    state = regime(lr, *eig)
    color = COLORS["red"] if state in ("diverges", "never settles") else COLORS["blue"]
    plane.plot(path[:, 0], path[:, 1], "o-", color=color, ms=4, lw=1.4, label="path")
    plane.plot(0, 0, "*", color=COLORS["green"], ms=13)
    plane.set_title(f"{surface_words(surface)}, α = {lr:g}: {regime_words(state)}")
    if state == "diverges":
        plane.text(
            1.15,
            2.55,
            say(
                en=r"diverges: $\alpha={lr:g}\;>\;2/\lambda_{{max}}={bound:g}$",
                zh=r"发散：$\alpha={lr:g}\;>\;2/\lambda_{{max}}={bound:g}$",
                lr=lr,
                bound=2 / eig[1],
            ),
            ha="center",
            va="center",
            color="white",
            weight="bold",
            bbox={"facecolor": COLORS["red"], "edgecolor": "none", "boxstyle": "round,pad=0.35"},
        )

    parts = 0.5 * np.array(eig) * (path @ V) ** 2  # (step + 1, 2): the loss splits into one term per eigenvector
    updates = np.arange(step + 1)
    floor = 1e-12
    total = say(en="total loss", zh="总损失")
    curve.plot(updates, np.maximum(parts.sum(1), floor), color=color, lw=4, alpha=0.35, label=total)
    for part, name in ((1, "orange"), (0, "purple")):
        lam = eig[part]
        curve.plot(
            updates,
            np.maximum(parts[:, part], floor),
            "--",
            color=COLORS[name],
            lw=1.6,
            label=say(
                en=r"along $\lambda={lam:g}$: error × {factor} a step",
                zh=r"沿 $\lambda={lam:g}$：误差每步 × {factor}",
                lam=lam,
                factor=f"{1 - lr * lam:.3g}".replace("-", "−"),
            ),
        )
    curve.plot(step, max(parts[-1].sum(), floor), "o", color=color, ms=6, clip_on=True)
    curve.legend(loc="center right" if state == "diverges" else "upper right", fontsize=9)
    curve.set_title(
        say(
            en="Loss after {step} steps: {loss:.3g}",
            zh="{step} 步后的损失：{loss:.3g}",
            step=step,
            loss=parts[-1].sum(),
        )
    )
    return fig


def fig_steepest(angle: float = 60.0, answered: bool = True) -> Figure:
    """Show how fast the loss changes in a direction at a given angle to the gradient.

    Args:
        angle: angle in degrees between the direction u and the gradient, −180 … 180.
        answered: whether the slope is shown; otherwise only the point, its gradient and a direction.
    """
    H, point = hessian("bowl"), np.array([1.4, 0.9])
    g = H @ point
    phi = np.arctan2(g[1], g[0]) + np.deg2rad(angle)
    u = np.array([np.cos(phi), np.sin(phi)])
    slope, norm = float(g @ u), float(np.linalg.norm(g))
    fig, (plane, curve) = new_figure(1, 2, width=9.2, height=3.8)

    plane.plot(*level_lines(H, np.zeros(2), np.arange(0.25, 26, 1.2)), color=COLORS["grey"], lw=0.8, alpha=0.7)
    plane.plot(*level_lines(H, np.zeros(2), np.array([0.5 * point @ H @ point])), color=COLORS["ink"], lw=1.6)
    arrow = {"arrowstyle": "-|>", "mutation_scale": 16, "shrinkA": 0, "shrinkB": 0, "lw": 2.4}
    tip = point + 1.9 * g / norm
    plane.annotate("", tip, point, arrowprops=arrow | {"color": COLORS["orange"]})
    plane.text(
        *(point + 2.3 * g / norm),
        r"$\nabla J$",
        color=COLORS["orange"],
        ha="center",
        va="center",
        weight="bold",
    )
    changes = 0 if abs(slope) < 1e-9 or not answered else np.sign(slope)
    color = COLORS[{-1: "green", 0: "ink", 1: "red"}[int(changes)]]
    plane.annotate("", point + 1.6 * u, point, arrowprops=arrow | {"color": color})
    if abs(angle) > 14:
        plane.text(*(point + 1.95 * u), "$u$", color=color, ha="center", va="center")
    plane.plot(*point, "o", color=COLORS["ink"], ms=7, zorder=5)
    plane.set(xlim=(-3.2, 4.6), ylim=(-2.2, 3.6), xlabel=r"$\theta_1$", ylabel=r"$\theta_2$")
    plane.set_aspect("equal")
    plane.grid(False)
    curve.set(
        xlim=(-185, 185),
        ylim=(-1.35 * norm, 1.35 * norm),
        xticks=[-180, -90, 0, 90, 180],
        xlabel=say(en="angle between $u$ and the gradient (degrees)", zh="$u$ 与梯度的夹角（度）"),
        ylabel=say(en="slope along $u$", zh="沿 $u$ 的坡度"),
    )
    if not answered:
        return fig

    plane.set_title(
        say(en="Along $u$ the loss falls", zh="沿 $u$ 走，损失下降")
        if changes < 0
        else say(en="Along $u$ the loss rises", zh="沿 $u$ 走，损失上升")
        if changes > 0
        else say(en="Along $u$ the loss does not change", zh="沿 $u$ 走，损失不变")
    )
    degrees = np.linspace(-180, 180, 181)
    curve.axhline(0, color=COLORS["grey"], lw=1)
    curve.plot(degrees, norm * np.cos(np.deg2rad(degrees)), color=COLORS["blue"])
    curve.plot(angle, slope, "o", color=color, ms=9)
    uphill = say(en=r"steepest uphill: $+\nabla J$", zh=r"上坡最陡：$+\nabla J$")
    curve.text(0, norm * 1.1, uphill, ha="center", color=COLORS["orange"])
    curve.text(
        0,
        -norm * 1.16,
        say(en=r"steepest downhill at ±180°: $-\nabla J$", zh=r"±180° 处下坡最陡：$-\nabla J$"),
        ha="center",
        va="center",
        color=COLORS["green"],
    )
    curve.set_title(
        say(en="Slope at {angle:g}°: {slope:+.2f}", zh="{angle:g}° 处的坡度：{slope:+.2f}", angle=angle, slope=slope)
    )
    return fig


def fig_rates(lr: float = 0.5, condition: float = 10.0, answered: bool = True) -> Figure:
    """Show the factor by which each eigen-direction shrinks per step, as a function of the learning rate.

    Args:
        lr: learning rate that is marked, 0 … 1.2 (λ_max is 2, so the bound is 1).
        condition: condition number κ = λ_max/λ_min ≥ 1.
        answered: whether the factors are shown; otherwise only the axes.
    """
    high = 2.0
    low = high / condition
    rates = np.linspace(0, 1.2, 241)
    fig, axis = new_figure(width=8.0, height=3.8)
    axis.set(
        xlim=(0, 1.2),
        ylim=(0, 1.45),
        xlabel=say(en=r"learning rate $\alpha$", zh=r"学习率 $\alpha$"),
        ylabel=say(en="error after a step / before it", zh="走一步后与走之前的误差之比"),
    )
    if not answered:
        return fig

    slow, fast = np.abs(1 - rates * low), np.abs(1 - rates * high)
    axis.axvspan(2 / high, 1.2, color=COLORS["red"], alpha=0.12, lw=0)
    axis.axvline(2 / high, color=COLORS["red"], lw=1.4, ls="--")
    axis.text(1.015, 1.36, say(en="diverges", zh="发散"), color=COLORS["red"], weight="bold")
    axis.text(1.015, 0.06, r"$2/\lambda_{max}$", color=COLORS["red"])
    axis.axhline(1, color=COLORS["grey"], lw=1, ls=":")
    worse = say(en="worst direction", zh="最差的方向")
    axis.plot(rates, np.maximum(slow, fast), color=COLORS["light"], lw=9, solid_capstyle="butt", label=worse)
    steep = say(en=r"steep, $\lambda_{{max}}={high:g}$", zh=r"陡，$\lambda_{{max}}={high:g}$", high=high)
    flat = say(en=r"flat, $\lambda_{{min}}={low:.3g}$", zh=r"平缓，$\lambda_{{min}}={low:.3g}$", low=low)
    axis.plot(rates, fast, color=COLORS["orange"], label=steep)
    axis.plot(rates, slow, color=COLORS["purple"], label=flat)
    best = 2 / (low + high)
    ideal = (condition - 1) / (condition + 1)
    axis.plot(best, ideal, "*", color=COLORS["green"], ms=15, zorder=6)
    axis.annotate(
        say(
            en=r"best $\alpha={best:.3f}$: worst factor {ideal:.3f}",
            zh=r"最佳 $\alpha={best:.3f}$：最差因子 {ideal:.3f}",
            best=best,
            ideal=ideal,
        ),
        (best, ideal),
        xytext=(best - 0.06, 1.28),
        ha="right",
        color=COLORS["green"],
        arrowprops={"arrowstyle": "-", "color": COLORS["green"], "lw": 1},
    )
    worst = max(abs(1 - lr * low), abs(1 - lr * high))
    axis.plot([lr, lr], [0, worst], color=COLORS["blue"], lw=1.4)
    axis.plot(lr, worst, "o", color=COLORS["blue"], ms=8, zorder=6)
    if worst >= 1 - 1e-12:
        axis.set_title(
            say(
                en="κ = {condition:g}, α = {lr:g}: the error does not shrink",
                zh="κ = {condition:g}，α = {lr:g}：误差不会缩小",
                condition=condition,
                lr=lr,
            )
        )
    else:
        steps = 1 if worst < 1e-3 else int(np.ceil(np.log(1e-3) / np.log(worst)))
        axis.set_title(
            say(
                en="κ = {condition:g}, α = {lr:g}: error divided by 1000 after {steps} steps",
                zh="κ = {condition:g}，α = {lr:g}：误差缩小到千分之一要 {steps} 步",
                condition=condition,
                lr=lr,
                steps=steps,
            )
        )
    axis.legend(loc="lower left", fontsize=9)
    return fig
