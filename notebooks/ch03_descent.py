# %% [markdown] lang="en"
# # Chapter 3 · Gradient descent
#
# Chapter 2 gave us a number that says how wrong a model is. This chapter makes that number smaller. Every model in this course, from a line with two parameters to a Transformer, is trained by a descendant of six lines. You run them in a minute.
#
# **You will be able to**
#
# - say what a gradient is, and why its negative is the way down;
# - measure any gradient, and put a formula to the test;
# - write gradient descent with a stopping rule, and mini-batch descent on real data;
# - read from a loss curve what is wrong: rate, gradient, scale, noise or order of the data;
# - find the largest stable learning rate without ever building a matrix.
#
# **Time** 2 hours for the core path: sections 1 to 9 without the boxes marked *Optional*. Sections 10 and 11 take 10 minutes more. **Needs** NumPy, derivatives, a matrix times a vector. **Points** 20, in six exercises.
#
# | section | exercise | points |
# |---|---|---|
# | 3 An instrument for slopes | `numerical_gradient` | 3 |
# | 4 On trial: article A's gradient | `linreg_grad` | 3 |
# | 5 The update, and when to stop | `gradient_descent` | 4 |
# | 6 How large a step | `max_stable_lr` | 3 |
# | 8 A little data at a time | `minibatches` | 3 |
# | 9 Scaling, and all of it together | `sgd_linear` | 4 |
#
# All exercises compute in float64, return new arrays and leave their inputs unchanged. Library calls are welcome.

# %% [markdown] lang="zh"
# # 第 3 章 · 梯度下降
#
# 第 2 章用一个数衡量模型错了多少，这一章要把这个数变小。本课程的每个模型，小到两个参数的直线，大到 Transformer，训练时用的都是六行代码的后代。马上你就会亲手运行它们。
#
# **学完本章，你能够**
#
# - 说清什么是梯度，为什么负梯度就是下山的方向；
# - 测量任何一个梯度，用它检验公式；
# - 写出带停止准则的梯度下降，并在真实数据上做小批量下降；
# - 从损失曲线看出毛病在哪里：学习率、梯度、尺度、噪声，还是数据的顺序；
# - 不构造矩阵，就求出最大的稳定学习率。
#
# **用时** 主线 2 小时：第 1 至 9 节，不含标有**选读**的方框；第 10、11 节另需 10 分钟。**预备知识** NumPy、导数、矩阵乘向量。**分值** 20 分，共六道练习。
#
# | 小节 | 练习 | 分值 |
# |---|---|---|
# | 3 测坡度的仪器 | `numerical_gradient` | 3 |
# | 4 审一审文章 A 的梯度 | `linreg_grad` | 3 |
# | 5 更新与停止 | `gradient_descent` | 4 |
# | 6 步子迈多大 | `max_stable_lr` | 3 |
# | 8 每次只看一点数据 | `minibatches` | 3 |
# | 9 标准化与综合练习 | `sgd_linear` | 4 |
#
# 所有练习都用 float64 计算，返回新数组，不修改输入。可以放心调用现成的库。

# %% setup
import math
import warnings

import numpy as np

np.set_printoptions(precision=4, suppress=True)

# %%
from course.progress_panel import show_progress

show_progress()

# %% [markdown] lang="en"
# ## 1 · Six lines that learn
#
# You stand on a hillside in fog. You cannot see the valley; you only feel the slope under your feet. So you take a step downhill, feel again, and take the next one.
#
# Here the hillside is the parabola $J = \theta^2$. Its slope at $\theta$ is the derivative, $2\theta$. Run the cell. Then change `lr` to 0.3, then to 0.5, and run it again each time.

# %% [markdown] lang="zh"
# ## 1 · 会学习的六行代码
#
# 你站在大雾弥漫的山坡上，看不见山谷，只感觉得到脚下的坡度。于是往低处迈一步，再感觉一次，再迈一步。
#
# 这里的山坡是抛物线 $J = \theta^2$，它在 $\theta$ 处的坡度就是导数 $2\theta$。先运行下面的单元格，再把 `lr` 改成 0.3、0.5，各运行一次。

# %%
theta, lr = 4.0, 0.1
for step in range(1, 9):
    slope = 2 * theta  # the derivative of theta ** 2
    theta = theta - lr * slope  # one step downhill
    loss = theta**2
    print(f"{step}: theta = {theta:8.4f}   J = {loss:8.4f}")

# %% [markdown] lang="en"
# The number `lr` is the **learning rate**, written $\alpha$. At 0.5 a single step arrived. And at 1.0? Do not run it yet: guess below.

# %% [markdown] lang="zh"
# 这个 `lr` 叫**学习率**，记作 $\alpha$。取 0.5 时，一步就到了谷底。取 1.0 呢？先别运行，在下面猜一猜。

# %%
from course.figures.parabola import fig_parabola
from course.interact import Prediction, choice, explore, play, slider, toggle
from course.language import say

explore(
    fig_parabola,
    predict=Prediction(
        say(en="You double the rate from 0.5 to 1.0. What does the ball do?", zh="学习率从 0.5 加倍到 1.0，小球会怎样？"),
        options=(
            say(en="arrives twice as fast", zh="到得快一倍"),
            say(en="jumps to and fro for ever", zh="永远来回跳"),
            say(en="runs away", zh="越跑越远"),
        ),
        answer=1,
        because=(
            say(
                en="One step cannot be beaten. At 1.0 the step is twice the distance to the valley: 4, −4, 4, −4 …",
                zh="一步到位，不可能再快了。取 1.0 时，步长是到谷底距离的两倍：4、−4、4、−4……",
            ),
            say(
                en="The step is 2θ, twice the distance to the valley: 4, −4, 4, −4 … Above 1.0 it runs away.",
                zh="步长是 2θ，即到谷底距离的两倍：4、−4、4、−4……超过 1.0 就会越跑越远。",
            ),
            say(
                en="That happens above 1.0. At 1.0 exactly it lands just as far on the other side: 4, −4, 4, −4 …",
                zh="超过 1.0 才会。恰好取 1.0 时，落到对面同样远的地方：4、−4、4、−4……",
            ),
        ),
    ),
    alt=say(
        en="Left: a parabola with the points of the descent joined in their order. Right: theta against the step.",
        zh="左：抛物线，下降经过的各点按顺序连成折线。右：θ 随步数的变化。",
    ),
    lr=slider(0.05, 1.15, 0.5, step=0.05, label=say(en="learning rate", zh="学习率")),
    step=play(0, 20, 8, label=say(en="step", zh="步数")),
)

# %% [markdown] lang="en"
# You have seen everything that this chapter explains: a slope, a step, a rate that is too small, right, or too large. Three questions remain. Which way is down when there are a million parameters? How do we know that a slope is right? How large may a step be?

# %% [markdown] lang="zh"
# 本章要讲的一切，你已经见过了：坡度、步子，以及太小、正好和太大的学习率。剩下三个问题：参数有一百万个时，哪边是下？怎么知道坡度算对了？步子最大能迈多大？

# %% [markdown] lang="en"
# ## 2 · Which way is down
#
# With two parameters the hillside is a map. Lines of equal height are **contour lines**. The dark point sits on the dark one. The orange arrow, written $\nabla J$, is made of two slopes: the slope along $\theta_1$ and the slope along $\theta_2$. You may walk in any direction $u$.

# %% [markdown] lang="zh"
# ## 2 · 哪边是下
#
# 参数有两个时，山坡成了一张地图，高度相等的点连成**等高线**。深色的点位于深色的那一条上。橙色箭头记作 $\nabla J$，由两个坡度组成：沿 $\theta_1$ 的坡度和沿 $\theta_2$ 的坡度。你可以沿任何方向 $u$ 走。

# %%
from course.figures.descent import fig_descent, fig_rates, fig_steepest

explore(
    fig_steepest,
    predict=Prediction(
        say(
            en="Turn u once around. In how many directions does the loss neither rise nor fall at first?",
            zh="让 u 转一整圈，有几个方向使损失起初既不上升也不下降？",
        ),
        options=(say(en="in one", zh="一个"), say(en="in two", zh="两个"), say(en="in none", zh="没有")),
        answer=1,
        because=(
            say(en="If one way along the contour is level, so is the way back: two.", zh="沿等高线往一边走是平的，往回走也是平的，所以有两个。"),
            say(en="The two ways along the contour line, at right angles to the arrow.", zh="正是沿等高线的两个方向，与箭头垂直。"),
            say(en="Between uphill and downhill there must be a level direction, on either side.", zh="上坡与下坡之间必有一个平的方向，左右各一个。"),
        ),
    ),
    alt=say(
        en="Left: contour lines of a loss with a point on them, the gradient there and a direction u, both as arrows. "
        "Right: the slope along u against the angle between u and the gradient.",
        zh="左：损失的等高线，线上一点，以及该点的梯度和方向 u 两个箭头。右：沿 u 的坡度随 u 与梯度夹角的变化。",
    ),
    angle=slider(-180, 180, 60, step=5, label=say(en="angle to the gradient", zh="与梯度的夹角")),
)

# %% [markdown] lang="en"
# The **gradient** collects the slopes along all axes:
#
# $$\nabla J(\theta) = \left(\frac{\partial J}{\partial\theta_1}, \dots, \frac{\partial J}{\partial\theta_p}\right)$$
#
# Walk a small distance $\varepsilon$ in a direction $u$ of length 1. Taylor's formula says
#
# $$J(\theta + \varepsilon u) = J(\theta) + \varepsilon\,\nabla J(\theta)\cdot u + O(\varepsilon^2)$$
#
# So the slope along $u$ is $\nabla J\cdot u = \|\nabla J\|\cos\varphi$, where $\varphi$ is the angle between $u$ and the gradient. The cosine is largest along the gradient, smallest against it, and 0 across it. The gradient points where the loss **rises** fastest, $-\nabla J$ where it **falls** fastest.
#
# Fastest *here*. The formula drops a term of size $\varepsilon^2$: a long step in the best direction can still end higher up. You saw that in section 1.

# %% [markdown] lang="zh"
# **梯度**把沿各坐标轴的坡度收集在一起：
#
# $$\nabla J(\theta) = \left(\frac{\partial J}{\partial\theta_1}, \dots, \frac{\partial J}{\partial\theta_p}\right)$$
#
# 沿长度为 1 的方向 $u$ 走一小段距离 $\varepsilon$，由泰勒公式，
#
# $$J(\theta + \varepsilon u) = J(\theta) + \varepsilon\,\nabla J(\theta)\cdot u + O(\varepsilon^2)$$
#
# 所以沿 $u$ 的坡度是 $\nabla J\cdot u = \|\nabla J\|\cos\varphi$，其中 $\varphi$ 是 $u$ 与梯度的夹角。顺着梯度，余弦最大；逆着梯度，余弦最小；与梯度垂直，余弦为 0。梯度指向损失**上升**最快的方向，$-\nabla J$ 指向**下降**最快的方向。
#
# 这个“最快”只在**此处**成立。公式略去了 $\varepsilon^2$ 量级的项：方向再好，步子太大也可能走到更高处，第 1 节里你已经见过。

# %% [markdown] lang="en"
# ## 3 · An instrument for slopes
#
# A wrong gradient rarely crashes. It trains, badly. So we first build an instrument that measures slopes and needs nothing but values of the function. Look a small step $h$ ahead, or look to both sides:
#
# $$\frac{f(x+h)-f(x)}{h} \qquad\qquad \frac{f(x+h)-f(x-h)}{2h}$$
#
# The left one is the **forward difference**, the right one the **central difference**. For $f(x)=x^3$ at $x=1$ the true slope is 3. With $h=0.01$ the forward difference gives 3.0301, the central one 3.0001. A smaller $h$ should do better still.

# %% [markdown] lang="zh"
# ## 3 · 测坡度的仪器
#
# 错误的梯度很少让程序崩溃：它照样训练，只是训练得很差。所以先造一件测坡度的仪器，它只需要函数值。可以向前看一小步 $h$，也可以左右各看一步：
#
# $$\frac{f(x+h)-f(x)}{h} \qquad\qquad \frac{f(x+h)-f(x-h)}{2h}$$
#
# 左边叫**前向差分**，右边叫**中心差分**。$f(x)=x^3$ 在 $x=1$ 处的坡度是 3。取 $h=0.01$，前向差分得 3.0301，中心差分得 3.0001。$h$ 再小一些，应该更准吧。

# %%
from course.figures.differences import fig_difference_error

explore(
    fig_difference_error,
    predict=Prediction(
        say(
            en="The slope of exp(sin x) by central differences: how good is h = 1e-12, compared with h = 1e-6?",
            zh="用中心差分求 exp(sin x) 的坡度，h = 1e-12 与 h = 1e-6 相比如何？",
        ),
        options=(
            say(en="far better", zh="准得多"),
            say(en="far worse", zh="差得多"),
            say(en="the same", zh="一样"),
        ),
        answer=1,
        because=(
            say(en="In exact arithmetic, yes. Here the error is 6e-05 instead of 1e-10.", zh="若能精确计算，确实如此。可这里的误差是 6e-05，而不是 1e-10。"),
            say(en="The error is 6e-05 instead of 1e-10: 600,000 times as large.", zh="误差从 1e-10 变成 6e-05，大了 60 万倍。"),
            say(en="Not at all: the error is 6e-05 instead of 1e-10.", zh="差远了：误差从 1e-10 变成 6e-05。"),
        ),
    ),
    alt=say(
        en="The error of a numerical derivative against its step, both axes logarithmic, for forward and central differences.",
        zh="数值导数的误差随步长的变化，两轴都是对数刻度，前向差分和中心差分各一条曲线。",
    ),
    log_h=slider(-14.0, -0.5, -2.0, step=0.5, label="log₁₀ h"),
)

# %% [markdown] lang="en"
# Two errors compete. **Truncation**: Taylor's formula gives
#
# $$\frac{f(x+h)-f(x)}{h} = f'(x) + \frac{h}{2}f''(x) + O(h^2), \qquad \frac{f(x+h)-f(x-h)}{2h} = f'(x) + \frac{h^2}{6}f'''(x) + O(h^4)$$
#
# It falls with $h$ or, for the central difference, with $h^2$. **Rounding**: a computer represents $f$ with a relative rounding error of up to half the machine epsilon $\epsilon\approx 2.2\cdot10^{-16}$, and the quotient divides that error by $h$. Their sum is smallest near $h = 10^{-8}$ for the forward difference and near $10^{-5}$ for the central one, which is far more accurate there.
#
# A gradient needs one quotient per parameter, moving **one coordinate at a time**:
#
# $$\frac{\partial f}{\partial x_i} \approx \frac{f(x + h\,e_i) - f(x - h\,e_i)}{2h}$$
#
# where $e_i$ is 1 in place $i$ and 0 elsewhere. That is $2p$ values of $f$ for $p$ parameters. The network of article A has 225,034 parameters, so one gradient would cost 450,068 evaluations of the loss. Too slow for training, and perfect for checking a small case.
#
# ### Exercise 1 · `numerical_gradient` (3 points)
#
# ```python
# numerical_gradient(f, x, h=1e-6)
# ```
#
# - `x`: an array of any shape, also `()`; integers and float32 are allowed. `f` takes an array of the shape of `x` and returns one number.
# - Return the central differences: float64, in the shape of `x`. For shape `()` a 0-d array or a float is right. Nothing is rounded. (A formula with more points will do if it keeps to the next line.)
# - Each point that you hand to `f` has the shape of `x` and differs from it in at most one entry, by between $h/4$ and $4h$. `x` comes back unchanged.
#
# Example: `numerical_gradient(f, np.array([1.0, -2.0]))` with $f(x)=x_1^2+x_2^2$ gives `[2., -4.]`.
#
# <details><summary>What hidden tests also use</summary>
#
# A spy in the place of `f` that records every point; shapes `()`, `(3,)`, `(2, 3)`, `(1, 1)` and a transposed array; entries as large as 300; integer and float32 input; $h$ from $10^{-6}$ to 0.125; a cubic at $h=10^{-2}$, where the error may be at most $2h^2$; an `f` that returns an integer or a float32; slopes from $10^{-9}$ to $10^{6}$.
#
# </details>
#
# <details><summary>Hint 1 · what to look at</summary>
#
# Which array does `f` get in the second round? If entry 0 still carries the step, two coordinates have moved.
#
# <details><summary>Hint 2 · which step</summary>
#
# Work on a float64 copy of `x`. Loop over all positions with `np.ndindex(x.shape)`, which also works for shape `()`. Make two fresh copies for each position.
#
# <details><summary>Hint 3 · the step with a gap</summary>
#
# ```python
# for place in np.ndindex(x.shape):
#     forward, backward = x.copy(), x.copy()
#     forward[place] += h
#     backward[place] ___
#     gradient[place] = (f(forward) - f(backward)) / ___
# ```
#
# </details></details></details>

# %% [markdown] lang="zh"
# 两种误差在较量。**截断误差**：由泰勒公式，
#
# $$\frac{f(x+h)-f(x)}{h} = f'(x) + \frac{h}{2}f''(x) + O(h^2), \qquad \frac{f(x+h)-f(x-h)}{2h} = f'(x) + \frac{h^2}{6}f'''(x) + O(h^4)$$
#
# 它随 $h$ 减小；对中心差分，则随 $h^2$ 减小。**舍入误差**：计算机表示 $f$ 时的相对舍入误差最大为机器精度 $\epsilon\approx 2.2\cdot10^{-16}$ 的一半，差商又把它除以 $h$。两者之和，前向差分在 $h = 10^{-8}$ 附近最小，中心差分在 $10^{-5}$ 附近最小，而且准确得多。
#
# 求梯度时，每个参数需要一个差商，而且**每次只动一个坐标**：
#
# $$\frac{\partial f}{\partial x_i} \approx \frac{f(x + h\,e_i) - f(x - h\,e_i)}{2h}$$
#
# 其中 $e_i$ 的第 $i$ 个分量为 1，其余为 0。$p$ 个参数要算 $2p$ 次 $f$。文章 A 的网络有 225,034 个参数，求一次梯度就要算 450,068 次损失：用来训练根本不现实，用来检验小例子却再好不过。
#
# ### 练习 1 · `numerical_gradient`（3 分）
#
# ```python
# numerical_gradient(f, x, h=1e-6)
# ```
#
# - `x`：任意形状的数组，也可以是 `()`；允许整数和 float32。`f` 接收与 `x` 形状相同的数组，返回一个数。
# - 返回中心差分：float64，形状与 `x` 相同。形状为 `()` 时，0 维数组或浮点数都对。不要四舍五入。（取更多点的公式，只要遵守下一条，也可以。）
# - 传给 `f` 的每个点与 `x` 形状相同，至多有一个元素不同，相差在 $h/4$ 到 $4h$ 之间。`x` 不得改变。
#
# 例：$f(x)=x_1^2+x_2^2$ 时，`numerical_gradient(f, np.array([1.0, -2.0]))` 得 `[2., -4.]`。
#
# <details><summary>隐藏测试还会用到</summary>
#
# 代替 `f` 的探针函数，记录收到的每个点；形状 `()`、`(3,)`、`(2, 3)`、`(1, 1)` 以及转置数组；大到 300 的元素；整数与 float32 输入；$h$ 从 $10^{-6}$ 到 0.125；$h=10^{-2}$ 时的三次函数，误差不得超过 $2h^2$；返回整数或 float32 的 `f`；从 $10^{-9}$ 到 $10^{6}$ 的坡度。
#
# </details>
#
# <details><summary>提示 1 · 看哪里</summary>
#
# 第二轮循环时，`f` 收到的是什么？如果第 0 个元素还带着上一轮的步长，就有两个坐标动了。
#
# <details><summary>提示 2 · 哪一步</summary>
#
# 在 `x` 的 float64 副本上计算。用 `np.ndindex(x.shape)` 遍历所有位置，形状为 `()` 时同样有效。每个位置都用两个新副本。
#
# <details><summary>提示 3 · 填空</summary>
#
# ```python
# for place in np.ndindex(x.shape):
#     forward, backward = x.copy(), x.copy()
#     forward[place] += h
#     backward[place] ___
#     gradient[place] = (f(forward) - f(backward)) / ___
# ```
#
# </details></details></details>

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
    # integers, in two dimensions
    whole = np.array([[1, -2, 0], [3, 5, -4]])
    g = numerical_gradient(lambda p: float(np.sum(np.asarray(p)[:, 1:] ** 2)), whole)
    assert isinstance(g, np.ndarray) and g.shape == (2, 3), "[ch03-SHAPE] 二维的 x，梯度也是二维 / the gradient of a two-dimensional x is two-dimensional"
    assert g.dtype == np.float64, "[ch03-DTYPE] 整数输入，结果也应为 float64 / float64 also for integer input"
    assert np.allclose(g, [[0, -4, 0], [0, 10, -8]], atol=1e-5), "[ch03-INTEGER] 整数的 x 要先转成 float64，否则步长被截断 / turn an integer x into float64 first, or the step is cut off"
    assert np.array_equal(whole, [[1, -2, 0], [3, 5, -4]]), "[ch03-INPUT] 不要改动 x / your function changed x"


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
    for size in (1e-9, 1e-6, 1e6):
        x, a, c = rng.normal(size=3), rng.uniform(0.5, 1.5, size=3), rng.normal(size=3)
        g = numerical_gradient(lambda p, a=a, c=c, size=size: size * value(p, a, c), x)
        assert np.allclose(g, size * slope(x, a, c), rtol=1e-5, atol=1e-5 * size), (
            "[ch03-SIZE] 很小或很大的坡度不对：有没有舍入或截断？ / wrong for very small or very large slopes: is anything rounded or cut off?")
    for kind in (int, np.float32):  # whatever kind of number f returns
        g = numerical_gradient(lambda p, kind=kind: kind(3), np.array([1.0]))
        assert np.allclose(g, 0, atol=1e-9), "[ch03-CONSTANT] 常数函数的梯度为零 / the gradient of a constant is zero"


_hidden()
### END HIDDEN TESTS

# %% test="central-difference-moves-one-coordinate" points=1
def _public():
    # a spy records where your function looks: every point may differ from x in one entry only
    seen = []

    def spy(p):
        seen.append(np.array(p, dtype=float))
        return float(p[0] * p[1] + 3 * p[0])

    x = np.array([2.0, 5.0])
    g = numerical_gradient(spy, x, h=1e-3)
    assert len(seen) >= 4, "[ch03-CALLS] 每个坐标都要向两侧各看一次 / look to both sides of every coordinate"
    assert isinstance(g, np.ndarray) and g.shape == (2,), "[ch03-SHAPE] 梯度是与 x 同形的数组 / the gradient is an array of the shape of x"
    for p in seen:
        away = np.abs(p - np.array([2.0, 5.0]))
        assert np.sum(away > 1e-9) <= 1, "[ch03-ONE] 每次只移动一个坐标 / move one coordinate at a time"
        assert np.max(away) < 4.1e-3 and (np.max(away) < 1e-9 or np.max(away) > 2.4e-4), "[ch03-STEP] 步长应与参数 h 同量级 / step by the argument h"
    assert np.allclose(g, [8.0, 2.0], atol=1e-5), "[ch03-QUOTIENT] 看看差商 / look at your quotient"
    assert np.array_equal(x, [2.0, 5.0]), "[ch03-INPUT] 不要改动 x / your function changed x"


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
# **How to read a check.** Compare formula $g$ and measurement $\hat g$ by a *relative* error, $\|g - \hat g\| / \max(\|g\|, \|\hat g\|)$. Around $10^{-7}$ or less they agree. At $10^{-2}$ something is wrong. In between, look for a kink within $h$ of your point, or for float32.

# %% [markdown] lang="zh"
# **怎样判读检验结果。** 用**相对**误差 $\|g - \hat g\| / \max(\|g\|, \|\hat g\|)$ 比较公式 $g$ 与测量值 $\hat g$。不超过 $10^{-7}$ 左右，就算一致；到了 $10^{-2}$，必有错误；介于两者之间，看看附近 $h$ 以内有没有不可导的折点，或者是否用了 float32。

# %% [markdown] lang="en"
# ## 4 · On trial: article A's gradient
#
# Article A explains gradient descent with an example. These are its lines, translated:
#
# > Suppose we have a linear regression model with the parameters $\theta = [w, b]$ and the MSE as loss. Learning rate $\alpha = 0.01$, initial parameters $\theta_{\text{current}} = [1, 1]$. Compute the gradient:
# >
# > $$\nabla_{\theta} J(\theta) = [-2x_1, -2x_2]$$
# >
# > where $x_1$ and $x_2$ are input features. […] By iterating the update one can lower the value of the loss step by step and reach the goal of minimising it.
#
# Is this the gradient? Do not argue. Measure. The cell takes two data points $(x, y)$, the loss that the article names and your instrument. Run it as it stands. Then change one number at a time, and run it again.

# %% [markdown] lang="zh"
# ## 4 · 审一审文章 A 的梯度
#
# 文章 A 用一个例子讲解梯度下降，原文是这样写的：
#
# > 假设我们有一个线性回归模型，参数为 $\theta = [w, b]$，损失函数为 MSE。学习率 $\alpha = 0.01$，初始参数 $\theta_{\text{current}} = [1, 1]$。计算梯度：
# >
# > $$\nabla_{\theta} J(\theta) = [-2x_1, -2x_2]$$
# >
# > 其中，$x_1$ 和 $x_2$ 是输入特征。……通过迭代更新参数，可以逐步减小损失函数的值，达到最小化损失的目标。
#
# 这是梯度吗？先别争论，量一量。下面的单元格取两个数据点 $(x, y)$、文章指定的损失和你的仪器。先原样运行，再每次改一个数，重新运行。

# %% demo
from course.unfinished import when_solved


def article_gradient(x):
    return np.array([-2 * x[0], -2 * x[1]])


x = np.array([1.0, 1.0])
y = np.array([1.0, 1.0])
w, b = 0.0, 0.0

with when_solved("numerical_gradient"):
    measured = numerical_gradient(lambda theta: np.mean((y - (theta[0] * x + theta[1])) ** 2), np.array([w, b]))
    print(say(en="article A    ", zh="文章 A   "), article_gradient(x))
    print(say(en="your instrument", zh="你的仪器"), measured)

# %% [markdown] lang="en"
# <details><summary>The verdict · open it when you have convicted the formula, or cleared it</summary>
#
# At $x=(1, 1)$, $y=(1, 1)$, $w=b=0$ both say $[-2, -2]$. That is a coincidence of tidy numbers, and the reason why a check belongs at a *random* point. Change `y`, `w` or `b`: the measurement moves, the article's vector does not. Three things are missing.
#
# - **The residual**, and with it $y$, $w$ and $b$. A slope that is the same everywhere has no valley. It does not even know what is to be predicted.
# - **The mean** over the rows.
# - **The difference between $w$ and $b$**: the bias has become a second feature.
#
# The units convict it, too. Let $x$ be metres and $y$ kilograms. The loss is in kg² and $w$ in kg/m, so the slope along $w$ must be in kg·m. The article's expression is in metres.
#
# </details>
#
# But the article also says what will happen: the loss falls step by step. Let us see. The figure takes the article's start $[1, 1]$ and rate 0.01, with 50 points around $y=3x+1$; $x_1$ and $x_2$ are the first two inputs. Ten frames stand for ten times as many steps.

# %% [markdown] lang="zh"
# <details><summary>判决 · 识破它或者还它清白之后，再打开</summary>
#
# 在 $x=(1, 1)$、$y=(1, 1)$、$w=b=0$ 处，两者都是 $[-2, -2]$。这只是整齐的数带来的巧合，所以检验点要**随机**取。改动 `y`、`w` 或 `b`，测量值会变，文章的向量却不动。它丢了三样东西。
#
# - **残差**，于是 $y$、$w$、$b$ 也不见了。处处相同的坡度没有谷底，它甚至不知道要预测什么。
# - 对各行取**平均**。
# - **$w$ 与 $b$ 的区别**：偏置被当成了第二个特征。
#
# 单位也能定它的罪。设 $x$ 以米计，$y$ 以千克计，损失的单位是 kg²，$w$ 的单位是 kg/m，所以沿 $w$ 的坡度单位必须是 kg·m，而文章的式子单位是米。
#
# </details>
#
# 不过，文章还断言了结果：损失会逐步减小。那就看看。图中用文章的起点 $[1, 1]$ 和学习率 0.01，数据是 $y=3x+1$ 附近的 50 个点，$x_1$、$x_2$ 取前两个输入。每过十帧，步数变为十倍。

# %%
from course.figures.wrong_gradient import fig_wrong_gradient

explore(
    fig_wrong_gradient,
    predict=Prediction(
        say(en="You repeat the article's update 10,000 times. What does the loss do?", zh="把文章的更新重复 10,000 次，损失会怎样？"),
        options=(
            say(en="rises at once", zh="立刻上升"),
            say(en="falls, then rises", zh="先降后升"),
            say(en="falls all the time", zh="一直下降"),
        ),
        answer=1,
        because=(
            say(
                en="It falls at first: 3.36 at the start, 2.76 after 100 steps. It is lowest at step 334, and 994.6 in the end.",
                zh="起初是下降的：起点 3.36，100 步后 2.76，第 334 步最低，最后是 994.6。",
            ),
            say(
                en="3.36 at the start, 2.76 after 100 steps, lowest (2.18) at step 334, 6.89 after 1000, 994.6 after 10,000.",
                zh="起点 3.36，100 步后 2.76，第 334 步最低（2.18），1000 步后 6.89，10,000 步后 994.6。",
            ),
            say(
                en="For 334 steps. A constant vector never stops: after 10,000 steps the loss is 994.6.",
                zh="只降了 334 步。常向量永远停不下来：10,000 步后损失是 994.6。",
            ),
        ),
    ),
    alt=say(
        en="Left: contour lines of the loss over w and b, the start and the path of the updates, a star at the true line. "
        "Right: the mean squared error against the step, on a logarithmic scale.",
        zh="左：损失在 w、b 平面上的等高线，起点和更新的路径，星号为真实直线。右：均方误差随步数的变化，步数为对数刻度。",
    ),
    corrected=toggle(False, label=say(en="gradient of the loss", zh="损失的梯度")),
    frame=play(0, 40, 20, label=say(en="frame", zh="帧")),
)

# %% [markdown] lang="en"
# Play it and stop at the last frame at which you would still have believed it. Somebody who stops after 100 steps has "proof" that the formula works. Then tick the gradient of the loss: it ends at 0.01005. What is left is noise (its variance is 0.01), which no line can remove.
#
# So what *is* the gradient? Watch a line being fitted. The orange bars are the **residuals** $r_i = y_i - (w x_i + b)$.

# %% [markdown] lang="zh"
# 播放动画，停在你还愿意相信它的最后一帧。谁若在第 100 步停下，就有了公式有效的“证据”。再勾选损失的梯度：它最后停在 0.01005。剩下的是噪声（方差 0.01），任何直线都消除不了。
#
# 那么正确的梯度是什么？先看一条直线怎样拟合。橙色竖条是**残差** $r_i = y_i - (w x_i + b)$。

# %%
from course.figures.line_fit import fig_line_fit

explore(
    fig_line_fit,
    predict=Prediction(
        say(en="In 40 steps at this rate, when does the loss lose most of its height?", zh="按这个学习率走 40 步，损失主要在什么时候下降？"),
        options=(say(en="early", zh="前期"), say(en="late", zh="后期"), say(en="evenly", zh="均匀下降")),
        answer=0,
        because=(
            say(
                en="Each step removes a share of what is left, so the first steps remove most. Now find the rate at which the line flips over.",
                zh="每一步去掉剩余误差的一部分，所以前几步去掉得最多。再找找学习率多大时，直线会来回翻转。",
            ),
            say(
                en="Early: long bars pull hard, short bars hardly pull. The steps shrink as the line comes close.",
                zh="是前期：竖条长，拉力大；竖条短，拉力小。直线越接近，步子越小。",
            ),
            say(
                en="Early: the pull is as strong as the bars are long, and they are longest at the start.",
                zh="是前期：竖条有多长，拉力就有多大，而开始时最长。",
            ),
        ),
    ),
    alt=say(
        en="Left: data points and the current line, with the residuals as vertical bars. Right: the mean squared error against the step.",
        zh="左：数据点和当前直线，残差画成竖直的线段。右：均方误差随步数的变化。",
    ),
    lr=slider(0.01, 1.0, 0.05, step=0.01, label=say(en="learning rate", zh="学习率")),
    step=play(0, 40, 10, label=say(en="step", zh="步数")),
)

# %% [markdown] lang="en"
# Now for $n$ rows $x_i$ of $d$ features. The prediction is $x_i\cdot w + b$, the loss is chapter 2's mean squared error:
#
# $$J(w, b) = \frac1n\sum_{i=1}^{n} r_i^2, \qquad r_i = y_i - (x_i\cdot w + b)$$
#
# Use the chain rule, outside and inside. Outside: $\partial r_i^2/\partial r_i = 2r_i$. Inside: $\partial r_i/\partial w_j = -x_{ij}$ and $\partial r_i/\partial b = -1$. Multiply, then average over the rows:
#
# $$\frac{\partial J}{\partial w_j} = -\frac2n\sum_{i=1}^{n} x_{ij}\,r_i, \qquad \frac{\partial J}{\partial b} = -\frac2n\sum_{i=1}^{n} r_i$$
#
# With all rows in a matrix $X$ of shape $(n, d)$, the $w$-part is one product: $\nabla_w J = -\frac2n X^\top r$.
#
# Read it aloud: **every row votes, and its residual is the weight of its vote**. A row that is fitted exactly has no say. At the best line the residuals are not zero, but their votes cancel: $X^\top r = 0$ and $\sum_i r_i = 0$. These are the **normal equations** of least squares.
#
# ### Exercise 2 · `linreg_grad` (3 points)
#
# ```python
# linreg_grad(X, y, w, b)
# ```
#
# - `X` `(n, d)`, `y` `(n,)`, `w` `(d,)`, `b` a number. Integers are allowed everywhere, float32 too.
# - Return `(grad_w, grad_b)`: a float array `(d,)` and a float. The loss is the **mean**, so the factor is $2/n$.
# - Write the formula, not finite differences: results are compared at a relative tolerance of $10^{-9}$ (float32 input: $10^{-5}$).
#
# Example: `X = [[2.]]`, `y = [1.]`, `w = [0.5]`, `b = 0.5` has $r=-0.5$, so the answer is `([2.], 1.0)`.
#
# <details><summary>What hidden tests also use</summary>
#
# $(n, d)$ = (1, 1), (5, 3), (9, 2), (2, 4), (4, 4); the least-squares solution, where the gradient is zero and the residuals are not; all rows duplicated, which must change nothing, and one row three times; targets up to $10^{7}$; integers up to $10^{5}$ as int64, small ones also as int32 (products of larger ones would overflow in any formula); the types; the inputs unchanged. A list of the two parts is fine, a NumPy scalar for `b` too.
#
# </details>
#
# <details><summary>Hint 1 · what to look at</summary>
#
# Print the shape of your residuals. It must be `(n,)`. If it is `(n, n)`, a column met a row.
#
# <details><summary>Hint 2 · which step</summary>
#
# Compute the residuals once. The transposed matrix turns $n$ votes into $d$ slopes.
#
# <details><summary>Hint 3 · the step with a gap</summary>
#
# ```python
# r = y - (X @ w + b)
# grad_w = ___ * (X.T @ r)
# grad_b = ___ * np.sum(___)
# ```
#
# </details></details></details>

# %% [markdown] lang="zh"
# 现在考虑 $n$ 行数据，每行 $x_i$ 有 $d$ 个特征。预测是 $x_i\cdot w + b$，损失是第 2 章的均方误差：
#
# $$J(w, b) = \frac1n\sum_{i=1}^{n} r_i^2, \qquad r_i = y_i - (x_i\cdot w + b)$$
#
# 用链式法则，分内外两层。外层：$\partial r_i^2/\partial r_i = 2r_i$。内层：$\partial r_i/\partial w_j = -x_{ij}$，$\partial r_i/\partial b = -1$。两者相乘，再对各行取平均：
#
# $$\frac{\partial J}{\partial w_j} = -\frac2n\sum_{i=1}^{n} x_{ij}\,r_i, \qquad \frac{\partial J}{\partial b} = -\frac2n\sum_{i=1}^{n} r_i$$
#
# 把各行叠成矩阵 $X$，形状为 $(n, d)$，$w$ 的部分就是一次矩阵乘法：$\nabla_w J = -\frac2n X^\top r$。
#
# 这个公式可以这样理解：**每一行都投票，残差就是这一票的权重**。拟合得分毫不差的行没有发言权。在最优直线处，残差并不为零，但各票互相抵消：$X^\top r = 0$ 且 $\sum_i r_i = 0$，这就是最小二乘的**正规方程**。
#
# ### 练习 2 · `linreg_grad`（3 分）
#
# ```python
# linreg_grad(X, y, w, b)
# ```
#
# - `X` `(n, d)`，`y` `(n,)`，`w` `(d,)`，`b` 是一个数。各个参数都可以是整数，也可以是 float32。
# - 返回 `(grad_w, grad_b)`：形状为 `(d,)` 的浮点数组和一个浮点数。损失是**平均**值，所以系数是 $2/n$。
# - 要写公式，不要用差分：比较时相对误差容限为 $10^{-9}$（float32 输入为 $10^{-5}$）。
#
# 例：`X = [[2.]]`、`y = [1.]`、`w = [0.5]`、`b = 0.5` 时 $r=-0.5$，答案是 `([2.], 1.0)`。
#
# <details><summary>隐藏测试还会用到</summary>
#
# $(n, d)$ = (1, 1)、(5, 3)、(9, 2)、(2, 4)、(4, 4)；最小二乘解处，残差不为零而梯度为零；所有行复制一份，结果不变；某一行出现三次；大到 $10^{7}$ 的目标值；大到 $10^{5}$ 的整数，类型为 int64；较小的整数也会是 int32（更大的相乘会溢出，用哪个公式都一样）；类型；输入不变。两部分放在列表里也可以，`b` 的部分是 NumPy 标量也可以。
#
# </details>
#
# <details><summary>提示 1 · 看哪里</summary>
#
# 打印残差的形状，应当是 `(n,)`。如果是 `(n, n)`，说明一列碰上了一行。
#
# <details><summary>提示 2 · 哪一步</summary>
#
# 残差只算一次。转置矩阵把 $n$ 张票变成 $d$ 个坡度。
#
# <details><summary>提示 3 · 填空</summary>
#
# ```python
# r = y - (X @ w + b)
# grad_w = ___ * (X.T @ r)
# grad_b = ___ * np.sum(___)
# ```
#
# </details></details></details>

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
    # three rows and two features of whole numbers, with residuals 4, −1 and 3
    X, y, w = np.array([[1, 2], [3, -1], [0, 4]]), np.array([4, 6, -1]), np.array([2, -1])
    grad_w, grad_b = linreg_grad(X, y, w, 0)
    assert np.allclose(grad_w, -2 / 3 * np.array([4 - 3 + 0, 8 + 1 + 12])), "[ch03-GRAD-W] 每一行投票：对各行的 x 乘残差取平均，再乘 −2 / every row votes: the mean over the rows of x times residual, times −2"
    assert np.isclose(grad_b, -2 / 3 * (4 - 1 + 3)), "[ch03-GRAD-B] b 的部分是残差的平均乘 −2，b = 0 时也一样 / the b-part is −2 times the mean residual, also at b = 0"
    assert np.array_equal(X, [[1, 2], [3, -1], [0, 4]]) and np.array_equal(y, [4, 6, -1]), "[ch03-INPUT] 不要改动输入数组 / your function changed an input array"


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
        for offset in (0.0, 1e3, 1e7):
            _check(rng.normal(size=(n, d)), rng.normal(size=n) + offset, rng.normal(size=d), float(rng.normal()))
    _check(rng.integers(-5, 6, size=(6, 2)), rng.integers(-5, 6, size=6), np.array([2, -1]), 3)
    _check(rng.integers(-90, 91, size=(6, 2)).astype(np.int32), rng.integers(-90, 91, size=6).astype(np.int32), rng.normal(size=2), 0.5)
    _check(rng.integers(-300, 301, size=(5, 3)), rng.integers(-(10**5), 10**5 + 1, size=5), np.array([200, -3, 70]), 1000)
    _check(*(rng.integers(-(10**5), 10**5 + 1, size=shape) for shape in ((5, 3), 5, 3)), 7)  # products of 1e10 do not fit int32
    X, y, w = rng.normal(size=(4, 2)), rng.normal(size=4), rng.normal(size=2)
    _check(X, y, w, 0.0)
    _check(X[[0, 0, 0, 1, 2]], y[[0, 0, 0, 1, 2]], w, 0.5)  # equal rows count as often as they stand there
    X, y, w = (rng.normal(size=shape).astype(np.float32) for shape in ((8, 3), 8, 3))
    _check(X, y, w, 0.25, rtol=1e-5)


_hidden()
### END HIDDEN TESTS

# %% test="linreg-gradient-is-a-mean" points=1
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
# Formula against instrument, at a random point: your two functions check each other.

# %% [markdown] lang="zh"
# 公式对仪器，在随机点上：你的两个函数互相检验。

# %% demo
with when_solved("numerical_gradient", "linreg_grad"):
    rng = np.random.default_rng(1)
    X, y, theta = rng.normal(size=(20, 3)), rng.normal(size=20), rng.normal(size=4)
    grad_w, grad_b = linreg_grad(X, y, theta[:3], theta[3])
    formula = np.append(grad_w, grad_b)
    measured = numerical_gradient(lambda t: np.mean((y - (X @ t[:3] + t[3])) ** 2), theta)
    error = np.linalg.norm(formula - measured) / np.linalg.norm(formula)
    print(say(en="relative error {error:.1e}", zh="相对误差 {error:.1e}", error=error))

# %% [markdown] lang="en"
# ## 5 · The update, and when to stop
#
# Here are the two update lines of the articles, as printed. Each has the right sign, and each lacks something. What?
#
# > A: $\theta_{\text{new}} = \theta_{\text{current}} - \alpha \cdot \nabla_{\theta} J(\theta) = [1, 1] - 0.01 \cdot [-2x_1, -2x_2]$, and "by iterating the update one can lower the value of the loss step by step".
# >
# > B: $\theta = \theta - \alpha \frac{\partial L}{\partial \theta}$
#
# <details><summary>A · what is missing</summary>
#
# **An end.** "Iterating" until when? A needs a *stopping rule*: stop when $\|\nabla J(\theta_k)\|_2 \le tol$, or after a fixed number of steps, whichever comes first. And the two components belong to $w$ and to $b$, not to two features: one row per *parameter*.
#
# Why not stop when $\theta$ hardly changes? Because $\|\theta_{k+1}-\theta_k\| = \alpha\,\|\nabla J\|$: with a tiny rate that rule announces success at the top of the hill.
#
# </details>
#
# <details><summary>B · what is missing</summary>
#
# **An arrow.** Subtract $\theta$ on both sides of the equation: it says $\alpha\,\partial L/\partial\theta = 0$, which is false during all of training. Meant is an *assignment*, $\theta \leftarrow \theta - \alpha\,\partial L/\partial\theta$, or with an index $\theta_{k+1} = \theta_k - \alpha\,\nabla J(\theta_k)$. All components move **from the same point**. If you update $w$ first and use the new $w$ in the slope of $b$, you run another algorithm.
#
# </details>
#
# ### Exercise 3 · `gradient_descent` (4 points)
#
# ```python
# gradient_descent(grad, theta0, lr, steps, tol=0.0)
# ```
#
# - `grad` maps arrays `(d,)` to arrays `(d,)`. `theta0` `(d,)` may hold integers; compute in float64 and leave it unchanged.
# - Return the history $\theta_0, \theta_1, \dots$, a list of arrays `(d,)` that starts with `theta0`. An array `(len, d)` is fine, too.
# - As soon as $\|\nabla J(\theta_k)\|_2 \le tol$, stop; $\theta_k$ is the last entry. Otherwise make `steps` updates, which gives `steps + 1` entries. Note the $\le$: with `tol=0.0` a gradient of exactly zero stops at once. Nothing else stops the descent, not even a run that diverges.
# - Evaluate `grad` at the recorded points only, in their order, at most once at each. After `steps` updates you may evaluate it at the last point or not.
#
# Example: `gradient_descent(lambda t: 2 * t, np.array([1.0]), lr=0.25, steps=2)` gives `[[1.], [0.5], [0.25]]`.
#
# <details><summary>What hidden tests also use</summary>
#
# A spy in the place of `grad`; dimensions 1 to 5; a loss that must fall at every step for a small rate; the tolerance exactly met, met at the start, never met; `lr=0`, `steps=0`; a run that diverges to $10^{20}$, and one that comes within $10^{-9}$ of the minimum; an integer start; the input unchanged. At most 300 steps, so recursion is possible.
#
# </details>
#
# <details><summary>Hint 1 · what to look at</summary>
#
# Are all entries of your history equal? Then they are one array. `theta -= lr * g` changes the array that is already in the list.
#
# <details><summary>Hint 2 · which step</summary>
#
# One turn of the loop: gradient, test, update, record, in this order.
#
# <details><summary>Hint 3 · the step with a gap</summary>
#
# ```python
# for _ in range(steps):
#     g = grad(theta)
#     if ___:
#         break
#     theta = ___  # a new array
#     history.append(theta)
# ```
#
# </details></details></details>

# %% [markdown] lang="zh"
# ## 5 · 更新与停止
#
# 两篇文章里的更新式，原样抄在下面。符号都对，但各缺一样东西。缺什么？
#
# > A：$\theta_{\text{new}} = \theta_{\text{current}} - \alpha \cdot \nabla_{\theta} J(\theta) = [1, 1] - 0.01 \cdot [-2x_1, -2x_2]$，“通过迭代更新参数，可以逐步减小损失函数的值”。
# >
# > B：$\theta = \theta - \alpha \frac{\partial L}{\partial \theta}$
#
# <details><summary>A · 缺什么</summary>
#
# **缺终点。**“迭代”到什么时候？需要**停止准则**：当 $\|\nabla J(\theta_k)\|_2 \le tol$ 时停止，或走满规定的步数时停止，以先到者为准。另外，两个分量属于 $w$ 和 $b$，不属于两个特征：每个**参数**占一行。
#
# 为什么不在 $\theta$ 几乎不变时停止？因为 $\|\theta_{k+1}-\theta_k\| = \alpha\,\|\nabla J\|$：学习率极小时，按这种准则在山顶上就会宣布成功。
#
# </details>
#
# <details><summary>B · 缺什么</summary>
#
# **缺箭头。** 等式两边同时减去 $\theta$，说的是 $\alpha\,\partial L/\partial\theta = 0$，在整个训练过程中都不成立。本意是**赋值**：$\theta \leftarrow \theta - \alpha\,\partial L/\partial\theta$，或者用下标写成 $\theta_{k+1} = \theta_k - \alpha\,\nabla J(\theta_k)$。所有分量都**从同一个点出发**。若先更新 $w$，再用新的 $w$ 去算 $b$ 的坡度，就是另一种算法了。
#
# </details>
#
# ### 练习 3 · `gradient_descent`（4 分）
#
# ```python
# gradient_descent(grad, theta0, lr, steps, tol=0.0)
# ```
#
# - `grad` 把形状为 `(d,)` 的数组映为 `(d,)` 的数组。`theta0` `(d,)` 可以是整数数组；计算用 float64，不改动它。
# - 返回历史 $\theta_0, \theta_1, \dots$：由 `(d,)` 数组组成的列表，以 `theta0` 开头。形状为 `(len, d)` 的数组也可以。
# - 一旦 $\|\nabla J(\theta_k)\|_2 \le tol$ 就停止，$\theta_k$ 为最后一项。否则更新 `steps` 次，共 `steps + 1` 项。注意是 $\le$：`tol=0.0` 时，梯度恰好为零也立即停止。除此之外不得停止，发散时也不停。
# - 只在记录下来的点上按顺序计算 `grad`，每点至多一次。更新满 `steps` 次之后，最后一点算不算都可以。
#
# 例：`gradient_descent(lambda t: 2 * t, np.array([1.0]), lr=0.25, steps=2)` 得 `[[1.], [0.5], [0.25]]`。
#
# <details><summary>隐藏测试还会用到</summary>
#
# 代替 `grad` 的探针函数；1 到 5 维；学习率较小时损失每步都下降；容差恰好相等、起点就满足、始终不满足；`lr=0`、`steps=0`；发散到 $10^{20}$ 的过程，以及距最小值点不到 $10^{-9}$ 的过程；整数起点；输入不变。步数不超过 300，所以也可以用递归。
#
# </details>
#
# <details><summary>提示 1 · 看哪里</summary>
#
# 历史中各项全都相同吗？那它们就是同一个数组。`theta -= lr * g` 改动的正是列表里的那个数组。
#
# <details><summary>提示 2 · 哪一步</summary>
#
# 循环一圈的顺序：求梯度、判断、更新、记录。
#
# <details><summary>提示 3 · 填空</summary>
#
# ```python
# for _ in range(steps):
#     g = grad(theta)
#     if ___:
#         break
#     theta = ___  # a new array
#     history.append(theta)
# ```
#
# </details></details></details>

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
    target, start, calls = np.array([3.0, -1.0]), np.array([1, 1]), []

    def slope(t):  # of J = ½‖θ − target‖²
        calls.append(1)
        return np.asarray(t) - target

    history = gradient_descent(slope, start, lr=0.5, steps=3)
    assert isinstance(history, (list, tuple, np.ndarray)), "[ch03-TYPE] 请返回列表 / return a list of arrays"
    assert len(history) == 4, "[ch03-LENGTH] 3 次更新应有 4 项，包括 θ₀ / 3 updates make 4 entries, θ₀ included"
    assert np.allclose(history[0], [1.0, 1.0]), "[ch03-START] 历史应从 θ₀ 开始；是否被原地修改了？ / the history starts with θ₀; was it changed in place?"
    assert np.allclose(history[1], [2.0, 0.0]), "[ch03-UPDATE] 看看更新的符号和学习率 / look at the sign and the learning rate of your update"
    # a property: with this rate each step halves the distance to the target
    distances = [np.linalg.norm(np.asarray(theta) - target) for theta in history]
    assert np.allclose(distances[1:], np.array(distances[:-1]) / 2), "[ch03-UPDATE] 每步应使距离减半；整数起点要转成 float64 / each step should halve the distance; turn an integer start into float64"
    assert np.array_equal(start, [1, 1]), "[ch03-INPUT] 不要改动 theta0 / your function changed theta0"
    assert len(calls) <= 4, "[ch03-CALLS] 每个点至多求一次梯度 / evaluate grad at most once per point"


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
    run(H, c, np.array([4.0, -2.0]), 0.001, 300)  # as many steps as were asked for
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
    met = gradient_descent(lambda t: np.array([3.0, 4.0]), np.array([1.0, 2.0]), lr=0.1, steps=6, tol=5.0)  # the norm is 5
    assert len(met) == 1, "[ch03-TOL] 2 范数恰好等于 tol 也要停（≤） / stop when the 2-norm equals tol, too (≤)"
    missed = gradient_descent(lambda t: np.array([3.0, 4.0]), np.array([1.0, 2.0]), lr=0.1, steps=6, tol=4.5)
    assert len(missed) == 7, "[ch03-TOL] 应比较整个梯度的 2 范数 / compare the 2-norm of the whole gradient"


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
# **Pay-off.** Article A's problem, repaired: your gradient, your descent, and an end. With `tol=1e-6` it stops long before 10,000 steps.

# %% [markdown] lang="zh"
# **收获。** 修好的文章 A：你的梯度、你的下降法，还有终点。取 `tol=1e-6`，远不到 10,000 步就停了。

# %% demo
from course.figures.wrong_gradient import article_data

with when_solved("linreg_grad", "gradient_descent"):
    x, y = article_data()
    path = gradient_descent(
        lambda theta: np.append(*linreg_grad(x[:, None], y, theta[:1], theta[1])), np.array([1.0, 1.0]), lr=0.01, steps=10_000, tol=1e-6)
    w, b = path[-1]
    loss = np.mean((y - (w * x + b)) ** 2)
    print(say(
        en="{n} steps: w = {w:.4f}, b = {b:.4f}, loss = {loss:.5f}",
        zh="{n} 步：w = {w:.4f}，b = {b:.4f}，损失 = {loss:.5f}", n=len(path) - 1, w=w, b=b, loss=loss))

# %% [markdown] lang="en"
# Not every hillside is a bowl. This one has a deep valley, a shallow valley and a ridge between them, along $x = 0$. Article A says that an optimizer adjusts the parameters so that the loss "reaches its minimum". The ball starts on top of the ridge.

# %% [markdown] lang="zh"
# 并非每座山坡都是碗。这里有一个深谷、一个浅谷，中间隔着山脊，在 $x = 0$ 处。文章 A 说，优化算法调整参数，“使其损失函数达到最小值”。小球从山脊上出发。

# %%
from course.figures.playground import fig_playground

explore(
    fig_playground,
    predict=Prediction(
        say(en="The start is exactly on the ridge. Where does descent end?", zh="起点恰好在山脊上，下降停在哪里？"),
        options=(
            say(en="in the deep valley", zh="深谷"),
            say(en="in the shallow valley", zh="浅谷"),
            say(en="in neither", zh="都不是"),
        ),
        answer=2,
        because=(
            say(
                en="It slides down along the ridge to its lowest point, a saddle, and stops there. Move the start to x = −0.1.",
                zh="它沿山脊滑到最低点，那是一个鞍点，就停在那里。把起点移到 x = −0.1 试试。",
            ),
            say(
                en="It slides down along the ridge to its lowest point, a saddle, and stops there. Move the start to x = 0.1.",
                zh="它沿山脊滑到最低点，那是一个鞍点，就停在那里。把起点移到 x = 0.1 试试。",
            ),
            say(
                en="It ends on the saddle: the gradient is 0 there, so the stopping rule is content. Move the start a little, and look again.",
                zh="它停在鞍点：那里梯度为 0，停止准则也满意了。把起点稍微移一移，再看看。",
            ),
        ),
    ),
    alt=say(
        en="Left: a landscape with two valleys and a ridge between them, from above, with the path of descent from the start. "
        "Right: the height against the step.",
        zh="左：俯视的地形，有两个山谷，中间隔着山脊，以及从起点下降的路径。右：高度随步数的变化。",
    ),
    x=slider(-2.0, 1.8, 0.0, step=0.1, label=say(en="start x", zh="起点 x")),
    y=slider(-1.5, 1.5, 1.5, step=0.1, label=say(en="start y", zh="起点 y")),
    lr=slider(0.05, 1.2, 0.3, step=0.05, label=say(en="learning rate", zh="学习率")),
    step=play(0, 60, 30, label=say(en="step", zh="步数")),
)

# %% [markdown] lang="en"
# Your own `gradient_descent` in the same landscape. Change the start. Which starts lead to the deep valley? Can a larger rate jump over the ridge?

# %% [markdown] lang="zh"
# 用你自己的 `gradient_descent` 在同一片地形上下降。换几个起点：哪些会走到深谷？学习率大一些，能跳过山脊吗？

# %% demo
from course.figures.playground import slope

start, rate = [0.4, 1.5], 0.3

with when_solved("gradient_descent"):
    path = gradient_descent(slope, np.array(start), lr=rate, steps=300, tol=1e-6)
    print(say(en="{n} steps, end at {end}", zh="{n} 步，终点 {end}", n=len(path) - 1, end=path[-1].round(3)))

# %% [markdown] lang="en"
# Descent finds *a* place with gradient 0: a valley, not always the deepest, or even a saddle. That corrects article A. For linear regression there is nothing to fear: its loss is convex, so every local minimum is a global one. Deep networks have saddles and many valleys; chapters 6 and 7 help there.

# %% [markdown] lang="zh"
# 下降找到的是**某个**梯度为 0 的地方：可能是一个谷，未必最深，甚至可能是鞍点。文章 A 的说法应当这样改正。线性回归无须担心：损失是凸函数，任何局部最小值都是全局最小值。深度网络有许多鞍点和山谷，第 6、7 章会想办法。

# %% [markdown] lang="en"
# ## 6 · How large a step
#
# Two landscapes, described by their curvatures (second derivatives) along two perpendicular directions. The bowl has $\lambda = 2$ and $1$, the ravine $\lambda = 2$ and $0.1$.

# %% [markdown] lang="zh"
# ## 6 · 步子迈多大
#
# 这里有两片地形，用两个互相垂直的方向上的曲率（二阶导数）来描述：碗形是 $\lambda = 2$ 和 $1$，峡谷形是 $\lambda = 2$ 和 $0.1$。

# %%
explore(
    fig_descent,
    predict=Prediction(
        say(en="You raise the learning rate slowly. Which surface diverges first?", zh="慢慢调大学习率，哪一个先发散？"),
        options=(
            say(en="the bowl", zh="碗形"),
            say(en="the ravine", zh="峡谷"),
            say(en="both at the same rate", zh="两个同时"),
        ),
        answer=2,
        because=(
            say(en="Both at 1.0. Only the steepest direction counts, and it is equally steep.", zh="都在 1.0。只有最陡的方向起作用，而它们一样陡。"),
            say(
                en="Both at 1.0. The flat direction of the ravine costs time, not stability.",
                zh="都在 1.0。峡谷平缓的方向损失的是时间，不是稳定性。",
            ),
            say(
                en="Both at 1.0: the steepest direction decides. The flat one costs time. Find the fastest rate on each.",
                zh="都在 1.0：由最陡的方向决定。平缓的方向只是耗时间。再分别找出最快的学习率。",
            ),
        ),
    ),
    alt=say(
        en="Left: contour lines of a bowl or a ravine with the path of gradient descent. Right: the loss against the step on "
        "a logarithmic scale, in total and along the two principal directions.",
        zh="左：碗形或峡谷形曲面的等高线，以及梯度下降的路径。右：损失随步数的变化（对数刻度），包括总损失和沿两个主方向的部分。",
    ),
    surface=choice(((say(en="bowl", zh="碗形"), "bowl"), (say(en="ravine", zh="峡谷"), "ravine")), "ravine", label=say(en="surface", zh="曲面")),
    lr=slider(0.05, 1.15, 0.3, step=0.05, label=say(en="learning rate", zh="学习率")),
    step=play(0, 60, 20, label=say(en="step", zh="步数")),
)

# %% [markdown] lang="en"
# **Why.** Take a parabola of curvature $\lambda>0$, $J=\frac{\lambda}{2}(\theta-\theta^*)^2$. Its slope is $\lambda(\theta-\theta^*)$. For the error $e=\theta-\theta^*$ one update reads
#
# $$e_{k+1} = (1-\alpha\lambda)\,e_k$$
#
# One factor decides everything:
#
# | $\alpha\lambda$ | factor | what you see |
# |---|---|---|
# | near 0 | just below 1 | crawls, from one side |
# | 1 | 0 | there in one step |
# | between 1 and 2 | negative, above −1 | overshoots, alternates, converges |
# | 2 | −1 | jumps to and fro for ever |
# | above 2 | below −1 | diverges |
#
# With many parameters the second derivatives form a symmetric matrix, the **Hessian** $H$. Along each of its eigenvectors the landscape is a parabola of its own, with the eigenvalue as curvature: $z_i \leftarrow (1-\alpha\lambda_i)\,z_i$. All share one $\alpha$. The steepest direction sets the bound, the flattest the time:
#
# $$0 < \alpha < \frac{2}{\lambda_{\max}}$$
#
# For the regression of section 4, $H=\frac2n A^\top A$, where $A$ is $X$ with a column of ones for $b$.

# %% [markdown] lang="zh"
# **为什么。** 取曲率为 $\lambda>0$ 的抛物线 $J=\frac{\lambda}{2}(\theta-\theta^*)^2$，它的坡度是 $\lambda(\theta-\theta^*)$。对误差 $e=\theta-\theta^*$ 来说，更新一次就是
#
# $$e_{k+1} = (1-\alpha\lambda)\,e_k$$
#
# 一切取决于这一个因子：
#
# | $\alpha\lambda$ | 因子 | 看到的现象 |
# |---|---|---|
# | 接近 0 | 略小于 1 | 从一侧缓慢爬行 |
# | 1 | 0 | 一步到位 |
# | 1 与 2 之间 | 负数，大于 −1 | 越过谷底，来回振荡，收敛 |
# | 2 | −1 | 永远来回跳 |
# | 大于 2 | 小于 −1 | 发散 |
#
# 参数很多时，二阶导数组成一个对称矩阵，即**黑塞矩阵** $H$。沿它的每个特征向量，损失都是一条抛物线，曲率就是特征值：$z_i \leftarrow (1-\alpha\lambda_i)\,z_i$。它们共用一个 $\alpha$。最陡的方向决定上界，最平的方向决定时间：
#
# $$0 < \alpha < \frac{2}{\lambda_{\max}}$$
#
# 对第 4 节的回归，$H=\frac2n A^\top A$，其中 $A$ 是 $X$ 后面为 $b$ 添上一列 1。

# %% [markdown] lang="en"
# **The largest eigenvalue without the matrix.** The Hessian of a model with a million parameters has $10^{12}$ entries. Nobody stores it. But its product with a vector is cheap: $Hv$ is the change of the gradient along $v$,
#
# $$Hv \approx \frac{\nabla J(\theta+\varepsilon v)-\nabla J(\theta-\varepsilon v)}{2\varepsilon}$$
#
# that is, two gradients. And products are enough. Start with a random vector and repeat $v \leftarrow Hv/\|Hv\|$. Each product stretches the part along the steepest direction most, so soon only that part is left, and $\|Hv\|$ is $\lambda_{\max}$. This is the **power iteration**.
#
# ### Exercise 4 · `max_stable_lr` (3 points)
#
# ```python
# max_stable_lr(hvp, d, rng)
# ```
#
# - `hvp(v)` returns $Hv$, float64 `(d,)`, for a vector `v` `(d,)`. $H$ is symmetric, without negative eigenvalues; you never see it. `rng` is a `numpy.random.Generator`, for your start.
# - Return $2/\lambda_{\max}$ as a float, and `math.inf` if the loss is flat: $Hv=0$ for every $v$.
# - Call `hvp` at most 150 times, whatever $d$ is; 100 are plenty. The largest eigenvalue is at least 1.25 times the next.
# - A relative error of $10^{-3}$ is fine. Small is not zero: $\lambda_{\max}=10^{-12}$ has a finite bound.
#
# Example: `max_stable_lr(lambda v: np.array([1.0, 4.0]) * v, 2, rng)` gives `0.5`.
#
# <details><summary>What hidden tests also use</summary>
#
# $d$ from 1 to 6, $d=160$ and $d=400$; singular matrices; $\lambda_{\max}$ from $10^{-12}$ to $10^{4}$; steepest directions along $(1, \dots, 1)$ or perpendicular to it, to $(1, 2, \dots, d)$ or to an axis (an iteration that starts there never sees them: start at random); a spy that counts; flat losses with $d$ = 1, 3 and 6; different seeds.
#
# </details>
#
# <details><summary>Hint 1 · what to look at</summary>
#
# Print $\|Hv\|$ in each turn, with $v$ of length 1. It must rise and settle. If it grows without end, you forgot to normalise.
#
# <details><summary>Hint 2 · which step</summary>
#
# Draw $v$ with `rng.normal(size=d)`. In each turn: length 1, product, length of the product. A product of length 0 means a flat loss.
#
# <details><summary>Hint 3 · the step with a gap</summary>
#
# ```python
# for _ in range(100):
#     v = hvp(v / ___)
#     largest = np.linalg.norm(___)
#     if largest == 0:
#         return ___
# ```
#
# </details></details></details>

# %% [markdown] lang="zh"
# **不用矩阵，求最大特征值。** 一百万个参数的模型，黑塞矩阵有 $10^{12}$ 个元素，没有人存得下。但它与向量的乘积很便宜：$Hv$ 就是梯度沿 $v$ 的变化，
#
# $$Hv \approx \frac{\nabla J(\theta+\varepsilon v)-\nabla J(\theta-\varepsilon v)}{2\varepsilon}$$
#
# 只要两个梯度。而有乘积就够了。从一个随机向量开始，反复做 $v \leftarrow Hv/\|Hv\|$。每乘一次，最陡方向上的分量放大得最多，很快就只剩下这个分量，这时 $\|Hv\|$ 就是 $\lambda_{\max}$。这叫**幂迭代**。
#
# ### 练习 4 · `max_stable_lr`（3 分）
#
# ```python
# max_stable_lr(hvp, d, rng)
# ```
#
# - `hvp(v)` 对向量 `v` `(d,)` 返回 $Hv$，即 float64 数组 `(d,)`。$H$ 是对称矩阵，没有负特征值；你看不到它本身。`rng` 是 `numpy.random.Generator`，供你取初值。
# - 返回 $2/\lambda_{\max}$，类型为浮点数；如果损失是平的，即 $Hv=0$ 对所有 $v$ 成立，返回 `math.inf`。
# - 无论 $d$ 多大，`hvp` 至多调用 150 次，100 次绰绰有余。最大特征值至少是次大的 1.25 倍。
# - 相对误差不超过 $10^{-3}$ 即可。小不等于零：$\lambda_{\max}=10^{-12}$ 时，上界是有限的。
#
# 例：`max_stable_lr(lambda v: np.array([1.0, 4.0]) * v, 2, rng)` 得 `0.5`。
#
# <details><summary>隐藏测试还会用到</summary>
#
# $d$ 从 1 到 6，以及 $d=160$ 和 $d=400$；奇异矩阵；$\lambda_{\max}$ 从 $10^{-12}$ 到 $10^{4}$；最陡方向就是 $(1, \dots, 1)$，或与它、与 $(1, 2, \dots, d)$ 或某个坐标轴垂直（从那里出发的迭代永远看不到它，所以要随机取初值）；计数的探针函数；$d$ = 1、3、6 的平坦损失；不同的种子。
#
# </details>
#
# <details><summary>提示 1 · 看哪里</summary>
#
# 令 $v$ 的长度为 1，每轮打印 $\|Hv\|$：它应当上升，然后稳定下来。如果越来越大、没有尽头，就是忘了归一化。
#
# <details><summary>提示 2 · 哪一步</summary>
#
# 用 `rng.normal(size=d)` 取 $v$。每轮三件事：长度化为 1，做乘积，求乘积的长度。乘积的长度为 0，说明损失是平的。
#
# <details><summary>提示 3 · 填空</summary>
#
# ```python
# for _ in range(100):
#     v = hvp(v / ___)
#     largest = np.linalg.norm(___)
#     if largest == 0:
#         return ___
# ```
#
# </details></details></details>

# %% solution="max-stable-lr"
def max_stable_lr(hvp, d, rng):
    """Return 2/λ_max of the Hessian H with hvp(v) = Hv for v (d,), by power iteration; ``math.inf`` if H is zero."""
    ### BEGIN SOLUTION
    v = rng.normal(size=d)
    for _ in range(100):
        v = hvp(v / np.linalg.norm(v))
        largest = float(np.linalg.norm(v))
        if largest == 0:
            return math.inf
    return 2 / largest
    ### END SOLUTION

# %% test="stable-rate-from-the-largest-eigenvalue" points=2
def _public():
    def products(H, calls):
        def hvp(v):
            calls.append(1)
            return H @ np.asarray(v, dtype=float)
        return hvp

    H = np.diag([0.5, 4.0, 1.0])
    lr = max_stable_lr(products(H, []), 3, np.random.default_rng(0))
    assert isinstance(lr, (float, np.floating)), "[ch03-TYPE] 请返回一个浮点数 / return a float"
    assert math.isclose(lr, 0.5, rel_tol=1e-3), "[ch03-LAMBDA] 对角矩阵的特征值就是对角元；由最大的一个决定 / the eigenvalues of a diagonal matrix are its entries; the largest one decides"
    # properties: turned axes change nothing, also when (1, 1, …) is a flat direction; products are few, however large d is
    c, s = math.cos(0.6), math.sin(0.6)
    Q = np.array([[c, -s, 0.0], [s, c, 0.0], [0.0, 0.0, 1.0]])
    assert math.isclose(max_stable_lr(products(Q @ H @ Q.T, []), 3, np.random.default_rng(1)), 0.5, rel_tol=1e-3), "[ch03-LAMBDA] 旋转坐标轴后结果应不变 / the result must not change when the axes are turned"
    tilted = np.array([[2.5, -1.5], [-1.5, 2.5]])  # 4 along (1, −1), 1 along (1, 1)
    assert math.isclose(max_stable_lr(products(tilted, []), 2, np.random.default_rng(2)), 0.5, rel_tol=1e-3), "[ch03-START] 从 (1, 1) 出发看不到最陡的方向：随机取初值 / a start at (1, 1) never sees the steepest direction: start at random"
    calls = []
    large = np.ones(400)
    large[0] = 4.0
    lr = max_stable_lr(products(np.diag(large), calls), 400, np.random.default_rng(3))
    assert len(calls) <= 150, "[ch03-CALLS] hvp 调用太多：不要逐列构造矩阵 / too many calls of hvp: do not build the matrix column by column"
    assert math.isclose(lr, 0.5, rel_tol=1e-3), "[ch03-LAMBDA] d = 400 时不够准确 / not accurate enough at d = 400"


_public()

### BEGIN HIDDEN TESTS
def _hidden():
    rng = np.random.default_rng(30341)

    def rate(H, seed):
        calls = []

        def hvp(v):
            v = np.asarray(v, dtype=float)
            assert v.shape == (len(H),), "[ch03-SHAPE] hvp 的参数应为形状 (d,) 的数组 / hvp takes an array (d,)"
            calls.append(1)
            return H @ v

        lr = max_stable_lr(hvp, len(H), np.random.default_rng(seed))
        assert isinstance(lr, (float, np.floating)), "[ch03-TYPE] 请返回一个浮点数 / return a float"
        assert len(calls) <= 150, "[ch03-CALLS] hvp 至多调用 150 次 / call hvp at most 150 times"
        assert math.isfinite(lr) and lr > 0, "[ch03-INF] 不平的损失，上界是有限的正数 / the bound of a loss that is not flat is finite and positive"
        return float(lr)

    for d, top, low in ((1, 3.0, 0.5), (2, 1e4, 0.0), (2, 1e-12, 0.5), (3, 7.0, 0.0), (4, 1e-6, 0.7), (5, 1e4, 0.01), (5, 1.0, 0.75)):
        Q = np.linalg.qr(rng.normal(size=(d, d)))[0]
        eig = np.append(rng.uniform(low, 0.8, size=d - 1), 1.0) * top
        if low == 0.0:
            eig[0] = 0.0
        H = (Q * eig) @ Q.T
        lr = rate((H + H.T) / 2, 30342 + d)
        assert lr <= 2 / top * 1.001, "[ch03-HIGH] 取你的值会发散：太大 / the descent diverges at your value: too large"
        assert lr >= 2 / top * 0.999, "[ch03-LOW] 比你的值更大仍然收敛：太小 / larger rates than your value still converge: too small"
    for d in (160, 400):
        Q = np.linalg.qr(rng.normal(size=(d, d)))[0]
        H = (Q * np.append(np.full(d - 1, 0.8), 1.0)) @ Q.T  # the gap of the statement, d − 1 times over
        assert math.isclose(rate((H + H.T) / 2, 30349), 2.0, rel_tol=1e-3), (
            "[ch03-LAMBDA] 特征值接近、维数很高时还没有收敛就停了 / stopped before it settled: many eigenvalues close to the largest")


with np.errstate(all="ignore"):
    _hidden()
### END HIDDEN TESTS

# %% test="stable-rate-of-a-flat-loss" points=1
def _public():
    with np.errstate(all="ignore"):
        lr = max_stable_lr(lambda v: 0.0 * np.asarray(v), 2, np.random.default_rng(0))
    assert lr == math.inf, "[ch03-INF] 损失是平的：任何学习率都不发散 / the loss is flat: no rate diverges"
    # a property: a loss that is a million times flatter allows a million times the rate
    curvature = np.array([3.0, 1.0])
    steep = max_stable_lr(lambda v: curvature * v, 2, np.random.default_rng(1))
    flat = max_stable_lr(lambda v: 1e-6 * curvature * v, 2, np.random.default_rng(1))
    assert isinstance(flat, (float, np.floating)), "[ch03-TYPE] 请返回一个浮点数 / return a float"
    assert math.isclose(flat, 1e6 * steep, rel_tol=2e-3), "[ch03-SCALE] 上界与曲率成反比；小不等于零 / the bound is inversely proportional to the curvature; small is not zero"


_public()

### BEGIN HIDDEN TESTS
def _hidden():
    for d in (1, 3, 6):
        lr = max_stable_lr(lambda v: np.zeros(np.shape(v)), d, np.random.default_rng(30343 + d))
        assert isinstance(lr, (float, np.floating)), "[ch03-TYPE] 请返回一个浮点数 / return a float"
        assert lr == math.inf, "[ch03-INF] 平坦的损失应返回 math.inf / math.inf for a flat loss"
    for k, steepest in enumerate(([1.0, -1.0], [0.0, 1.0], [1.0, 0.0], [1.0, -2.0, 1.0], [0.0, 1.0, -1.0], [0.0, 0.0, 1.0],
                                  [1.0] * 6,
                                  [2.0, -1.0], [1.0, 1.0, -1.0], [0.0, 2.0, -1.0])):  # the last three across (1, 2, …) and (0, 1, …)
        u = np.array(steepest) / np.linalg.norm(steepest)
        top = 1.4  # along u, where all others are 1; with a larger one, rounding errors would lead a bad start to u in the end
        lr = max_stable_lr(lambda v, u=u, top=top: v + (top - 1) * (u @ v) * u, len(u), np.random.default_rng(30351 + k))
        assert isinstance(lr, (float, np.floating)), "[ch03-TYPE] 请返回一个浮点数 / return a float"
        assert math.isclose(lr, 2 / top, rel_tol=1e-3), (
            "[ch03-START] 某个特征向量被漏掉了：迭代的初值不能特殊 / an eigenvector is missed: an iteration must not start in a special direction")


with np.errstate(all="ignore"):
    _hidden()
### END HIDDEN TESTS

# %% [markdown] lang="en"
# **Pay-off.** At which rate did the line of section 4 begin to flip over? Your function knows, from products alone.

# %% [markdown] lang="zh"
# **收获。** 第 4 节的直线从多大的学习率开始来回翻转？你的函数只用乘积就能算出来。

# %% demo
from course.figures.line_fit import line_data

with when_solved("linreg_grad", "max_stable_lr"):
    x, y = line_data()

    def gradient(theta):
        return np.append(*linreg_grad(x[:, None], y, theta[:1], theta[1]))

    def hvp(v):
        return (gradient(v) - gradient(-v)) / 2  # any ε is exact here: the loss is a parabola

    print(f"2/λ_max = {max_stable_lr(hvp, 2, np.random.default_rng(0)):.4f}")

# %% [markdown] lang="en"
# **How people choose $\alpha$.** Mostly without $H$: they try. Take rates a factor of 3 apart, run a few steps with each, and look. The right rate is a little below the largest that still falls smoothly. On the same line, 20 steps each:

# %% [markdown] lang="zh"
# **实际中怎样选 $\alpha$。** 多半不用 $H$，而是试。取几个相差约 3 倍的学习率，各跑几步，看一看。合适的学习率，比还能平稳下降的最大值略小一点。还是那条直线，每个学习率跑 20 步：

# %% demo
with when_solved("linreg_grad", "gradient_descent"):
    for rate in (0.003, 0.01, 0.03, 0.1, 0.3, 1.0):
        w, b = gradient_descent(gradient, np.array([-0.5, 4.0]), lr=rate, steps=20)[-1]
        loss = np.mean((y - (w * x + b)) ** 2)
        print(say(en="rate {rate:<5g}  loss after 20 steps {loss:14,.3f}", zh="学习率 {rate:<5g}  20 步后的损失 {loss:14,.3f}", rate=rate, loss=loss))

# %% [markdown] lang="en"
# That sweep is the standard first experiment of a practitioner. Each rate runs for a few steps only, so the sweep takes a small part of the training, and it uses the training data only. Chapter 6 refines it and lowers the rate during training.
#
# Article A says that one adjusts the learning rate "to avoid over-fitting or under-fitting". That is not its main job: the rate decides whether and how fast the descent *converges*. Over-fitting has remedies of its own (chapter 9).
#
# <details><summary>Optional · why the bound holds beyond parabolas: the descent lemma</summary>
#
# Suppose the gradient changes no faster than with a constant $L$: $\|\nabla J(\theta)-\nabla J(\theta')\|\le L\|\theta-\theta'\|$. For a parabola, $L=\lambda_{\max}$. Then
#
# $$J(\theta-\alpha\nabla J(\theta)) \le J(\theta) - \alpha\left(1-\frac{\alpha L}{2}\right)\|\nabla J(\theta)\|^2$$
#
# For $0<\alpha<2/L$ the bracket is positive: each step lowers the loss as long as the gradient is not zero. The lemma does *not* promise the lowest valley.
#
# </details>

# %% [markdown] lang="zh"
# 这样扫一遍，是从业者标准的第一个实验。每个学习率只跑几步，所以只占整个训练时间的一小部分，而且只用训练数据。第 6 章会把它做得更精细，并在训练中减小学习率。
#
# 文章 A 说，调整学习率是为了“避免过拟合或欠拟合”。这并非首要作用：学习率首先决定下降能否**收敛**、多快收敛。过拟合另有对策（第 9 章）。
#
# <details><summary>选读 · 为什么抛物线之外上界仍成立：下降引理</summary>
#
# 假设梯度的变化不快于常数 $L$：$\|\nabla J(\theta)-\nabla J(\theta')\|\le L\|\theta-\theta'\|$。对抛物线来说，$L=\lambda_{\max}$。这时
#
# $$J(\theta-\alpha\nabla J(\theta)) \le J(\theta) - \alpha\left(1-\frac{\alpha L}{2}\right)\|\nabla J(\theta)\|^2$$
#
# 当 $0<\alpha<2/L$ 时，括号为正：只要梯度不为零，每一步都使损失下降。引理**没有**保证到达最低的山谷。
#
# </details>

# %% [markdown] lang="en"
# ## 7 · The price of a ravine
#
# In the ravine the rate that suits the steep direction is far too small for the flat one. The ratio of the two curvatures is called the **condition number**, $\kappa=\lambda_{\max}/\lambda_{\min}$. Suppose you use the best rate, whatever $\kappa$ is.

# %% [markdown] lang="zh"
# ## 7 · 峡谷的代价
#
# 在峡谷里，适合陡方向的学习率，对平缓方向来说太小了。两个曲率之比叫**条件数**，$\kappa=\lambda_{\max}/\lambda_{\min}$。假设无论 $\kappa$ 多大，你都用最佳的学习率。

# %%
explore(
    fig_rates,
    predict=Prediction(
        say(
            en="κ grows from 10 to 100. The error must shrink to a thousandth. By which factor does the number of steps grow?",
            zh="κ 从 10 增加到 100，误差要缩小到千分之一，所需步数约变为几倍？",
        ),
        options=("1", "2", "10", "100"),
        answer=2,
        because=(
            say(en="About 10 times: 35 steps become 346.", zh="约 10 倍：35 步变成 346 步。"),
            say(en="About 10 times: 35 steps become 346.", zh="约 10 倍：35 步变成 346 步。"),
            say(en="35 steps become 346: steps grow in proportion to κ.", zh="35 步变成 346 步：步数与 κ 成正比。"),
            say(en="Only about 10 times: 35 steps become 346.", zh="只有约 10 倍：35 步变成 346 步。"),
        ),
    ),
    alt=say(
        en="The factor by which the error shrinks per step against the learning rate: one V-shaped line for the steep "
        "direction and one for the flat one, the worse of both shaded, the bound dashed.",
        zh="误差每步缩小的因子随学习率的变化：陡方向和平缓方向各一条折线，两者中较差的加有底色，上界为虚线。",
    ),
    lr=slider(0.02, 1.18, 0.5, step=0.01, label=say(en="learning rate", zh="学习率")),
    condition=choice((1.0, 2.0, 10.0, 100.0), 10.0, label=say(en="condition number", zh="条件数")),
)

# %% [markdown] lang="en"
# The slowest direction shrinks by $\rho(\alpha)=\max_i|1-\alpha\lambda_i|$ per step. A larger $\alpha$ helps the flat direction and hurts the steep one. The best compromise makes both equally slow, $1-\alpha\lambda_{\min} = \alpha\lambda_{\max}-1$:
#
# $$\alpha^* = \frac{2}{\lambda_{\min}+\lambda_{\max}}, \qquad \rho^* = \frac{\kappa-1}{\kappa+1}$$
#
# For large $\kappa$ this is $\rho^*\approx 1-2/\kappa$, so the number of steps is proportional to $\kappa$. Look where the star sits when $\kappa=100$: almost on the bound. That is why a practitioner keeps a distance, and why the next sections attack $\kappa$ itself.

# %% [markdown] lang="zh"
# 最慢的方向，误差每步乘以 $\rho(\alpha)=\max_i|1-\alpha\lambda_i|$。增大 $\alpha$，对平缓方向有利，对陡方向不利。最好的折中是两边一样慢，$1-\alpha\lambda_{\min} = \alpha\lambda_{\max}-1$：
#
# $$\alpha^* = \frac{2}{\lambda_{\min}+\lambda_{\max}}, \qquad \rho^* = \frac{\kappa-1}{\kappa+1}$$
#
# $\kappa$ 很大时，$\rho^*\approx 1-2/\kappa$，所以步数与 $\kappa$ 成正比。再看 $\kappa=100$ 时星号的位置：几乎就在上界上。所以实际中要留有余地，也所以后面要直接对付 $\kappa$。

# %% [markdown] lang="en"
# ## 8 · A little data at a time
#
# The gradient of a mean is a mean of gradients. With 60,000 images, must you look at all of them before you make one small step? Take $B$ random rows instead, a **mini-batch**, and step along *their* mean gradient. One pass over all rows is an **epoch**: it makes one update with the full batch, and $\lceil n/B\rceil$ updates with batches of $B$. With $B=1$ it is **stochastic gradient descent**, SGD, in the strict sense; in everyday language SGD means any $B<n$.
#
# The lab: 128 rows, a line, the same learning rate of 0.05 for every batch size.

# %% [markdown] lang="zh"
# ## 8 · 每次只看一点数据
#
# 平均值的梯度等于梯度的平均值。有 60,000 张图像时，难道要全部看一遍才迈一小步？不如随机取 $B$ 行，即一个**小批量**，沿**它们**的平均梯度走一步。所有行过一遍叫一个**轮次**：全批量只更新一次，批量为 $B$ 时更新 $\lceil n/B\rceil$ 次。严格地说，$B=1$ 才叫**随机梯度下降**（SGD）；平时说的 SGD 泛指 $B<n$ 的情形。
#
# 实验：128 行数据，一条直线，各种批量的学习率都是 0.05。

# %%
from course.figures.minibatch import fig_minibatch

explore(
    fig_minibatch,
    predict=Prediction(
        say(en="After one epoch, which batch size is closest to the minimum?", zh="一个轮次之后，哪种批量离最小值最近？"),
        options=("1", "8", "128"),
        answer=0,
        because=(
            say(
                en="128 rough steps beat one good one. Now look at ten epochs, then change the clock to updates and to time.",
                zh="128 个粗糙的步子胜过一个好步子。再看十个轮次，然后把横轴换成更新次数和时间。",
            ),
            say(
                en="After one epoch it is 1: 128 rough steps beat 16 better ones. After ten epochs you are right.",
                zh="一个轮次之后是 1：128 个粗糙的步子胜过 16 个好一些的步子。十个轮次之后，你就对了。",
            ),
            say(
                en="128 makes one single update per epoch. It has hardly moved. Now change the clock.",
                zh="128 每轮只更新一次，几乎没动。再把横轴换一换。",
            ),
        ),
    ),
    alt=say(
        en="Left: contour lines of the full loss with the path of one run. Right: how far the loss lies above its minimum, for "
        "four batch sizes, against epochs, updates or time.",
        zh="左：全部数据的损失的等高线，以及一次运行的路径。右：四种批量下，损失高出最小值多少，横轴为轮次、更新次数或时间。",
    ),
    clock=choice(
        ((say(en="epochs", zh="轮次"), "epochs"), (say(en="updates", zh="更新次数"), "updates"), (say(en="time", zh="时间"), "seconds")),
        "epochs", label=say(en="clock", zh="横轴")),
    epochs=slider(1, 10, 1, label=say(en="epochs", zh="轮次")),
    batch_size=choice((1, 8, 32, 128), 8, label=say(en="path shown for batch size", zh="左图的批量大小")),
    lr=slider(0.01, 0.2, 0.05, step=0.01, label=say(en="learning rate", zh="学习率")),
    seed=slider(0, 9, 0, label=say(en="seed", zh="种子")),
)

# %% [markdown] lang="en"
# Three clocks, three stories.
#
# - Per **epoch** small batches win at first: they make more updates from the same rows. Then they hit a **noise floor** and jitter, while larger batches still fall.
# - Per **update** the four runs start alike. The larger batch is only smoother.
# - Per **second**, on this small problem, an update costs nearly the same for 1 row as for 128: Python's overhead, not arithmetic. On a GPU it is similar, up to some batch size; chapter 4 gives you a cell that measures it on your machine. So "work" in rows and "time" on a clock are two things.
#
# **Why the noise.** A batch gives the right gradient *on average*. If $\sigma^2$ is the variance of one component over the rows, $B$ different rows give
#
# $$\operatorname{Var}(g_B) = \frac{\sigma^2}{B}\cdot\frac{n-B}{n-1}$$
#
# Its root falls with $\sqrt B$ only: four times the rows, half the noise. Article A trains on 54,000 images with $B=64$: 844 updates per epoch. Article B leaves Keras's default of 32 on 60,000: 1,875.
#
# **Shuffle.** One permutes all rows once per epoch and cuts the permutation into pieces, so every row is seen exactly once. In a sorted file, batches without shuffling pull the model one way and then the other.
#
# <details><summary>Optional · below the noise floor: Robbins and Monro</summary>
#
# At a constant rate the floor is roughly proportional to $\alpha/B$. To go below it, lower the rate. Robbins and Monro (1951) ask of the rates
#
# $$\sum_k\alpha_k=\infty, \qquad \sum_k\alpha_k^2<\infty$$
#
# so that any distance can be covered and the noise dies out. One exception is useful: if a line fits the data *exactly*, all votes vanish at the minimum, the noise dies out by itself, and a constant rate converges. Exercise 6 uses this.
#
# </details>
#
# ### Exercise 5 · `minibatches` (3 points)
#
# ```python
# minibatches(n, batch_size, epochs, rng)
# ```
#
# - Return a list with one entry per epoch. Each is a list of one-dimensional integer arrays, the batches, which together are a fresh random permutation of $0,\dots,n-1$.
# - Each batch has `batch_size` entries; only the last of an epoch may be shorter. If `batch_size` exceeds `n`, there is one batch.
# - Every order is equally likely in every epoch, independently of the epoch before. All randomness comes from `rng`, a `numpy.random.Generator`.
#
# Example: with `n=10`, `batch_size=4` each epoch has batches of 4, 4 and 2 rows.
#
# <details><summary>What hidden tests also use</summary>
#
# Batch sizes 1, `n`, above `n`, and ones that do not divide `n`; `n` = 1, 50, 300 and 70,000; equal and different seeds; the frequencies of all orders of three rows over 240 epochs, and of pairs of successive orders; over 300 epochs of 64 rows, how often each row comes in each place and how often two rows share a batch.
#
# </details>
#
# <details><summary>Hint 1 · what to look at</summary>
#
# Print the lengths of the batches for `n=10`, `batch_size=4`. They must be 4, 4, 2, not 4, 3, 3 and not 4, 4.
#
# <details><summary>Hint 2 · which step</summary>
#
# `rng.permutation(n)`, anew in every epoch. Then slices; the last one is shorter by itself.
#
# <details><summary>Hint 3 · the step with a gap</summary>
#
# ```python
# order = ___
# batches = [order[first:___] for first in range(0, n, ___)]
# ```
#
# </details></details></details>

# %% [markdown] lang="zh"
# 换一种横轴，就是另一个故事。
#
# - 按**轮次**看，小批量起初领先：同样的数据，更新次数更多。随后碰到**噪声底**，来回抖动，而大批量还在下降。
# - 按**更新次数**看，四条曲线起初差不多，批量大的只是平滑一些。
# - 按**时间**看，在这个小问题上，更新一次用 1 行和用 128 行花的时间几乎一样：花在 Python 的额外开销上，而不是运算上。GPU 上也类似，直到某个批量为止；第 4 章有一个单元格，可以在你的机器上测出来。所以，按行数算的“计算量”和钟表上的“时间”是两回事。
#
# **噪声从哪里来。** 小批量的梯度**平均而言**是对的。设某个分量在各行之间的方差为 $\sigma^2$，取 $B$ 个不同的行，则
#
# $$\operatorname{Var}(g_B) = \frac{\sigma^2}{B}\cdot\frac{n-B}{n-1}$$
#
# 它的平方根只按 $\sqrt B$ 减小：行数增到四倍，噪声减半。这样看，小批量常常更划算。文章 A 用 54,000 张图像训练，$B=64$，每轮更新 844 次。文章 B 用 Keras 的默认值 32，共 60,000 张图像，每轮更新 1,875 次。
#
# **打乱。** 每轮把所有行随机排列一次，再切成小段，每一行恰好用到一次。如果文件是排好序的，不打乱的批量会把模型一会儿拉向这边，一会儿拉向那边。
#
# <details><summary>选读 · 怎样降到噪声底以下：Robbins 与 Monro</summary>
#
# 学习率不变时，噪声底大致与 $\alpha/B$ 成正比。要再低，就得减小学习率。Robbins 与 Monro（1951）对学习率的要求是
#
# $$\sum_k\alpha_k=\infty, \qquad \sum_k\alpha_k^2<\infty$$
#
# 这样多远的路都走得到，噪声也会逐渐消失。有一个例外很有用：如果数据能用直线**精确**拟合，最小值处所有的票都为零，噪声自行消失，学习率不变也能收敛。练习 6 就用到这一点。
#
# </details>
#
# ### 练习 5 · `minibatches`（3 分）
#
# ```python
# minibatches(n, batch_size, epochs, rng)
# ```
#
# - 返回一个列表，每轮占一项。每一项是由一维整数数组（各个小批量）组成的列表，合起来是 $0,\dots,n-1$ 的一个新的随机排列。
# - 每个小批量有 `batch_size` 个元素，只有每轮的最后一个可以较短。`batch_size` 大于 `n` 时，只有一个小批量。
# - 每一轮中，所有排列的概率相同，并且与前一轮无关。随机性全部来自 `rng`，它是 `numpy.random.Generator`。
#
# 例：`n=10`、`batch_size=4` 时，每轮的小批量有 4、4、2 行。
#
# <details><summary>隐藏测试还会用到</summary>
#
# 批量为 1、为 `n`、大于 `n` 以及不能整除 `n`；`n` = 1、50、300 与 70,000；相同与不同的种子；240 轮中三行数据各种排列的频率，以及相邻两轮排列的联合频率；300 轮中 64 行数据各行落在每个位置上的次数，以及两行同批的次数。
#
# </details>
#
# <details><summary>提示 1 · 看哪里</summary>
#
# 对 `n=10`、`batch_size=4` 打印各批的长度，应当是 4、4、2，而不是 4、3、3，也不是 4、4。
#
# <details><summary>提示 2 · 哪一步</summary>
#
# `rng.permutation(n)`，每轮重新排一次。然后切片，最后一段自然较短。
#
# <details><summary>提示 3 · 填空</summary>
#
# ```python
# order = ___
# batches = [order[first:___] for first in range(0, n, ___)]
# ```
#
# </details></details></details>

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
    (epoch,) = minibatches(300, 400, 1, np.random.default_rng(0))
    assert [len(batch) for batch in epoch] == [300], "[ch03-SIZES] batch_size 大于 n 时只有一个小批量 / one batch if batch_size exceeds n"
    assert sorted(int(i) for i in epoch[0]) == list(range(300)), "[ch03-COVER] 每轮中每个下标恰好出现一次 / every index exactly once per epoch"


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
    assert plan != flat(minibatches(50, 8, 2, np.random.default_rng(2))), "[ch03-RNG] 种子不同，结果应不同 / different seeds, different results"
    # three rows have six orders; in 600 epochs each comes about 100 times, whatever came before
    orders = [tuple(order) for order in flat(minibatches(3, 2, 600, np.random.default_rng(3)))]
    assert all(50 < orders.count(order) < 150 for order in set(orders)) and len(set(orders)) == 6, "[ch03-UNIFORM] 所有排列应等可能 / all orders must be equally likely"
    again = sum(orders[k] == orders[k - 1] for k in range(1, 600))
    assert 50 < again < 150, "[ch03-INDEPENDENT] 每轮的顺序应与前一轮无关 / the order must not depend on the epoch before"


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
# ## 9 · Scaling, and all of it together
#
# 40 flats: the area in m², around 90, and the price. Fit the line $wx+b$ by descent, where $x$ is the area. The feature is around 90; the "feature" of the bias is the constant 1. So the curvature along $w$ is about 8,000 times that along $b$. The valley is a ravine, and since it lies oblique, $\kappa$ is larger still:
#
# $$H = 2\begin{pmatrix} \overline{x^2} & \bar x \\ \bar x & 1 \end{pmatrix}$$
#
# The remedy costs two lines. Replace each feature by $\tilde x=(x-\mu)/s$, with the mean $\mu$ and the standard deviation $s$ of the given rows. This is called **standardising**. The rate is $1/\lambda_{\max}$ each time.

# %% [markdown] lang="zh"
# ## 9 · 标准化与综合练习
#
# 40 套房子：面积约 90 m²，还有价格。要用下降法拟合直线 $wx+b$，其中 $x$ 是面积。特征的大小约为 90，而偏置的“特征”是常数 1，于是沿 $w$ 的曲率约为沿 $b$ 的 8,000 倍，地形成了峡谷；峡谷是斜的，所以 $\kappa$ 还要更大：
#
# $$H = 2\begin{pmatrix} \overline{x^2} & \bar x \\ \bar x & 1 \end{pmatrix}$$
#
# 补救只需两行：把每个特征换成 $\tilde x=(x-\mu)/s$，其中 $\mu$ 和 $s$ 是给定各行的均值和标准差。这叫**标准化**。两种情形的学习率都取 $1/\lambda_{\max}$。

# %%
from course.figures.scaling import fig_scaling

explore(
    fig_scaling,
    predict=Prediction(
        say(en="How many steps does the descent need with the standardised area?", zh="面积标准化之后，下降需要几步？"),
        options=("1", say(en="about 30", zh="约 30"), say(en="about 1000", zh="约 1000")),
        answer=0,
        because=(
            say(en="H becomes 2I, a round bowl, and α = 1/2: every factor 1 − αλ is zero.", zh="H 变成 2I，即圆碗，而 α = 1/2：每个因子 1 − αλ 都是零。"),
            say(en="One. H becomes 2I, a round bowl, and α = 1/2: every factor 1 − αλ is zero.", zh="只要 1 步。H 变成 2I，即圆碗，而 α = 1/2：每个因子 1 − αλ 都是零。"),
            say(en="One. H becomes 2I, a round bowl, and α = 1/2: every factor 1 − αλ is zero.", zh="只要 1 步。H 变成 2I，即圆碗，而 α = 1/2：每个因子 1 − αλ 都是零。"),
        ),
    ),
    alt=say(
        en="Left: contour lines of the loss with the path of descent. Right: prices against areas, with the line after the "
        "chosen number of steps and the least-squares line.",
        zh="左：损失的等高线和下降的路径。右：价格随面积的散点，走了所选步数之后的直线和最小二乘直线。",
    ),
    standardised=toggle(False, label=say(en="standardised", zh="标准化")),
    steps=slider(0, 100, 30, label=say(en="steps", zh="步数")),
)

# %% [markdown] lang="en"
# How bad was it before? These 40 flats have areas of $88.0 \pm 21.2$, which gives $\kappa\approx 150{,}000$. At the rate $1/\lambda_{\max}$ the error along the valley, mostly the intercept, halves every 104,000 steps. (The flats were drawn from a population of $90 \pm 25$, whose $\kappa$ is 122,000: a sample has a $\kappa$ of its own.)
#
# With several features, standardising makes $H$ twice their correlation matrix, with a 1 for the bias. What remains of $\kappa$ comes from correlations between features.
#
# **Back to the old units.** A model trained on $\tilde x$ must be reported in the units of $x$. Insert the definition:
#
# $$\hat y = \tilde b + \sum_j \tilde w_j\,\frac{x_j-\mu_j}{s_j} \qquad\Rightarrow\qquad w_j=\frac{\tilde w_j}{s_j}, \quad b=\tilde b-\sum_j w_j\mu_j$$
#
# **A trap.** A constant column has $s_j=0$, up to rounding, and $0/0$ is nan. Such a column cannot tell rows apart. Treat its deviation as 1; its weight then stays where it started.
#
# ### Exercise 6 · `sgd_linear` (4 points)
#
# ```python
# sgd_linear(X, y, lr, epochs, batch_size, rng)
# ```
#
# - Mini-batch descent on the mean squared error: `X` `(n, d)`, `y` `(n,)`, integers allowed. Standardise inside, with the statistics of the given rows. Reshuffle in every epoch with `rng`. A batch of $B$ rows has the factor $2/B$, as in `linreg_grad`.
# - Return `(w, b)` in the **original** units: a float array `(d,)` and a float, so that `X @ w + b` predicts.
# - A constant column is not an error, also if its numbers are not exact (0.1): it is one whose deviation is below $10^{-10}$ of the size of its numbers. Small is not constant: a column of size $10^{-9}$ that varies is a feature.
# - Use your own functions. Start, shuffling and decay of the rate are yours to choose; tests look at the result only. They give enough epochs for a start at zero and a rate that stays at `lr`, or falls to no less than a quarter of `lr` by the last epoch.
#
# <details><summary>What hidden tests also use</summary>
#
# Noise-free data, where `w`, `b` and predictions on fresh rows must be right within 2 %; features of size $10^{3}$, $10^{-3}$ and $10^{-9}$, also side by side; columns that vary little, such as years and $1000 \pm 10^{-4}$; targets of size $10^{-6}$; tables whose first rows agree in a feature; columns of equal numbers, 7, 0.1, 1/3, −7.3 and $10^{-9}/3$, with 10 to 35 rows, where predictions count and the weight of the constant does not; a constant target; integer data; the data written twice at the same `lr`; batch sizes 1, `n` and above `n`; the inputs unchanged.
#
# </details>
#
# <details><summary>Hint 1 · what to look at</summary>
#
# Print `X.std(axis=0)` for a table with ten rows of 0.1 in one column. It is 1.4e-17, not 0. What does dividing by it do?
#
# <details><summary>Hint 2 · which step</summary>
#
# Four steps: standardise; loop over `minibatches(...)` with `linreg_grad`; divide the weights; shift the bias. A deviation counts as zero if it is tiny *compared with the numbers of its column*. Rows of `X` and entries of `y` are picked with the same indices.
#
# <details><summary>Hint 3 · the step with a gap</summary>
#
# ```python
# mean, s = X.mean(axis=0), X.std(axis=0)
# s = np.where(s <= 1e-10 * ___, 1.0, s)  # constant, up to rounding
# Z = (X - mean) / s
# ...
# w = w / s
# b = b - ___
# ```
#
# </details></details></details>

# %% [markdown] lang="zh"
# 标准化之前有多糟？这 40 套房子的面积是 $88.0 \pm 21.2$，算得 $\kappa\approx 150{,}000$。取学习率 $1/\lambda_{\max}$，谷底方向（主要是截距）上的误差每 104,000 步才减半。（这些房子抽自 $90 \pm 25$ 的总体，总体的 $\kappa$ 是 122,000：样本有它自己的 $\kappa$。）
#
# 有多个特征时，标准化之后的 $H$ 是相关系数矩阵的两倍（偏置处为 1）。$\kappa$ 中剩下的部分来自特征之间的相关。
#
# **换回原来的单位。** 用 $\tilde x$ 训练的模型，要换算成 $x$ 的单位再交付。代入定义：
#
# $$\hat y = \tilde b + \sum_j \tilde w_j\,\frac{x_j-\mu_j}{s_j} \qquad\Rightarrow\qquad w_j=\frac{\tilde w_j}{s_j}, \quad b=\tilde b-\sum_j w_j\mu_j$$
#
# **一个陷阱。** 恒定的列 $s_j=0$（可能带一点舍入误差），而 $0/0$ 是 nan。这样的列本来就无法区分各行，把它的标准差当作 1 即可，它的权重会停留在初始值。
#
# ### 练习 6 · `sgd_linear`（4 分）
#
# ```python
# sgd_linear(X, y, lr, epochs, batch_size, rng)
# ```
#
# - 用小批量下降最小化均方误差：`X` `(n, d)`，`y` `(n,)`，可以是整数。在函数内部用给定各行的统计量标准化，每轮用 `rng` 重新打乱。含 $B$ 行的小批量，系数是 $2/B$，与 `linreg_grad` 一致。
# - 返回**原来**单位下的 `(w, b)`：形状为 `(d,)` 的浮点数组和一个浮点数，使 `X @ w + b` 就是预测。
# - 有恒定的列不算错误，即使它的数不能精确表示（如 0.1）：标准差小于数值大小的 $10^{-10}$，就算恒定。小不等于恒定：大小为 $10^{-9}$ 但有变化的列是特征。
# - 可以使用你自己的函数。初值、打乱的方式、学习率是否减小，都由你决定，测试只看结果。轮次足够：从零出发，学习率始终为 `lr` 能收敛；逐渐减小也能收敛，只要最后一轮不低于 `lr` 的四分之一。
#
# <details><summary>隐藏测试还会用到</summary>
#
# 无噪声数据，此时 `w`、`b` 以及对新数据的预测误差须在 2% 以内；大小为 $10^{3}$、$10^{-3}$ 和 $10^{-9}$ 的特征，也会同在一张表里；变化很小的列，如年份和 $1000 \pm 10^{-4}$；大小为 $10^{-6}$ 的目标值；前几行某个特征相同的表；10 到 35 行、恒为 7、0.1、1/3、−7.3 和 $10^{-9}/3$ 的列，此时只看预测，不看恒定列的权重；恒定的目标；整数数据；把数据重复一遍而 `lr` 不变；批量为 1、为 `n` 和大于 `n`；输入不变。
#
# </details>
#
# <details><summary>提示 1 · 看哪里</summary>
#
# 取一张表，其中一列是十个 0.1，打印 `X.std(axis=0)`：是 1.4e-17，而不是 0。用它去除，会怎样？
#
# <details><summary>提示 2 · 哪一步</summary>
#
# 四步：标准化；用 `linreg_grad` 在 `minibatches(...)` 上循环；权重除以标准差；平移偏置。标准差与**这一列数值的大小相比**微不足道，就当作零。取 `X` 的行和 `y` 的元素，用同一组下标。
#
# <details><summary>提示 3 · 填空</summary>
#
# ```python
# mean, s = X.mean(axis=0), X.std(axis=0)
# s = np.where(s <= 1e-10 * ___, 1.0, s)  # constant, up to rounding
# Z = (X - mean) / s
# ...
# w = w / s
# b = b - ___
# ```
#
# </details></details></details>

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

# %% test="sgd-recovers-the-line" points=2
def _public():
    # flats: area in m², rooms, age in years; price in thousands
    X = np.array([[35, 1, 40], [50, 2, 10], [62, 2, 25], [75, 3, 5], [88, 3, 60], [96, 4, 15], [110, 4, 30], [130, 5, 8]], dtype=float)
    price = np.array([150.0, 262.0, 288.0, 379.0, 340.0, 452.0, 490.0, 620.0])
    before = X.copy(), price.copy()
    with np.errstate(all="ignore"):
        result = sgd_linear(X, price, lr=0.05, epochs=150, batch_size=3, rng=np.random.default_rng(0))
    assert np.array_equal(X, before[0]) and np.array_equal(price, before[1]), "[ch03-INPUT] 不要改动 X 与 y / your function changed X or y"
    assert isinstance(result, (tuple, list)) and len(result) == 2, "[ch03-TYPE] 请返回 (w, b) / return (w, b)"
    w, b = result
    assert isinstance(w, np.ndarray) and w.shape == (3,), "[ch03-SHAPE] w 应为形状 (d,) 的数组 / w must be an array (d,)"
    assert np.ndim(b) == 0, "[ch03-SHAPE] b 应为一个数 / b must be one number"
    assert np.all(np.isfinite(w)) and np.isfinite(b), "[ch03-NAN] 结果不是有限数：学习发散了？ / not finite: did the descent diverge?"
    r2 = 1 - np.sum((price - (X @ w + b)) ** 2) / np.sum((price - price.mean()) ** 2)
    assert r2 > 0.9, "[ch03-UNITS] 用原始单位的 X @ w + b 预测很差：换算回来了吗？ / X @ w + b predicts badly in the original units: did you convert back?"
    # a property of least squares: the mean of the predictions is the mean of the targets
    assert abs(np.mean(X @ w + b) - price.mean()) < 0.05 * price.mean(), "[ch03-BIAS] 预测的平均值应接近目标的平均值 / the predictions should have the mean of the targets"
    # without noise the line is found exactly; here with one batch of all 40 rows, although batch_size is larger
    rng = np.random.default_rng(0)
    X = rng.normal(1.0, 1.0, size=(40, 2)) * np.array([1e3, 1e-3])
    y = 0.002 * X[:, 0] - 3000 * X[:, 1] + 7.5
    with np.errstate(all="ignore"):
        w, b = sgd_linear(X, y, lr=0.1, epochs=250, batch_size=64, rng=np.random.default_rng(1))
    assert np.allclose(w, [0.002, -3000], rtol=0.02), "[ch03-SCALE] 尺度悬殊的特征：w 应以原来的单位还原 / features of very different size: w must be recovered in the original units"
    assert np.isclose(b, 7.5, rtol=0.02), "[ch03-BIAS] b 应以原来的单位还原 / b must be recovered in the original units"


_public()

### BEGIN HIDDEN TESTS
def _close(got, want, size=0.0):
    return np.allclose(got, want, rtol=0.02, atol=0.02 * size)


def _hidden():
    rng = np.random.default_rng(30361)
    for n, d, size, lr, epochs in ((24, 3, 1, 0.03, 30), (60, 3, 60, 0.1, 250), (31, 2, 7, 0.05, 60), (20, 1, 4, 0.05, 60), (18, 2, 5000, 0.1, 250)):
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

# %% test="sgd-survives-awkward-columns" points=2
def _public():
    # a constant column carries no information, and must do no harm
    X = np.column_stack([1e-9 * np.arange(10.0), np.full(10, 7.0), np.full(10, 0.1)])
    y = 2e9 * X[:, 0] + 1
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
        tiny = np.array([1.0, 1e3, 1e-9])  # small is not constant
        X = rng.normal(1.0, 1.0, size=(n, 3)) * tiny
        X[:, 0] = constant
        y = 2.0 * X[:, 1] / 1e3 - X[:, 2] / 1e-9 + 6.0
        got_w, got_b = _fit(X, y)
        fresh = rng.normal(1.0, 1.0, size=(9, 3)) * tiny
        fresh[:, 0] = constant
        assert _close(fresh @ got_w + got_b, 2.0 * fresh[:, 1] / 1e3 - fresh[:, 2] / 1e-9 + 6.0, 1.0), (
            "[ch03-ZERO] 恒定的列算出的标准差可能只是舍入误差：与该列数值的大小相比 / the deviation of a constant column may be a rounding error: compare it with the size of the numbers")

    for centre, spread in ((2020.0, 5.0), (1e3, 1e-4)):  # it varies little, but more than rounding does
        x = rng.normal(size=(30, 2))
        fresh = rng.normal(size=(9, 2))
        got_w, got_b = _fit(np.column_stack([centre + spread * x[:, 0], x[:, 1]]), 3.0 * x[:, 0] + x[:, 1] - 2.0)
        got = np.column_stack([centre + spread * fresh[:, 0], fresh[:, 1]]) @ got_w + got_b
        assert _close(got, 3.0 * fresh[:, 0] + fresh[:, 1] - 2.0, 3.0), (
            "[ch03-VARIES] 变化很小的列也是特征：何时才算恒定，题目说了 / a column that varies little is a feature: the statement says when one is constant")

    X = rng.normal(1.0, 2.0, size=(36, 2))
    y = 1e-6 * (X[:, 0] - 2.0 * X[:, 1] + 3.0)
    got_w, got_b = _fit(X, y)
    assert _close(got_w, [1e-6, -2e-6]) and _close(got_b, 3e-6), "[ch03-SMALL] 目标值很小时没有还原：是不是提前停了？ / small targets are not recovered: did it stop early?"

    X[:10, 0] = 1.0  # ten equal numbers first, but no constant column
    X[:, 0] *= 1e3
    got_w, got_b = _fit(X, X[:, 0] / 1e3 - 2.0 * X[:, 1] + 3.0)
    assert _close(got_w, [1e-3, -2.0]) and _close(got_b, 3.0), (
        "[ch03-ROWS] 前几行某个特征相同时没有还原：平均值和标准差取自哪些行？ / not recovered where the first rows agree in a feature: from which rows are mean and deviation?")

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
# ## 10 · Real patients (optional)
#
# 442 people with diabetes were measured: age, sex (coded 1 and 2; the file does not say which is which), body-mass index (kg/m²), blood pressure (mmHg), HDL cholesterol (mg/dl) and the logarithm of their triglycerides. One year later a score said how far the disease had progressed, from 25 to 346 points. Every fifth patient is kept for later. First your `max_stable_lr`: what would descent face without scaling, and with it?

# %% [markdown] lang="zh"
# ## 10 · 真实的患者（选读）
#
# 442 位糖尿病患者，测量了年龄、性别（记作 1 和 2，文件没有说明哪个是哪个）、体重指数（kg/m²）、血压（mmHg）、高密度脂蛋白胆固醇（mg/dl）和甘油三酯的对数。一年之后，用一个分数记下病情进展了多少，从 25 到 346 分。每五位患者留出一位备用。先用你的 `max_stable_lr`：不标准化和标准化之后，下降面对的是什么？

# %% demo
from course.figures.patients import fig_residuals, patients

data = patients()

with when_solved("linreg_grad", "max_stable_lr"):
    Z = (data.X - data.X.mean(axis=0)) / data.X.std(axis=0)
    for name, features in ((say(en="raw", zh="原始"), data.X), (say(en="standardised", zh="标准化后"), Z)):

        def hvp(v, features=features):
            return np.append(*linreg_grad(features, np.zeros(len(features)), v[:-1], v[-1]))

        bound = max_stable_lr(hvp, 7, np.random.default_rng(0))
        A = np.column_stack([features, np.ones(len(features))])
        print(say(en="{name}: 2/λ_max = {bound:.2g}, κ = {kappa:,.0f}", zh="{name}：2/λ_max = {bound:.2g}，κ = {kappa:,.0f}",
                  name=name, bound=bound, kappa=np.linalg.cond(A) ** 2))

# %% [markdown] lang="en"
# Now your `sgd_linear`. Read the weights in their units: how many points per year of age, per kg/m², per mmHg?

# %% [markdown] lang="zh"
# 再用你的 `sgd_linear`。按单位来读权重：年龄每大一岁、体重指数每高 1 kg/m²、血压每高 1 mmHg，各多少分？

# %% demo
with when_solved("minibatches", "linreg_grad", "sgd_linear"):
    w, b = sgd_linear(data.X, data.y, lr=0.02, epochs=60, batch_size=32, rng=np.random.default_rng(0))
    for name, weight in zip(
        (say(en="per year", zh="每大一岁"), say(en="for sex 2 instead of 1", zh="性别为 2 而不是 1"), say(en="per kg/m²", zh="每 kg/m²"),
         say(en="per mmHg", zh="每 mmHg"), say(en="per mg/dl HDL", zh="高密度脂蛋白，每 mg/dl"), say(en="per unit of log triglycerides", zh="甘油三酯的对数，每 1")),
        w, strict=True):
        print(say(en="{weight:+8.2f} points {name}", zh="{weight:+8.2f} 分　{name}", weight=weight, name=name))

    def fig_yours(mean_alone=False):
        predicted = np.full(len(data.y_new), data.y.mean()) if mean_alone else data.X_new @ w + b
        return fig_residuals(predicted, data.y_new, data.y.mean())

    explore(
        fig_yours,
        alt=say(
            en="Left: predicted against measured progression of patients that the fit has not seen, with the residuals as bars; "
            "the three largest are circled. Right: a histogram of the residuals in points.",
            zh="左：拟合时没见过的患者，病情进展的预测值与实测值，残差画成线段，最大的三个加了圆圈。右：残差的直方图，单位为分。",
        ),
        mean_alone=toggle(False, label=say(en="predict the mean for everybody", zh="对每个人都预测平均值")),
    )

# %% [markdown] lang="en"
# Half of the new patients are predicted within about 40 points; if you always say the mean, half are within about 71. That is useful, and far from a diagnosis. The circled patients are off by more than 120 points: six numbers do not tell their story. Look at the worst first, in every model that you will ever train.

# %% [markdown] lang="zh"
# 新患者中，半数的预测误差不超过约 40 分；若一律猜平均值，半数的误差不超过约 71 分。有用，但离诊断还很远。圈出的患者差了 120 分以上：六个数说不清他们的情况。今后训练任何模型，都要先看错得最离谱的。

# %% [markdown] lang="en"
# ## 11 · Check yourself
#
# Five minutes, no points. Six trainings of a line, six loss curves. Each has one ailment. Open the answer that you choose; every one explains itself.

# %% [markdown] lang="zh"
# ## 11 · 自测
#
# 五分钟，不计分。六次训练一条直线，六条损失曲线，每条各有一个毛病。点开你选的答案，每个选项都有解释。

# %%
from course.figures.diagnose import fig_diagnose

explore(
    fig_diagnose,
    alt=say(
        en="Six loss curves over 256 updates. A falls fast, then crawls. B falls, stays low, then rises ever faster along a straight line. "
        "C falls, then jitters. D falls slowly along a straight line. E repeats the same hump every 32 updates. F falls, turns and rises smoothly.",
        zh="六条损失曲线，各 256 次更新。A 先快后慢。B 下降后停在低处，随后沿直线越升越快。C 下降后不停抖动。D 沿直线缓慢下降。"
        "E 每 32 次更新重复同样的峰。F 先降，再转弯平滑上升。",
    ),
    logarithmic=toggle(True, label=say(en="logarithmic", zh="对数刻度")),
)

# %% [markdown] lang="en"
# **1. Which run has a learning rate just above $2/\lambda_{\max}$?**
#
# <details><summary>B</summary>Right. The flat direction improves at first. Along the steepest one a tiny error grows by the same factor in every step: a straight line on a logarithmic axis.</details>
# <details><summary>C</summary>C stays at its level. A rate above the bound has no level to stay at.</details>
# <details><summary>F</summary>F turns smoothly from falling to rising, and no part of it is straight. Divergence falls fast at first and then rises along a straight line. F has another ailment.</details>

# %% [markdown] lang="zh"
# **1. 哪一次的学习率略大于 $2/\lambda_{\max}$？**
#
# <details><summary>B</summary>正确。起初平缓方向在改善；而沿最陡的方向，一个微小的误差每步都乘以同一个倍数，在对数刻度上是一条直线。</details>
# <details><summary>C</summary>C 停在一个水平上。学习率超过上界，就没有可停的水平。</details>
# <details><summary>F</summary>F 平滑地由降转升，没有一段是直线。发散会先迅速下降，再沿直线上升。F 另有毛病。</details>

# %% [markdown] lang="en"
# **2. Which run uses a vector that is not the gradient?**
#
# <details><summary>A</summary>A still falls, only slowly. Its gradient is right; its landscape is a ravine.</details>
# <details><summary>E</summary>E comes back to the same low point again and again. Look at the period: 32 updates are one epoch.</details>
# <details><summary>F</summary>Right. A constant vector points less than 90° away from the gradient at first, so the loss falls. Then the path runs past the valley: section 4.</details>

# %% [markdown] lang="zh"
# **2. 哪一次用的向量不是梯度？**
#
# <details><summary>A</summary>A 一直在降，只是慢。它的梯度没错，地形是峡谷。</details>
# <details><summary>E</summary>E 一次次回到同样的低处。看看周期：32 次更新正好一个轮次。</details>
# <details><summary>F</summary>正确。常向量起初与梯度方向的夹角小于 90°，所以损失下降；随后路径越过了谷底，见第 4 节。</details>

# %% [markdown] lang="en"
# **3. Which run would standardising help most?**
#
# <details><summary>A</summary>Right. Fast at first (the steep direction), then a crawl (the flat one): a ravine. Standardising makes it round.</details>
# <details><summary>D</summary>D crawls from the first step on, equally in all directions. It needs a larger rate.</details>
# <details><summary>C</summary>C reached its level within a few updates. Scale is not its problem.</details>

# %% [markdown] lang="zh"
# **3. 标准化对哪一次帮助最大？**
#
# <details><summary>A</summary>正确。先快（陡方向），后爬（平缓方向），这是峡谷。标准化把它变成圆碗。</details>
# <details><summary>D</summary>D 从第一步起就在爬，各个方向都一样。它需要更大的学习率。</details>
# <details><summary>C</summary>C 几次更新就到了自己的水平，尺度不是它的问题。</details>

# %% [markdown] lang="en"
# **4. In which run would it help most to lower the rate now?**
#
# <details><summary>D</summary>D is far too slow already. Multiply its rate by 100.</details>
# <details><summary>C</summary>Right. It jitters on a noise floor, whose height is roughly proportional to α/B. A smaller rate or a larger batch lowers it.</details>
# <details><summary>A</summary>A crawls along its valley. A smaller rate makes it slower still.</details>

# %% [markdown] lang="zh"
# **4. 对哪一次来说，现在减小学习率最有用？**
#
# <details><summary>D</summary>D 已经太慢了，应当把学习率增大到 100 倍。</details>
# <details><summary>C</summary>正确。它在噪声底上抖动，高度大致与 α/B 成正比。减小学习率或增大批量，都能降低它。</details>
# <details><summary>A</summary>A 沿谷底爬行，减小学习率只会更慢。</details>

# %% [markdown] lang="en"
# **5. Somebody forgot to shuffle a sorted file. Which run?**
#
# <details><summary>C</summary>C jitters without a period: its batches are drawn at random.</details>
# <details><summary>B</summary>B does not repeat itself either. It only grows.</details>
# <details><summary>E</summary>Right. The same hump in every epoch: the rows pull one way in the first half, the other way in the second.</details>

# %% [markdown] lang="zh"
# **5. 哪一次忘了打乱排好序的文件？**
#
# <details><summary>C</summary>C 的抖动没有周期：它的小批量是随机抽取的。</details>
# <details><summary>B</summary>B 也没有重复，只是一路增大。</details>
# <details><summary>E</summary>正确。每个轮次都是同样的峰：前一半的行往这边拉，后一半往那边拉。</details>

# %% [markdown] lang="en"
# **6. You double the loss, $J \to 2J$. (Article A writes the squared error with factor 1, article B with ½.) Which rate gives the same path?**
#
# <details><summary>Twice the rate</summary>The gradient has doubled already. The step would be four times as long.</details>
# <details><summary>Half the rate</summary>Right: twice the gradient, half the rate, the same step. The bound halves as well. So always say which factor you use.</details>
# <details><summary>The same rate</summary>The minimum stays where it is, but each step is twice as long, possibly too long.</details>

# %% [markdown] lang="zh"
# **6. 把损失翻倍，$J \to 2J$。（文章 A 的平方误差系数为 1，文章 B 为 ½。）学习率取多少，轨迹不变？**
#
# <details><summary>加倍</summary>梯度已经翻倍，这样步长会变成四倍。</details>
# <details><summary>减半</summary>正确：梯度翻倍，学习率减半，步长不变。上界也减半。所以要说明用的是哪个系数。</details>
# <details><summary>不变</summary>最小值点确实没变，但每一步都长了一倍，可能太长。</details>

# %% [markdown] lang="en"
# **7. At one random point, formula and central difference agree to a relative error of $10^{-9}$. What do you know?**
#
# <details><summary>The formula is proved.</summary>A check is evidence, not a proof. A branch that this point does not reach has not been tested.</details>
# <details><summary>It is right here, and very probably everywhere.</summary>Right. A random point makes a coincidence unlikely. Test one more point on the other side of every kink.</details>
# <details><summary>Nothing: differences have errors of their own.</summary>They do, of about this size. A wrong formula would be off by far more.</details>

# %% [markdown] lang="zh"
# **7. 在一个随机点上，公式与中心差分的相对误差为 $10^{-9}$。由此能知道什么？**
#
# <details><summary>公式得到了证明。</summary>检验是证据，不是证明。这个点没有走到的分支，就没有受到检验。</details>
# <details><summary>公式在此处正确，而且很可能处处正确。</summary>正确。随机点使巧合的可能性很小。每个折点的另一侧再检验一点。</details>
# <details><summary>什么也不知道，因为差分本身有误差。</summary>误差是有，但大约就是这个量级。错误的公式会差得多。</details>

# %% [markdown] lang="en"
# ## 12 · What to keep
#
# - The gradient is the vector of slopes. Its negative falls fastest, *here*.
# - Check every gradient: central differences, $h\approx10^{-6}$ to $10^{-5}$, a random point, a relative error.
# - In linear regression every row votes with its residual. A vector without a residual cannot stop anywhere.
# - The update is an assignment, made for all parameters from the same point. Stop on the norm of the gradient or after a budget of steps.
# - Along each eigenvector the error is multiplied by $1-\alpha\lambda$. Stable means $\alpha<2/\lambda_{\max}$; the time is set by $\kappa$.
# - $\lambda_{\max}$ needs products $Hv$ only. Without them: sweep rates by factors of 3.
# - Descent ends where the gradient is zero: a valley, not always the deepest, or a saddle.
# - Small batches buy more updates for noise, $\sigma/\sqrt B$. Shuffle in every epoch.
# - Standardise; a constant column has a deviation of zero only up to rounding; convert the weights back.
#
# **GPU.** This chapter needs none: its sums are too small. Chapter 4 gives you a cell that measures, on your machine, at which size a GPU pays.
#
# ## References
#
# - A.-L. Cauchy, *Méthode générale pour la résolution des systèmes d'équations simultanées*, Comptes rendus de l'Académie des sciences 25 (1847): the first description of gradient descent.
# - H. Robbins, S. Monro, *A Stochastic Approximation Method*, Annals of Mathematical Statistics 22 (1951).
# - S. Boyd, L. Vandenberghe, *Convex Optimization*, Cambridge University Press (2004), sections 9.2 and 9.3.
# - Y. Nesterov, *Lectures on Convex Optimization*, 2nd edition, Springer (2018), chapters 1 and 2.
# - J. Nocedal, S. J. Wright, *Numerical Optimization*, 2nd edition, Springer (2006), chapter 8 for finite differences.
# - B. Efron, T. Hastie, I. Johnstone, R. Tibshirani, *Least Angle Regression*, Annals of Statistics 32 (2004): the diabetes data.
# - L. Bottou, F. E. Curtis, J. Nocedal, *Optimization Methods for Large-Scale Machine Learning*, SIAM Review 60 (2018), [arXiv 1606.04838](https://arxiv.org/abs/1606.04838).

# %% [markdown] lang="zh"
# ## 12 · 要点
#
# - 梯度是各方向坡度组成的向量。在**此处**，负梯度方向下降最快。
# - 每个梯度都要检验：中心差分，$h\approx10^{-6}$ 到 $10^{-5}$，随机点，相对误差。
# - 线性回归中，每一行按残差投票。不含残差的向量永远不会为零，下降也就停不下来。
# - 更新是赋值，所有参数从同一个点出发。按梯度范数停止，或在步数用完时停止。
# - 沿每个特征向量，误差每步乘以 $1-\alpha\lambda$。稳定要求 $\alpha<2/\lambda_{\max}$，所需时间由 $\kappa$ 决定。
# - 求 $\lambda_{\max}$ 只需要乘积 $Hv$。没有乘积，就按约 3 倍的间隔扫一遍学习率。
# - 下降停在梯度为零的地方：可能是谷，未必最深，也可能是鞍点。
# - 小批量用噪声 $\sigma/\sqrt B$ 换来更多次更新。每轮都要打乱。
# - 要标准化；恒定列的标准差为零，但可能带舍入误差；最后把权重换算回来。
#
# **GPU。** 本章用不着：运算量太小。第 4 章有一个单元格，可以在你的机器上测出规模多大时 GPU 才划算。
#
# ## 参考文献
#
# - A.-L. Cauchy，*Méthode générale pour la résolution des systèmes d'équations simultanées*，Comptes rendus de l'Académie des sciences 25 (1847)：最早描述梯度下降的文献。
# - H. Robbins、S. Monro，*A Stochastic Approximation Method*，Annals of Mathematical Statistics 22 (1951)。
# - S. Boyd、L. Vandenberghe，*Convex Optimization*，Cambridge University Press (2004)，第 9.2、9.3 节。
# - Y. Nesterov，*Lectures on Convex Optimization*，第 2 版，Springer (2018)，第 1、2 章。
# - J. Nocedal、S. J. Wright，*Numerical Optimization*，第 2 版，Springer (2006)，有限差分见第 8 章。
# - B. Efron、T. Hastie、I. Johnstone、R. Tibshirani，*Least Angle Regression*，Annals of Statistics 32 (2004)：糖尿病数据的来源。
# - L. Bottou、F. E. Curtis、J. Nocedal，*Optimization Methods for Large-Scale Machine Learning*，SIAM Review 60 (2018)，[arXiv 1606.04838](https://arxiv.org/abs/1606.04838)。
