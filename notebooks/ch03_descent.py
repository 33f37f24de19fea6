# %% [markdown] lang="en"
# # Chapter 3 · Gradient descent
#
# Chapter 2 gave us a number that says how wrong a model is. This chapter makes the number smaller. Every model in this course, from a line with two parameters to a Transformer, is trained by a descendant of the few lines that you write here.
#
# **You will be able to**
#
# - say what a gradient is and why its negative is the direction of steepest descent;
# - check any gradient formula with a numerical derivative, and know how far to trust the check;
# - derive the gradient of linear regression, and recognise a wrong one that looks right;
# - run gradient descent with a stopping rule, and predict from the curvature whether a learning rate crawls, converges, oscillates or diverges;
# - explain batch, stochastic and mini-batch descent, and what the batch size costs and buys;
# - standardise features, and translate the result back into the original units.
#
# **Time** about 2 hours. **Needs** NumPy, derivatives, the product of a matrix and a vector. **Points** 20, in six exercises.
#
# | section | exercise | points |
# |---|---|---|
# | 1 The direction · 2 Checking a derivative | `numerical_gradient` | 4 |
# | 3 The gradient of linear regression | `linreg_grad` (find and fix) | 4 |
# | 4 The update and when to stop | `gradient_descent` | 4 |
# | 5 How large a step | `max_stable_lr` | 3 |
# | 6 A little data at a time | `minibatches` | 3 |
# | 7 Scaling, and all of it together | `sgd_linear` | 2 |
#
# Symbols: $\theta$ all parameters, $J$ the loss, $\alpha$ the learning rate, $n$ rows, $d$ features, $H$ the Hessian (the matrix of second derivatives), $\lambda$ its eigenvalues, $B$ the batch size. Unless stated otherwise all exercises compute in float64, return new arrays and leave their inputs unchanged; library calls are welcome.

# %% [markdown] lang="zh"
# # 第 3 章 · 梯度下降
#
# 第 2 章用一个数衡量模型错了多少，这一章要把这个数变小。本课程的每个模型，小到只有两个参数的直线，大到 Transformer，训练时用的都是本章这几行代码的后代。
#
# **学完本章，你能够**
#
# - 说清梯度是什么，为什么负梯度是下降最快的方向；
# - 用数值导数检验任何一个梯度公式，并且知道这种检验有多可信；
# - 推导线性回归的梯度，识破一个“看上去很对”的错误公式；
# - 写出带停止准则的梯度下降，并根据曲率判断某个学习率会缓慢爬行、收敛、振荡还是发散；
# - 解释批量、随机与小批量梯度下降，说明批量大小的得与失；
# - 对特征做标准化，并把结果换算回原来的单位。
#
# **用时** 约 2 小时。**预备知识** NumPy、导数、矩阵与向量的乘法。**分值** 20 分，共六道练习。
#
# | 小节 | 练习 | 分值 |
# |---|---|---|
# | 1 方向 · 2 检验导数 | `numerical_gradient` | 4 |
# | 3 线性回归的梯度 | `linreg_grad`（找错改正） | 4 |
# | 4 更新与停止 | `gradient_descent` | 4 |
# | 5 步子迈多大 | `max_stable_lr` | 3 |
# | 6 每次只看一点数据 | `minibatches` | 3 |
# | 7 标准化与综合练习 | `sgd_linear` | 2 |
#
# 符号：$\theta$ 表示全部参数，$J$ 是损失，$\alpha$ 是学习率，$n$ 是样本数，$d$ 是特征数，$H$ 是黑塞矩阵（二阶导数矩阵），$\lambda$ 是它的特征值，$B$ 是批量大小。除非另有说明，所有练习都用 float64 计算，返回新数组，不修改输入；可以放心调用现成的库。

# %% setup
import math
import warnings

import numpy as np

np.set_printoptions(precision=4, suppress=True)

# %%
from course.progress_panel import show_progress

show_progress()

# %% [markdown] lang="en"
# ## 1 The direction: what the gradient says
#
# You stand on a hillside in fog and want to go down. You cannot see the valley, but you feel the slope under your feet. That is the whole situation of training: at the current $\theta$ we can compute the loss and its slope, nothing else, and a model with millions of parameters has a hillside with millions of directions.
#
# The **gradient** $\nabla J(\theta)$ collects the slopes along the coordinate axes:
#
# $$\nabla J(\theta) = \left(\frac{\partial J}{\partial\theta_1}, \dots, \frac{\partial J}{\partial\theta_p}\right)$$
#
# Now walk a small distance $\varepsilon$ in *any* direction $u$ of length 1. By Taylor's formula
#
# $$J(\theta + \varepsilon u) = J(\theta) + \varepsilon\,\nabla J(\theta)\cdot u + O(\varepsilon^2)$$
#
# so the slope in direction $u$ is the dot product $\nabla J\cdot u = \|\nabla J\|\cos\varphi$, where $\varphi$ is the angle between $u$ and the gradient. Nothing beats $\cos\varphi = 1$: the gradient points where the loss **rises** fastest, its negative where it **falls** fastest, and across it, at 90°, the loss does not change to first order. That is why the gradient is perpendicular to the contour line.
#
# Two warnings that will matter later. *Steepest* is a local word: the formula drops a term of order $\varepsilon^2$, so a long step in the best direction can end higher up. And the gradient's *length* is a slope, not a distance to the minimum.

# %% [markdown] lang="zh"
# ## 1 方向：梯度告诉我们什么
#
# 你站在大雾弥漫的山坡上，想往下走。看不见山谷，只能感觉到脚下的坡度。训练模型时的处境正是如此：在当前的 $\theta$ 处，我们算得出损失和它的坡度，除此之外一无所知；而一个有几百万个参数的模型，山坡就有几百万个方向。
#
# **梯度** $\nabla J(\theta)$ 把沿各坐标轴的坡度收集在一起：
#
# $$\nabla J(\theta) = \left(\frac{\partial J}{\partial\theta_1}, \dots, \frac{\partial J}{\partial\theta_p}\right)$$
#
# 现在走一小段距离 $\varepsilon$，沿*任意*一个单位方向 $u$。由泰勒公式，
#
# $$J(\theta + \varepsilon u) = J(\theta) + \varepsilon\,\nabla J(\theta)\cdot u + O(\varepsilon^2)$$
#
# 所以沿方向 $u$ 的坡度就是内积 $\nabla J\cdot u = \|\nabla J\|\cos\varphi$，其中 $\varphi$ 是 $u$ 与梯度的夹角。再大也大不过 $\cos\varphi = 1$：梯度指向损失**上升**最快的方向，负梯度指向**下降**最快的方向；与梯度成 90° 时，损失在一阶意义下不变，因此梯度总是垂直于等高线。
#
# 有两点后面会用到。第一，“最快”只在局部成立：公式略去了 $\varepsilon^2$ 阶的项，方向再好，步子太大也可能走到更高的地方。第二，梯度的*长度*是坡度，而不是到最小值点的距离。

# %% [markdown] lang="en"
# **Predict, then play.** The dark point sits on the dark contour. Turn the direction $u$ and watch the slope. Guess first: how many directions out of a full circle leave the loss unchanged to first order?

# %% [markdown] lang="zh"
# **先预测，再动手。** 深色的点位于深色的等高线上。转动方向 $u$，观察坡度。先猜：转一整圈，有几个方向使损失在一阶意义下不变？

# %%
from course.figures.descent import fig_descent, fig_rates, fig_steepest
from course.interact import Prediction, choice, explore, play, slider, toggle

explore(
    fig_steepest,
    predict=Prediction(
        "In how many directions is the slope zero? 有几个方向的坡度为零？",
        options=("one 一个", "two 两个", "none 没有"), answer="two 两个",
        because="cos 90° = cos(−90°) = 0: both ways along the contour line. "
                "夹角为 ±90° 时余弦为零，正是沿等高线的两个方向。"),
    alt={
        "en": "Left: contour lines of a loss with a point on them, the gradient there and a direction u, both as "
        "arrows. Right: the slope in the direction u against the angle between u and the gradient, a cosine "
        "with the chosen angle marked.",
        "zh": "左：损失的等高线，线上一点，以及该点的梯度和方向 u 两个箭头。右：沿方向 u 的坡度随 u 与梯度夹角的变"
        "化，是一条余弦曲线，标出了所选的角度。",
    },
    angle=slider(-180, 180, 60, step=5, label="angle to the gradient 与梯度的夹角"),
)

# %% [markdown] lang="en"
# ## 2 Checking a derivative with a small step
#
# Anyone who derives gradients by hand makes mistakes, and a wrong gradient rarely crashes: it trains, badly. So before we derive anything we build an instrument that can tell right from wrong. It needs nothing but function values. Taylor's formula around $x$, once forwards and once backwards,
#
# $$f(x \pm h) = f(x) \pm h f'(x) + \frac{h^2}{2} f''(x) \pm \frac{h^3}{6} f'''(x) + O(h^4)$$
#
# gives two candidates. The **forward difference** uses $x$ itself, the **central difference** looks at both sides, and there the $f''$ terms cancel:
#
# $$\frac{f(x+h)-f(x)}{h} = f'(x) + \frac{h}{2}f''(x) + O(h^2), \qquad \frac{f(x+h)-f(x-h)}{2h} = f'(x) + \frac{h^2}{6}f'''(x) + O(h^4)$$
#
# Example $f(x)=x^3$ at $x=1$ with $h=0.01$: the forward difference gives 3.0301, an error of 1 %; the central one gives 3.0001.
#
# Should $h$ then be as small as possible? No. A computer rounds $f$ with a relative error of about $\epsilon\approx 2.2\cdot10^{-16}$, and the quotient divides that rounding error by $h$. The total error of the central difference behaves like
#
# $$E(h) \approx \frac{h^2}{6}\,|f'''| + \frac{\epsilon\,|f|}{h}$$
#
# Setting $E'(h)=0$ gives $h = (3\epsilon|f|/|f'''|)^{1/3}$, that is, about $10^{-5}$ when everything else is of order 1. For the forward difference the same calculation gives about $10^{-8}$, with a far larger error left over.

# %% [markdown] lang="zh"
# ## 2 迈一小步，检验导数
#
# 手推梯度难免出错，而错误的梯度很少让程序崩溃：它照样训练，只是训练得很差。所以在推导之前，先造一件能辨别对错的仪器，它只需要函数值。在 $x$ 附近向前、向后各做一次泰勒展开，
#
# $$f(x \pm h) = f(x) \pm h f'(x) + \frac{h^2}{2} f''(x) \pm \frac{h^3}{6} f'''(x) + O(h^4)$$
#
# 就得到两种做法。**前向差分**用到 $x$ 本身；**中心差分**看左右两侧，$f''$ 的项恰好相消：
#
# $$\frac{f(x+h)-f(x)}{h} = f'(x) + \frac{h}{2}f''(x) + O(h^2), \qquad \frac{f(x+h)-f(x-h)}{2h} = f'(x) + \frac{h^2}{6}f'''(x) + O(h^4)$$
#
# 例如 $f(x)=x^3$，取 $x=1$、$h=0.01$：前向差分得 3.0301，误差 1 %；中心差分得 3.0001。
#
# 那么 $h$ 是不是越小越好？不是。计算机对 $f$ 取整的相对误差约为 $\epsilon\approx 2.2\cdot10^{-16}$，差商又把这个舍入误差除以 $h$。中心差分的总误差大致是
#
# $$E(h) \approx \frac{h^2}{6}\,|f'''| + \frac{\epsilon\,|f|}{h}$$
#
# 令 $E'(h)=0$，得 $h = (3\epsilon|f|/|f'''|)^{1/3}$；其余各量都是 1 的量级时，约为 $10^{-5}$。对前向差分做同样的计算，最佳步长约为 $10^{-8}$，而剩下的误差要大得多。

# %% [markdown] lang="en"
# **Predict, then play.** The figure measures both errors for $f(x)=e^{\sin x}$ at $x=1$. Guess: at $h=10^{-12}$, is the central difference better or worse than at $h=10^{-6}$?

# %% [markdown] lang="zh"
# **先预测，再动手。** 图中实测了 $f(x)=e^{\sin x}$ 在 $x=1$ 处两种差分的误差。猜一猜：$h=10^{-12}$ 时，中心差分比 $h=10^{-6}$ 时更准还是更差？

# %%
from course.figures.differences import fig_difference_error

explore(
    fig_difference_error,
    predict=Prediction(
        "Central difference: h = 1e-12 against 1e-6? 中心差分：h = 1e-12 与 1e-6 相比？",
        options=("better 更准", "worse 更差", "the same 一样"), answer="worse 更差",
        because="Rounding errors are divided by h: 6e-05 instead of 1e-10. 舍入误差被 h 放大：误差从 1e-10 变成 6e-05。"),
    alt={
        "en": "Error of the numerical derivative against the step h, both axes logarithmic: one curve for the "
        "forward and one for the central difference. Each falls with h, then turns and rises in jagged steps "
        "from rounding.",
        "zh": "数值导数的误差随步长 h 的变化，两轴都是对数刻度：前向差分和中心差分各一条曲线。误差先随 h 减小，随后"
        "因舍入而参差不齐地回升。",
    },
    log_h=slider(-14.0, -0.5, -6.0, step=0.5, label="log₁₀ h"),
)

# %% [markdown] lang="en"
# A gradient needs one such quotient per parameter, always moving **one coordinate and nothing else**:
#
# $$\frac{\partial f}{\partial x_i} \approx \frac{f(x + h\,e_i) - f(x - h\,e_i)}{2h}$$
#
# where $e_i$ is 1 in place $i$ and 0 elsewhere. That is $2p$ evaluations for $p$ parameters. For the 225 034 parameters of article A's network one gradient would cost 450 068 evaluations of the loss: useless for training, perfect as a check on a small case. Back-propagation (chapter 5) gets the exact gradient for the price of a few evaluations, and is checked in just this way.
#
# ### Exercise `numerical_gradient` · 4 points
#
# Write `numerical_gradient(f, x, h=1e-6)`.
#
# - `x` is an array of any shape, also `()`; integers and float32 are allowed, compute in float64. `f` takes an array of the shape of `x` and returns one number (a Python number or a NumPy scalar).
# - Return the central differences as a float64 array of the shape of `x`. For shape `()` a 0-d array or a float is right.
# - Each call of `f` gets an array that differs from `x` in at most one entry, by a step of the size of `h` (between a quarter and four times `h`, so that a more accurate stencil is welcome). `x` itself comes back unchanged.
#
# Hidden tests also use: a spy in the place of `f` that records every point; shapes `()`, `(3,)`, `(2, 3)`, `(1, 1)` and a transposed array; entries as large as 300; integer and float32 input; a cubic at $h=10^{-2}$, where the error may be at most $2h^2$; the dtype; the input unchanged.
#
# <details><summary>Hint 1</summary>
#
# Work on a float copy: `np.array(x, dtype=float)`. Loop over all positions with `np.ndindex(x.shape)`; it also works for shape `()`.
#
# </details>
# <details><summary>Hint 2</summary>
#
# Make a fresh copy for each of the two points. If you would rather change one array in place, restore the entry before you go on to the next.
#
# </details>

# %% [markdown] lang="zh"
# 求梯度时，每个参数需要一个这样的差商，而且每次**只动一个坐标，其余都不动**：
#
# $$\frac{\partial f}{\partial x_i} \approx \frac{f(x + h\,e_i) - f(x - h\,e_i)}{2h}$$
#
# 其中 $e_i$ 的第 $i$ 个分量为 1，其余为 0。因此总共要计算 $2p$ 次函数值，$p$ 是参数的个数。文章 A 的网络有 225 034 个参数，求一次梯度就要计算 450 068 次损失：用来训练毫无希望，用来在小例子上做检验却再好不过。反向传播（第 5 章）只需相当于几次函数计算的代价就能得到精确梯度，而它正是用这里的方法来检验的。
#
# ### 练习 `numerical_gradient` · 4 分
#
# 编写 `numerical_gradient(f, x, h=1e-6)`。
#
# - `x` 是任意形状的数组，也可以是 `()`；允许整数和 float32，计算用 float64。`f` 接收与 `x` 形状相同的数组，返回一个数（Python 数或 NumPy 标量）。
# - 返回中心差分，float64 数组，形状与 `x` 相同。形状为 `()` 时，0 维数组或浮点数都可以。
# - 每次传给 `f` 的数组与 `x` 至多有一个元素不同，改变量与 `h` 同量级（在 `h` 的四分之一到四倍之间，所以也欢迎更精确的差分格式）。`x` 本身不得改变。
#
# 隐藏测试还会用到：代替 `f` 的“探针”函数，记录收到的每个点；形状 `()`、`(3,)`、`(2, 3)`、`(1, 1)` 以及转置数组；大到 300 的分量；整数与 float32 输入；$h=10^{-2}$ 时的三次函数，误差不得超过 $2h^2$；数据类型；输入不变。
#
# <details><summary>提示 1</summary>
#
# 先做一个浮点副本：`np.array(x, dtype=float)`。用 `np.ndindex(x.shape)` 遍历所有位置，形状为 `()` 时同样有效。
#
# </details>
# <details><summary>提示 2</summary>
#
# 两个点各用一个新副本。若想在同一个数组上原地修改，请先把该元素恢复，再处理下一个。
#
# </details>

# %% solution="numerical-gradient"
def numerical_gradient(f, x, h=1e-6):
    """Return the central differences of f at x, float64, in the shape of x; x is left unchanged."""
    ### BEGIN SOLUTION
    x = np.array(x, dtype=float)
    gradient = np.zeros(x.shape)
    for place in np.ndindex(x.shape):
        forward, backward = x.copy(), x.copy()
        forward[place] += h
        backward[place] -= h
        gradient[place] = (f(forward) - f(backward)) / (2 * h)
    return gradient
    ### END SOLUTION

# %% test="central-difference-of-known-functions" points=2
def _public():
    x = np.array([1.0, -2.0, 0.5])
    g = numerical_gradient(lambda p: float(np.sum(np.asarray(p) ** 2)), x)
    assert isinstance(g, np.ndarray), "[ch03-TYPE] 请返回 NumPy 数组 / return a NumPy array; did you forget a return?"
    assert g.shape == x.shape, "[ch03-SHAPE] 梯度的形状应与 x 相同 / your gradient must have the shape of x"
    assert g.dtype == np.float64, "[ch03-DTYPE] 结果应为 float64 / the result must be float64"
    # the derivative of x² is 2x, and the central difference of a parabola has no truncation error
    assert np.allclose(g, 2 * x, atol=1e-5), "[ch03-QUOTIENT] 看看 f(x+h)、f(x−h) 与除数 / look at f(x + h), f(x − h) and the divisor"
    # a property: a constant has gradient zero
    g = numerical_gradient(lambda p: 7, x)
    assert np.allclose(g, 0, atol=1e-9), "[ch03-CONSTANT] 常数函数的梯度为零 / the gradient of a constant is zero"


_public()

### BEGIN HIDDEN TESTS
def _hidden():
    def value(p, a, c):
        p = np.asarray(p, dtype=float)
        return np.sum(np.sin(a * p)) + 0.5 * np.sum(c * p) ** 2

    def slope(x, a, c):
        x = np.asarray(x, dtype=float)
        return a * np.cos(a * x) + np.sum(c * x) * c

    rng = np.random.default_rng(30311)
    inputs = [rng.normal(size=shape) for shape in ((), (3,), (1, 1))]
    inputs = [np.array(x) for x in inputs]  # shape () as a 0-d array
    inputs += [rng.normal(size=(3, 2)).T, np.array([2, -1, 0]), np.array([[3, -4]], dtype=np.int32),
               np.array(3), rng.normal(size=2).astype(np.float32)]
    for x in inputs:
        a, c = rng.uniform(0.5, 1.5, size=x.shape), rng.normal(size=x.shape)
        before = x.copy()
        g = numerical_gradient(lambda p, a=a, c=c: value(p, a, c), x)
        kinds = (np.ndarray, np.floating, float) if x.shape == () else np.ndarray
        assert isinstance(g, kinds), "[ch03-TYPE] 请返回 NumPy 数组 / return a NumPy array"
        g = np.asarray(g)
        assert g.shape == x.shape, "[ch03-SHAPE] 任何形状的 x，梯度形状都应相同 / the gradient has the shape of x, whatever it is"
        assert g.dtype == np.float64, "[ch03-DTYPE] 整数或 float32 输入，结果也应为 float64 / float64 also for integer and float32 input"
        assert np.allclose(g, slope(before, a, c), rtol=1e-5, atol=1e-5), (
            "[ch03-QUOTIENT] 与解析导数不符；整数或 float32 的 x 是否先转成了 float64？ / differs from the analytic derivative; "
            "is x turned into float64 before the step is added?")
        assert np.array_equal(x, before), "[ch03-INPUT] 不要改动 x / your function changed x"
    for kind in (int, np.float32):  # whatever kind of number f returns
        g = numerical_gradient(lambda p, kind=kind: kind(3), np.array([1.0]))
        assert np.allclose(g, 0, atol=1e-9), "[ch03-CONSTANT] 常数函数的梯度为零 / the gradient of a constant is zero"


_hidden()
### END HIDDEN TESTS

# %% test="central-difference-moves-one-coordinate" points=2
def _public():
    # a spy records where your function looks: every point may differ from x in one entry only
    seen = []

    def spy(p):
        seen.append(np.array(p, dtype=float))
        return float(p[0] * p[1] + 3 * p[0])

    x = np.array([2.0, 5.0])
    g = numerical_gradient(spy, x)
    assert len(seen) >= 4, "[ch03-CALLS] 每个坐标都要向两侧各看一次 / look to both sides of every coordinate"
    assert isinstance(g, np.ndarray) and g.shape == (2,), "[ch03-SHAPE] 梯度是与 x 同形的数组 / the gradient is an array of the shape of x"
    for p in seen:
        assert np.sum(np.abs(p - np.array([2.0, 5.0])) > 1e-9) <= 1, "[ch03-ONE] 每次只移动一个坐标 / move one coordinate at a time"
    assert np.allclose(g, [8.0, 2.0], atol=1e-5), "[ch03-QUOTIENT] 看看差商 / look at your quotient"


_public()

### BEGIN HIDDEN TESTS
def _hidden():
    rng = np.random.default_rng(30312)
    for x, h in ((np.array(rng.normal()), 1e-6), (rng.normal(size=3), 1e-4), (rng.normal(size=(2, 3)), 1e-6), (np.array([[1, -3]]), 0.125),
                 (np.array([300.0, -0.01]), 0.125)):
        seen = []

        def spy(p, seen=seen):
            seen.append(np.array(p))
            return float(np.sum(np.cos(np.asarray(p, dtype=float))))

        start, before = np.array(x, dtype=float), x.copy()
        g = numerical_gradient(spy, x, h)
        assert isinstance(g, (np.ndarray, np.floating, float)) and np.shape(g) == x.shape, "[ch03-SHAPE] 梯度的形状应与 x 相同 / the gradient has the shape of x"
        assert np.array_equal(x, before), "[ch03-INPUT] 不要改动 x / your function changed x"
        assert len(seen) >= 2 * x.size, "[ch03-CALLS] 每个坐标都要向两侧各看一次 / look to both sides of every coordinate"
        sides = set()
        for p in seen:
            assert p.shape == x.shape, "[ch03-SHAPE] 传给 f 的数组应与 x 同形 / f must get an array of the shape of x"
            moved = np.abs(p - start) > 1e-3 * h
            assert moved.sum() <= 1, "[ch03-ONE] 每次只移动一个坐标，前一个要恢复 / one coordinate at a time; restore the one before"
            for place in np.argwhere(moved):
                step = float(p[tuple(place)] - start[tuple(place)])
                assert h / 4.001 <= abs(step) <= 4.001 * h, "[ch03-STEP] 步长应与参数 h 同量级 / step by the argument h, not by a number of your own"
                sides.add((tuple(int(i) for i in place), step > 0))
        assert len(sides) == 2 * x.size, "[ch03-CENTRAL] 每个坐标要看两侧：中心差分 / look to both sides: a central difference"
    h = 1e-2
    g = numerical_gradient(lambda p: float(np.sum(np.asarray(p) ** 3)), np.array([1.0, 1.0]), h)
    assert isinstance(g, np.ndarray) and g.shape == (2,), "[ch03-SHAPE] 梯度的形状应与 x 相同 / the gradient has the shape of x"
    assert np.all(np.abs(np.asarray(g) - 3.0) <= 2 * h**2), "[ch03-CENTRAL] 误差是 h 阶而不是 h² 阶：这是前向差分吗？ / an error of order h, not h²: is this a forward difference?"


_hidden()
### END HIDDEN TESTS

# %% [markdown] lang="en"
# How to read a gradient check: compare with a **relative** error, $\|g - \hat g\| / \max(\|g\|, \|\hat g\|)$. Around $10^{-7}$ or less is agreement; $10^{-2}$ is a bug; in between, look for a kink (the absolute value or ReLU within $h$ of zero) or for float32. And choose a random point. We shall see in a moment why a tidy one is dangerous.

# %% [markdown] lang="zh"
# 怎样判读梯度检验：看**相对**误差 $\|g - \hat g\| / \max(\|g\|, \|\hat g\|)$。不超过 $10^{-7}$ 左右就算一致；$10^{-2}$ 说明有错；介于两者之间，要看附近有没有不可导的折点（绝对值或 ReLU 在零点 $h$ 的范围内），或者是否用了 float32。还有，检验点要随机取。过一会儿就会看到，取“整齐”的点有多危险。

# %% [markdown] lang="en"
# ## 3 The gradient of linear regression
#
# The simplest model that can be trained: a prediction $\hat y_i = x_i\cdot w + b$ for each of $n$ rows $x_i$ with $d$ features, judged by the mean squared error of chapter 2,
#
# $$J(w, b) = \frac1n\sum_{i=1}^{n} r_i^2, \qquad r_i = y_i - (x_i\cdot w + b)$$
#
# The numbers $r_i$ are the **residuals**. The chain rule has two links. Outside, $\partial r_i^2/\partial r_i = 2r_i$. Inside, a residual depends on the parameters by $\partial r_i/\partial w_j = -x_{ij}$ and $\partial r_i/\partial b = -1$. Multiply, and average over the rows:
#
# $$\frac{\partial J}{\partial w_j} = -\frac2n\sum_{i=1}^{n} x_{ij}\,r_i, \qquad \frac{\partial J}{\partial b} = -\frac2n\sum_{i=1}^{n} r_i$$
#
# With the rows stacked into a matrix $X$ of shape $(n, d)$ all the $w$-parts become one product, $\nabla_w J = -\frac2n X^\top r$.
#
# Read the formula aloud: *every row votes, with its residual as the weight of its vote*. A row that is fitted perfectly has no say. If all residuals vanish, so does the gradient. At the best line the residuals do not vanish, but their votes cancel: $X^\top r = 0$ and $\sum_i r_i = 0$. These are the **normal equations** of least squares.

# %% [markdown] lang="zh"
# ## 3 线性回归的梯度
#
# 最简单的可训练模型：预测为 $\hat y_i = x_i\cdot w + b$，数据共 $n$ 行，每行 $x_i$ 有 $d$ 个特征，用第 2 章的均方误差来评价，
#
# $$J(w, b) = \frac1n\sum_{i=1}^{n} r_i^2, \qquad r_i = y_i - (x_i\cdot w + b)$$
#
# 其中 $r_i$ 称为**残差**。链式法则分两环。外层：$\partial r_i^2/\partial r_i = 2r_i$。内层：残差对参数的导数是 $\partial r_i/\partial w_j = -x_{ij}$ 和 $\partial r_i/\partial b = -1$。两者相乘，再对各行取平均：
#
# $$\frac{\partial J}{\partial w_j} = -\frac2n\sum_{i=1}^{n} x_{ij}\,r_i, \qquad \frac{\partial J}{\partial b} = -\frac2n\sum_{i=1}^{n} r_i$$
#
# 把各行叠成矩阵 $X$，形状为 $(n, d)$，所有 $w$ 的分量就合并成一次矩阵乘法：$\nabla_w J = -\frac2n X^\top r$。
#
# 用一句话读这个公式：*每一行都投票，残差就是它的票重*。已经拟合得分毫不差的行没有发言权。残差全为零时，梯度也为零。在最优直线处，残差并不为零，但各票互相抵消：$X^\top r = 0$ 且 $\sum_i r_i = 0$，这就是最小二乘的**正规方程**。

# %% [markdown] lang="en"
# **Predict, then play.** The orange bars are the residuals; the line moves by the sum of their votes. Guess: does gradient descent make most of its progress early, late or evenly? Watch the intercept $b$ in the title. Then raise the learning rate until the line flips over, farther each time.

# %% [markdown] lang="zh"
# **先预测，再动手。** 橙色竖条就是残差，直线按它们投票的总和移动。猜一猜：梯度下降的大部分进展发生在前期、后期，还是均匀分布？留意标题中截距 $b$ 的变化。然后调大学习率，直到直线开始来回翻转。

# %%
from course.figures.line_fit import fig_line_fit

explore(
    fig_line_fit,
    predict=Prediction(
        "When does the loss lose most of its height? 损失主要在什么时候下降？",
        options=("early 前期", "late 后期", "evenly 均匀"), answer="early 前期",
        because="Each step removes a fixed share of what is left, so the first steps remove most. Above a rate of about 0.81 the line flips ever further. "
                "每一步去掉剩余误差的一个固定比例，所以前几步去掉得最多。学习率超过约 0.81 后，直线越翻越远。"),
    alt={
        "en": "Left: data points, the current line with its residuals as vertical bars, and the least-squares line "
        "dotted. Right: the mean squared error against the step on a logarithmic scale, with the "
        "least-squares value as a dotted line.",
        "zh": "左：数据点、当前直线及其竖直的残差线段，最小二乘直线为点线。右：均方误差随步数的变化（对数刻度），点"
        "线为最小二乘的值。",
    },
    lr=slider(0.01, 1.0, 0.05, step=0.01, label="learning rate 学习率"),
    step=play(0, 40, 10, label="step 步"),
)

# %% [markdown] lang="en"
# ### Find and fix: a gradient without a residual (E01)
#
# Article A takes a regression with $\theta=[w, b]$, starts at $[1, 1]$ with $\alpha=0.01$, and states the gradient as $[-2x_1, -2x_2]$, where the two symbols are said to be input features. Three things have gone missing: the residual, hence also $y$; the mean over the rows; and the difference between $w$ and $b$, for the bias has been turned into a second feature.
#
# Two ways to see that it cannot be right, without any calculation:
#
# - **Units.** Let $x$ be metres and $y$ be kilograms. The loss is in kg², $w$ in kg/m, so $\partial J/\partial w$ must be in kg·m. The article's expression is in metres.
# - **Dependence.** It contains neither $w$, $b$ nor $y$. A slope that is the same everywhere has no place where it is zero, so it can have no minimum. It does not even know what is to be predicted.
#
# And one way to *miss* it: at the natural test point $x=1$, $y=1$, $w=b=0$ the residual is exactly 1, and both formulas give $-2$ in each component. Test a gradient at tidy numbers, and you learn little.

# %% [markdown] lang="zh"
# ### 找错改正：没有残差的梯度（E01）
#
# 文章 A 考虑参数为 $\theta=[w, b]$ 的回归，从 $[1, 1]$ 出发，取 $\alpha=0.01$，给出的梯度是 $[-2x_1, -2x_2]$，并说这两个符号是输入特征。这里丢了三样东西：残差（于是连 $y$ 也不见了）；对各行取平均；$w$ 与 $b$ 的区别，因为偏置被当成了第二个特征。
#
# 不做任何计算，也能从两方面看出它不可能正确：
#
# - **单位。** 设 $x$ 以米计，$y$ 以千克计。损失的单位是 kg²，$w$ 的单位是 kg/m，所以 $\partial J/\partial w$ 的单位必须是 kg·m，而文章的式子单位是米。
# - **依赖关系。** 式子里没有 $w$、$b$，也没有 $y$。处处相同的坡度，没有一处为零，也就不可能有最小值。它甚至不知道要预测的是什么。
#
# 还有一种情形会*看不出*错误：取最顺手的检验点 $x=1$、$y=1$、$w=b=0$，残差恰好为 1，两个公式的每个分量都等于 $-2$。用整齐的数检验梯度，学不到多少东西。

# %%
# The trap in numbers: at a tidy point the wrong formula agrees, at the next one it does not.
for x, y, w, b in ((1.0, 1.0, 0.0, 0.0), (2.0, 1.0, 0.5, 0.5)):
    r = y - (w * x + b)
    print(f"x={x:g} y={y:g} w={w:g} b={b:g}: correct dJ/dw = {-2 * x * r:+.1f}, article's −2x = {-2 * x:+.1f}")

# %% [markdown] lang="en"
# ### Exercise `linreg_grad` · 4 points
#
# Write the correct gradient: `linreg_grad(X, y, w, b)` for `X` of shape `(n, d)`, `y` of shape `(n,)`, `w` of shape `(d,)` and a number `b`.
#
# - Return `(grad_w, grad_b)`: a float array `(d,)` and a float (a NumPy scalar is a float too; a list of the two is fine). The loss is the **mean** of squared residuals, with factor 1, so the gradient carries the factor $2/n$.
# - Use the formula, not finite differences: results are compared at a relative tolerance of $10^{-9}$, also for targets of size $10^{3}$.
# - Integers are allowed in every argument. float32 input is compared at $10^{-5}$.
#
# Hidden tests also use: $(n, d)$ = (1, 1), (5, 3), (9, 2), (2, 4), (4, 4); the least-squares solution, where the gradient is zero although the residuals are not; all rows duplicated, which must change nothing, and one row three times; integer and float32 input; large targets; the types; the inputs unchanged.
#
# <details><summary>Hint</summary>
#
# Compute the residuals once, `r = y - (X @ w + b)`, and check that `r` has shape `(n,)`. The transposed matrix turns `n` votes into `d` slopes.
#
# </details>

# %% [markdown] lang="zh"
# ### 练习 `linreg_grad` · 4 分
#
# 写出正确的梯度：`linreg_grad(X, y, w, b)`，其中 `X` 的形状为 `(n, d)`，`y` 为 `(n,)`，`w` 为 `(d,)`，`b` 是一个数。
#
# - 返回 `(grad_w, grad_b)`：前者是形状为 `(d,)` 的浮点数组，后者是浮点数（NumPy 标量也算；两者放在列表里也可以）。损失是残差平方的**平均**，系数为 1，因此梯度带系数 $2/n$。
# - 请用公式，不要用差分：比较时相对误差容限为 $10^{-9}$，目标值大到 $10^{3}$ 时也是如此。
# - 每个参数都可以是整数。float32 输入按 $10^{-5}$ 比较。
#
# 隐藏测试还会用到：$(n, d)$ = (1, 1)、(5, 3)、(9, 2)、(2, 4)、(4, 4)；最小二乘解处，残差不为零而梯度为零；所有行复制一份，结果不变；某一行出现三次；整数与 float32 输入；很大的目标值；类型；输入不变。
#
# <details><summary>提示</summary>
#
# 残差只算一次：`r = y - (X @ w + b)`，并确认 `r` 的形状是 `(n,)`。转置矩阵把 `n` 张票变成 `d` 个坡度。
#
# </details>

# %% solution="linreg-grad"
def linreg_grad(X, y, w, b):
    """Return the gradient of (1/n) Σ (y − (Xw + b))² with respect to w (d,) and b."""
    ### BEGIN SOLUTION
    n = len(y)
    r = y - (X @ w + b)  # (n,)
    return -2 / n * (X.T @ r), float(-2 / n * np.sum(r))
    ### END SOLUTION

# %% test="linreg-gradient-uses-the-residual" points=2
def _public():
    X = np.array([[1.0, 2.0], [3.0, -1.0], [0.5, 4.0]])
    w, b = np.array([2.0, -1.0]), 0.5
    result = linreg_grad(X, X @ w + b, w, b)
    assert isinstance(result, (tuple, list)) and len(result) == 2, "[ch03-TYPE] 请返回 (grad_w, grad_b) / return (grad_w, grad_b)"
    grad_w, grad_b = result
    assert isinstance(grad_w, np.ndarray), "[ch03-TYPE] grad_w 应为数组 / grad_w must be an array"
    assert grad_w.shape == (2,), "[ch03-SHAPE] grad_w 的形状应为 (d,) / grad_w must have shape (d,)"
    assert np.ndim(grad_b) == 0, "[ch03-SHAPE] grad_b 应为一个数 / grad_b must be one number"
    # a property: a perfect fit has no slope
    assert np.allclose(grad_w, 0) and abs(grad_b) < 1e-9, "[ch03-RESIDUAL] 完全拟合时梯度为零：残差在哪里？ / zero at a perfect fit: where is the residual?"
    # one point whose residual is not 1, where article A's formula is wrong
    grad_w, grad_b = linreg_grad(np.array([[2.0]]), np.array([1.0]), np.array([0.5]), 0.5)  # r = 1 − 1.5 = −0.5
    assert np.allclose(grad_w, [2.0]), "[ch03-RESIDUAL] 对 w：每个 x 要乘上自己的残差，注意符号与系数 2 / w: each x times its residual; mind the sign and the factor 2"
    assert np.isclose(grad_b, 1.0), "[ch03-BIAS] 对 b：残差的平均，不含 x / b: the mean residual, without x"


_public()

### BEGIN HIDDEN TESTS
def _oracle(X, y, w, b):
    X, y, w = (np.asarray(a, dtype=np.float64) for a in (X, y, w))
    grad_w, grad_b = np.zeros(X.shape[1]), 0.0
    for i in range(len(y)):
        r = y[i] - float(b) - sum(X[i, j] * w[j] for j in range(len(w)))
        grad_w = grad_w - 2 / len(y) * r * X[i]
        grad_b = grad_b - 2 / len(y) * r
    return grad_w, grad_b


def _check(X, y, w, b, rtol=1e-9):
    before = [np.array(a) for a in (X, y, w)]
    want_w, want_b = _oracle(X, y, w, b)
    result = linreg_grad(X, y, w, b)
    for array, copy in zip((X, y, w), before, strict=True):
        assert np.array_equal(array, copy), "[ch03-INPUT] 不要改动输入数组 / your function changed an input array"
    assert isinstance(result, (tuple, list)) and len(result) == 2, "[ch03-TYPE] 请返回 (grad_w, grad_b) / return (grad_w, grad_b)"
    grad_w, grad_b = result
    assert isinstance(grad_w, np.ndarray) and grad_w.shape == w.shape, "[ch03-SHAPE] grad_w 应为形状 (d,) 的数组 / grad_w must be an array (d,)"
    assert grad_w.dtype.kind == "f", "[ch03-DTYPE] 梯度应为浮点数，整数输入也一样 / the gradient is float, also for integer input"
    assert np.ndim(grad_b) == 0 and np.asarray(grad_b).dtype.kind == "f", "[ch03-SHAPE] grad_b 应为一个浮点数 / grad_b must be one float"
    size = max(1.0, np.max(np.abs(want_w)), abs(want_b))
    assert np.allclose(grad_w, want_w, rtol=rtol, atol=rtol * size), (
        "[ch03-GRAD-W] w 的梯度与公式不符：残差、符号、系数 2、取平均 / the w-part differs from the formula: residual, sign, factor 2, mean")
    assert np.isclose(grad_b, want_b, rtol=rtol, atol=rtol * size), (
        "[ch03-GRAD-B] b 的梯度与公式不符：残差的平均乘 −2，不含 x / the b-part is −2 times the mean residual, without x")


def _hidden():
    rng = np.random.default_rng(30321)
    for n, d in ((1, 1), (5, 3), (9, 2), (2, 4), (4, 4)):
        for offset in (0.0, 1e3):
            _check(rng.normal(size=(n, d)), rng.normal(size=n) + offset, rng.normal(size=d), float(rng.normal()))
    _check(rng.integers(-5, 6, size=(6, 2)), rng.integers(-5, 6, size=6), np.array([2, -1]), 3)
    _check(rng.integers(-90, 91, size=(6, 2)).astype(np.int32), rng.integers(-90, 91, size=6).astype(np.int32), rng.normal(size=2), 0.5)
    _check(rng.integers(-300, 301, size=(5, 3)), rng.integers(-(10**5), 10**5 + 1, size=5), np.array([200, -3, 70]), 1000)
    X, y, w = rng.normal(size=(4, 2)), rng.normal(size=4), rng.normal(size=2)
    _check(X, y, w, 0.0)
    _check(X[[0, 0, 0, 1, 2]], y[[0, 0, 0, 1, 2]], w, 0.5)  # equal rows count as often as they stand there
    X, y, w = (rng.normal(size=shape).astype(np.float32) for shape in ((8, 3), 8, 3))
    _check(X, y, w, 0.25, rtol=1e-5)


_hidden()
### END HIDDEN TESTS

# %% test="linreg-gradient-is-a-mean" points=2
def _parts(result, d):
    """The two parts of a gradient, once they are an array (d,) and a number."""
    assert isinstance(result, (tuple, list)) and len(result) == 2, "[ch03-TYPE] 请返回 (grad_w, grad_b) / return (grad_w, grad_b)"
    grad_w, grad_b = result
    assert isinstance(grad_w, np.ndarray) and grad_w.shape == (d,), "[ch03-SHAPE] grad_w 应为形状 (d,) 的数组 / grad_w must be an array (d,)"
    assert isinstance(grad_b, (float, np.floating, np.ndarray)) and np.ndim(grad_b) == 0, "[ch03-SHAPE] grad_b 应为一个数 / grad_b must be one number"
    return grad_w, grad_b


def _public():
    # a property: writing every row twice changes a sum, but not a mean
    X, y = np.array([[1.0, 0.0], [2.0, 1.0], [0.0, 3.0]]), np.array([1.0, 0.0, 2.0])
    w, b = np.array([0.3, -0.7]), 0.1
    twice = _parts(linreg_grad(np.vstack([X, X]), np.concatenate([y, y]), w, b), 2)
    once = _parts(linreg_grad(X, y, w, b), 2)
    assert np.allclose(once[0], twice[0]), "[ch03-MEAN] w 的部分是求和而不是取平均 / the w-part is a sum, not a mean"
    assert np.isclose(once[1], twice[1]), "[ch03-MEAN] b 的部分是求和而不是取平均 / the b-part is a sum, not a mean"


_public()

### BEGIN HIDDEN TESTS
def _hidden():
    rng = np.random.default_rng(30322)
    for n, d in ((9, 2), (12, 3), (7, 1)):
        X, y = rng.normal(size=(n, d)), rng.normal(size=n)
        A = np.column_stack([X, np.ones(n)])
        best = np.linalg.lstsq(A, y, rcond=None)[0]
        before = X.copy(), y.copy()
        grad_w, grad_b = _parts(linreg_grad(X, y, best[:-1], float(best[-1])), d)
        assert np.array_equal(X, before[0]) and np.array_equal(y, before[1]), "[ch03-INPUT] 不要改动输入数组 / your function changed an input array"
        assert np.allclose(grad_w, 0, atol=1e-9) and abs(grad_b) < 1e-9, (
            "[ch03-NORMAL] 最小二乘解处梯度应为零 / the gradient must vanish at the least-squares solution")
        w, b = rng.normal(size=d), float(rng.normal())
        r = y - X @ w - b
        want_w, want_b = -2 * np.mean(X * r[:, None], axis=0), -2 * np.mean(r)
        once = _parts(linreg_grad(X.copy(), y.copy(), w.copy(), b), d)
        thrice = _parts(linreg_grad(np.tile(X, (3, 1)), np.tile(y, 3), w.copy(), b), d)
        assert np.allclose(once[0], thrice[0], rtol=1e-9, atol=1e-12) and np.isclose(once[1], thrice[1], rtol=1e-9, atol=1e-12), (
            "[ch03-MEAN] 复制各行不应改变梯度 / duplicated rows must not change the gradient")
        assert np.allclose(once[0], want_w, rtol=1e-9, atol=1e-12), (
            "[ch03-MEAN] 系数应为 2/n / the factor is 2/n")
        assert np.isclose(once[1], want_b, rtol=1e-9, atol=1e-12), "[ch03-MEAN] 系数应为 2/n / the factor is 2/n"


_hidden()
### END HIDDEN TESTS

# %% [markdown] lang="en"
# Now put your two functions against each other: the instrument of section 2 checks the formula of section 3, at a random point.

# %% [markdown] lang="zh"
# 现在让你的两个函数互相对照：用第 2 节的仪器，在随机点上检验第 3 节的公式。

# %%
from course.unfinished import when_solved

with when_solved("numerical_gradient", "linreg_grad"):
    rng = np.random.default_rng(1)
    X, y, theta = rng.normal(size=(20, 3)), rng.normal(size=20), rng.normal(size=4)
    grad_w, grad_b = linreg_grad(X, y, theta[:3], theta[3])
    formula = np.append(grad_w, grad_b)
    measured = numerical_gradient(lambda t: np.mean((y - (X @ t[:3] + t[3])) ** 2), theta)
    print(f"relative error {np.linalg.norm(formula - measured) / np.linalg.norm(formula):.1e}")

# %% [markdown] lang="en"
# ### What a wrong gradient looks like from outside (E02)
#
# The article promises that iterating with its vector lowers the loss step by step. Does it? A vector $g$ that does not depend on $\theta$ moves the parameters along a straight line at constant speed, $\theta_k = \theta_0 - \alpha k\,g$, and the loss along a straight line is a parabola in $k$:
#
# $$J(\theta_k) = J(\theta_0) - k\,\alpha\,\nabla J(\theta_0)\cdot g + k^2\,\frac{\alpha^2}{2}\,g^\top H g$$
#
# If $g$ happens to point less than 90° away from the true gradient, the loss **falls first**. Then the parabola turns, and there is no way back.
#
# The figure runs the article's setting, $\theta_0=[1, 1]$ and $\alpha=0.01$, on 50 seeded points around $y=3x+1$; for $x_1$ and $x_2$ it takes the first two inputs, as the article's wording suggests. **Predict, then play:** press play with the article's vector (every ten frames stand for ten times as many steps), and stop the animation at the last moment at which you would still have believed it. Then tick the correct gradient.

# %% [markdown] lang="zh"
# ### 从外部看，错误的梯度是什么样子（E02）
#
# 文章声称，用它的向量反复迭代，损失会一步步减小。真的吗？向量 $g$ 若不依赖 $\theta$，就让参数沿直线匀速运动，$\theta_k = \theta_0 - \alpha k\,g$，而损失沿直线是 $k$ 的抛物线：
#
# $$J(\theta_k) = J(\theta_0) - k\,\alpha\,\nabla J(\theta_0)\cdot g + k^2\,\frac{\alpha^2}{2}\,g^\top H g$$
#
# 只要 $g$ 碰巧与真正的梯度夹角小于 90°，损失就会**先下降**。随后抛物线掉头向上，再也回不来。
#
# 图中按文章的设定 $\theta_0=[1, 1]$、$\alpha=0.01$，使用由固定种子生成的 50 个点，它们分布在 $y=3x+1$ 附近；$x_1$、$x_2$ 按文章的字面意思取前两个输入。**先预测，再动手：** 用文章的向量播放动画（每过十帧，步数变为十倍），停在你还愿意相信它的最后一刻。然后勾选正确的梯度。

# %%
from course.figures.wrong_gradient import fig_wrong_gradient

explore(
    fig_wrong_gradient,
    predict=Prediction(
        "What does the loss do under the constant vector? 用常向量更新，损失会怎样？",
        options=("rises at once 立刻上升", "falls, then rises 先降后升", "falls for ever 一直下降"), answer="falls, then rises 先降后升",
        because="3.36 at the start, 2.76 after 100 steps, lowest (2.18) at step 334, 6.89 after 1 000, 994.6 after 10 000. "
                "起点 3.36，100 步后 2.76，第 334 步最低（2.18），1 000 步后 6.89，10 000 步后 994.6。"),
    alt={
        "en": "Left: contour lines of the loss over w and b, with the path of the updates from the start and a "
        "star at the true line. Right: the mean squared error against the step on a logarithmic scale.",
        "zh": "左：损失在 w、b 平面上的等高线，以及从起点出发的更新路径，星号为真实直线。右：均方误差随步数（对数刻"
        "度）的变化。",
    },
    corrected=toggle(False, label="correct gradient 正确的梯度"),
    frame=play(0, 40, 20, label="frame 帧"),
)

# %% [markdown] lang="en"
# Measured with these 50 points (seed 0, noise of deviation 0.1):
#
# | steps | article's constant vector | correct gradient |
# |---|---|---|
# | 0 | 3.36 | 3.36 |
# | 10 | 3.29 | 2.37 |
# | 100 | 2.76 | 0.126 |
# | 1 000 | 6.89 | 0.01005 |
# | 10 000 | 994.6 | 0.01005 |
#
# The constant vector lowers the loss for 334 steps and needs 668 to be back where it began. Whoever stops after 100 has "proof" that the formula works. The correct gradient ends at 0.01005, the noise that no line can remove (its variance is 0.01).
#
# Three habits that would have caught it: check against differences at a random point; let it run *to the end*; compare the end with something known, here least squares.

# %% [markdown] lang="zh"
# 在这 50 个点上实测（种子 0，噪声标准差 0.1）：
#
# | 步数 | 文章的常向量 | 正确的梯度 |
# |---|---|---|
# | 0 | 3.36 | 3.36 |
# | 10 | 3.29 | 2.37 |
# | 100 | 2.76 | 0.126 |
# | 1 000 | 6.89 | 0.01005 |
# | 10 000 | 994.6 | 0.01005 |
#
# 常向量让损失下降了 334 步，到第 668 步才回到起点。谁若在第 100 步停下，就有了公式有效的“证据”。正确的梯度最后停在 0.01005，这是任何直线都消除不了的噪声（方差为 0.01）。
#
# 有三个习惯能识破它：在随机点上与差分对照；让它跑*到底*；把终点与已知的结果比较，这里就是最小二乘。

# %% [markdown] lang="en"
# ## 4 The update, and when to stop
#
# Gradient descent repeats one line:
#
# $$\theta \leftarrow \theta - \alpha\,\nabla J(\theta)$$
#
# **Find and fix: an arrow, not an equals sign (E52).** Article B prints the update as an equation, $\theta = \theta - \alpha\,\partial L/\partial\theta$. Read as mathematics, subtract $\theta$ from both sides: the equation says $\alpha\,\partial L/\partial\theta = 0$. It is true at a stationary point and false everywhere else, that is, during all of training. What is meant is an **assignment**: compute the right-hand side with the old value, then store it under the old name. Python writes it `theta = theta - lr * g`, which looks like the faulty equation and is an assignment; mathematics needs the arrow or an index, $\theta_{k+1} = \theta_k - \alpha\,\nabla J(\theta_k)$.
#
# "With the old value" is not pedantry. All components are updated **from the same point**. Update $w$ first and use the new $w$ in the gradient for $b$, and you run a different algorithm.
#
# **Find and fix: two components and an end (E51).** Article A's update puts the names of features, $x_1$ and $x_2$, in the places of the parameters, $w$ and $b$, and iterates without an end. (The minus sign is right in both articles.) Corrected, there is one row per *parameter*:
#
# | parameter | slope | update |
# |---|---|---|
# | $w$ | $\partial J/\partial w$ | $w \leftarrow w - \alpha\,\partial J/\partial w$ |
# | $b$ | $\partial J/\partial b$ | $b \leftarrow b - \alpha\,\partial J/\partial b$ |
#
# and a **stopping rule**: stop when $\|\nabla J(\theta_k)\|_2 \le tol$, or after a fixed number of steps, whichever comes first. Why the gradient, and not the change of $\theta$? Because $\|\theta_{k+1}-\theta_k\| = \alpha\,\|\nabla J\|$: with a tiny learning rate the parameters hardly move wherever you are, and the rule would announce success at the top of the hill. The limit on steps is needed too, for with a bad learning rate the gradient never becomes small.

# %% [markdown] lang="zh"
# ## 4 更新与停止
#
# 梯度下降就是反复执行这一行：
#
# $$\theta \leftarrow \theta - \alpha\,\nabla J(\theta)$$
#
# **找错改正：是箭头，不是等号（E52）。** 文章 B 把更新写成等式 $\theta = \theta - \alpha\,\partial L/\partial\theta$。按数学来读，两边同时减去 $\theta$，等式说的是 $\alpha\,\partial L/\partial\theta = 0$：只在驻点成立，在其余各处，也就是整个训练过程中，都不成立。真正的意思是**赋值**：先用旧值算出右边，再存回原来的名字。Python 写作 `theta = theta - lr * g`，样子与那个错误的等式相同，含义却是赋值；数学上则要用箭头或下标：$\theta_{k+1} = \theta_k - \alpha\,\nabla J(\theta_k)$。
#
# “用旧值”并非咬文嚼字：所有分量都要**从同一个点出发**更新。若先更新 $w$，再用新的 $w$ 去算 $b$ 的梯度，那就是另一种算法了。
#
# **找错改正：两个分量，一个终点（E51）。** 文章 A 的更新式把特征的名字 $x_1$、$x_2$ 混进了参数 $w$、$b$ 的位置，而且没有说何时停止。（两篇文章里的负号都是对的。）改正后，每个*参数*占一行：
#
# | 参数 | 坡度 | 更新 |
# |---|---|---|
# | $w$ | $\partial J/\partial w$ | $w \leftarrow w - \alpha\,\partial J/\partial w$ |
# | $b$ | $\partial J/\partial b$ | $b \leftarrow b - \alpha\,\partial J/\partial b$ |
#
# 再加上**停止准则**：当 $\|\nabla J(\theta_k)\|_2 \le tol$ 时停止，或者达到规定的步数时停止，以先到者为准。为什么看梯度，而不看 $\theta$ 的变化？因为 $\|\theta_{k+1}-\theta_k\| = \alpha\,\|\nabla J\|$：学习率很小时，无论身在何处，参数都几乎不动，按这种准则在山顶上就会宣布成功。步数上限也不可少，因为学习率不当时，梯度永远不会变小。

# %% [markdown] lang="en"
# ### Exercise `gradient_descent` · 4 points
#
# Write `gradient_descent(grad, theta0, lr, steps, tol=0.0)` for a function `grad` from arrays `(d,)` to arrays `(d,)`.
#
# - Return the history $\theta_0, \theta_1, \dots$ as a list of arrays `(d,)`, starting with `theta0`; an array of shape `(len, d)` is fine too.
# - As soon as $\|\nabla J(\theta_k)\|_2 \le tol$, stop, with $\theta_k$ as the last entry; otherwise stop after `steps` updates, that is, with `steps + 1` entries. Note the $\le$: with `tol=0.0` a gradient of exactly zero stops the descent at once.
# - Evaluate `grad` at the recorded points only, in order, at most once at each. Whether you also evaluate it at the last point after `steps` updates is up to you.
# - `theta0` may hold integers; compute in float64 and leave `theta0` unchanged.
#
# Hidden tests also use: a spy in the place of `grad`; dimensions 1 to 5; history entries that must differ; a loss that must fall monotonically for a small rate; the tolerance, met by the last entry and not by the one before (also exactly met, met at the start, and never met); `lr=0`, `steps=0`; a run that diverges to $10^{20}$, and one that comes within $10^{-9}$ of the minimum; integer start; the input unchanged. At most 300 steps, so recursion is possible.
#
# <details><summary>Hint 1</summary>
#
# Why would all entries of a history be equal? `theta -= lr * g` changes the array that is already in the list. `theta = theta - lr * g` makes a new one.
#
# </details>
# <details><summary>Hint 2</summary>
#
# One turn of the loop: gradient, test, update, record, in this order.
#
# </details>

# %% [markdown] lang="zh"
# ### 练习 `gradient_descent` · 4 分
#
# 编写 `gradient_descent(grad, theta0, lr, steps, tol=0.0)`，其中函数 `grad` 把形状为 `(d,)` 的数组映为 `(d,)` 的数组。
#
# - 返回历史 $\theta_0, \theta_1, \dots$：由形状为 `(d,)` 的数组组成的列表，以 `theta0` 开头；形状为 `(len, d)` 的数组也可以。
# - 一旦 $\|\nabla J(\theta_k)\|_2 \le tol$ 就停止，$\theta_k$ 为最后一项；否则更新 `steps` 次后停止，即共有 `steps + 1` 项。注意是 $\le$：`tol=0.0` 时，梯度恰好为零也要立即停止。
# - 只在记录下来的点上按顺序计算 `grad`，每点至多一次。更新满 `steps` 次之后，最后一点是否再算一次梯度，由你决定。
# - `theta0` 可以是整数数组；计算用 float64，不改动 `theta0`。
#
# 隐藏测试还会用到：代替 `grad` 的探针；1 到 5 维；历史各项应互不相同；学习率较小时损失单调下降；容差：最后一项满足而前一项不满足（也包括恰好相等、起点就满足、始终不满足）；`lr=0`、`steps=0`；发散到 $10^{20}$ 的过程，以及距最小点不到 $10^{-9}$ 的过程；整数起点；输入不变。步数不超过 300，所以也可以用递归。
#
# <details><summary>提示 1</summary>
#
# 历史中各项为什么会全都相同？`theta -= lr * g` 改动的正是列表里的那个数组，而 `theta = theta - lr * g` 会生成新数组。
#
# </details>
# <details><summary>提示 2</summary>
#
# 循环一圈的顺序：求梯度、判断、更新、记录。
#
# </details>

# %% solution="gradient-descent"
def gradient_descent(grad, theta0, lr, steps, tol=0.0):
    """Return the list θ₀, θ₁, … of θ ← θ − lr·grad(θ); stop at ‖grad(θ)‖₂ ≤ tol or after ``steps`` updates."""
    ### BEGIN SOLUTION
    theta = np.array(theta0, dtype=float)
    history = [theta]
    for _ in range(steps):
        g = grad(theta)
        if np.linalg.norm(g) <= tol:
            break
        theta = theta - lr * g
        history.append(theta)
    return history
    ### END SOLUTION

# %% test="descent-records-every-point" points=2
def _public():
    target = np.array([3.0, -1.0])
    history = gradient_descent(lambda t: np.asarray(t) - target, np.array([1.0, 1.0]), lr=0.5, steps=3)  # J = ½‖θ − target‖²
    assert isinstance(history, (list, tuple, np.ndarray)), "[ch03-TYPE] 请返回列表 / return a list of arrays"
    assert len(history) == 4, "[ch03-LENGTH] 3 次更新应有 4 项，包括 θ₀ / 3 updates make 4 entries, θ₀ included"
    assert np.allclose(history[0], [1.0, 1.0]), "[ch03-START] 历史应从 θ₀ 开始；是否被原地修改了？ / the history starts with θ₀; was it changed in place?"
    assert np.allclose(history[1], [2.0, 0.0]), "[ch03-UPDATE] 看看更新的符号和学习率 / look at the sign and the learning rate of your update"
    # a property: with this rate each step halves the distance to the target
    distances = [np.linalg.norm(np.asarray(theta) - target) for theta in history]
    assert np.allclose(distances[1:], np.array(distances[:-1]) / 2), "[ch03-UPDATE] 每步应使距离减半 / each step should halve the distance"


_public()

### BEGIN HIDDEN TESTS
def _hidden():
    rng = np.random.default_rng(30331)

    def run(H, c, start, lr, steps):
        seen = []

        def spy(t):
            seen.append(np.array(t, dtype=float))
            return H @ (np.asarray(t, dtype=float) - c)

        before = start.copy()
        history = gradient_descent(spy, start, lr, steps)
        assert np.array_equal(start, before), "[ch03-INPUT] 不要改动 theta0 / your function changed theta0"
        assert isinstance(history, (list, tuple, np.ndarray)), "[ch03-TYPE] 请返回列表 / return a list of arrays"
        assert len(history) == steps + 1, "[ch03-LENGTH] 应有 steps + 1 项 / there must be steps + 1 entries"
        history = [np.asarray(theta) for theta in history]
        assert all(theta.shape == start.shape and theta.dtype.kind in "iuf" for theta in history), (
            "[ch03-SHAPE] 每一项应为形状 (d,) 的数值数组 / every entry must be a numeric array (d,)")
        theta = before.astype(float)
        for k, entry in enumerate(history):
            assert np.allclose(entry, theta, rtol=1e-9, atol=1e-12), (
                "[ch03-UPDATE] 历史与 θ ← θ − lr·grad(θ) 不符：符号、原地修改、整数截断？ / "
                "the history does not follow θ ← θ − lr·grad(θ): sign, change in place, integer truncation?")
            if k < steps:
                theta = theta - lr * (H @ (theta - c))
        assert steps <= len(seen) <= steps + 1, "[ch03-CALLS] 每个点至多求一次梯度 / evaluate grad once per recorded point"
        for point, entry in zip(seen, history, strict=False):
            assert np.allclose(point, entry, rtol=1e-9, atol=1e-12), "[ch03-CALLS] grad 应在记录的点上依次求值 / evaluate grad at the recorded points, in order"
        return history

    for d in (1, 2, 5):
        Q = np.linalg.qr(rng.normal(size=(d, d)))[0]
        eig = np.linspace(1.0, 3.0, d)
        H, c = (Q * eig) @ Q.T, rng.normal(size=d)
        history = run(H, c, c + 1.0 + rng.uniform(size=d), 0.9 / eig[-1], 5)
        losses = np.array([0.5 * (t - c) @ H @ (t - c) for t in history])
        assert np.all(np.diff(losses) < 0), "[ch03-MONOTONE] 学习率小于 2/L 时损失应单调下降 / below 2/L the loss must fall at every step"
    H, c = np.diag([1.0, 3.0]), np.array([0.3, -0.6])
    run(H, c, np.array([4, -2]), 0.1, 6)
    run(H, c, np.array([4.0, -2.0]), 0.0, 3)
    run(H, c, np.array([4.0, -2.0]), 0.1, 0)
    run(H, c, np.array([4.0, -2.0]), 0.7, 6)  # diverges: still every point is recorded
    run(H, c, np.array([4.0, -2.0]), 2.0, 30)  # to 1e20: there is nothing else to stop it
    run(H, c, np.array([4.0, -2.0]), 0.3, 60)  # to within 1e-9 of the minimum: tol is 0


_hidden()
### END HIDDEN TESTS

# %% test="descent-stops-at-the-tolerance" points=2
def _public():
    history = gradient_descent(lambda t: 2 * np.asarray(t), np.array([1.0]), lr=0.25, steps=100, tol=0.1)  # J = θ², θ halves
    slopes = [abs(2 * float(np.asarray(theta)[0])) for theta in history]
    assert len(history) < 101, "[ch03-TOL] tol 没有起作用 / your loop ignores tol"
    assert slopes[-1] <= 0.1, "[ch03-TOL] 最后一项应满足容差 / the last entry must meet the tolerance"
    assert slopes[-2] > 0.1, "[ch03-TOL] 停晚了：前一项已经满足 / stopped late: the entry before met it already"


_public()

### BEGIN HIDDEN TESTS
def _hidden():
    rng = np.random.default_rng(30332)
    for d, lr in ((1, 0.3), (2, 0.02), (5, 0.3)):
        Q = np.linalg.qr(rng.normal(size=(d, d)))[0]
        H, c = (Q * np.linspace(1.0, 3.0, d)) @ Q.T, rng.normal(size=d)
        points = [c + 3.0 + rng.uniform(size=d)]
        for _ in range(8):
            points.append(points[-1] - lr * H @ (points[-1] - c))
        norms = [np.linalg.norm(H @ (t - c)) for t in points]
        stop = int(rng.integers(3, 8))
        tol = float(np.sqrt(norms[stop] * norms[stop - 1]))  # well between two neighbours
        seen = []

        def spy(t, H=H, c=c, seen=seen):
            seen.append(np.array(t, dtype=float))
            return H @ (np.asarray(t, dtype=float) - c)

        history = gradient_descent(spy, points[0].copy(), lr, 300, tol)
        assert len(history) >= stop + 1, "[ch03-TOL] 停早了：应看梯度的 2 范数，而不是步长 / stopped early: look at the 2-norm of the gradient, not at the change of θ"
        assert len(history) <= stop + 1, "[ch03-TOL] 停晚了：一满足容差就停 / stopped late: stop as soon as the tolerance is met"
        assert np.allclose(history[-1], points[stop], rtol=1e-9, atol=1e-12), "[ch03-UPDATE] 最后一项不对 / the last entry is wrong"
        assert len(seen) == stop + 1, "[ch03-CALLS] 每个点恰好求一次梯度 / evaluate grad once per recorded point"
        short = gradient_descent(spy, points[0].copy(), lr, stop - 2, tol)
        assert len(short) == stop - 1, "[ch03-LENGTH] 容差未满足时应走满 steps 步 / without meeting tol, make all the steps"
    far = gradient_descent(lambda t: np.array([3.0, 4.0]), np.array([1.0, 2.0]), 0.1, 6, 5.0)
    assert len(far) == 1, "[ch03-TOL] 梯度范数恰好等于 tol 也要停（≤） / stop when the norm equals tol, too (≤)"
    far = gradient_descent(lambda t: np.array([3.0, 4.0]), np.array([1.0, 2.0]), 0.1, 6, 4.9)
    assert len(far) == 7, "[ch03-TOL] 应比较 2 范数 / compare the 2-norm of the whole gradient"
    flat = gradient_descent(lambda t: np.zeros(2), np.array([1.0, 2.0]), 0.1, 6)
    assert len(flat) == 1, "[ch03-TOL] tol=0 时，梯度恰为零也要停 / with tol=0 an exactly zero gradient stops the descent"


_hidden()
### END HIDDEN TESTS

# %% [markdown] lang="en"
# Your descent on article A's problem, with the gradient that you derived. With `tol=1e-6` it stops long before 10 000 steps:

# %% [markdown] lang="zh"
# 用你推导的梯度和你写的下降法，重做文章 A 的问题。取 `tol=1e-6`，远不到 10 000 步就停了：

# %%
from course.figures.wrong_gradient import article_data

with when_solved("linreg_grad", "gradient_descent"):
    x, y = article_data()
    history = gradient_descent(
        lambda theta: np.append(*linreg_grad(x[:, None], y, theta[:1], theta[1])), np.array([1.0, 1.0]), lr=0.01, steps=10_000, tol=1e-6)
    w, b = history[-1]
    print(f"{len(history) - 1} steps: w = {w:.4f}, b = {b:.4f}, loss = {np.mean((y - (w * x + b)) ** 2):.5f}")

# %% [markdown] lang="en"
# ## 5 How large a step: the learning rate
#
# The learning rate is the most important number that you choose. To understand it, take the simplest landscape, a parabola with curvature $\lambda>0$, $J(\theta)=\frac{\lambda}{2}(\theta-\theta^*)^2$. Its gradient is $\lambda(\theta-\theta^*)$, so for the error $e=\theta-\theta^*$ one update reads
#
# $$e_{k+1} = (1-\alpha\lambda)\,e_k, \qquad e_k = (1-\alpha\lambda)^k\,e_0$$
#
# Everything follows from the one factor $1-\alpha\lambda$:
#
# | $\alpha\lambda$ | factor | behaviour |
# |---|---|---|
# | near 0 | slightly below 1 | slow, from one side |
# | 1 | 0 | there in a single step |
# | between 1 and 2 | negative, above −1 | overshoots, alternates, still converges |
# | 2 | −1 | jumps to and fro for ever |
# | above 2 | below −1 | diverges, ever faster |
#
# In several dimensions, near a minimum, $J(\theta)\approx J^*+\frac12(\theta-\theta^*)^\top H(\theta-\theta^*)$ with the symmetric Hessian $H=V\Lambda V^\top$. In the coordinates $z=V^\top(\theta-\theta^*)$ of the eigenvectors the update falls apart into independent parabolas, one per eigenvalue:
#
# $$z_i \leftarrow (1-\alpha\lambda_i)\,z_i$$
#
# All of them share a single $\alpha$. The steepest direction decides whether the descent survives, which gives the bound
#
# $$0 < \alpha < \frac{2}{\lambda_{\max}}$$
#
# while the flattest decides how long it takes. For our regression the Hessian does not depend on $\theta$ at all: $H=\frac2n A^\top A$, where $A$ is $X$ with a column of ones appended for $b$.

# %% [markdown] lang="zh"
# ## 5 步子迈多大：学习率
#
# 学习率是你要选的最重要的一个数。要理解它，先看最简单的地形：曲率为 $\lambda>0$ 的抛物线 $J(\theta)=\frac{\lambda}{2}(\theta-\theta^*)^2$。它的梯度是 $\lambda(\theta-\theta^*)$，所以对误差 $e=\theta-\theta^*$ 来说，更新一次就是
#
# $$e_{k+1} = (1-\alpha\lambda)\,e_k, \qquad e_k = (1-\alpha\lambda)^k\,e_0$$
#
# 一切都取决于因子 $1-\alpha\lambda$：
#
# | $\alpha\lambda$ | 因子 | 表现 |
# |---|---|---|
# | 接近 0 | 略小于 1 | 从一侧缓慢逼近 |
# | 1 | 0 | 一步到位 |
# | 1 与 2 之间 | 负数，大于 −1 | 越过最小值，来回振荡，仍然收敛 |
# | 2 | −1 | 永远来回跳 |
# | 大于 2 | 小于 −1 | 发散，越来越快 |
#
# 多维情形下，在最小值点附近有 $J(\theta)\approx J^*+\frac12(\theta-\theta^*)^\top H(\theta-\theta^*)$，其中黑塞矩阵对称，$H=V\Lambda V^\top$。换到特征向量的坐标 $z=V^\top(\theta-\theta^*)$，更新就分解为互不相干的若干条抛物线，每个特征值对应一条：
#
# $$z_i \leftarrow (1-\alpha\lambda_i)\,z_i$$
#
# 它们共用同一个 $\alpha$。最陡的方向决定能否收敛，由此得到上界
#
# $$0 < \alpha < \frac{2}{\lambda_{\max}}$$
#
# 而最平的方向决定要走多久。对于我们的回归问题，黑塞矩阵根本不依赖 $\theta$：$H=\frac2n A^\top A$，其中 $A$ 是在 $X$ 后面为 $b$ 添上一列 1 得到的矩阵。

# %% [markdown] lang="en"
# **Predict, then play.** Both surfaces below have $\lambda_{\max}=2$; the bowl has $\lambda_{\min}=1$, the ravine $\lambda_{\min}=0.1$. Guess: which of them needs the smaller learning rate in order not to diverge? Then look for the fastest rate on each, and cross the bound.

# %% [markdown] lang="zh"
# **先预测，再动手。** 下面两个曲面的 $\lambda_{\max}=2$ 相同；碗形的 $\lambda_{\min}=1$，峡谷形的 $\lambda_{\min}=0.1$。猜一猜：要想不发散，哪一个需要更小的学习率？然后分别找出最快的学习率，再试着越过上界。

# %%
explore(
    fig_descent,
    predict=Prediction(
        "Which surface diverges at the smaller rate? 哪个曲面在更小的学习率下就会发散？",
        options=("bowl 碗形", "ravine 峡谷", "both at 1 都在 1 处"), answer="both at 1 都在 1 处",
        because="The bound 2/λ_max = 1 knows only the steepest direction. The flat one costs time, not stability. "
                "上界 2/λ_max = 1 只与最陡的方向有关；平坦的方向损失的是时间，不是稳定性。"),
    alt={
        "en": "Left: contour lines of a bowl or a ravine with the path of gradient descent towards the star at the "
        "minimum. Right: the loss against the step on a logarithmic scale, in total and along each of the "
        "two eigenvectors.",
        "zh": "左：碗形或峡谷形曲面的等高线，以及梯度下降走向最小值（星号）的路径。右：损失随步数的变化（对数刻度）"
        "，包括总损失和沿两个特征向量的部分。",
    },
    surface=choice((("bowl 碗形", "bowl"), ("ravine 峡谷", "ravine")), "ravine", label="surface 曲面"),
    lr=slider(0.05, 1.15, 0.3, step=0.05, label="learning rate 学习率"),
    step=play(0, 60, 20, label="step 步"),
)

# %% [markdown] lang="en"
# ### The price of a ravine: the condition number
#
# The slowest direction shrinks by $\rho(\alpha)=\max_i|1-\alpha\lambda_i|$ per step. Since $|1-\alpha\lambda|$ is convex in $\lambda$, only the two extreme eigenvalues matter. Making $\alpha$ larger helps the flat direction and harms the steep one; the best compromise makes both factors equally large, $1-\alpha\lambda_{\min} = \alpha\lambda_{\max}-1$:
#
# $$\alpha^* = \frac{2}{\lambda_{\min}+\lambda_{\max}}, \qquad \rho^* = \frac{\kappa-1}{\kappa+1}, \qquad \kappa = \frac{\lambda_{\max}}{\lambda_{\min}}$$
#
# The **condition number** $\kappa$ is the price: for large $\kappa$ the number of steps grows in proportion to it. Note how close the best rate lies to the bound when $\kappa$ is large. In practice, where $\lambda_{\max}$ is not known exactly, one keeps a distance.
#
# **Predict, then play:** when $\kappa$ goes from 10 to 100, by which factor does the number of steps grow, at the best rate each time?

# %% [markdown] lang="zh"
# ### 峡谷的代价：条件数
#
# 最慢的方向每步缩小为原来的 $\rho(\alpha)=\max_i|1-\alpha\lambda_i|$ 倍。由于 $|1-\alpha\lambda|$ 是 $\lambda$ 的凸函数，只有两端的特征值起作用。增大 $\alpha$ 对平坦方向有利，对陡峭方向不利；最好的折中是让两个因子一样大，$1-\alpha\lambda_{\min} = \alpha\lambda_{\max}-1$：
#
# $$\alpha^* = \frac{2}{\lambda_{\min}+\lambda_{\max}}, \qquad \rho^* = \frac{\kappa-1}{\kappa+1}, \qquad \kappa = \frac{\lambda_{\max}}{\lambda_{\min}}$$
#
# **条件数** $\kappa$ 就是代价：$\kappa$ 很大时，所需步数与它成正比。还要注意，$\kappa$ 很大时，最佳学习率离上界非常近。实际工作中 $\lambda_{\max}$ 并不准确知道，所以要留有余地。
#
# **先预测，再动手：** $\kappa$ 从 10 变到 100，每次都取最佳学习率，所需步数变为多少倍？

# %%
explore(
    fig_rates,
    predict=Prediction(
        "κ from 10 to 100, best rate each time: steps grow by a factor of about? κ 从 10 到 100，步数约变为几倍？",
        options=("1", "2", "10", "100"), answer="10",
        because="log(1/ρ) ≈ 2/κ, so steps ∝ κ: 35 against 346 steps for a factor of 1000. log(1/ρ) ≈ 2/κ，步数与 κ 成正比：误差缩小到千分之一，分别需要 35 步和 346 步。"),
    alt={
        "en": "The factor by which the error shrinks per step against the learning rate: one V-shaped line for the "
        "steep direction and one for the flat one, with the worse of both shaded. A star marks the best "
        "rate; beyond 1 the region that diverges is shaded.",
        "zh": "误差每步缩小的因子随学习率的变化：陡方向和缓方向各一条折线，两者中较差的加有底色。星号为最佳学习率，"
        "学习率大于 1 的发散区域有底色。",
    },
    lr=slider(0.02, 1.18, 0.5, step=0.01, label="learning rate 学习率"),
    condition=choice((1.0, 2.0, 10.0, 100.0), 10.0, label="condition number 条件数"),
)

# %% [markdown] lang="en"
# ### Beyond parabolas
#
# Real losses are not quadratic, but the bound survives. Suppose the gradient never changes faster than with constant $L$, that is $\|\nabla J(\theta)-\nabla J(\theta')\|\le L\|\theta-\theta'\|$; for a quadratic, $L=\lambda_{\max}$. Then one can show the **descent lemma**
#
# $$J(\theta-\alpha\nabla J(\theta)) \le J(\theta) - \alpha\left(1-\frac{\alpha L}{2}\right)\|\nabla J(\theta)\|^2$$
#
# For $0<\alpha<2/L$ the bracket is positive: every step lowers the loss as long as the gradient is not zero. What the lemma does *not* promise is the lowest valley. The loss of a deep network has many stationary points, saddles among them; gradient descent finds *a* low place, and chapters 6 and 7 are about helping it. For linear regression there is nothing to fear: the loss is convex, and every local minimum is a global one.
#
# One more honest remark: for large models nobody computes $\lambda_{\max}$ from the full Hessian. But one does not need the matrix. The product $Hv$ is a derivative of the gradient in direction $v$, and repeating $v \leftarrow Hv/\|Hv\|$, the **power iteration**, turns almost any start into the eigenvector of the largest eigenvalue.
#
# ### Exercise `max_stable_lr` · 3 points
#
# Write `max_stable_lr(H)` for a symmetric positive semi-definite matrix `H` of shape `(d, d)`.
#
# - Return the bound $2/\lambda_{\max}$ as a float, and `math.inf` for the zero matrix, on whose flat loss no rate diverges. Integer matrices are allowed.
# - Accuracy: a relative error of $10^{-4}$ is enough, so that power iteration is welcome; the largest eigenvalue is at least 10 % larger than the next. Small is not zero: a matrix with entries of size $10^{-12}$ has a finite bound.
#
# Hidden tests also use: random matrices with $d$ from 1 to 5, singular ones among them, with curvatures from $10^{-12}$ to $10^{4}$; matrices whose steepest direction is perpendicular to $(1, \dots, 1)$, to $(1, 2, \dots, d)$ or to an axis (an iteration that starts there never sees it: start at random); a descent of the test's own, which must converge at 0.99 times your value and diverge at 1.01 times; the zero matrix; integer input; the input unchanged.
#
# <details><summary>Hint</summary>
#
# `np.linalg.eigvalsh` is made for symmetric matrices: real eigenvalues, in ascending order. Not the trace, not the largest entry, not the Frobenius norm; each of these is right only for special matrices.
#
# </details>

# %% [markdown] lang="zh"
# ### 抛物线之外
#
# 真实的损失并不是二次函数，但上述界限依然成立。假设梯度的变化不快于常数 $L$，即 $\|\nabla J(\theta)-\nabla J(\theta')\|\le L\|\theta-\theta'\|$；对二次函数来说 $L=\lambda_{\max}$。这时可以证明**下降引理**
#
# $$J(\theta-\alpha\nabla J(\theta)) \le J(\theta) - \alpha\left(1-\frac{\alpha L}{2}\right)\|\nabla J(\theta)\|^2$$
#
# 当 $0<\alpha<2/L$ 时，括号为正：只要梯度不为零，每一步都会使损失下降。但引理*没有*保证到达最低的山谷。深度网络的损失有许多驻点，其中包括鞍点；梯度下降找到的是*某个*低处，第 6、7 章讲的就是怎样帮它一把。线性回归则无须担心：损失是凸函数，任何局部最小值都是全局最小值。
#
# 再坦率地说一句：对于大模型，没有人会用完整的黑塞矩阵去算 $\lambda_{\max}$。不过也用不着这个矩阵：乘积 $Hv$ 就是梯度沿方向 $v$ 的导数，反复做 $v \leftarrow Hv/\|Hv\|$，即**幂迭代**，几乎任何初值都会趋于最大特征值的特征向量。
#
# ### 练习 `max_stable_lr` · 3 分
#
# 编写 `max_stable_lr(H)`，其中 `H` 是形状为 `(d, d)` 的对称半正定矩阵。
#
# - 返回上界 $2/\lambda_{\max}$，类型为浮点数；零矩阵返回 `math.inf`，因为损失是平的，任何学习率都不会发散。允许整数矩阵。
# - 精度：相对误差不超过 $10^{-4}$ 即可，所以也欢迎幂迭代；最大特征值比次大的至少大 10 %。小不等于零：元素为 $10^{-12}$ 量级的矩阵，上界是有限的。
#
# 隐藏测试还会用到：$d$ 从 1 到 5 的随机矩阵，包括奇异矩阵，曲率从 $10^{-12}$ 到 $10^{4}$；最陡方向与 $(1, \dots, 1)$、$(1, 2, \dots, d)$ 或某个坐标轴垂直的矩阵（从那里出发的迭代永远看不到它，所以要随机取初值）；测试自己做的下降，取你的值的 0.99 倍必须收敛，1.01 倍必须发散；零矩阵；整数输入；输入不变。
#
# <details><summary>提示</summary>
#
# `np.linalg.eigvalsh` 专为对称矩阵而设：特征值为实数，按升序排列。不是迹，不是最大元素，也不是 Frobenius 范数；它们只对特殊的矩阵才正确。
#
# </details>

# %% solution="max-stable-lr"
def max_stable_lr(H):
    """Return 2/λ_max of the symmetric positive semi-definite matrix H (d, d); ``math.inf`` for the zero matrix."""
    ### BEGIN SOLUTION
    largest = float(np.linalg.eigvalsh(H)[-1])
    return 2 / largest if largest > 0 else math.inf
    ### END SOLUTION

# %% test="stable-rate-from-the-largest-eigenvalue" points=2
def _public():
    H = np.diag([0.5, 4.0, 1.0])
    lr = max_stable_lr(H.copy())
    assert isinstance(lr, (float, np.floating)), "[ch03-TYPE] 请返回一个浮点数 / return a float"
    assert math.isclose(lr, 0.5, rel_tol=1e-4), "[ch03-LAMBDA] 对角矩阵的特征值就是对角元；由最大的一个决定 / the eigenvalues of a diagonal matrix are its entries; the largest one decides"
    # a property: turning the coordinate axes does not change the landscape
    c, s = math.cos(0.6), math.sin(0.6)
    Q = np.array([[c, -s, 0.0], [s, c, 0.0], [0.0, 0.0, 1.0]])
    assert math.isclose(max_stable_lr(Q @ H @ Q.T), 0.5, rel_tol=1e-4), "[ch03-LAMBDA] 旋转坐标轴后结果应不变 / the result must not change when the axes are turned"


_public()

### BEGIN HIDDEN TESTS
def _hidden():
    rng = np.random.default_rng(30341)
    for d in (1, 2, 5):
        for top, low in ((1.0, 0.8), (7.0, 0.0), (1e4, 0.01), (1e-6, 0.01), (1e-12, 0.01)):  # the others lie between low · top and 0.85 · top
            Q = np.linalg.qr(rng.normal(size=(d, d)))[0]
            eig = np.append(rng.uniform(low, 0.85, size=d - 1), 1.0) * top
            if low == 0.0 and d > 1:
                eig[0] = 0.0
            H = (Q * eig) @ Q.T
            H = (H + H.T) / 2
            before = H.copy()
            lr = max_stable_lr(H)
            assert isinstance(lr, (float, np.floating)), "[ch03-TYPE] 请返回一个浮点数 / return a float"
            assert math.isfinite(lr) and lr > 0, "[ch03-INF] 非零矩阵的上界是有限的正数 / the bound of a matrix that is not zero is finite and positive"
            assert np.array_equal(H, before), "[ch03-INPUT] 不要改动 H / your function changed H"
            ends = []
            for share in (0.99, 1.01):  # a thousand steps from a point with a part along every eigenvector
                theta = np.linalg.matrix_power(np.eye(d) - share * float(lr) * H, 1000) @ Q @ np.ones(d)
                ends.append(np.linalg.norm(H @ theta) / top if np.isfinite(theta).all() else math.inf)
            along = Q[:, -1] @ H @ Q[:, -1]
            assert abs(1 - 0.99 * float(lr) * along) < 1, "[ch03-HIGH] 取你的值的 0.99 倍仍然发散：值太大 / diverges even at 0.99 times your value: too large"
            assert ends[1] > 1e3, "[ch03-LOW] 取你的值的 1.01 倍仍然收敛：值太小 / converges even at 1.01 times your value: too small"
            assert math.isclose(lr, 2 / top, rel_tol=1e-4), "[ch03-LAMBDA] 应由最大特征值决定 / the largest eigenvalue decides"
            if low == 0.8:
                assert ends[0] < 1e-6, "[ch03-HIGH] 取你的值的 0.99 倍应当收敛 / must converge at 0.99 times your value"


with np.errstate(all="ignore"):
    _hidden()
### END HIDDEN TESTS

# %% test="stable-rate-of-a-flat-loss" points=1
def _public():
    with np.errstate(all="ignore"):
        lr = max_stable_lr(np.zeros((2, 2)))
    assert lr == math.inf, "[ch03-INF] 损失是平的：任何学习率都不发散 / the loss is flat: no rate diverges"
    # a property: a loss that is ten times as steep allows a tenth of the rate
    H = np.array([[2.0, 1.0], [1.0, 2.0]])
    assert math.isclose(max_stable_lr(10 * H), max_stable_lr(H.copy()) / 10, rel_tol=1e-4), "[ch03-SCALE] 上界与曲率成反比 / the bound is inversely proportional to the curvature"


_public()

### BEGIN HIDDEN TESTS
def _hidden():
    for d in (1, 3, 6):
        assert max_stable_lr(np.zeros((d, d))) == math.inf, "[ch03-INF] 零矩阵应返回 math.inf / math.inf for the zero matrix"
    assert max_stable_lr(np.zeros((2, 2), dtype=int)) == math.inf, "[ch03-INF] 整数零矩阵也一样 / also for an integer zero matrix"
    H = np.array([[2, 2], [2, 5]])  # eigenvalues 1 and 6
    before = H.copy()
    lr = max_stable_lr(H)
    assert isinstance(lr, (float, np.floating)), "[ch03-TYPE] 整数矩阵也返回浮点数 / a float also for an integer matrix"
    assert math.isclose(lr, 1 / 3, rel_tol=1e-4), "[ch03-LAMBDA] 应由最大特征值决定 / the largest eigenvalue decides"
    assert np.array_equal(H, before), "[ch03-INPUT] 不要改动 H / your function changed H"
    for steepest in ([1.0, -1.0], [0.0, 1.0], [1.0, 0.0], [1.0, -2.0, 1.0], [0.0, 1.0, -1.0], [0.0, 0.0, 1.0], [1.0, 1.0, 1.0, 1.0],
                     [2.0, -1.0], [1.0, 1.0, -1.0], [0.0, 2.0, -1.0]):  # the last three across (1, 2, …) and (0, 1, …)
        u = np.array(steepest) / np.linalg.norm(steepest)
        for top in (4.0, 1.15):  # along u, where all others are 1
            H = np.eye(len(u)) + (top - 1) * np.outer(u, u)
            assert math.isclose(max_stable_lr(H), 2 / top, rel_tol=1e-4), (
                "[ch03-START] 某个特征向量被漏掉了：迭代的初值不能特殊 / an eigenvector is missed: an iteration must not start in a special direction")
    H = np.array([[4.0, 4.0], [4.0, 4.0]])  # eigenvalues 0 and 8: flat along one direction only
    assert math.isclose(max_stable_lr(H), 0.25, rel_tol=1e-4), "[ch03-LAMBDA] 奇异矩阵仍由最大特征值决定 / a singular matrix: still the largest eigenvalue"


with np.errstate(all="ignore"):
    _hidden()
### END HIDDEN TESTS

# %% [markdown] lang="en"
# Try your bound on the line of section 3. There the figure told you to look for a flip at about 0.81:

# %% [markdown] lang="zh"
# 用第 3 节的直线检验你的上界。当时图中提到，大约在 0.81 处直线开始越翻越远：

# %%
from course.figures.line_fit import line_data

with when_solved("max_stable_lr"):
    x, _ = line_data()
    A = np.column_stack([x, np.ones_like(x)])
    print(f"2/λ_max = {max_stable_lr(2 / len(x) * A.T @ A):.4f}")

# %% [markdown] lang="en"
# ## 6 A little data at a time
#
# The gradient of a mean is a mean of gradients, $\nabla J=\frac1n\sum_i\nabla J_i$. With $n=60\,000$ images, is it worth visiting all of them before making one small step? A **mini-batch** of $B$ rows, drawn at random, gives an estimate
#
# $$g_B = \frac1B\sum_{i\in\mathcal B}\nabla J_i$$
#
# that is **unbiased**: on average it equals $\nabla J$. Its price is noise. If $\sigma^2$ is the variance of one component of $\nabla J_i$ over the rows, then drawing $B$ different rows gives
#
# $$\operatorname{Var}(g_B) = \frac{\sigma^2}{B}\cdot\frac{n-B}{n-1}$$
#
# The second factor is close to 1 for small batches, and 0 for $B=n$: the full batch has no noise. The standard deviation falls only with $\sqrt B$, while the work grows with $B$. Four times the batch costs four times the work and halves the noise. That is why small batches win at the start, when any roughly right direction helps.
#
# | name | rows per update | updates per epoch |
# |---|---|---|
# | batch (or full-batch) gradient descent | $n$ | 1 |
# | mini-batch gradient descent | $B$ | $\lceil n/B\rceil$ |
# | stochastic gradient descent, SGD, in the strict sense | 1 | $n$ |
#
# In everyday language "SGD" means the middle row. An **epoch** is one pass over all rows. Article A trains with batches of 64 on 54 000 images (it keeps a tenth back): 844 updates per epoch, 4 220 in five epochs. Article B leaves Keras's default of 32 on 60 000 images: 1 875 updates per epoch.

# %% [markdown] lang="zh"
# ## 6 每次只看一点数据
#
# 平均值的梯度等于梯度的平均值：$\nabla J=\frac1n\sum_i\nabla J_i$。若有 $n=60\,000$ 张图像，值得全部看一遍才迈一小步吗？随机抽取 $B$ 行作为一个**小批量**，就得到估计
#
# $$g_B = \frac1B\sum_{i\in\mathcal B}\nabla J_i$$
#
# 它是**无偏**的：平均而言等于 $\nabla J$。代价是噪声。设 $\sigma^2$ 是 $\nabla J_i$ 的某个分量在各行之间的方差，不重复地抽取 $B$ 行，则
#
# $$\operatorname{Var}(g_B) = \frac{\sigma^2}{B}\cdot\frac{n-B}{n-1}$$
#
# 第二个因子在批量小时接近 1，在 $B=n$ 时为 0：全批量没有噪声。标准差只按 $\sqrt B$ 减小，计算量却与 $B$ 成正比。批量增大到四倍，计算量也是四倍，噪声只减半。所以在训练初期，只要方向大致正确就有帮助时，小批量更占便宜。
#
# | 名称 | 每次更新的行数 | 每轮更新次数 |
# |---|---|---|
# | 批量（全批量）梯度下降 | $n$ | 1 |
# | 小批量梯度下降 | $B$ | $\lceil n/B\rceil$ |
# | 狭义的随机梯度下降，SGD | 1 | $n$ |
#
# 平时所说的“SGD”指的是中间一行。一个**轮次**（epoch）就是把所有行过一遍。文章 A 的批量为 64，用 54 000 张图像训练（留出了十分之一）：每轮更新 844 次，五轮共 4 220 次。文章 B 没有设置批量，用 Keras 的默认值 32，共 60 000 张图像：每轮更新 1 875 次。

# %% [markdown] lang="en"
# **Predict, then play.** 128 rows, a line with two parameters. Guess: after **one** epoch at the same learning rate of 0.05, which batch size is closest to the minimum? Then let it run for ten epochs, and look again.

# %% [markdown] lang="zh"
# **先预测，再动手。** 128 行数据，一条有两个参数的直线。猜一猜：学习率同为 0.05，只训练**一个**轮次，哪种批量离最小值最近？再跑十个轮次，重新看一看。

# %%
from course.figures.minibatch import fig_minibatch

explore(
    fig_minibatch,
    predict=Prediction(
        "After one epoch, which batch size is lowest? 一个轮次之后，哪种批量的损失最低？",
        options=("1", "16", "128"), answer="1",
        because="128 small steps beat one good one. After ten epochs batch 16 is lower: batch 1 keeps jittering, 0.03 to 0.07 above the minimum. "
                "128 个小步胜过一个好步。十轮之后批量 16 更低：批量 1 一直在最小值以上 0.03 到 0.07 处抖动。"),
    alt={
        "en": "Left: contour lines of the full loss over w and b, with the path of one run from its start towards "
        "the minimum. Right: how far the full loss lies above its minimum against the epochs, on a "
        "logarithmic scale.",
        "zh": "左：全部数据的损失在 w、b 平面上的等高线，以及一次运行从起点走向最小值的路径。右：损失高出最小值多少"
        "随轮次的变化（对数刻度）。",
    },
    batch_size=choice((1, 4, 16, 64, 128), 16, label="batch size 批量大小"),
    lr=slider(0.01, 0.2, 0.05, step=0.01, label="learning rate 学习率"),
    epochs=slider(1, 10, 1, label="epochs 轮次"),
    seed=slider(0, 9, 0, label="seed 种子"),
)

# %% [markdown] lang="en"
# Two phases are visible. First the drift towards the minimum, where more updates win. Then a **noise floor**: with a constant learning rate the path hovers around the minimum. For batches drawn independently its height is roughly proportional to $\alpha/B$; reshuffled epochs, as here, end lower still. To go further down, lower the rate while training. The classical sufficient conditions of Robbins and Monro (1951), here written for rates $\alpha_k$, ask that the rates sum to infinity, so that any distance can be covered, and that their squares have a finite sum, so that the noise dies out:
#
# $$\sum_k\alpha_k=\infty, \qquad \sum_k\alpha_k^2<\infty$$
#
# Chapter 6 turns this into schedules. An exception worth knowing: if the data can be fitted *exactly*, all $\nabla J_i$ vanish at the minimum, so the noise dies out by itself and a constant rate converges. We shall use this in the last exercise.
#
# **Shuffling** is part of the method. In practice one does not draw each batch afresh, but permutes all rows once per epoch and cuts the permutation into pieces: every row is seen exactly once per epoch. If the file is sorted, by class or by date, batches without shuffling pull the model one way and then the other.

# %% [markdown] lang="zh"
# 可以看到两个阶段。先是朝最小值移动，更新次数多者占优。然后是**噪声底**：学习率不变时，轨迹在最小值上方徘徊。各批量独立抽取时，高度大致与 $\alpha/B$ 成正比；像这里这样每轮打乱、不重复抽取，还会更低一些。要想再低，就要在训练中减小学习率。Robbins 与 Monro（1951）给出的经典充分条件，用学习率序列 $\alpha_k$ 写出来，要求学习率之和为无穷大，这样多远的路都走得到；又要求平方和有限，这样噪声会逐渐消失：
#
# $$\sum_k\alpha_k=\infty, \qquad \sum_k\alpha_k^2<\infty$$
#
# 第 6 章会由此引出学习率调度。有一个例外值得知道：如果数据可以*精确*拟合，那么在最小值处所有 $\nabla J_i$ 都为零，噪声会自行消失，学习率不变也能收敛。最后一道练习就用到这一点。
#
# **打乱顺序**是方法的一部分。实际中并不是每次重新抽一个批量，而是每轮把所有行随机排列一次，再切成小段：每一行在每轮中恰好出现一次。如果文件按类别或日期排过序，不打乱的批量会把模型一会儿拉向这边，一会儿拉向那边。

# %% [markdown] lang="en"
# ### Exercise `minibatches` · 3 points
#
# Write `minibatches(n, batch_size, epochs, rng)`, where `rng` is a `numpy.random.Generator`.
#
# - Return a list with one entry per epoch; each entry is a list of one-dimensional index arrays (any integer dtype) which together are a fresh random permutation of $0,\dots,n-1$.
# - Every array has `batch_size` entries, except the last of an epoch, which holds the rest. If `batch_size` exceeds `n` there is one batch.
# - Every order is equally likely in every epoch, independently of the epoch before. All randomness comes from `rng`: equal seeds give equal results.
#
# Hidden tests also use: batch sizes 1, `n`, above `n`, and ones that do not divide `n`; `n=1`, `n=300` and `n=70000`; epochs that must differ (`n=50`); equal and different seeds; the frequencies of all orders of three rows over 240 epochs and of pairs of successive orders; and over 300 epochs of 64 rows, in one batch and in eight, how often each row comes in each place and how often two rows share a batch.
#
# <details><summary>Hint</summary>
#
# `rng.permutation(n)` gives a permutation; `order[first:first + batch_size]` gives a piece, a shorter one at the end. Beware of `np.array_split` with a number of pieces: it makes them of nearly equal length.
#
# </details>

# %% [markdown] lang="zh"
# ### 练习 `minibatches` · 3 分
#
# 编写 `minibatches(n, batch_size, epochs, rng)`，其中 `rng` 是一个 `numpy.random.Generator`。
#
# - 返回一个列表，每轮占一项；每一项又是由一维下标数组（任何整数类型）组成的列表，合起来是 $0,\dots,n-1$ 的一个新的随机排列。
# - 每个数组有 `batch_size` 个元素，只有每轮的最后一个可以较短，放余下的下标。`batch_size` 大于 `n` 时只有一个批量。
# - 每一轮中，所有排列的概率相同，并且与前一轮无关。随机性全部来自 `rng`：种子相同，结果相同。
#
# 隐藏测试还会用到：批量为 1、为 `n`、大于 `n` 以及不能整除 `n`；`n=1`、`n=300` 与 `n=70000`；各轮必须不同（`n=50`）；相同与不同的种子；在 240 轮中统计三行数据各种排列的频率，以及相邻两轮排列的联合频率；在 300 轮中把 64 行数据分成一批或八批，统计各行落在每个位置上的次数，以及两行同批的次数。
#
# <details><summary>提示</summary>
#
# `rng.permutation(n)` 给出一个排列；`order[first:first + batch_size]` 取出一段，末尾的自然较短。小心 `np.array_split`：给它段数时，它会切成长度几乎相等的段。
#
# </details>

# %% solution="minibatches"
def minibatches(n, batch_size, epochs, rng):
    """Return, per epoch, a list of index arrays: a fresh permutation of 0 … n−1 cut into pieces of ``batch_size``."""
    ### BEGIN SOLUTION
    plan = []
    for _ in range(epochs):
        order = rng.permutation(n)
        plan.append([order[first:first + batch_size] for first in range(0, n, batch_size)])
    return plan
    ### END SOLUTION

# %% test="minibatches-cover-each-epoch" points=2
def _public():
    plan = minibatches(10, 4, 3, np.random.default_rng(0))
    assert isinstance(plan, (list, tuple, np.ndarray)) and len(plan) == 3, "[ch03-EPOCHS] 每轮一项 / one entry per epoch"
    for epoch in plan:
        assert isinstance(epoch, (list, tuple, np.ndarray)), "[ch03-TYPE] 每轮是批量的列表 / an epoch is a list of batches"
        assert all(isinstance(batch, np.ndarray) and batch.dtype.kind in "iu" for batch in epoch), "[ch03-TYPE] 批量应为整数数组 / a batch is an array of integers"
        assert [len(batch) for batch in epoch] == [4, 4, 2], "[ch03-SIZES] 只有最后一个批量可以较短 / only the last batch may be shorter"
        # a property: every row is visited exactly once per epoch
        assert sorted(int(i) for batch in epoch for i in batch) == list(range(10)), "[ch03-COVER] 每轮中每个下标恰好出现一次 / every index exactly once per epoch"


_public()

### BEGIN HIDDEN TESTS
def _hidden():
    for n, size, epochs in ((50, 8, 4), (300, 64, 2), (70_000, 20_000, 1), (12, 4, 2), (7, 7, 3), (5, 9, 2), (6, 1, 2), (1, 1, 3), (1, 3, 2), (9, 8, 1), (11, 5, 3)):
        plan = minibatches(n, size, epochs, np.random.default_rng(30351 + n))
        assert isinstance(plan, (list, tuple, np.ndarray)) and len(plan) == epochs, "[ch03-EPOCHS] 每轮一项 / one entry per epoch"
        sizes = [size] * (n // size) + ([n % size] if n % size else [])
        for epoch in plan:
            assert all(isinstance(batch, np.ndarray) and batch.ndim == 1 and batch.dtype.kind in "iu" for batch in epoch), (
                "[ch03-TYPE] 批量应为一维整数数组 / a batch is a one-dimensional array of integers")
            assert [len(batch) for batch in epoch] == sizes, (
                "[ch03-SIZES] 除最后一个外，每个批量都应有 batch_size 个下标；尾巴不能丢 / all batches but the last have batch_size entries; do not drop the tail")
            assert np.array_equal(np.sort(np.concatenate(epoch)), np.arange(n)), "[ch03-COVER] 每轮中每个下标恰好出现一次 / every index exactly once per epoch"


_hidden()
### END HIDDEN TESTS

# %% test="minibatches-reshuffle" points=1
def _public():
    def flat(plan):
        return [[int(i) for batch in epoch for i in batch] for epoch in plan]

    plan = flat(minibatches(50, 8, 2, np.random.default_rng(1)))
    assert plan[0] != list(range(50)), "[ch03-SHUFFLE] 顺序没有打乱 / the rows are not shuffled"
    assert plan[0] != plan[1], "[ch03-RESHUFFLE] 每轮都要重新打乱 / shuffle anew in every epoch"
    # a property: the seed, and nothing else, decides
    assert plan == flat(minibatches(50, 8, 2, np.random.default_rng(1))), "[ch03-RNG] 种子相同，结果应相同：只用 rng / equal seeds, equal results: use rng only"


_public()

### BEGIN HIDDEN TESTS
def _surprise(counts):
    """Pearson's chi-square of counts that should all be equal."""
    return np.sum((counts - counts.mean()) ** 2) / counts.mean()


def _hidden():
    def flat(plan):
        return [tuple(int(i) for batch in epoch for i in batch) for epoch in plan]

    orders = flat(minibatches(50, 20, 6, np.random.default_rng(30352)))
    assert len(set(orders)) == 6, "[ch03-RESHUFFLE] 每轮都要重新打乱 / shuffle anew in every epoch"
    assert tuple(range(50)) not in orders, "[ch03-SHUFFLE] 顺序没有打乱 / the rows are not shuffled"
    assert orders == flat(minibatches(50, 20, 6, np.random.default_rng(30352))), "[ch03-RNG] 种子相同，结果应相同 / equal seeds, equal results"
    assert orders != flat(minibatches(50, 20, 6, np.random.default_rng(30353))), "[ch03-RNG] 种子不同，结果应不同 / different seeds, different results"
    # chi-square limits that a fair shuffle exceeds less than once in a million times
    for size in (3, 2):
        orders = np.array(flat(minibatches(3, size, 240, np.random.default_rng(30357))))
        codes = orders @ [9, 3, 1]  # one number for each of the six orders
        seen, codes = np.unique(codes, return_inverse=True)
        assert len(seen) == 6 and _surprise(np.bincount(codes, minlength=6)) < 41, (
            "[ch03-UNIFORM] 三个下标的六种排列应等可能 / all six orders of three rows must be equally likely")
        assert np.mean(codes[:-1] == codes[1:]) > 0.04 and _surprise(np.bincount(6 * codes[:-1] + codes[1:], minlength=36)) < 110, (  # a sixth of them
            "[ch03-INDEPENDENT] 每轮的顺序应与前一轮无关 / the order must not depend on the epoch before")
    for size in (64, 8):
        orders = np.array(flat(minibatches(64, size, 300, np.random.default_rng(30358))))
        assert len(np.unique(orders, axis=0)) == 300, "[ch03-INDEPENDENT] 每轮的顺序应与前一轮无关 / the order must not depend on the epoch before"
        place = np.arange(64) // 8  # eight rows and eight places at a time: 64 counts of about 300
        counts = np.array([np.bincount(8 * place + order // 8, minlength=64) for order in orders])
        assert _surprise(counts.sum(axis=0)) < 120, (
            "[ch03-UNIFORM] 每个下标落在每个位置上的概率应相同 / every row must be equally likely in every place")
        together = np.mean(np.sum(counts * (counts - 1) / 2, axis=1))  # pairs of one such eight; 28 · 8 / 9 on average
        assert 22 < together < 28, (
            "[ch03-TOGETHER] 同一批里总是同样的几行：要打乱所有的行，而不只是每一块之内 / the same rows always share a batch: shuffle all rows, not only those of a block")
        came_from = np.take_along_axis(np.argsort(orders[:-1], axis=1), orders[1:], axis=1)
        assert _surprise(np.bincount((8 * place + came_from // 8).ravel(), minlength=64)) < 120, (
            "[ch03-INDEPENDENT] 每轮的顺序应与前一轮无关 / the order must not depend on the epoch before")


_hidden()
### END HIDDEN TESTS

# %% [markdown] lang="en"
# ## 7 Scaling, and all of it together
#
# A model of flat prices uses the area in square metres, around 90, and a bias, whose "feature" is the constant 1. What does that do to the landscape? With one feature,
#
# $$H = \frac2n A^\top A = 2\begin{pmatrix} \overline{x^2} & \bar x \\ \bar x & 1 \end{pmatrix}$$
#
# The 40 flats of the figure were drawn from areas of $90 \pm 25$; the sample itself has $88.0 \pm 21.2$. Its condition number is about 150,000, and at the learning rate $1/\lambda_{\max}$ the error along the flat direction, mostly the intercept, halves every 104,000 steps. (Of all flats of that kind, $90 \pm 25$ exactly, the numbers are 122,000 and 84,000.) The remedy costs two lines. **Standardise** each feature with the mean and standard deviation of the given rows,
#
# $$\tilde x_j = \frac{x_j-\mu_j}{s_j}$$
#
# Then the off-diagonal entries for the bias vanish, the diagonal is constant, and for a single feature $H=2I$: the ravine has become a round bowl. With several features $H$ is twice their correlation matrix (with a 1 for the bias), so what remains of $\kappa$ comes from correlations between features only.
#
# **Predict, then play:** how many steps does the descent need with the standardised feature?

# %% [markdown] lang="zh"
# ## 7 标准化与综合练习
#
# 一个房价模型用到面积，单位平方米，大约 90；还有偏置，它的“特征”是常数 1。这会使地形变成什么样？只有一个特征时，
#
# $$H = \frac2n A^\top A = 2\begin{pmatrix} \overline{x^2} & \bar x \\ \bar x & 1 \end{pmatrix}$$
#
# 图中的 40 套房子抽自 $90 \pm 25$ 的总体，样本自身是 $88.0 \pm 21.2$。它的条件数约为 150,000，取学习率 $1/\lambda_{\max}$，平坦方向（主要是截距）上的误差每 104,000 步才减半。（若恰好是 $90 \pm 25$，这两个数是 122,000 和 84,000。）补救只需两行：用给定各行的均值与标准差，把每个特征**标准化**，
#
# $$\tilde x_j = \frac{x_j-\mu_j}{s_j}$$
#
# 这样，与偏置对应的非对角元为零，对角元全都相同；只有一个特征时 $H=2I$，峡谷变成了圆碗。有多个特征时，$H$ 是相关系数矩阵的两倍（偏置处为 1），$\kappa$ 中剩下的部分只来自特征之间的相关性。
#
# **先预测，再动手：** 特征标准化之后，下降需要几步？

# %%
from course.figures.scaling import fig_scaling

explore(
    fig_scaling,
    predict=Prediction(
        "Steps needed with the standardised area? 面积标准化后需要几步？",
        options=("1", "about 30 约 30", "about 1000 约 1000"), answer="1",
        because="H = 2I and α = 1/2, so the factor 1 − αλ is zero in every direction. H = 2I 且 α = 1/2，每个方向的因子 1 − αλ 都是零。"),
    alt={
        "en": "Left: contour lines of the loss, a narrow valley or circles, with the path of gradient descent and "
        "the condition number in the title. Right: prices of houses against their area, with the line after "
        "the chosen number of steps and the least-squares line.",
        "zh": "左：损失的等高线（狭长的山谷或圆形）和梯度下降的路径，标题给出条件数。右：房价随面积的散点，以及走了"
        "所选步数之后的直线和最小二乘直线。",
    },
    standardised=toggle(False, label="standardised 标准化"),
    steps=slider(0, 100, 30, label="steps 步"),
)

# %% [markdown] lang="en"
# A model that was trained on $\tilde x$ must be told in the units of $x$, otherwise whoever uses it has to carry $\mu$ and $s$ along (chapter 16 shows what happens when they forget). Insert the definition:
#
# $$\hat y = \tilde b + \sum_j \tilde w_j\,\frac{x_j-\mu_j}{s_j} = \sum_j\frac{\tilde w_j}{s_j}\,x_j + \left(\tilde b - \sum_j\frac{\tilde w_j\,\mu_j}{s_j}\right)$$
#
# so $w_j=\tilde w_j/s_j$ and $b=\tilde b-\sum_j w_j\mu_j$.
#
# A trap: a constant column has $s_j=0$, up to rounding, and $0/0$ is nan, which spreads to every parameter within one update. Such a column cannot tell rows apart, so treat its deviation as 1; its weight then stays where it started.
#
# ### Exercise `sgd_linear` · 2 points
#
# Write `sgd_linear(X, y, lr, epochs, batch_size, rng)`: mini-batch descent on the mean squared error for `X` of shape `(n, d)` and `y` of shape `(n,)`.
#
# - Standardise the features inside, with the statistics of the given rows; a constant column is no error. Rows are visited in mini-batches of `batch_size`, reshuffled in every epoch with `rng`. The gradient of a batch of $B$ rows carries the factor $2/B$, as in `linreg_grad`.
# - Return `(w, b)` in the **original** units: a float array `(d,)` and a float, so that `X @ w + b` predicts.
# - You may use your own functions from above. The start, a decaying learning rate and the way of shuffling are yours to choose; the tests look at the result only. They give you enough epochs for a start at zero and a rate that stays at `lr` or falls to no less than a quarter of it by the last epoch.
#
# Hidden tests also use: noise-free data, where `w`, `b` and predictions on fresh rows must be right within 2 %; features of scale $10^{3}$ and $10^{-3}$; constant features, also 0.1 (its computed deviation is not 0) next to features of scale $10^{-9}$; a constant target; integer data; the data written twice at the same `lr`; batch sizes 1, `n` and above `n`; the inputs unchanged.
#
# <details><summary>Hint</summary>
#
# `s = X.std(axis=0)` of a constant column need not be exactly 0: ten times 0.1 give 1.4e-17. Compare `s` with the size of the column's numbers, not with 0. Rows of `X` and entries of `y` must be picked with the **same** indices.
#
# </details>

# %% [markdown] lang="zh"
# 在 $\tilde x$ 上训练出来的模型，要换算成 $x$ 的单位再交付，否则使用者必须随身带着 $\mu$ 和 $s$（忘了带会怎样，见第 16 章）。代入定义：
#
# $$\hat y = \tilde b + \sum_j \tilde w_j\,\frac{x_j-\mu_j}{s_j} = \sum_j\frac{\tilde w_j}{s_j}\,x_j + \left(\tilde b - \sum_j\frac{\tilde w_j\,\mu_j}{s_j}\right)$$
#
# 所以 $w_j=\tilde w_j/s_j$，$b=\tilde b-\sum_j w_j\mu_j$。
#
# 有一个陷阱：取值恒定的列 $s_j=0$（可能带一点舍入误差），而 $0/0$ 是 nan，更新一次就会传染给所有参数。这样的列本来就无法区分各行，把它的标准差当作 1 即可，它的权重会停留在初始值。
#
# ### 练习 `sgd_linear` · 2 分
#
# 编写 `sgd_linear(X, y, lr, epochs, batch_size, rng)`：对形状为 `(n, d)` 的 `X` 与形状为 `(n,)` 的 `y`，用小批量梯度下降最小化均方误差。
#
# - 在函数内部用给定各行的统计量把特征标准化；有恒定的列不算错误。每轮用 `rng` 重新打乱，再按 `batch_size` 分批访问各行。一个含 $B$ 行的批量，梯度的系数是 $2/B$，与 `linreg_grad` 一致。
# - 返回**原来**单位下的 `(w, b)`：形状为 `(d,)` 的浮点数组和一个浮点数，使 `X @ w + b` 就是预测。
# - 可以使用你在前面写的函数。初值、是否让学习率逐渐减小、怎样打乱，都由你决定；测试只看结果。测试给的轮次足够：从零出发，学习率保持 `lr` 不变，或到最后一轮降到不低于它的四分之一，都能收敛。
#
# 隐藏测试还会用到：无噪声数据，此时 `w`、`b` 以及对新数据的预测误差须在 2 % 以内；尺度为 $10^{3}$ 和 $10^{-3}$ 的特征；恒定的特征，也包括 0.1（算出的标准差不是 0）以及尺度为 $10^{-9}$ 的特征；恒定的目标；整数数据；把数据重复一遍而 `lr` 不变；批量为 1、为 `n` 和大于 `n`；输入不变。
#
# <details><summary>提示</summary>
#
# 恒定列的 `s = X.std(axis=0)` 不一定恰好是 0：十个 0.1 算出来是 1.4e-17。请把 `s` 与这一列数值的大小相比，而不是与 0 相比。取 `X` 的行和 `y` 的元素时，必须用**同一组**下标。
#
# </details>

# %% solution="sgd-linear"
def sgd_linear(X, y, lr, epochs, batch_size, rng):
    """Fit y ≈ Xw + b by mini-batch descent on standardised features; return w (d,) and b in the original units."""
    ### BEGIN SOLUTION
    X = np.asarray(X, dtype=float)
    mean, deviation = X.mean(axis=0), X.std(axis=0)
    constant = deviation <= 1e-10 * np.abs(X).max(axis=0)  # up to rounding: ten times 0.1 have a mean just below 0.1
    deviation = np.where(constant, 1.0, deviation)
    Z = (X - mean) / deviation
    w, b = np.zeros(X.shape[1]), 0.0
    for epoch in minibatches(len(y), batch_size, epochs, rng):
        for rows in epoch:
            grad_w, grad_b = linreg_grad(Z[rows], y[rows], w, b)
            w, b = w - lr * grad_w, b - lr * grad_b
    w = w / deviation
    return w, float(b - w @ mean)
    ### END SOLUTION

# %% test="sgd-recovers-the-line" points=1
def _public():
    # flats: area in m², rooms, age in years; price in thousands
    X = np.array([[35, 1, 40], [50, 2, 10], [62, 2, 25], [75, 3, 5], [88, 3, 60], [96, 4, 15], [110, 4, 30], [130, 5, 8]], dtype=float)
    price = np.array([150.0, 262.0, 288.0, 379.0, 340.0, 452.0, 490.0, 620.0])
    with np.errstate(all="ignore"):
        result = sgd_linear(X.copy(), price.copy(), lr=0.05, epochs=150, batch_size=3, rng=np.random.default_rng(0))
    assert isinstance(result, (tuple, list)) and len(result) == 2, "[ch03-TYPE] 请返回 (w, b) / return (w, b)"
    w, b = result
    assert isinstance(w, np.ndarray) and w.shape == (3,), "[ch03-SHAPE] w 应为形状 (d,) 的数组 / w must be an array (d,)"
    assert np.ndim(b) == 0, "[ch03-SHAPE] b 应为一个数 / b must be one number"
    assert np.all(np.isfinite(w)) and np.isfinite(b), "[ch03-NAN] 结果不是有限数：学习发散了？ / not finite: did the descent diverge?"
    r2 = 1 - np.sum((price - (X @ w + b)) ** 2) / np.sum((price - price.mean()) ** 2)
    assert r2 > 0.9, "[ch03-UNITS] 用原始单位的 X @ w + b 预测很差：换算回来了吗？ / X @ w + b predicts badly in the original units: did you convert back?"
    # a property of least squares: the mean of the predictions is the mean of the targets
    assert abs(np.mean(X @ w + b) - price.mean()) < 0.05 * price.mean(), "[ch03-BIAS] 预测的平均值应接近目标的平均值 / the predictions should have the mean of the targets"


_public()

### BEGIN HIDDEN TESTS
def _close(got, want, size=0.0):
    return np.allclose(got, want, rtol=0.02, atol=0.02 * size)


def _hidden():
    rng = np.random.default_rng(30361)
    for n, d, size, lr, epochs in ((24, 3, 1, 0.03, 30), (60, 3, 60, 0.1, 250), (31, 2, 7, 0.05, 60), (20, 1, 4, 0.05, 60), (18, 2, 50, 0.1, 250)):
        X = rng.normal(1.0, 1.0, size=(n, d))
        w = rng.uniform(1.0, 3.0, size=d) * rng.choice([-1.0, 1.0], size=d)
        b = 4.0
        y = X @ w + b
        before = X.copy(), y.copy()
        got_w, got_b = sgd_linear(X, y, lr, epochs, size, np.random.default_rng(30362))
        assert np.array_equal(X, before[0]) and np.array_equal(y, before[1]), "[ch03-INPUT] 不要改动 X 与 y / your function changed X or y"
        assert isinstance(got_w, np.ndarray) and got_w.shape == (d,) and np.ndim(got_b) == 0, "[ch03-SHAPE] 应返回 w (d,) 与一个数 b / return w (d,) and one number b"
        assert np.all(np.isfinite(got_w)) and np.isfinite(got_b), "[ch03-NAN] 结果不是有限数 / the result is not finite"
        assert _close(got_w, w), "[ch03-UNITS] w 应以原始单位还原真实权重 / w must recover the true weights, in the original units"
        assert _close(got_b, b), "[ch03-BIAS] b 应还原真实截距 / b must recover the true intercept"
        fresh = rng.normal(1.0, 1.0, size=(20, d))
        want = fresh @ w + b
        assert _close(fresh @ got_w + got_b, want, np.std(want)), "[ch03-UNITS] 对新数据的预测不对 / predictions on fresh rows are wrong"
        again_w, again_b = sgd_linear(np.vstack([X, X]), np.concatenate([y, y]), lr, epochs, 2 * n if size == n else size, np.random.default_rng(30363))
        assert _close(again_w, w) and _close(again_b, b), (
            "[ch03-MEAN] 数据重复一遍、学习率不变就失败：批量梯度是求和而不是取平均？ / fails when the data are written twice: a sum over the batch, not a mean?")


with np.errstate(all="ignore"):
    _hidden()
### END HIDDEN TESTS

# %% test="sgd-survives-awkward-columns" points=1
def _public():
    # a constant column carries no information, and must do no harm
    X = np.column_stack([np.arange(10.0), np.full(10, 7.0), np.full(10, 0.1)])
    y = 2 * X[:, 0] + 1
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        w, b = sgd_linear(X.copy(), y.copy(), lr=0.1, epochs=100, batch_size=2, rng=np.random.default_rng(0))
    assert np.all(np.isfinite(w)) and np.isfinite(b), "[ch03-ZERO] 恒定的列使标准差为零，除出了 nan / a constant column has deviation zero: nan"
    assert np.allclose(X @ w + b, y, rtol=0.02), "[ch03-ZERO] 有恒定的列时预测不对 / wrong predictions with a constant column"


_public()

### BEGIN HIDDEN TESTS
def _close(got, want, size=0.0):
    return np.allclose(got, want, rtol=0.02, atol=0.02 * size)


def _fit(X, y, lr=0.05, epochs=80, size=8):
    before = X.copy(), y.copy()
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        w, b = sgd_linear(X, y, lr, epochs, size, np.random.default_rng(30371))
    assert np.array_equal(X, before[0]) and np.array_equal(y, before[1]), "[ch03-INPUT] 不要改动 X 与 y / your function changed X or y"
    assert isinstance(w, np.ndarray) and w.shape == (X.shape[1],) and np.ndim(b) == 0, "[ch03-SHAPE] 应返回 w (d,) 与一个数 b / return w (d,) and one number b"
    assert np.all(np.isfinite(w)) and np.isfinite(b), "[ch03-NAN] 结果不是有限数：尺度悬殊或标准差为零？ / not finite: large scales, or a deviation of zero?"
    return w, b


def _hidden():
    rng = np.random.default_rng(30372)
    scale = np.array([1e3, 1.0, 1e-3])
    X = rng.normal(1.0, 1.0, size=(40, 3)) * scale
    w, b = np.array([2.0, -1.5, 3.0]) / scale, 5.0
    got_w, got_b = _fit(X, X @ w + b)
    assert _close(got_w, w) and _close(got_b, b), "[ch03-SCALE] 特征尺度悬殊时没有还原 / features of very different scale are not recovered"
    fresh = rng.normal(1.0, 1.0, size=(15, 3)) * scale
    assert _close(fresh @ got_w + got_b, fresh @ w + b, 1.0), "[ch03-UNITS] 对新数据的预测不对 / predictions on fresh rows are wrong"

    X = np.column_stack([rng.normal(size=32), np.full(32, 7.0), rng.normal(3.0, 2.0, size=32)])  # a constant in the middle
    y = 2.0 * X[:, 0] - X[:, 2] + 6.0
    got_w, got_b = _fit(X, y)
    fresh = np.column_stack([rng.normal(size=9), np.full(9, 7.0), rng.normal(3.0, 2.0, size=9)])
    assert _close(fresh @ got_w + got_b, 2.0 * fresh[:, 0] - fresh[:, 2] + 6.0, 1.0), "[ch03-ZERO] 有恒定的列时预测不对 / wrong predictions with a constant column"

    for constant, n in ((0.1, 10), (0.1, 24), (1 / 3, 35), (-7.3, 30), (1e-9 / 3, 22)):  # computed deviations are not exactly 0
        tiny = np.array([1.0, 1.0, 1e-9])  # small is not constant
        X = rng.normal(1.0, 1.0, size=(n, 3)) * tiny
        X[:, 0] = constant
        y = 2.0 * X[:, 1] - X[:, 2] / 1e-9 + 6.0
        got_w, got_b = _fit(X, y)
        fresh = rng.normal(1.0, 1.0, size=(9, 3)) * tiny
        fresh[:, 0] = constant
        assert _close(fresh @ got_w + got_b, 2.0 * fresh[:, 1] - fresh[:, 2] / 1e-9 + 6.0, 1.0), (
            "[ch03-ZERO] 恒定的列算出的标准差可能只是舍入误差：与该列数值的大小相比 / the deviation of a constant column may be a rounding error: compare it with the size of the numbers")

    X = rng.normal(2.0, 3.0, size=(25, 2))
    got_w, got_b = _fit(X, np.full(25, 5.0))
    assert _close(X @ got_w + got_b, np.full(25, 5.0)), "[ch03-CONSTANT] 目标恒定时，预测应为该常数 / a constant target must be predicted"

    X = rng.integers(0, 10, size=(30, 2))
    y = 3 * X[:, 0] - 2 * X[:, 1] + 4
    got_w, got_b = _fit(X, y)
    assert _close(got_w, [3.0, -2.0]) and _close(got_b, 4.0), "[ch03-INT] 整数数据没有还原 / integer data are not recovered"
    got_w, got_b = _fit(2 * X, 3 * X[:, 0] - 5 * X[:, 1] + 4)  # whole numbers, but not the weights
    assert _close(got_w, [1.5, -2.5]) and _close(got_b, 4.0), "[ch03-INT] 整数数据没有还原 / integer data are not recovered"


_hidden()
### END HIDDEN TESTS

# %% [markdown] lang="en"
# ## 8 Check yourself: three minutes, no points
#
# Open the answer that you choose; every one explains itself.
#
# **1. You double the loss, $J \to 2J$ (article A writes the squared error with factor 1, article B with ½). What must happen to the learning rate to give the same path?**
#
# <details><summary>A. It must double.</summary>Wrong direction: the gradient doubles as well, so the step would become four times as long.</details>
# <details><summary>B. It must be halved.</summary>Right. The gradient doubles, half the rate keeps the step. The bound 2/λ_max halves in the same way. That is why one must say which factor one uses.</details>
# <details><summary>C. Nothing; the minimum stays where it is.</summary>The minimum does stay, but the path to it does not: with twice the gradient the steps are twice as long, possibly too long.</details>
#
# **2. Training goes well for 300 steps, then the loss rises steadily. Which explanation is impossible?**
#
# <details><summary>A. The gradient formula is wrong.</summary>Possible: exactly this happened in section 3, where the loss fell for 334 steps.</details>
# <details><summary>B. The learning rate is above 2/λ_max and the steepest direction had a tiny error at the start.</summary>Possible: that error grows by a constant factor per step and takes a while to become visible, as the other directions improve.</details>
# <details><summary>C. The learning rate is below 2/λ_max of a quadratic loss, the gradient is right, and the full batch is used.</summary>Right, this is the impossible one: then every step lowers the loss.</details>
#
# **3. A check at one random point finds a relative error of $10^{-9}$ between formula and central difference. What do you know?**
#
# <details><summary>A. The formula is right at this point and very probably everywhere.</summary>Right. A random point makes a coincidence unlikely. "Everywhere" still needs a second point on the other side of every branch or kink.</details>
# <details><summary>B. The formula is proved.</summary>No: a check is evidence. A formula with a branch that this point does not reach has not been tested.</details>
# <details><summary>C. Nothing, since central differences have errors themselves.</summary>They do, but of about this size. A wrong formula would be off by far more.</details>
#
# **4. Which stopping rule can announce success although nothing has been learnt?**
#
# <details><summary>A. Stop when the norm of the gradient is small.</summary>It stops near a stationary point, whatever the learning rate. (That point can be a saddle.)</details>
# <details><summary>B. Stop when the parameters hardly change.</summary>Right: the change is the learning rate times the gradient, so a tiny rate satisfies the rule at once.</details>
# <details><summary>C. Stop after 1 000 steps.</summary>It makes no claim of success at all; it is a budget, and always needed beside the other rule.</details>
#
# **5. You go from batches of 32 to batches of 128. By how much does the standard deviation of the gradient fall (both far smaller than n)?**
#
# <details><summary>A. By a factor of 4.</summary>That is the variance. The standard deviation is its square root.</details>
# <details><summary>B. By a factor of 2, for four times the work per update.</summary>Right: σ/√B.</details>
# <details><summary>C. Not at all: the estimate is unbiased.</summary>Unbiased says that the average is right; it says nothing about the spread.</details>
#
# **6. Two features are measured in grams instead of kilograms. What changes for plain gradient descent without standardising?**
#
# <details><summary>A. Nothing; the model can represent the same lines.</summary>The set of lines is the same, the landscape is not: curvatures along these weights grow by 10⁶.</details>
# <details><summary>B. λ_max grows by up to a million, so the old learning rate diverges.</summary>Right. Curvature goes with the square of the feature's scale. Standardising removes the question.</details>
# <details><summary>C. The weights become 1 000 times larger.</summary>Smaller: the weight times the feature must stay the same, so these weights shrink by 1 000.</details>

# %% [markdown] lang="zh"
# ## 8 三分钟自测，不计分
#
# 点开你选的答案，每个选项都有解释。
#
# **1. 把损失翻倍，$J \to 2J$（文章 A 的平方误差系数为 1，文章 B 为 ½）。要走出同样的轨迹，学习率应该怎样变？**
#
# <details><summary>A. 翻倍。</summary>方向反了：梯度也翻了倍，步长会变成四倍。</details>
# <details><summary>B. 减半。</summary>正确。梯度翻倍，学习率减半，步长不变。上界 2/λ_max 也同样减半。所以必须说明用的是哪个系数。</details>
# <details><summary>C. 不变，因为最小值点没有变。</summary>最小值点确实没变，但轨迹变了：梯度翻倍，步长也翻倍，甚至可能太大。</details>
#
# **2. 训练在前 300 步很顺利，此后损失持续上升。哪种解释不可能？**
#
# <details><summary>A. 梯度公式错了。</summary>可能：第 3 节正是如此，损失下降了 334 步。</details>
# <details><summary>B. 学习率大于 2/λ_max，而最陡方向上的初始误差很小。</summary>可能：这个误差每步按固定倍数增长，起初被其他方向的改善掩盖，过一阵才显露出来。</details>
# <details><summary>C. 损失是二次函数，学习率小于 2/λ_max，梯度正确，使用全批量。</summary>正确，这就是不可能的情形：此时每一步都会使损失下降。</details>
#
# **3. 在一个随机点上，公式与中心差分的相对误差为 $10^{-9}$。由此能知道什么？**
#
# <details><summary>A. 公式在该点正确，而且很可能处处正确。</summary>正确。随机点使巧合的可能性很小。要说“处处”，还需在每个分支或折点的另一侧再检验一点。</details>
# <details><summary>B. 公式得到了证明。</summary>不对：检验只是证据。如果公式里有一个分支没有被这个点走到，它就没有受到检验。</details>
# <details><summary>C. 什么也不知道，因为中心差分本身有误差。</summary>误差是有，但大约就是这个量级。错误的公式会差得多。</details>
#
# **4. 哪种停止准则可能在什么都没学到时就宣布成功？**
#
# <details><summary>A. 梯度的范数足够小就停止。</summary>无论学习率多大，它都停在驻点附近。（这个点可能是鞍点。）</details>
# <details><summary>B. 参数几乎不变就停止。</summary>正确：变化量等于学习率乘以梯度，学习率极小时，一开始就满足。</details>
# <details><summary>C. 走满 1 000 步就停止。</summary>它根本没有宣称成功；这是预算，与另一条准则配合，总是需要的。</details>
#
# **5. 批量从 32 增加到 128，梯度的标准差减小多少（两者都远小于 n）？**
#
# <details><summary>A. 减小到四分之一。</summary>那是方差。标准差是它的平方根。</details>
# <details><summary>B. 减小到二分之一，而每次更新的计算量是四倍。</summary>正确：σ/√B。</details>
# <details><summary>C. 不变，因为估计是无偏的。</summary>无偏是说平均值正确，与离散程度无关。</details>
#
# **6. 两个特征的单位从千克改成克。不做标准化、直接梯度下降，会有什么变化？**
#
# <details><summary>A. 没有变化，模型能表示的直线是一样的。</summary>能表示的直线一样，地形却不一样：沿这些权重的曲率增大到 10⁶ 倍。</details>
# <details><summary>B. λ_max 最多增大一百万倍，原来的学习率会发散。</summary>正确。曲率与特征尺度的平方成正比。做了标准化，就不存在这个问题。</details>
# <details><summary>C. 权重变大到 1 000 倍。</summary>应当变小：权重乘特征必须不变，所以这些权重缩小到千分之一。</details>

# %% [markdown] lang="en"
# ## What to keep
#
# - The gradient is the vector of slopes; no direction falls faster than its negative, *locally*.
# - Check every gradient: central differences, $h\approx10^{-6}$ to $10^{-5}$, a random point, a relative error.
# - For linear regression every row votes with its residual: $\nabla_w J=-\frac2n X^\top r$ and $\partial J/\partial b=-\frac2n\sum_i r_i$. A gradient without a residual cannot stop anywhere (E01, E02).
# - The update is an assignment, made for all parameters from the same point (E52); stop on the gradient norm or after a budget of steps (E51).
# - Along each eigenvector the error is multiplied by $1-\alpha\lambda$. Stability asks for $\alpha<2/\lambda_{\max}$; the time is set by $\kappa=\lambda_{\max}/\lambda_{\min}$.
# - Mini-batches trade noise, $\sigma/\sqrt B$, for more updates. Shuffle in every epoch. At a constant rate a noise floor remains.
# - Standardise, guard against a deviation of zero, and convert the weights back.
#
# **GPU.** This chapter has no GPU variant: two-parameter arithmetic would spend all its time on launching kernels. Chapter 4 measures where a GPU starts to pay.
#
# ## References
#
# - A.-L. Cauchy, *Méthode générale pour la résolution des systèmes d'équations simultanées*, Comptes rendus de l'Académie des sciences 25 (1847): the first description of gradient descent.
# - H. Robbins, S. Monro, *A Stochastic Approximation Method*, Annals of Mathematical Statistics 22 (1951).
# - S. Boyd, L. Vandenberghe, *Convex Optimization*, Cambridge University Press (2004), sections 9.2 and 9.3.
# - Y. Nesterov, *Lectures on Convex Optimization*, 2nd edition, Springer (2018), chapters 1 and 2.
# - J. Nocedal, S. J. Wright, *Numerical Optimization*, 2nd edition, Springer (2006), chapter 8 for finite differences.
# - L. Bottou, F. E. Curtis, J. Nocedal, *Optimization Methods for Large-Scale Machine Learning*, SIAM Review 60 (2018), [arXiv 1606.04838](https://arxiv.org/abs/1606.04838).
# - I. Goodfellow, Y. Bengio, A. Courville, *Deep Learning*, MIT Press (2016), chapters 4 and 8.

# %% [markdown] lang="zh"
# ## 要点
#
# - 梯度是各方向坡度组成的向量；*在局部*，没有哪个方向比负梯度下降得更快。
# - 每个梯度都要检验：中心差分，$h\approx10^{-6}$ 到 $10^{-5}$，随机点，相对误差。
# - 线性回归中，每一行按残差投票：$\nabla_w J=-\frac2n X^\top r$，$\partial J/\partial b=-\frac2n\sum_i r_i$。没有残差的梯度，在哪里都停不下来（E01、E02）。
# - 更新是赋值，所有参数从同一个点出发（E52）；按梯度范数停止，或在步数用完时停止（E51）。
# - 沿每个特征向量，误差每步乘以 $1-\alpha\lambda$。稳定要求 $\alpha<2/\lambda_{\max}$；所需时间由 $\kappa=\lambda_{\max}/\lambda_{\min}$ 决定。
# - 小批量用噪声 $\sigma/\sqrt B$ 换来更多次更新。每轮都要打乱。学习率不变时，会留下噪声底。
# - 标准化，防备标准差为零，最后把权重换算回来。
#
# **GPU。** 本章没有 GPU 变体：只有两个参数的运算，时间会全花在启动核函数上。第 4 章会测量 GPU 从什么规模起才划算。
#
# ## 参考文献
#
# - A.-L. Cauchy, *Méthode générale pour la résolution des systèmes d'équations simultanées*, Comptes rendus de l'Académie des sciences 25 (1847)：最早描述梯度下降的文献。
# - H. Robbins, S. Monro, *A Stochastic Approximation Method*, Annals of Mathematical Statistics 22 (1951)。
# - S. Boyd, L. Vandenberghe, *Convex Optimization*, Cambridge University Press (2004)，第 9.2、9.3 节。
# - Y. Nesterov, *Lectures on Convex Optimization*, 2nd edition, Springer (2018)，第 1、2 章。
# - J. Nocedal, S. J. Wright, *Numerical Optimization*, 2nd edition, Springer (2006)，有限差分见第 8 章。
# - L. Bottou, F. E. Curtis, J. Nocedal, *Optimization Methods for Large-Scale Machine Learning*, SIAM Review 60 (2018)，[arXiv 1606.04838](https://arxiv.org/abs/1606.04838)。
# - I. Goodfellow, Y. Bengio, A. Courville, *Deep Learning*, MIT Press (2016)，第 4、8 章。
