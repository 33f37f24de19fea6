"""Gradient descent on a quadratic: direction, learning rate, and when it diverges (chapter 3).

A quadratic J(θ) = ½ (θ − θ*)ᵀ H (θ − θ*) is what every smooth loss looks like near a minimum. In
the eigenvectors of H the error obeys e ← (1 − α λ) e, one independent factor per eigenvalue; hence
the bound 2/λ_max (Nesterov 2018, "Lectures on Convex Optimization", section 2.1; Boyd and
Vandenberghe 2004, "Convex Optimization", section 9.3).
"""

import numpy as np
from matplotlib.figure import Figure

from course.figures.style import COLORS, new_figure

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


def fig_descent(surface: str = "ravine", lr: float = 0.3, step: int = 20) -> Figure:
    """Show the path of gradient descent on a bowl or a ravine, and the loss along each eigenvector.

    Args:
        surface: ``"bowl"`` (λ = 1, 2) or ``"ravine"`` (λ = 0.1, 2).
        lr: learning rate α > 0; the bound 2/λ_max is 1 on both surfaces.
        step: number of updates shown, 0 … 60.
    """
    H, V, eig = hessian(surface), eigenvectors(), EIGENVALUES[surface]
    path = descend(H, np.array(START), lr, step)
    fig, (plane, curve) = new_figure(1, 2, width=9.6, height=4.0, gridspec_kw={"width_ratios": [1.15, 1]})

    grid = np.linspace(-4, 4, 161)
    A, B = np.meshgrid(grid, grid * 0.75)
    J = 0.5 * (H[0, 0] * A**2 + 2 * H[0, 1] * A * B + H[1, 1] * B**2)
    plane.contour(A, B, J, levels=np.geomspace(0.02, 16, 12), colors=COLORS["grey"], linewidths=0.8, alpha=0.7)
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
    state = regime(lr, *eig)
    color = COLORS["red"] if state in ("diverges", "never settles") else COLORS["blue"]
    plane.plot(path[:, 0], path[:, 1], "o-", color=color, ms=4, lw=1.4, label="path")
    plane.plot(*START, "o", color=COLORS["ink"], ms=7)
    plane.annotate("start", START, xytext=(-2, 8), textcoords="offset points", ha="right")
    plane.plot(0, 0, "*", color=COLORS["green"], ms=13)
    plane.set(xlim=(-4, 4), ylim=(-3, 3), xlabel=r"$\theta_1$", ylabel=r"$\theta_2$")
    plane.set_aspect("equal")
    plane.grid(False)
    plane.set_title(f"{surface.capitalize()}, α = {lr:g}: {state}")
    if state == "diverges":
        plane.text(
            1.15,
            2.55,
            rf"diverges: $\alpha={lr:g}\;>\;2/\lambda_{{max}}={2 / eig[1]:g}$",
            ha="center",
            va="center",
            color="white",
            weight="bold",
            bbox={"facecolor": COLORS["red"], "edgecolor": "none", "boxstyle": "round,pad=0.35"},
        )

    parts = 0.5 * np.array(eig) * (path @ V) ** 2  # (step + 1, 2): the loss splits into one term per eigenvector
    updates = np.arange(step + 1)
    floor = 1e-12
    curve.semilogy(updates, np.maximum(parts.sum(1), floor), color=color, lw=4, alpha=0.35, label="total loss")
    for part, name in ((1, "orange"), (0, "purple")):
        lam = eig[part]
        factor = f"{1 - lr * lam:.3g}".replace("-", "−")
        curve.semilogy(
            updates,
            np.maximum(parts[:, part], floor),
            "--",
            color=COLORS[name],
            lw=1.6,
            label=rf"along $\lambda={lam:g}$: error × {factor} a step",
        )
    curve.semilogy(step, max(parts[-1].sum(), floor), "o", color=color, ms=6, clip_on=True)
    curve.set(xlim=(0, 60), ylim=(1e-8, 1e4), xlabel="step $k$", ylabel=r"loss $J(\theta_k)$")
    curve.legend(loc="center right" if state == "diverges" else "upper right", fontsize=9)
    curve.set_title(f"Loss after {step} steps: {parts[-1].sum():.3g}")
    return fig


def fig_steepest(angle: float = 60.0) -> Figure:
    """Show how fast the loss changes in a direction at a given angle to the gradient.

    Args:
        angle: angle in degrees between the direction u and the gradient, −180 … 180.
    """
    H, point = hessian("bowl"), np.array([1.4, 0.9])
    g = H @ point
    phi = np.arctan2(g[1], g[0]) + np.deg2rad(angle)
    u = np.array([np.cos(phi), np.sin(phi)])
    slope = float(g @ u)
    fig, (plane, curve) = new_figure(1, 2, width=9.2, height=3.8)

    grid = np.linspace(-3.2, 4.6, 141)
    A, B = np.meshgrid(grid, np.linspace(-2.2, 3.6, 141))
    J = 0.5 * (H[0, 0] * A**2 + 2 * H[0, 1] * A * B + H[1, 1] * B**2)
    plane.contour(A, B, J, levels=np.arange(0.25, 14, 1.2), colors=COLORS["grey"], linewidths=0.8, alpha=0.7)
    plane.contour(A, B, J, levels=[float(0.5 * point @ H @ point)], colors=COLORS["ink"], linewidths=1.6)
    arrow = {"arrowstyle": "-|>", "mutation_scale": 16, "shrinkA": 0, "shrinkB": 0, "lw": 2.4}
    tip = point + 1.9 * g / np.linalg.norm(g)
    plane.annotate("", tip, point, arrowprops=arrow | {"color": COLORS["orange"]})
    plane.text(
        *(point + 2.3 * g / np.linalg.norm(g)),
        r"$\nabla J$",
        color=COLORS["orange"],
        ha="center",
        va="center",
        weight="bold",
    )
    color = COLORS["green"] if slope < -1e-9 else COLORS["red"] if slope > 1e-9 else COLORS["ink"]
    plane.annotate("", point + 1.6 * u, point, arrowprops=arrow | {"color": color})
    if abs(angle) > 14:
        plane.text(*(point + 1.95 * u), "$u$", color=color, ha="center", va="center")
    plane.plot(*point, "o", color=COLORS["ink"], ms=7, zorder=5)
    plane.plot(0, 0, "*", color=COLORS["green"], ms=13)
    plane.set(xlim=(-3.2, 4.6), ylim=(-2.2, 3.6), xlabel=r"$\theta_1$", ylabel=r"$\theta_2$")
    plane.set_aspect("equal")
    plane.grid(False)
    word = "falls" if slope < -1e-9 else "rises" if slope > 1e-9 else "does not change"
    plane.set_title(f"Along $u$ the loss {word}")

    degrees = np.linspace(-180, 180, 181)
    norm = np.linalg.norm(g)
    curve.axhline(0, color=COLORS["grey"], lw=1)
    curve.plot(degrees, norm * np.cos(np.deg2rad(degrees)), color=COLORS["blue"])
    curve.plot(angle, slope, "o", color=color, ms=9)
    curve.text(0, norm * 1.1, "uphill: along $+\\nabla J$", ha="center", color=COLORS["orange"])
    curve.text(
        0,
        -norm * 1.16,
        "steepest descent at ±180°: along $-\\nabla J$",
        ha="center",
        va="center",
        color=COLORS["green"],
    )
    curve.set(
        xlim=(-185, 185),
        ylim=(-1.35 * norm, 1.35 * norm),
        xticks=[-180, -90, 0, 90, 180],
        xlabel="angle between $u$ and the gradient (degrees)",
        ylabel=r"slope $\nabla J\cdot u$",
    )
    curve.set_title(rf"Slope at {angle:g}°: {slope:+.2f}, bounds ±{norm:.2f}")
    return fig


def fig_rates(lr: float = 0.5, condition: float = 10.0) -> Figure:
    """Show the factor by which each eigen-direction shrinks per step, as a function of the learning rate.

    Args:
        lr: learning rate that is marked, 0 … 1.2 (λ_max is 2, so the bound is 1).
        condition: condition number κ = λ_max/λ_min ≥ 1.
    """
    high = 2.0
    low = high / condition
    rates = np.linspace(0, 1.2, 241)
    fig, axis = new_figure(width=8.0, height=3.8)
    slow, fast = np.abs(1 - rates * low), np.abs(1 - rates * high)
    axis.axvspan(2 / high, 1.2, color=COLORS["red"], alpha=0.12, lw=0)
    axis.text(1.015, 1.36, "diverges", color=COLORS["red"], weight="bold")
    axis.axhline(1, color=COLORS["grey"], lw=1, ls=":")
    axis.plot(
        rates, np.maximum(slow, fast), color=COLORS["light"], lw=9, solid_capstyle="butt", label="worst direction"
    )
    axis.plot(rates, fast, color=COLORS["orange"], label=rf"steep, $\lambda_{{max}}={high:g}$")
    axis.plot(rates, slow, color=COLORS["purple"], label=rf"flat, $\lambda_{{min}}={low:.3g}$")
    best = 2 / (low + high)
    ideal = (condition - 1) / (condition + 1)
    axis.plot(best, ideal, "*", color=COLORS["green"], ms=15, zorder=6)
    axis.annotate(
        rf"best $\alpha={best:.3f}$: worst factor {ideal:.3f}",
        (best, ideal),
        xytext=(best - 0.06, 1.28),
        ha="right",
        color=COLORS["green"],
        arrowprops={"arrowstyle": "-", "color": COLORS["green"], "lw": 1},
    )
    worst = max(abs(1 - lr * low), abs(1 - lr * high))
    axis.plot([lr, lr], [0, worst], color=COLORS["blue"], lw=1.4)
    axis.plot(lr, worst, "o", color=COLORS["blue"], ms=8, zorder=6)
    axis.set(
        xlim=(0, 1.2), ylim=(0, 1.45), xlabel=r"learning rate $\alpha$", ylabel=r"factor $|1-\alpha\lambda|$ per step"
    )
    steps = (
        "never"
        if worst >= 1 - 1e-12
        else "1 step"
        if worst < 1e-3
        else f"{int(np.ceil(np.log(1e-3) / np.log(worst)))} steps"
    )
    axis.set_title(
        rf"κ = {condition:g}, α = {lr:g}: error divided by 1000 after {steps}"
        if steps != "never"
        else rf"κ = {condition:g}, α = {lr:g}: the error does not shrink"
    )
    axis.legend(loc="lower left", fontsize=9)
    return fig
