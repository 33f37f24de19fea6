"""Batch, mini-batch and stochastic gradient descent on the same loss (chapter 3)."""

import numpy as np
from matplotlib.figure import Figure

from course.figures.style import COLORS, new_figure

N = 128
START = (-1.0, 3.0)


def noisy_line() -> tuple[np.ndarray, np.ndarray]:
    """Return 128 points (x, y) of y = 2x + 1 with normal noise of deviation 0.8, drawn from seed 7."""
    rng = np.random.default_rng(7)
    x = rng.normal(0.4, 1.0, N)
    return x, 2 * x + 1 + rng.normal(0, 0.8, N)


def batch_path(batch_size: int, lr: float, epochs: int, seed: int) -> np.ndarray:
    """Return (w, b) before and after every update, (1 + updates, 2); rows are reshuffled in each epoch."""
    x, y = noisy_line()
    rng = np.random.default_rng(seed)
    path = [np.array(START)]
    for _ in range(epochs):
        order = rng.permutation(N)
        for first in range(0, N, batch_size):
            rows = order[first : first + batch_size]
            w, b = path[-1]
            residual = y[rows] - (w * x[rows] + b)
            path.append(path[-1] + 2 * lr * np.array([np.mean(x[rows] * residual), np.mean(residual)]))
    return np.array(path)


def fig_minibatch(batch_size: int = 16, lr: float = 0.05, epochs: int = 4, seed: int = 0) -> Figure:
    """Show one run: its path over the full loss, and the full loss against the epochs.

    Args:
        batch_size: rows per update, 1 … 128 (128 is full-batch descent).
        lr: learning rate.
        epochs: passes over the 128 rows, 1 … 10.
        seed: seed of the shuffling.
    """
    x, y = noisy_line()
    path = batch_path(batch_size, lr, epochs, seed)
    A = np.column_stack([x, np.ones(N)])
    best = np.linalg.lstsq(A, y, rcond=None)[0]

    def loss(theta: np.ndarray) -> np.ndarray:
        return np.asarray(np.mean((y - theta[:, :1] * x - theta[:, 1:]) ** 2, axis=1))

    lowest = float(loss(best[None])[0])
    fig, (plane, curve) = new_figure(1, 2, width=9.6, height=3.9)
    W, B = np.meshgrid(np.linspace(-1.5, 3.6, 80), np.linspace(-0.9, 3.6, 80))
    J = loss(np.column_stack([W.ravel(), B.ravel()])).reshape(W.shape)
    plane.contour(W, B, J, levels=lowest + np.geomspace(0.03, 14, 9), colors=COLORS["grey"], linewidths=0.8, alpha=0.7)
    few = len(path) <= 40
    plane.plot(path[:, 0], path[:, 1], "o-" if few else "-", color=COLORS["blue"], ms=3.5, lw=1.5 if few else 0.8)
    plane.plot(*START, "o", color=COLORS["ink"], ms=7)
    plane.plot(*best, "*", color=COLORS["green"], ms=14, zorder=5)
    plane.set(xlim=(-1.5, 3.6), ylim=(-0.9, 3.6), xlabel="$w$", ylabel="$b$")
    plane.grid(False)
    updates = len(path) - 1
    plane.set_title(f"Batch size {batch_size}: {updates // epochs} update{'s' if updates > epochs else ''} per epoch")

    per_epoch = -(-N // batch_size)
    excess = np.clip(loss(path) - lowest, 1e-6, 1e4)
    curve.semilogy(np.arange(updates + 1) / per_epoch, excess, color=COLORS["blue"], lw=2 if few else 0.9)
    curve.set(
        xlim=(0, 10), ylim=(1e-5, 100), xlabel="epochs (passes over the 128 rows)", ylabel="loss above its minimum"
    )
    tail = excess[-per_epoch:].mean()
    curve.set_title(f"Last epoch: {tail:.2g} above the minimum")
    return fig
