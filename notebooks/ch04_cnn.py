# %% [markdown] lang="en"
# # Chapter 4 · Training convolutional networks (GPU)
#
# Article A ends with the number 0.9900, article B with 0.9880: the share of handwritten digits that a small network reads correctly. In this chapter you build that network from its parts, make it run, and find out what the number is worth. On the way you learn what a GPU changes, how to find out whether you have one, and how to survive when a run is cut off in the middle of the night.
#
# **You will be able to**
#
# - compute a convolution and a max-pooling layer by hand, and the gradient of the latter;
# - say of every layer which shape comes out, what it costs and how much of the picture it sees;
# - train a network, check it before you train it, and resume it after an interruption;
# - measure what a step costs on your machine, and choose batch size and precision by that measurement;
# - repair a prediction loop and read a training log like an auditor.
#
# **Time** two hours for the core path: sections 1 to 5, 7 and 8. Sections marked (optional) take another hour. **You need** chapters 1 to 3. **Points** 20: 17 in the core path, 3 in exercises 7 and 8, which stand in the optional sections 9 and 10. You need no GPU, and a GPU cannot change your score.

# %% [markdown] lang="zh"
# # 第 4 章 · 在 GPU 上训练卷积网络
#
# 文章 A 以 0.9900 收尾，文章 B 以 0.9880 收尾：这是一个小网络认对手写数字的比例。本章从零件开始搭出这个网络，让它跑起来，再弄清楚这个数字值多少。途中你会学到：GPU 改变了什么，怎样确认自己有没有 GPU，以及训练半夜中断时如何从断点继续。
#
# **学完本章，你能够**
#
# - 手工计算卷积层和最大池化层，并求出池化的梯度；
# - 对每一层说出输出形状、代价和感受野；
# - 训练一个网络，训练前先做检查，中断后能够续训；
# - 测出一步训练在自己机器上的代价，据此选择批量大小和精度；
# - 修好一段预测循环，并像审计员一样阅读训练日志。
#
# **时间** 主线两小时：第 1 至 5 节、第 7 节和第 8 节。标有“选读”的各节另需一小时。**预备知识** 第 1 至 3 章。**分值** 20 分：主线 17 分，另外 3 分是练习 7 和练习 8，在选读的第 9、10 节里。本章不需要 GPU，GPU 也不会改变得分。

# %% [markdown] lang="en"
# **Setup.** NumPy, Keras, and the digits that scikit-learn brings along, enlarged to 28×28 pixels (`digits28`). Of the 1,797 pictures 514 are held out; you train on the other 1,283. Importing Keras takes some seconds.

# %% [markdown] lang="zh"
# **准备。** 加载 NumPy、Keras，以及 scikit-learn 自带、放大到 28×28 像素的手写数字（`digits28`）。1,797 张图像中留出 514 张，其余 1,283 张用于训练。导入 Keras 要几秒钟。

# %% setup
import os
import tempfile
import time

# TensorFlow writes start-up notes to stderr, which would land in the notebook as red output. Its level must be set
# before the import; the notes that it writes even earlier are dropped by quiet_start.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np

from course.data import digits28, held_out
from course.device import quiet_start
from course.interact import Prediction, choice, explore, play, slider, toggle
from course.language import say
from course.unfinished import when_solved

with quiet_start():
    import keras

# %%
from course.progress_panel import show_progress

show_progress()

# %% setup
images, labels = digits28()  # uint8 (1797, 28, 28), int64 (1797,)
x_all = images.astype("float32")[..., None] / 255  # (1797, 28, 28, 1), in [0, 1]
kept = held_out()  # True for the 514 rows that no training may touch
x_rest, y_rest, x_held, y_held = x_all[~kept], labels[~kept], x_all[kept], labels[kept]
headline = None  # section 6 makes it (network, test pictures, labels)


def scores_of(network, x):
    """Return the network's probabilities (n, 10), computed 500 pictures at a time."""
    parts = [keras.ops.convert_to_numpy(network(x[at:at + 500], training=False)) for at in range(0, len(x), 500)]
    return np.concatenate(parts)

# %% [markdown] lang="en"
# ## 1 · Fifteen lines that read digits
#
# This is the whole program. Run it; then change one thing at a time and run it again. Three changes that teach something:
#
# - Take 8 filters instead of 16, or delete a pooling layer.
# - Use the raw pixels, 0 … 255: write `255 * x_rest` in `fit` and `255 * x_held` in `evaluate`. Article A says that normalising "improves the result of training". Look at the loss of the first epoch.
# - Delete the second line and run the cell twice.
#
# <details><summary>Compare · the raw pixels</summary>With article A's own network we measured a loss of 9.17 in the first epoch instead of 1.31. The optimizer repairs the damage within three epochs, on data as easy as these.</details>
#
# Undo your changes and run the cell once more: later sections use this `model`.

# %% [markdown] lang="zh"
# ## 1 · 十五行程序认数字
#
# 下面就是完整的程序。先运行，再每次只改一处，重新运行。有三处改动值得一试：
#
# - 把 16 个滤波器改成 8 个，或删掉一个池化层。
# - 用 0 … 255 的原始像素：`fit` 里写 `255 * x_rest`，`evaluate` 里写 `255 * x_held`。文章 A 说归一化能“提高训练效果”，请看第一个轮次的损失。
# - 删掉第二行，把单元格运行两遍。
#
# <details><summary>对照 · 原始像素</summary>用文章 A 自己的网络，我们测得第一个轮次的损失是 9.17，归一化后是 1.31。数据这么简单，优化器三个轮次就能补救回来。</details>
#
# 改回原样，再运行一次：后面各节还要用这个 `model`。

# %%
layers = keras.layers
keras.utils.set_random_seed(0)
model = keras.Sequential([
    keras.Input((28, 28, 1)),
    layers.Conv2D(16, 3, activation="relu"),
    layers.MaxPooling2D(2),
    layers.Conv2D(32, 3, activation="relu"),
    layers.MaxPooling2D(2),
    layers.Flatten(),
    layers.Dense(10, activation="softmax"),
])
model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(x_rest, y_rest, batch_size=32, epochs=5, verbose=2)
loss, accuracy = model.evaluate(x_held, y_held, verbose=0)
print(say(en="held-out digits: {accuracy:.1%} right", zh="留出的数字：认对 {accuracy:.1%}", accuracy=accuracy))

# %% [markdown] lang="en"
# A batch of pictures is an array (N, H, W, C): pictures, rows, columns, channels. A grey picture has C = 1, and the axis is still there. Pixels are float32: article B divides `uint8` by `255.0` and so gets float64, twice the memory for a network that computes in float32 anyway.
#
# Why convolutions? A dense layer, as in chapter 1, connects every pixel with every neuron. Move a digit a little and its vector is a different one. Below, the network above and a dense one with the same score on unmoved digits meet pictures that moved to the right.

# %% [markdown] lang="zh"
# 一批图像是一个形状为 (N, H, W, C) 的数组：图像、行、列、通道。灰度图的 C = 1，这个轴仍然存在。像素用 float32：文章 B 用 `uint8` 除以 `255.0`，得到 float64，内存翻倍，而网络本来就用 float32 计算。
#
# 为什么要卷积？第 1 章的全连接层把每个像素连到每个神经元，数字稍一移动，向量就面目全非。下面找一个在原图上成绩相当的全连接网络，看两者怎样对付向右平移的图像。

# %%
from course.figures.shifts import accuracy_when_moved, fig_shifts

keras.utils.set_random_seed(0)
dense = keras.Sequential([keras.Input((28, 28, 1)), layers.Flatten(),
                          layers.Dense(128, activation="relu"), layers.Dense(10, activation="softmax")])
dense.compile(optimizer="adam", loss="sparse_categorical_crossentropy")
dense.fit(x_rest, y_rest, batch_size=64, epochs=6, verbose=0)
scores = {
    name: tuple(accuracy_when_moved(lambda x, n=network: keras.ops.convert_to_numpy(n(x)), x_held, y_held, d) for d in range(4))
    for name, network in (("dense", dense), ("convolutional", model))
}


def fig_moved(pixels, answered=True):
    """What moving the held-out pictures does to both networks."""
    return fig_shifts(x_held[3], scores["dense"], scores["convolutional"], pixels, answered)

# %%
explore(
    fig_moved,
    predict=Prediction(
        say(en="All digits move two pixels to the right. What happens to the accuracies?", zh="所有数字向右平移两个像素，准确率会怎样？"),
        options=(
            say(en="both stay", zh="都不变"),
            say(en="both fall, the dense one further", zh="都下降，全连接降得更多"),
            say(en="only the dense one falls", zh="只有全连接下降"),
        ),
        answer=1,
        because=(
            say(en="Neither network has ever seen a moved digit.", zh="两个网络都从没见过平移的数字。"),
            say(
                en="Convolution and pooling soften the blow, but the last layer still knows places. "
                "Moved training pictures help more (chapter 9).",
                zh="卷积和池化只能缓冲，最后的全连接层仍然记着位置。用平移过的图像训练更有效（第 9 章）。",
            ),
            say(
                en="Convolutions move with the picture, but behind them stands a dense layer that knows places.",
                zh="卷积会跟着图像移动，但后面还有一个记着位置的全连接层。",
            ),
        ),
    ),
    alt=say(
        en="Left: a held-out digit, moved to the right. Right: the accuracy of a dense and of a convolutional network "
        "against the number of pixels by which the pictures moved.",
        zh="左：一个向右平移的留出数字。右：全连接网络和卷积网络的准确率随平移像素数的变化。",
    ),
    pixels=slider(0, 3, 2, label=say(en="pixels", zh="像素")),
)

# %% [markdown] lang="en"
# ## 2 · Convolution by hand
#
# Lay a small stencil of numbers, the **kernel**, over the top left corner of the picture. Multiply what lies on top of each other, add up, write the sum down. Move the stencil by `stride` pixels and do it again. Press play.

# %% [markdown] lang="zh"
# ## 2 · 手工计算卷积
#
# 把一个由几个数组成的小模板，即**卷积核**，盖在图像左上角。重叠的数两两相乘，全部相加，记下结果。模板移动 `stride` 个像素，再来一次。按播放键看一遍。

# %%
from course.figures.convolution import KERNELS, fig_kernel, kernel_control, kernel_name
from course.figures.sliding import fig_sliding

explore(
    fig_sliding,
    alt=say(
        en="A seven of 8×8 pixels with a 3×3 window on it; the nine products of pixel and weight and their sum; "
        "the map, which fills in one output for each step.",
        zh="一个 8×8 像素的数字 7，上面有一个 3×3 的窗口；像素与权重的九个乘积及其和；特征图，每走一步填入一个输出。",
    ),
    step=play(0, 35, 14, label=say(en="window", zh="窗口")),
    kernel=choice(
        [(kernel_name(name), name) for name in ("vertical edge", "horizontal edge", "blur")],
        "vertical edge", label=say(en="kernel", zh="卷积核")),
)

# %% [markdown] lang="en"
# The sums form a new picture, large wherever the picture looks like the kernel. A kernel is a little detector, and the new picture, the **feature map**, says where it fires. Paint one: click the nine squares, or take one from the list.

# %% [markdown] lang="zh"
# 这些乘积之和排成一张新图像：哪里像卷积核，哪里的值就大。卷积核是一个小检测器，新图像叫**特征图**，标出它在哪里有响应。自己画一个：点击九个方格，或从列表中选。

# %%
explore(
    fig_kernel,
    predict=Prediction(
        say(en="Which kernel turns an area of constant grey into 0?", zh="哪个卷积核会把均匀的灰色区域变成 0？"),
        options=(kernel_name("blur"), kernel_name("vertical edge"), kernel_name("identity")),
        answer=1,
        because=(
            say(en="Its entries sum to 1: grey stays grey.", zh="它的元素之和为 1：灰色还是灰色。"),
            say(en="Its entries sum to 0, so equal neighbours cancel.", zh="它的元素之和为 0，相同的邻居互相抵消。"),
            say(en="It copies every pixel.", zh="它原样复制每个像素。"),
        ),
    ),
    alt=say(
        en="Left: a grey picture with the kernel's first window as an orange frame. Middle: the kernel's numbers. "
        "Right: the map that it gives, red where positive and blue where negative.",
        zh="左：灰度图像，橙色方框为卷积核的第一个窗口。中：卷积核的各个数。右：得到的特征图，正值为红色，负值为蓝色。",
    ),
    kernel=kernel_control(KERNELS["vertical edge"]),
    image=choice(
        [(say(en="flower", zh="花"), "flower"), (say(en="digit", zh="数字"), "digit"), (say(en="constant", zh="均匀"), "constant")],
        "flower", label=say(en="image", zh="图像")),
    stride=slider(1, 4, 1, label=say(en="stride", zh="步幅")),
    padding=choice(("valid", "same"), "valid", label=say(en="padding", zh="填充")),
)

# %% [markdown] lang="en"
# **In symbols.** A picture $x$ has C channels. There are F kernels (filters) of size $k_h \times k_w$, each with a weight for *every* channel and with *one* bias:
#
# $$y_{n,i,j,f} = b_f + \sum_{u=0}^{k_h-1}\sum_{v=0}^{k_w-1}\sum_{c=0}^{C-1} x_{n,\,si+u,\,sj+v,\,c}\; w_{u,v,c,f}$$
#
# with stride $s$. Strictly speaking this is a **cross-correlation**; a mathematician's convolution flips the kernel first. Libraries do not flip, since a learned kernel would simply come out flipped.
#
# The weights are shared by all positions, and that saves a lot. From 28×28 pixels to 32 maps of 26×26 numbers a dense layer would need $784 \cdot 21632 + 21632 = 16981120$ parameters. The convolution needs $3 \cdot 3 \cdot 1 \cdot 32 + 32 = 320$.
#
# **What happens at the border?** `"valid"` adds nothing: a window must fit into the picture. `"same"` adds zeros around it, so that an axis of n pixels gives ⌈n/s⌉ outputs. Ten pixels, kernel 3, stride 2: where do the zeros go?

# %% [markdown] lang="zh"
# **写成公式。** 图像 $x$ 有 C 个通道。F 个卷积核（滤波器）的大小都是 $k_h \times k_w$，每个核对**每个**通道都有权重，但只有**一个**偏置：
#
# $$y_{n,i,j,f} = b_f + \sum_{u=0}^{k_h-1}\sum_{v=0}^{k_w-1}\sum_{c=0}^{C-1} x_{n,\,si+u,\,sj+v,\,c}\; w_{u,v,c,f}$$
#
# 其中 $s$ 是步幅。严格说这是**互相关**；数学上的卷积要先翻转卷积核。各种库都不翻转：核是学出来的，翻转只会让学到的核也跟着翻转。
#
# 所有位置共享权重，节省非常可观。从 28×28 个像素到 32 张 26×26 的特征图，全连接层需要 $784 \cdot 21632 + 21632 = 16981120$ 个参数，卷积层只要 $3 \cdot 3 \cdot 1 \cdot 32 + 32 = 320$ 个。
#
# **到了边缘怎么办？** `"valid"` 什么也不补：窗口必须整个落在图像里。`"same"` 会补零，使长度为 n 的轴得到 ⌈n/s⌉ 个输出。10 个像素，卷积核 3，步幅 2：零补在哪里？

# %%
from course.figures.convolution import fig_windows

explore(
    fig_windows,
    predict=Prediction(
        say(en="“same” promises ⌈10/2⌉ = 5 outputs. Where does it add a zero?", zh="same 保证有 ⌈10/2⌉ = 5 个输出。零补在哪里？"),
        options=(
            say(en="one left, one right", zh="左右各一个"),
            say(en="one right", zh="右边一个"),
            say(en="one left", zh="左边一个"),
            say(en="nowhere", zh="不补"),
        ),
        answer=1,
        because=(
            say(en="Two zeros would be one too many.", zh="补两个就多了一个。"),
            say(en="The fifth window ends at position 10, one beyond pixel 9. The smaller half of the padding, 0, goes in front.",
                zh="第五个窗口止于位置 10，只超出像素 9 一格。填充中较小的一半（0 个）在前。"),
            say(en="One zero is right, but the smaller half comes first.", zh="个数对，但较小的一半在前。"),
            say(en="Four windows fit; the fifth sticks out.", zh="只放得下四个窗口，第五个会伸出去。"),
        ),
    ),
    alt=say(
        en="An axis of numbered pixels, with padding as dashed squares. Below it one coloured bar for each window of the "
        "kernel, labelled with the output it gives.",
        zh="一排编号的像素，填充为虚线方格。下方每个窗口一条彩色横条，旁边标出它给出的输出。",
    ),
    n=slider(4, 14, 10, label=say(en="length n", zh="长度 n")),
    k=slider(1, 5, 3, label=say(en="kernel k", zh="卷积核 k")),
    stride=slider(1, 4, 2, label=say(en="stride s", zh="步幅 s")),
    padding=choice(("valid", "same"), "same", label=say(en="padding", zh="填充")),
)

# %% [markdown] lang="en"
# On an axis of length $n$, output $i$ covers the pixels $si, \ldots, si+k-1$. With `"valid"` the last window must not stick out, $si+k-1 \le n-1$, which gives
#
# $$m = \left\lfloor \frac{n-k}{s} \right\rfloor + 1$$
#
# outputs. `"same"` promises $m = \lceil n/s \rceil$ outputs and adds zeros to keep the promise. The last window ends at position $(m-1)s+k-1$, so
#
# $$p = \max\bigl((m-1)s+k-n,\; 0\bigr), \qquad p_{0} = \lfloor p/2 \rfloor, \quad p_{1} = p - p_{0}$$
#
# with $p_0$ zeros in front (top, left) and $p_1$ behind: the *smaller* half comes first. Mind that $p$ depends on the stride.

# %% [markdown] lang="zh"
# 在长度为 $n$ 的轴上，第 $i$ 个输出覆盖像素 $si, \ldots, si+k-1$。`"valid"` 要求最后一个窗口不伸出去，即 $si+k-1 \le n-1$，于是输出个数为
#
# $$m = \left\lfloor \frac{n-k}{s} \right\rfloor + 1$$
#
# `"same"` 保证有 $m = \lceil n/s \rceil$ 个输出，为此补零。最后一个窗口止于位置 $(m-1)s+k-1$，所以
#
# $$p = \max\bigl((m-1)s+k-n,\; 0\bigr), \qquad p_{0} = \lfloor p/2 \rfloor, \quad p_{1} = p - p_{0}$$
#
# 其中 $p_0$ 个补在前面，$p_1$ 个补在后面：**较小**的一半在前（上、左）。注意 $p$ 与步幅有关。

# %% [markdown] lang="en"
# ### Exercise 1 · `conv2d` (5 points)
#
# ```python
# def conv2d(x, w, b, stride=1, padding="valid"): ...
# ```
#
# - `x` (N, H, W, C), `w` (kh, kw, C, F), `b` (F,), numbers of any kind. Compute in float64.
# - Returns a float array (N, H_out, W_out, F) by the formulas above. One `stride` for rows and columns; `padding` is `"valid"` or `"same"`.
# - The inputs stay unchanged. Library routines are allowed.
# - 8 pictures of 14×14×3 with kernels 3×3×3×8 take less than 0.5 s.
#
# One number: a 3×3 picture of ones and a 2×2 kernel of ones, bias 1, give 5 at each of four places.
#
# <details><summary>What hidden tests also use</summary>
#
# Random shapes with H ≠ W and kh ≠ kw, N = 1, 1×1 kernels, even kernels with `"same"`, strides 2 and 3 (also larger than the kernel), `uint8` and `float32` pictures, `uint8` kernels, inputs unchanged for every option, the time on pictures that your function has not seen before.
# </details>
# <details><summary>Hint 1 · what to look at</summary>
#
# Pad first; then everything is `"valid"`. `np.pad` takes one pair (before, after) for each axis.
# <details><summary>Hint 2 · which step</summary>
#
# Loop over the kernel, not over the picture. For fixed u and v all the pixels you need are one slice of `x` with step `stride`.
# <details><summary>Hint 3 · the step with a gap</summary>
#
# `y += x[:, u : u + ___ : stride, v : v + ___ : stride] @ w[u, v]`, where the slice has H_out rows and W_out columns.
# </details></details></details>

# %% [markdown] lang="zh"
# ### 练习 1 · `conv2d`（5 分）
#
# ```python
# def conv2d(x, w, b, stride=1, padding="valid"): ...
# ```
#
# - `x` (N, H, W, C)，`w` (kh, kw, C, F)，`b` (F,)，任何数值类型。用 float64 计算。
# - 按上面的公式返回浮点数组 (N, H_out, W_out, F)。行和列用同一个 `stride`；`padding` 为 `"valid"` 或 `"same"`。
# - 不得改动输入。可以用库函数。
# - 8 张 14×14×3 的图像配 3×3×3×8 的卷积核，用时不到 0.5 s。
#
# 一个数：全 1 的 3×3 图像，全 1 的 2×2 卷积核，偏置 1，四个位置都得 5。
#
# <details><summary>隐藏测试还会用到</summary>
#
# H ≠ W 且 kh ≠ kw 的随机形状、N = 1、1×1 卷积核、`"same"` 配偶数卷积核、步幅 2 和 3（也会大于卷积核）、`uint8` 和 `float32` 图像、`uint8` 卷积核、每种选项下输入都不变、在你的函数没见过的图像上计时。
# </details>
# <details><summary>提示 1 · 看哪里</summary>
#
# 先填充，之后一切都是 `"valid"`。`np.pad` 对每个轴要一对数（前，后）。
# <details><summary>提示 2 · 哪一步</summary>
#
# 对卷积核循环，而不是对图像循环。固定 u 和 v 时，需要的像素正是 `x` 的一个步长为 `stride` 的切片。
# <details><summary>提示 3 · 填空</summary>
#
# `y += x[:, u : u + ___ : stride, v : v + ___ : stride] @ w[u, v]`，切片要有 H_out 行、W_out 列。
# </details></details></details>

# %% solution="conv2d"
def conv2d(x, w, b, stride=1, padding="valid"):
    """Return the cross-correlation of x (N, H, W, C) with w (kh, kw, C, F), plus b (F,), as floats (N, H_out, W_out, F)."""
    ### BEGIN SOLUTION
    x, w = np.asarray(x, dtype=np.float64), np.asarray(w, dtype=np.float64)
    kh, kw = w.shape[:2]
    if padding == "same":
        pairs = []
        for n, k in ((x.shape[1], kh), (x.shape[2], kw)):
            total = max((-(-n // stride) - 1) * stride + k - n, 0)
            pairs.append((total // 2, total - total // 2))
        x = np.pad(x, ((0, 0), *pairs, (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(x, (kh, kw), axis=(1, 2))  # (N, H', W', C, kh, kw)
    return np.einsum("nijcuv,uvcf->nijf", windows[:, ::stride, ::stride], w) + b
    ### END SOLUTION

# %% test="conv2d-slides-the-kernel" points=2
image = np.ones((1, 3, 3, 1))
kernel, bias = np.ones((2, 2, 1, 1)), np.array([0.5])
out = conv2d(image, kernel, bias)
assert isinstance(out, np.ndarray), "[ch04-TYPE] conv2d 应返回 NumPy 数组，是不是漏了 return？ / conv2d should return a NumPy array; is a return missing?"
assert out.shape == (1, 2, 2, 1), "[ch04-SHAPE] conv2d 的形状应为 (N, H_out, W_out, F) / look at the shape that conv2d returns: (N, H_out, W_out, F)"
assert np.issubdtype(out.dtype, np.floating), "[ch04-DTYPE] conv2d 应返回浮点数 / conv2d should return floats"
assert np.allclose(out, 4.5), "[ch04-SUM] 四个 1 之和再加偏置 / four ones are summed, then the bias is added"
# A property to test your own cases with: without the bias the result is proportional to w.
assert np.allclose(conv2d(image, 2 * kernel, bias) - bias, 2 * (out - bias)), "[ch04-LINEAR] 减去偏置后，结果应与 w 成正比 / minus the bias the result is proportional to w"
# Two channels, one bias; four rows and five columns; a kernel of two rows and three columns.
wide = conv2d(np.ones((1, 4, 5, 2)), np.ones((2, 3, 2, 1)), np.array([10.0]))
assert wide.shape == (1, 3, 3, 1), "[ch04-AXES] 看看 H 与 W、kh 与 kw 有没有弄反 / are H and W, or kh and kw, exchanged?"
assert np.allclose(wide, 2 * 3 * 2 + 10), "[ch04-CHANNELS] 对所有输入通道求和，偏置只加一次 / sum over all input channels, and add the bias once"
### BEGIN HIDDEN TESTS
def _check_valid_convolution():
    def oracle(x, w, b):
        kh, kw, rows, columns = *w.shape[:2], x.shape[1] - w.shape[0] + 1, x.shape[2] - w.shape[1] + 1
        y = np.zeros((len(x), rows, columns, w.shape[3])) + np.asarray(b, dtype=np.float64)
        for u in range(kh):
            for v in range(kw):
                y += x[:, u:u + rows, v:v + columns].astype(np.float64) @ w[u, v].astype(np.float64)
        return y

    def close(result, expected, rtol=1e-7, atol=1e-9):
        return np.shape(result) == expected.shape and np.allclose(result, expected, rtol=rtol, atol=atol)

    rng = np.random.default_rng(40417)
    for n, h, width, c, kh, kw, f in ((2, 5, 7, 3, 3, 2, 4), (1, 9, 4, 2, 1, 4, 3), (3, 6, 8, 1, 2, 3, 2), (1, 7, 5, 4, 1, 1, 5), (4, 3, 6, 2, 3, 1, 1), (2, 4, 5, 1, 1, 1, 1)):
        x, w, b = rng.normal(size=(n, h, width, c)), rng.normal(size=(kh, kw, c, f)), rng.normal(size=f)
        before, expected = (x.copy(), w.copy(), b.copy()), oracle(x, w, b)
        result = conv2d(x, w, b)
        assert all(np.array_equal(new, old) for new, old in zip((x, w, b), before, strict=True)), "[ch04-INPLACE] conv2d 改动了输入 / conv2d changes its inputs"
        assert isinstance(result, np.ndarray), "[ch04-TYPE] conv2d 应返回 NumPy 数组 / conv2d should return a NumPy array"
        assert not (kh * kw > 1 and close(result, oracle(x, w[::-1, ::-1], b))), "[ch04-FLIP] 你的卷积核被翻转了；深度学习中的卷积是互相关 / your kernel is flipped; convolution here means cross-correlation"
        assert not close(result, oracle(x, w, 0 * b)), "[ch04-BIAS] 漏了偏置 / the bias is missing"
        assert not (c > 1 and close(result, oracle(x, w, c * b))), "[ch04-BIAS] 每个滤波器只加一次偏置，不是每个通道一次 / add the bias once per filter, not once per channel"
        assert not (c > 1 and close(result, oracle(x[..., :1], w[:, :, :1], b))), "[ch04-CHANNELS] 对所有输入通道求和 / sum over all input channels"
        assert result.shape == expected.shape, "[ch04-AXES] 看看 H 与 W、kh 与 kw 有没有弄反 / are H and W, or kh and kw, exchanged?"
        assert close(result, expected), "[ch04-SUM] conv2d 的结果与公式不符；逐项检查窗口、通道、偏置 / conv2d departs from the formula; check window, channels, bias one by one"
    pixels = rng.integers(0, 256, size=(2, 6, 5, 3), dtype=np.uint8)
    w, b = rng.normal(size=(3, 2, 3, 2)), rng.normal(size=2)
    before, expected = (pixels.copy(), w.copy(), b.copy()), oracle(pixels, w, b)
    result = conv2d(pixels, w, b)
    assert isinstance(result, np.ndarray), "[ch04-TYPE] conv2d 应返回 NumPy 数组 / conv2d should return a NumPy array"
    assert all(np.array_equal(new, old) for new, old in zip((pixels, w, b), before, strict=True)), "[ch04-INPLACE] conv2d 改动了输入 / conv2d changes its inputs"
    assert close(result, expected, 1e-6, 1e-6), "[ch04-UINT8] uint8 图像的结果不对；先转成浮点数 / wrong for uint8 pictures; convert to floats first"
    masks, b = rng.integers(0, 256, size=(2, 2, 3, 2), dtype=np.uint8), np.array([7, 200], dtype=np.uint8)
    expected = oracle(pixels, masks, b)
    assert close(conv2d(pixels, masks, b), expected, 1e-6, 1e-6), "[ch04-UINT8] uint8 卷积核的结果不对；先转成浮点数 / wrong for uint8 kernels; convert to floats first"
    x32, w32, b32 = (rng.normal(size=size).astype(np.float32) for size in ((2, 4, 6, 3), (2, 2, 3, 4), (4,)))
    before, expected = (x32.copy(), w32.copy(), b32.copy()), oracle(x32, w32, b32)
    result = conv2d(x32, w32, b32)
    assert all(np.array_equal(new, old) for new, old in zip((x32, w32, b32), before, strict=True)), "[ch04-INPLACE] conv2d 改动了输入 / conv2d changes its inputs"
    assert close(result, expected, 1e-5, 1e-5), "[ch04-FLOAT32] float32 输入的结果不对 / wrong for float32 inputs"
    assert close(result, expected), "[ch04-FLOAT32] float32 输入的结果精度不够：乘法和加法是在哪种类型中进行的？ / for float32 inputs the result is not exact enough: in which dtype are products and sums computed?"
_check_valid_convolution()
### END HIDDEN TESTS

# %% test="conv2d-pads-and-strides" points=2
ramp = np.arange(36.0).reshape(1, 6, 6, 1)
assert conv2d(ramp, np.ones((3, 3, 1, 1)), np.zeros(1), stride=2).shape == (1, 2, 2, 1), "[ch04-STRIDE] 步幅 2 时看看输出有几行几列 / count rows and columns of the output for stride 2"
assert conv2d(ramp, np.ones((3, 3, 1, 1)), np.zeros(1), padding="same").shape == (1, 6, 6, 1), "[ch04-SAME] 步幅 1 的 same 保持大小 / with stride 1, same keeps the size"
# A property: a kernel with a single 1 at its top left copies the picture where nothing is padded in front.
corner = np.zeros((2, 2, 1, 1))
corner[0, 0] = 1
assert np.allclose(conv2d(ramp, corner, np.zeros(1), padding="same"), ramp), "[ch04-HALF] 偶数卷积核时，填充较小的一半在上和左 / for an even kernel the smaller half of the padding is on top and left"
# Six pixels in a row, kernel 3, stride 2: one zero is added, behind. Kernel 1, stride 4: none is needed.
row = np.arange(1.0, 7.0).reshape(1, 1, 6, 1)
assert np.allclose(conv2d(row, np.ones((1, 3, 1, 1)), np.zeros(1), 2, "same").ravel(), [1 + 2 + 3, 3 + 4 + 5, 5 + 6]), "[ch04-PAD] same 的填充量取决于步幅 / the padding of same depends on the stride"
assert np.allclose(conv2d(row, np.ones((1, 1, 1, 1)), np.zeros(1), 4, "same").ravel(), [1, 5]), "[ch04-PAD] 填充量不会是负数 / the padding is never negative"
### BEGIN HIDDEN TESTS
def _check_stride_and_padding():
    def oracle(x, w, b, stride, padding):
        sizes, pairs = [], []
        for n, k in zip(x.shape[1:3], w.shape[:2], strict=True):
            m = -(-n // stride) if padding == "same" else (n - k) // stride + 1
            total = max((m - 1) * stride + k - n, 0) if padding == "same" else 0
            sizes.append(m)
            pairs.append((total // 2, total - total // 2))
        x = np.pad(x, ((0, 0), *pairs, (0, 0)))
        rows, columns = sizes
        y = np.zeros((len(x), rows, columns, w.shape[3])) + b
        for u in range(w.shape[0]):
            for v in range(w.shape[1]):
                y += x[:, u:u + stride * (rows - 1) + 1:stride, v:v + stride * (columns - 1) + 1:stride] @ w[u, v]
        return y

    rng = np.random.default_rng(90214)
    cases = (
        (2, 9, 6, 2, 3, 2, 3, 2, "valid"), (1, 11, 8, 3, 2, 4, 2, 3, "valid"), (2, 10, 7, 1, 1, 1, 2, 3, "valid"),
        (2, 5, 8, 2, 3, 5, 3, 1, "same"), (1, 7, 4, 3, 2, 4, 2, 1, "same"), (3, 8, 10, 2, 3, 3, 2, 2, "same"),
        (1, 9, 6, 2, 4, 2, 3, 2, "same"), (2, 10, 7, 2, 5, 3, 1, 3, "same"), (1, 6, 8, 1, 1, 2, 2, 3, "same"),
        (2, 1, 5, 2, 1, 3, 2, 2, "same"), (2, 8, 7, 2, 3, 3, 2, 2, "same"), (1, 7, 8, 1, 3, 3, 2, 2, "same"),
    )
    for n, h, width, c, kh, kw, f, stride, padding in cases:
        x, w, b = rng.normal(size=(n, h, width, c)), rng.normal(size=(kh, kw, c, f)), rng.normal(size=f)
        before, expected = (x.copy(), w.copy(), b.copy()), oracle(x, w, b, stride, padding)
        result = conv2d(x, w, b, stride, padding)
        assert all(np.array_equal(new, old) for new, old in zip((x, w, b), before, strict=True)), "[ch04-INPLACE] conv2d 改动了输入 / conv2d changes its inputs"
        assert isinstance(result, np.ndarray), "[ch04-TYPE] conv2d 应返回 NumPy 数组 / conv2d should return a NumPy array"
        assert result.shape == expected.shape, f"[ch04-SIZE] stride={stride}、padding={padding!r} 时输出大小不对 / the output size is wrong for stride={stride}, padding={padding!r}"
        if padding == "same" and not np.allclose(result, expected):
            back = oracle(x[:, ::-1, ::-1], w[::-1, ::-1], b, stride, padding)[:, ::-1, ::-1]
            assert not np.allclose(result, back), "[ch04-HALF] 填充较小的一半应在上和左 / the smaller half of the padding belongs on top and left"
        assert np.allclose(result, expected, rtol=1e-7, atol=1e-9), f"[ch04-PAD] 大小对，数值不对：stride={stride}、padding={padding!r} 时填充从哪里开始？ / right size, wrong values: where does the padding start for stride={stride}, padding={padding!r}?"
_check_stride_and_padding()
### END HIDDEN TESTS

# %% test="conv2d-is-fast-enough" points=1
import time

batch, kernels = np.ones((8, 14, 14, 3)), np.ones((3, 3, 3, 8))
seconds = float("inf")
for _ in range(3):  # the best of three: the machine may be busy with something else
    start = time.perf_counter()
    maps = conv2d(batch, kernels, np.zeros(8))
    seconds = min(seconds, time.perf_counter() - start)
    if seconds < 0.5:
        break
assert isinstance(maps, np.ndarray), "[ch04-TYPE] conv2d 应返回 NumPy 数组 / conv2d should return a NumPy array"
assert maps.shape == (8, 12, 12, 8), "[ch04-SHAPE] 看看 conv2d 返回的形状 / look at the shape that conv2d returns"
assert np.allclose(maps, 27), "[ch04-SUM] 每个窗口里有 3×3×3 个 1 / every window holds 3×3×3 ones"
assert seconds < 0.5, f"[ch04-SLOW] conv2d 用了 {seconds:.2f} s，太慢：把最内层的循环换成数组运算 / conv2d takes {seconds:.2f} s, which is too slow: replace the innermost loops by array operations"
### BEGIN HIDDEN TESTS
def _check_speed():
    rng = np.random.default_rng(7331)
    best = float("inf")
    for _ in range(4):  # the best of four: the machine may be busy with something else
        x, w, b = rng.normal(size=(8, 14, 14, 3)), rng.normal(size=(3, 3, 3, 8)), rng.normal(size=8)  # not seen before
        expected = sum(x[:, u:u + 12, v:v + 12] @ w[u, v] for u in range(3) for v in range(3)) + b
        start = time.perf_counter()
        result = conv2d(x, w, b)
        best = min(best, time.perf_counter() - start)
        assert np.shape(result) == expected.shape and np.allclose(result, expected, rtol=1e-7, atol=1e-9), "[ch04-SUM] conv2d 在随机图像上与公式不符 / conv2d departs from the formula on random pictures"
        if best < 0.5:
            break
    assert best < 0.5, "[ch04-SLOW] conv2d 太慢：把最内层的循环换成数组运算 / conv2d is too slow: replace the innermost loops by array operations"
_check_speed()
### END HIDDEN TESTS

# %% [markdown] lang="en"
# **Against the library.** Keras computes the same thing. Where your function and the library agree on random numbers, for every stride and padding, both are very likely right. In section 6 your function runs a trained network.

# %% [markdown] lang="zh"
# **与库对照。** Keras 计算的是同一个量。如果在随机数上，对所有步幅和填充方式，你的函数都与库一致，那么两者很可能都对。到第 6 节，你的函数还要运行一个训练好的网络。

# %% demo
with when_solved("conv2d"):
    draws = np.random.default_rng(0)
    picture, filters, offset = draws.normal(size=(2, 9, 8, 3)), draws.normal(size=(3, 2, 3, 4)), draws.normal(size=4)
    for step in (1, 2, 3):
        for pad in ("valid", "same"):
            mine = conv2d(picture, filters, offset, step, pad)
            keras_says = keras.ops.conv(picture.astype("float32"), filters.astype("float32"), step, pad)
            gap = np.abs(mine - offset - keras.ops.convert_to_numpy(keras_says)).max()
            print(say(en="stride {step}, {pad:5}: shape {shape}, largest difference {gap:.1e}",
                      zh="步幅 {step}，{pad:5}：形状 {shape}，最大差 {gap:.1e}", step=step, pad=pad, shape=mine.shape, gap=gap))

# %% [markdown] lang="en"
# ## 3 · Pooling, and where its gradient goes
#
# After a detector has fired, its exact pixel hardly matters. **Max-pooling** cuts each map into k×k windows that do not overlap and keeps the largest number of each. Rows and columns at the end that fill no window are cut off: 13×13 becomes 6×6.
#
# $$y_{n,i,j,c} = \max_{0 \le u, v < k} x_{n,\,ki+u,\,kj+v,\,c}$$
#
# Training needs the way back: given $d = \partial L / \partial y$, which pixels of $x$ get how much?

# %% [markdown] lang="zh"
# ## 3 · 池化，以及它的梯度流向哪里
#
# 检测器有了响应之后，具体在哪个像素并不重要。**最大池化**把每张特征图切成互不重叠的 k×k 窗口，只保留每个窗口中最大的数。末尾凑不满一个窗口的行和列被舍去：13×13 变成 6×6。
#
# $$y_{n,i,j,c} = \max_{0 \le u, v < k} x_{n,\,ki+u,\,kj+v,\,c}$$
#
# 训练需要反向：已知 $d = \partial L / \partial y$，$x$ 的哪些像素各得多少？

# %%
from course.figures.pooling import fig_pool_gradient

explore(
    fig_pool_gradient,
    predict=Prediction(
        say(en="2×2 windows on this 6×6 map: how many of the 36 pixels get a gradient?", zh="6×6 的特征图，2×2 的窗口：36 个像素中有几个得到梯度？"),
        options=("9", "18", "36"),
        answer=0,
        because=(
            say(en="One winner in each of the 3·3 windows. Moving any other pixel a little changes no maximum.",
                zh="3·3 个窗口各有一个胜者。其他像素稍微移动，最大值不变。"),
            say(en="That would be two for each window. Which second pixel moves the maximum?", zh="那就是每个窗口两个。第二个像素怎么会改变最大值？"),
            say(en="That is average pooling. Here a small change of a smaller pixel changes nothing.", zh="那是平均池化。这里较小的像素稍有变化，结果不变。"),
        ),
    ),
    alt=say(
        en="Three grids of numbers: the map with the winner of every window marked; the pooled map with the gradient that "
        "arrives; and the gradient that flows back to the pixels of the map.",
        zh="三个数字方格：标出每个窗口胜者的特征图；池化后的图及传来的梯度；以及传回特征图各像素的梯度。",
    ),
    size=slider(4, 7, 6, label=say(en="map size", zh="特征图边长")),
    k=slider(2, 3, 2, label=say(en="window k", zh="窗口 k")),
    ties=toggle(False, label=say(en="many equal pixels", zh="许多像素相等")),
    every=toggle(False, label=say(en="a wrong rule: every tied pixel gets d", zh="错误的规则：并列的像素都得到 d")),
)

# %% [markdown] lang="en"
# If the maximum of a window stands at $(u^*, v^*)$ alone, then near this point $y = x_{u^*, v^*}$, so
#
# $$\frac{\partial L}{\partial x_{n,\,ki+u,\,kj+v,\,c}} = \begin{cases} d_{n,i,j,c} & (u, v) = (u^*, v^*) \\ 0 & (u, v) \ne (u^*, v^*) \end{cases}$$
#
# **The winner takes it all**, and the border that was cut off gets nothing. Where pixels tie, the function has a kink; libraries then choose one winner. Ties are common: in the black border of a digit all pixels are equal. Giving $d$ to each of them would count it more than once.

# %% [markdown] lang="zh"
# 如果窗口的最大值只出现在 $(u^*, v^*)$，那么在这一点附近 $y = x_{u^*, v^*}$，因此
#
# $$\frac{\partial L}{\partial x_{n,\,ki+u,\,kj+v,\,c}} = \begin{cases} d_{n,i,j,c} & (u, v) = (u^*, v^*) \\ 0 & (u, v) \ne (u^*, v^*) \end{cases}$$
#
# **赢家通吃**，被舍去的边缘什么也得不到。像素并列时函数有折点，各种库会选定一个胜者。并列很常见：数字四周的黑色边框里像素全都相等。如果每个并列者都得到 $d$，就重复计算了。

# %% [markdown] lang="en"
# ### Exercise 2 · `maxpool2d` and `maxpool2d_backward` (3 points)
#
# ```python
# def maxpool2d(x, k): ...
# def maxpool2d_backward(d, x, k): ...
# ```
#
# - `maxpool2d`: float `x` (N, H, W, C) → float (N, H//k, W//k, C). `k` is window and stride.
# - `maxpool2d_backward`: `d` has the shape of that result, the answer has the shape of `x`. Rows and columns in no window get 0. Where pixels tie, exactly one of them, *any* one, gets the whole gradient.
# - The inputs stay unchanged.
#
# One number: the window [[1, 5], [4, 2]] with d = 3 gives 5 forwards and [[0, 3], [0, 0]] backwards.
#
# <details><summary>What hidden tests also use</summary>
#
# Negative pictures, odd sizes, k = 1 and 3, ties, pixels that differ in the ninth digit only (no tie), several pictures and channels, central differences.
# </details>
# <details><summary>Hint 1 · what to look at</summary>
#
# Cut `x` to multiples of k; what is left is whole windows only.
# <details><summary>Hint 2 · which step</summary>
#
# `reshape` to (N, H//k, k, W//k, k, C): axes 2 and 4 walk through a window. For the way back bring these two together, so that `argmax` finds one winner for each window.
# <details><summary>Hint 3 · the step with a gap</summary>
#
# With the windows in a last axis of length k·k, `np.eye(k * k)[windows.argmax(axis=-1)]` is 1 at every winner. Multiply by `d[..., ___]` and undo the reshaping.
# </details></details></details>

# %% [markdown] lang="zh"
# ### 练习 2 · `maxpool2d` 与 `maxpool2d_backward`（3 分）
#
# ```python
# def maxpool2d(x, k): ...
# def maxpool2d_backward(d, x, k): ...
# ```
#
# - `maxpool2d`：浮点 `x` (N, H, W, C) → 浮点 (N, H//k, W//k, C)。`k` 既是窗口大小，也是步幅。
# - `maxpool2d_backward`：`d` 与上面的结果形状相同，返回值与 `x` 形状相同。不在任何窗口中的行和列为 0。像素并列时，恰好一个像素（**任意**一个）得到全部梯度。
# - 不得改动输入。
#
# 一个数：窗口 [[1, 5], [4, 2]]，d = 3，前向得 5，反向得 [[0, 3], [0, 0]]。
#
# <details><summary>隐藏测试还会用到</summary>
#
# 负数图像、奇数边长、k = 1 和 3、并列、只在第九位数字上不同的像素（不算并列）、多张图像和多个通道、中心差分。
# </details>
# <details><summary>提示 1 · 看哪里</summary>
#
# 先把 `x` 裁成 k 的整数倍，剩下的都是完整的窗口。
# <details><summary>提示 2 · 哪一步</summary>
#
# 用 `reshape` 变成 (N, H//k, k, W//k, k, C)：第 2 轴和第 4 轴就是窗口内部。反向时把这两个轴合并，这样 `argmax` 在每个窗口里只找到一个胜者。
# <details><summary>提示 3 · 填空</summary>
#
# 窗口放在长度为 k·k 的最后一个轴上时，`np.eye(k * k)[windows.argmax(axis=-1)]` 在每个胜者处为 1。乘以 `d[..., ___]`，再把形状变回去。
# </details></details></details>

# %% solution="maxpool2d"
def maxpool2d(x, k):
    """Return the largest number of every full k×k window of x (N, H, W, C), shape (N, H//k, W//k, C)."""
    ### BEGIN SOLUTION
    n, h, w, c = x.shape
    cut = x[:, : h // k * k, : w // k * k]
    return cut.reshape(n, h // k, k, w // k, k, c).max(axis=(2, 4))
    ### END SOLUTION


def maxpool2d_backward(d, x, k):
    """Return dL/dx, shape of x, for d = dL/dy, shape of maxpool2d(x, k): one winner per window gets all."""
    ### BEGIN SOLUTION
    n, h, w, c = x.shape
    rows, columns = h // k, w // k
    cut = x[:, : rows * k, : columns * k].reshape(n, rows, k, columns, k, c)
    flat = cut.transpose(0, 1, 3, 5, 2, 4).reshape(n, rows, columns, c, k * k)
    won = np.eye(k * k)[flat.argmax(axis=-1)] * d[..., None]  # (n, rows, columns, c, k*k)
    back = won.reshape(n, rows, columns, c, k, k).transpose(0, 1, 4, 2, 5, 3)
    grad = np.zeros(x.shape)
    grad[:, : rows * k, : columns * k] = back.reshape(n, rows * k, columns * k, c)
    return grad
    ### END SOLUTION

# %% test="maxpool-keeps-the-largest" points=1
tiny = np.array([[1.0, 5.0], [4.0, 2.0]]).reshape(1, 2, 2, 1)
pooled = maxpool2d(tiny, 2)
assert isinstance(pooled, np.ndarray), "[ch04-TYPE] maxpool2d 应返回 NumPy 数组 / maxpool2d should return a NumPy array"
assert pooled.shape == (1, 1, 1, 1), "[ch04-SHAPE] maxpool2d 的形状应为 (N, H//k, W//k, C) / look at the shape: (N, H//k, W//k, C)"
assert pooled[0, 0, 0, 0] == 5, "[ch04-MAX] 保留窗口中的最大值 / keep the largest number of the window"
# A property: adding a constant to the picture adds it to the result.
assert np.allclose(maxpool2d(tiny - 9, 2), pooled - 9), "[ch04-NEGATIVE] 全为负数的图像也有最大值 / a picture of negative numbers has a maximum too"
# Five rows and seven columns in two channels: the last row and the last column fill no window.
odd = np.stack([np.arange(35.0), -np.arange(35.0)], axis=-1).reshape(1, 5, 7, 2)
assert maxpool2d(odd, 2).shape == (1, 2, 3, 2), "[ch04-ODD] 舍去凑不满窗口的行和列 / cut off the rows and columns that fill no window"
assert np.allclose(maxpool2d(odd, 2)[0, :, :, 0], [[8, 10, 12], [22, 24, 26]]), "[ch04-MAX] 每个窗口取最大值 / keep the largest number of every window"
assert np.allclose(maxpool2d(odd, 2)[0, 0, :, 1], [0, -2, -4]), "[ch04-CHANNELS] 每个通道各有自己的最大值 / every channel has a maximum of its own"
### BEGIN HIDDEN TESTS
def _check_pooling():
    rng = np.random.default_rng(5150)
    for n, h, w, c, k in ((1, 4, 6, 1, 2), (2, 7, 5, 3, 2), (3, 6, 10, 2, 3), (1, 8, 4, 2, 3), (2, 3, 3, 1, 1), (2, 5, 9, 4, 4)):
        x = rng.normal(size=(n, h, w, c)) - 4
        before = x.copy()
        expected = np.stack([x[:, u:h // k * k:k, v:w // k * k:k] for u in range(k) for v in range(k)]).max(axis=0)
        result = maxpool2d(x, k)
        assert np.array_equal(x, before), "[ch04-INPLACE] maxpool2d 改动了输入 / maxpool2d changes its input"
        assert isinstance(result, np.ndarray), "[ch04-TYPE] maxpool2d 应返回 NumPy 数组 / maxpool2d should return a NumPy array"
        assert result.shape == expected.shape, f"[ch04-ODD] {h}×{w} 的图像、k = {k} 时形状不对：舍去凑不满的行和列 / wrong shape for a {h}×{w} picture and k = {k}: cut off what fills no window"
        assert np.allclose(result, expected, rtol=1e-7, atol=1e-9), "[ch04-MAX] maxpool2d 没有取到窗口的最大值（负数也算） / maxpool2d misses the largest number of some window (negative ones count too)"
_check_pooling()
### END HIDDEN TESTS

# %% test="maxpool-routes-the-gradient" points=2
tiny = np.array([[1.0, 5.0], [4.0, 2.0]]).reshape(1, 2, 2, 1)
incoming = np.array([[[[3.0]]]])
routed = maxpool2d_backward(incoming, tiny, 2)
assert isinstance(routed, np.ndarray), "[ch04-TYPE] maxpool2d_backward 应返回 NumPy 数组 / maxpool2d_backward should return a NumPy array"
assert routed.shape == tiny.shape, "[ch04-SHAPE] 梯度与 x 形状相同 / the gradient has the shape of x"
assert np.allclose(routed[0, :, :, 0], [[0, 3], [0, 0]]), "[ch04-WINNER] 只有最大的像素得到梯度，而且是 d 的值 / only the largest pixel gets the gradient, and it gets the value of d"
# A property: the gradient agrees with a central difference. Here for the pixel at the top right.
nudge = np.zeros_like(tiny)
nudge[0, 0, 1, 0] = 1e-6
slope = 3 * (maxpool2d(tiny + nudge, 2) - maxpool2d(tiny - nudge, 2)).item() / 2e-6
assert abs(slope - routed[0, 0, 1, 0]) < 1e-5, "[ch04-SLOPE] 梯度与中心差分不符 / the gradient departs from a central difference"
# All pixels tie, the fifth column fills no window, and the two channels have gradients of their own.
flat, incoming = np.zeros((1, 4, 5, 2)), np.array([-2.0, 3.0]) * np.ones((1, 2, 2, 2))
routed = maxpool2d_backward(incoming, flat, 2)
assert not flat.any() and np.allclose(incoming[..., 0], -2), "[ch04-INPLACE] maxpool2d_backward 改动了输入 / maxpool2d_backward changes its inputs"
assert routed.shape == flat.shape, "[ch04-SHAPE] 梯度与 x 形状相同 / the gradient has the shape of x"
assert not routed[:, :, 4].any(), "[ch04-BORDER] 被舍去的行和列的梯度应为零 / rows and columns that were cut off get no gradient"
assert np.count_nonzero(routed[..., 0]) == np.count_nonzero(routed[..., 1]) == 4, "[ch04-TIES] 并列时恰好一个像素得到梯度 / where pixels tie, exactly one of them gets the gradient"
assert np.allclose(routed.sum(axis=(0, 1, 2)), [-8, 12]), "[ch04-VALUE] 胜者应得到 d 的完整值 / the winner gets the whole of d"
both = np.stack([tiny[0, :, :, 0], tiny[0, ::-1, :, 0]], axis=-1)[None]
assert np.allclose(maxpool2d_backward(np.ones((1, 1, 1, 2)), both, 2)[0, :, 1, :], [[1, 0], [0, 1]]), "[ch04-CHANNELS] 每个通道各有自己的胜者 / every channel has a winner of its own"
### BEGIN HIDDEN TESTS
def _check_pool_gradient():
    def windows(a, k):  # (n, rows, columns, c, k*k)
        rows, columns = a.shape[1] // k, a.shape[2] // k
        return np.stack([a[:, u:rows * k:k, v:columns * k:k] for u in range(k) for v in range(k)], axis=-1)

    rng = np.random.default_rng(8086)
    for n, h, w, c, k, gap in ((1, 4, 6, 1, 2, 0.01), (2, 7, 5, 3, 2, 0.01), (2, 6, 10, 2, 3, 0.01), (1, 8, 4, 2, 3, 0.01), (3, 2, 5, 1, 1, 0.01),
                               (2, 7, 8, 2, 3, 0.01), (2, 6, 7, 2, 2, 1e-9), (1, 9, 6, 1, 3, 1e-9)):
        x = rng.permutation(n * h * w * c).reshape(n, h, w, c) * gap - 3  # all different: no ties
        d = 2 * rng.normal(size=(n, h // k, w // k, c)) + 1  # of both signs
        before = x.copy(), d.copy()
        grad = maxpool2d_backward(d, x, k)
        assert np.array_equal(x, before[0]) and np.array_equal(d, before[1]), "[ch04-INPLACE] maxpool2d_backward 改动了输入 / maxpool2d_backward changes its inputs"
        assert isinstance(grad, np.ndarray) and grad.shape == x.shape, f"[ch04-SHAPE] {h}×{w} 的图像、k = {k} 时梯度的形状应与 x 相同 / for a {h}×{w} picture and k = {k} the gradient should have the shape of x"
        outside = np.ones((h, w), dtype=bool)
        outside[:h // k * k, :w // k * k] = False
        assert not np.any(grad[:, outside]), "[ch04-BORDER] 被舍去的行和列的梯度应为零 / rows and columns that were cut off get no gradient"
        inside, values = windows(grad, k), windows(x, k)
        winner = values == values.max(axis=-1, keepdims=True)
        assert not np.any(inside[~winner]), "[ch04-WINNER] 不是最大值的像素也得到了梯度 / pixels that are not the maximum get a gradient"
        assert np.allclose(inside[winner], d.ravel(), rtol=1e-9, atol=1e-12), "[ch04-VALUE] 胜者应得到 d 中对应的值 / the winner should get its own entry of d"
        for _ in range(8 if gap > 1e-6 else 0):  # a difference of closer pixels would cross from one to the other
            at = tuple(rng.integers(0, size) for size in x.shape)
            step = np.zeros_like(x)
            step[at] = 1e-6
            slope = (d * (windows(x + step, k).max(axis=-1) - windows(x - step, k).max(axis=-1))).sum() / 2e-6
            assert abs(slope - grad[at]) < 1e-5, "[ch04-SLOPE] 梯度与中心差分不符 / the gradient departs from a central difference"
    for x in (np.zeros((2, 4, 5, 2)), -np.ones((1, 6, 6, 1)), rng.integers(-2, 1, size=(2, 7, 6, 3)).astype(float)):
        for k in (2, 3):
            d = rng.normal(size=(len(x), x.shape[1] // k, x.shape[2] // k, x.shape[3])) + 3
            before = x.copy(), d.copy()
            grad = maxpool2d_backward(d, x, k)
            assert np.array_equal(x, before[0]) and np.array_equal(d, before[1]), "[ch04-INPLACE] maxpool2d_backward 改动了输入 / maxpool2d_backward changes its inputs"
            assert np.shape(grad) == x.shape, "[ch04-SHAPE] 梯度与 x 形状相同 / the gradient has the shape of x"
            inside, values = windows(grad, k), windows(x, k)
            given = inside != 0
            assert np.all(given.sum(axis=-1) == 1), "[ch04-TIES] 并列时恰好一个像素得到梯度 / where pixels tie, exactly one of them gets the gradient"
            assert np.all(values[given] == values.max(axis=-1).ravel()), "[ch04-WINNER] 梯度给了不是最大值的像素 / the gradient went to a pixel that is not the maximum"
            assert np.allclose(inside.sum(axis=-1), d, rtol=1e-9, atol=1e-12), "[ch04-VALUE] 并列时胜者也应得到 d 的完整值 / with ties, too, the winner gets the whole of d"
_check_pool_gradient()
### END HIDDEN TESTS

# %% [markdown] lang="en"
# ## 4 · The two articles' networks
#
# Both articles stack the same bricks. Every convolution is 3×3, `"valid"`, stride 1, with ReLU; every pooling window is 2×2.
#
# | | article A | article B |
# |---|---|---|
# | 1 | convolution, 32 filters | convolution, 32 filters |
# | 2 | max-pooling | max-pooling |
# | 3 | convolution, 64 filters | convolution, 64 filters |
# | 4 | max-pooling | max-pooling |
# | 5 | flatten | convolution, 64 filters |
# | 6 | dense, 128, ReLU | flatten |
# | 7 | dense, 10, softmax | dense, 64, ReLU |
# | 8 | | dense, 10, softmax |
#
# Work out in your head which layer of A holds most of the parameters, and which one does most of the work.

# %% [markdown] lang="zh"
# ## 4 · 两篇文章的网络
#
# 两篇文章用的是同样的积木。卷积一律 3×3、`"valid"`、步幅 1、后接 ReLU；池化窗口一律 2×2。
#
# | | 文章 A | 文章 B |
# |---|---|---|
# | 1 | 卷积，32 个滤波器 | 卷积，32 个滤波器 |
# | 2 | 最大池化 | 最大池化 |
# | 3 | 卷积，64 个滤波器 | 卷积，64 个滤波器 |
# | 4 | 最大池化 | 最大池化 |
# | 5 | 展平 | 卷积，64 个滤波器 |
# | 6 | 全连接，128，ReLU | 展平 |
# | 7 | 全连接，10，softmax | 全连接，64，ReLU |
# | 8 | | 全连接，10，softmax |
#
# 心算一下：A 的哪一层参数最多，哪一层干的活最多？

# %%
from course.figures.layer_costs import fig_layer_costs

explore(
    fig_layer_costs,
    predict=Prediction(
        say(en="Which layer of A does most of the multiplications?", zh="A 的哪一层做的乘法最多？"),
        options=(
            say(en="the first convolution, on the large picture", zh="第一个卷积层，图像最大"),
            say(en="the second convolution", zh="第二个卷积层"),
            say(en="the dense layer with most of the parameters", zh="参数最多的全连接层"),
        ),
        answer=1,
        because=(
            say(en="It has most outputs, but each costs only 9 products.", zh="它的输出最多，但每个只要 9 次乘法。"),
            say(en="Fewer outputs, but each is a sum of 288 products: six sevenths of the work.", zh="输出较少，但每个是 288 个乘积之和：占总量的七分之六。"),
            say(en="Each of its weights is used once per picture; a kernel's weight is used at every position.",
                zh="它的每个权重在每张图像上只用一次；卷积核的权重在每个位置都要用。"),
        ),
    ),
    alt=say(
        en="For each layer of a network two bars: its share of all parameters and its share of all multiplications; on the "
        "right the side of the square of pixels that one output sees.",
        zh="网络每一层有两根横条：占全部参数的份额和占全部乘法的份额；右侧是一个输出所看到的像素方块的边长。",
    ),
    program=choice(("A", "B"), "A", label=say(en="article", zh="文章")),
)

# %% [markdown] lang="en"
# The side lengths of A are $28 \to 26 \to 13 \to 11 \to 5$, and the parameters
#
# $$\underbrace{9 \cdot 1 \cdot 32 + 32}_{320} + \underbrace{9 \cdot 32 \cdot 64 + 64}_{18496} + \underbrace{1600 \cdot 128 + 128}_{204928} + \underbrace{128 \cdot 10 + 10}_{1290} = 225034$$
#
# Parameters cost memory, multiplications cost time. B's third convolution shrinks 5×5 to 3×3 before flattening and gets by with 93,322 parameters. Neither network is large.
#
# The **receptive field** of an output is the square of pixels that can change it. A 3×3 convolution adds 2 pixels, or 4 behind one pooling layer, where neighbours are two pixels apart. An output of A's second pooling layer sees 10×10 pixels. All 5×5 of them together see 26×26: nobody ever looks at the last two rows and columns of the picture, because pooling cuts off the odd edge of 11×11.
#
# **In Keras 3** a `Sequential` starts with `keras.Input((28, 28, 1))`. The articles write `input_shape=` into the first `Conv2D`. That still works but warns.

# %% [markdown] lang="zh"
# A 的边长依次为 $28 \to 26 \to 13 \to 11 \to 5$，参数量为
#
# $$\underbrace{9 \cdot 1 \cdot 32 + 32}_{320} + \underbrace{9 \cdot 32 \cdot 64 + 64}_{18496} + \underbrace{1600 \cdot 128 + 128}_{204928} + \underbrace{128 \cdot 10 + 10}_{1290} = 225034$$
#
# 参数占内存，乘法花时间。B 的第三个卷积层在展平前把 5×5 缩成 3×3，总共只要 93,322 个参数。两个网络都算不上大。
#
# 一个输出的**感受野**是能影响它的像素方块。3×3 卷积使边长增加 2 个像素；如果前面有一个池化层，相邻的数相距两个像素，就增加 4 个。A 的第二个池化层的一个输出看到 10×10 个像素，全部 5×5 个输出合起来看到 26×26：图像的最后两行和两列从来没人看，因为池化舍去了 11×11 多出的一行一列。
#
# **在 Keras 3 中**，`Sequential` 以 `keras.Input((28, 28, 1))` 开头。两篇文章把 `input_shape=` 写进第一个 `Conv2D`，仍能运行，但会警告。

# %% [markdown] lang="en"
# ### Exercise 3 · `build_cnn` (2 points)
#
# ```python
# def build_cnn(spec="A"): ...
# ```
#
# - Returns the network of article `"A"` or `"B"` from the table as a built `keras.Model`: pictures (28, 28, 1) in, ten probabilities out. It need not be compiled.
# - Built-in layers only (no `Lambda`, no classes of your own). Start with `keras.Input`: `input_shape=` in a layer is the old style, and Keras warns of it (a matter of style, which tests do not see).
# - Any other `spec` raises `ValueError`.
#
# Two numbers: 225,034 parameters for A, 93,322 for B.
#
# <details><summary>What hidden tests also use</summary>
#
# Your weights, copied in order into a network of the test's own, give the same outputs on random pictures, also with the last kernel multiplied by 1,000 and with pixels up to 100; outputs in training and in use are equal; several unknown specs.
# </details>
# <details><summary>Hint 1 · what to look at</summary>
#
# The program of section 1 has the form you need. What is missing is in the table.
# <details><summary>Hint 2 · which step</summary>
#
# The two columns differ in one convolution and in the width of the dense layer.
# <details><summary>Hint 3 · the step with a gap</summary>
#
# `if spec == "B": model.add(layers.Conv2D(___, 3, activation=___))`
# </details></details></details>

# %% [markdown] lang="zh"
# ### 练习 3 · `build_cnn`（2 分）
#
# ```python
# def build_cnn(spec="A"): ...
# ```
#
# - 按上表返回文章 `"A"` 或 `"B"` 的网络，是已构建的 `keras.Model`：输入图像 (28, 28, 1)，输出十个概率。不必编译。
# - 只用内置层（不用 `Lambda`，不用自定义类）。以 `keras.Input` 开头：在层里写 `input_shape=` 是旧写法，Keras 会发出警告（这是风格问题，测试看不到）。
# - 其他 `spec` 抛出 `ValueError`。
#
# 两个数：A 有 225,034 个参数，B 有 93,322 个。
#
# <details><summary>隐藏测试还会用到</summary>
#
# 把你的权重按顺序复制到测试自己的网络中，在随机图像上输出相同；最后一个权重矩阵乘以 1,000、像素大到 100 时也如此；训练时与使用时输出相等；几个未知的 spec。
# </details>
# <details><summary>提示 1 · 看哪里</summary>
#
# 第 1 节的程序就是你要的样子，缺的都在表里。
# <details><summary>提示 2 · 哪一步</summary>
#
# 两列的差别是一个卷积层，以及全连接层的宽度。
# <details><summary>提示 3 · 填空</summary>
#
# `if spec == "B": model.add(layers.Conv2D(___, 3, activation=___))`
# </details></details></details>

# %% solution="build-cnn"
def build_cnn(spec="A"):
    """Return article A's or B's network as an uncompiled keras.Model: (28, 28, 1) in, ten probabilities out."""
    ### BEGIN SOLUTION
    if spec not in ("A", "B"):
        raise ValueError(f"spec is 'A' or 'B', not {spec!r}")
    layers = keras.layers
    model = keras.Sequential([
        keras.Input((28, 28, 1)),
        layers.Conv2D(32, 3, activation="relu"),
        layers.MaxPooling2D(2),
        layers.Conv2D(64, 3, activation="relu"),
        layers.MaxPooling2D(2),
    ])
    if spec == "B":
        model.add(layers.Conv2D(64, 3, activation="relu"))
    model.add(layers.Flatten())
    model.add(layers.Dense(128 if spec == "A" else 64, activation="relu"))
    model.add(layers.Dense(10, activation="softmax"))
    return model
    ### END SOLUTION

# %% test="cnn-gives-ten-probabilities" points=1
network = build_cnn("A")
assert isinstance(network, keras.Model), "[ch04-TYPE] build_cnn 应返回 keras.Model / build_cnn should return a keras.Model"
assert network.built, "[ch04-INPUT] 网络还没有构建：以 keras.Input 开头 / the network is not built: start it with keras.Input"
assert tuple(network.output_shape) == (None, 10), "[ch04-SHAPE] 输出应为 (None, 10) / the output should be (None, 10)"
noise = np.random.default_rng(4).random((3, 28, 28, 1), dtype=np.float32)
# A property: the outputs of each picture are probabilities.
sums = keras.ops.convert_to_numpy(network(noise)).sum(axis=1)
assert np.allclose(sums, 1, atol=1e-5), "[ch04-SOFTMAX] 每一行的和应为 1：最后一层用 softmax / every row should sum to 1: the last layer is a softmax"
for spec, parameters in (("A", 225_034), ("B", 93_322)):
    counted = sum(weight.size for weight in build_cnn(spec).get_weights())
    assert counted == parameters, f"[ch04-PARAMETERS] build_cnn({spec!r}) 的参数量不对：与表格逐层核对（填充、池化、宽度） / build_cnn({spec!r}) has the wrong number of parameters: compare it with the table layer by layer (padding, pooling, widths)"
try:
    build_cnn("C")
except ValueError:
    pass
else:
    raise AssertionError("[ch04-SPEC] 未知的 spec 应抛出 ValueError / an unknown spec should raise ValueError")
### BEGIN HIDDEN TESTS
def _check_architecture():
    for spec, parameters in (("A", 225_034), ("B", 93_322)):
        model = build_cnn(spec)
        assert isinstance(model, keras.Model) and model.built, f"[ch04-INPUT] build_cnn({spec!r}) 应返回已构建的 keras.Model / build_cnn({spec!r}) should return a built keras.Model"
        assert tuple(model.input_shape) == (None, 28, 28, 1), f"[ch04-INPUT] build_cnn({spec!r}) 的输入应为 (28, 28, 1) / the input of build_cnn({spec!r}) should be (28, 28, 1)"
        assert tuple(model.output_shape) == (None, 10), f"[ch04-SHAPE] build_cnn({spec!r}) 的输出应为 (None, 10) / the output of build_cnn({spec!r}) should be (None, 10)"
        assert sum(weight.size for weight in model.get_weights()) == parameters, f"[ch04-PARAMETERS] build_cnn({spec!r}) 的参数量不对：与表格逐层核对（填充、池化、宽度） / build_cnn({spec!r}) has the wrong number of parameters: compare it with the table layer by layer (padding, pooling, widths)"
    assert build_cnn().count_params() == 225_034, "[ch04-DEFAULT] 默认的 spec 是 A / the default spec is A"
    for unknown in ("C", "a", "", "AB"):
        try:
            build_cnn(unknown)
        except ValueError:
            continue
        raise AssertionError("[ch04-SPEC] 未知的 spec 应抛出 ValueError / an unknown spec should raise ValueError")
_check_architecture()
### END HIDDEN TESTS

# %% test="cnn-computes-what-the-articles-compute" points=1
network = build_cnn("B")
black = np.zeros((1, 28, 28, 1), dtype=np.float32)
# A property: fresh biases are zero, so a black picture leaves every class equally likely.
shares = keras.ops.convert_to_numpy(network(black))
assert np.shape(shares) == (1, 10), "[ch04-SHAPE] 一张图像给出 (1, 10) / one picture gives (1, 10)"
assert np.allclose(shares, 0.1, atol=1e-5), "[ch04-SOFTMAX] 全黑图像上十个概率应相等 / on a black picture the ten probabilities should be equal"
# With a much larger last kernel the network is sure of one class.
weights = network.get_weights()
network.set_weights([*weights[:-2], 1000 * weights[-2], weights[-1]])
sure = keras.ops.convert_to_numpy(network(np.random.default_rng(4).random((3, 28, 28, 1), dtype=np.float32)))
assert np.shape(sure) == (3, 10) and sure.max() > 0.99, "[ch04-TWICE] logits 很大时最大概率应趋近 1；softmax 是否用了两次？ / with large logits the largest probability should approach 1; is softmax applied twice?"
# Where a kernel makes everything negative, its ReLU gives 0, and all classes are equally likely again.
white = np.ones((1, 28, 28, 1), dtype=np.float32)
for place in range(0, len(weights) - 2, 2):
    signs = [-1 if at in (place, place + 2) else 1 for at in range(len(weights) - 2)]
    network.set_weights([*(sign * np.abs(weight) for sign, weight in zip(signs, weights, strict=False)), *weights[-2:]])
    shares = keras.ops.convert_to_numpy(network(white))
    assert np.shape(shares) == (1, 10) and np.allclose(shares, 0.1, atol=1e-4), "[ch04-RELU] 每个卷积层和隐藏的全连接层之后都应有 ReLU / every convolution and the hidden dense layer should be followed by ReLU"
### BEGIN HIDDEN TESTS
def _check_against_own_network():
    layers = keras.layers

    def own(spec):
        stack = [keras.Input((28, 28, 1)), layers.Conv2D(32, 3, activation="relu"), layers.MaxPooling2D(2),
                 layers.Conv2D(64, 3, activation="relu"), layers.MaxPooling2D(2)]
        stack += [layers.Conv2D(64, 3, activation="relu")] if spec == "B" else []
        stack += [layers.Flatten(), layers.Dense(64 if spec == "B" else 128, activation="relu"), layers.Dense(10, activation="softmax")]
        return keras.Sequential(stack)

    def outputs(model, pictures):
        return keras.ops.convert_to_numpy(model(pictures, training=False))

    pictures = np.random.default_rng(6112).normal(size=(6, 28, 28, 1)).astype(np.float32)
    for spec in ("A", "B"):
        theirs, mine = build_cnn(spec), own(spec)
        assert isinstance(theirs, keras.Model) and theirs.built, f"[ch04-INPUT] build_cnn({spec!r}) 应返回已构建的 keras.Model / build_cnn({spec!r}) should return a built keras.Model"
        twin = type(theirs).from_config(theirs.get_config())
        weights = theirs.get_weights()
        assert [weight.shape for weight in weights] == [weight.shape for weight in mine.get_weights()], f"[ch04-LAYERS] build_cnn({spec!r}) 各层权重的形状与表格不符 / the weights of build_cnn({spec!r}) do not have the table's shapes"
        rng = np.random.default_rng(31 + ord(spec))
        weights = [weight + (0.1 * rng.normal(size=weight.shape) if weight.ndim == 1 else 0) for weight in weights]  # biases that show
        for factor, light in ((1000, 1), (1, 1), (0.01, 30)):  # light: activations large enough to reach a cap
            scaled = [*weights[:-2], weights[-2] * factor, weights[-1]]
            twin.set_weights(scaled)
            mine.set_weights(scaled)
            result, expected = outputs(twin, light * pictures), outputs(mine, light * pictures)
            assert np.shape(result) == (6, 10) and np.allclose(result.sum(axis=1), 1, atol=1e-4), "[ch04-SOFTMAX] 输出不是概率 / the outputs are no probabilities"
            if factor == 1000:
                assert result.max() > 0.99, "[ch04-TWICE] logits 很大时最大概率应趋近 1；softmax 是否用了两次？ / with large logits the largest probability should approach 1; is softmax applied twice?"
            assert np.allclose(result, expected, atol=1e-5), f"[ch04-LAYERS] 参数量相同，输出不同：检查 build_cnn({spec!r}) 的激活函数和顺序 / same number of parameters, other outputs: check activations and order in build_cnn({spec!r})"
        while_training = keras.ops.convert_to_numpy(twin(light * pictures, training=True))
        assert np.allclose(while_training, result, atol=1e-5), f"[ch04-RANDOM] 表格中没有随机的层：build_cnn({spec!r}) 在训练时给出别的输出 / the table has no layer that draws at random: build_cnn({spec!r}) gives other outputs in training"
_check_against_own_network()
### END HIDDEN TESTS

# %% [markdown] lang="en"
# ## 5 · Training, and two checks before it
#
# Three calls make a run. `compile` chooses the optimizer (Adam in both articles; chapter 6 opens it up), the loss and the metrics. For integer labels the loss is `"sparse_categorical_crossentropy"`. `fit` goes through the training data `epochs` times in shuffled mini-batches: n pictures make $\lceil n / B \rceil$ steps per epoch, so 60,000 at the default 32 make 1,875. `evaluate` measures on other data.
#
# **Check 1: the loss before the first step.** An untrained network knows nothing, and its probabilities are nearly equal. Which loss must it have? Compute the number before you run the cell.
#
# **Check 2: overfit twenty pictures.** A network that cannot learn twenty pictures by heart has a bug: wrong labels, wrong loss, a frozen layer, a rate far off. This costs seconds and saves nights.

# %% [markdown] lang="zh"
# ## 5 · 训练，以及训练前的两项检查
#
# 一次训练由三个调用组成。`compile` 选定优化器（两篇文章都用 Adam，第 6 章会拆开讲）、损失和指标；整数标签的损失是 `"sparse_categorical_crossentropy"`。`fit` 把训练数据过 `epochs` 遍，每遍打乱后取小批量：n 张图像每个轮次 $\lceil n / B \rceil$ 步，60,000 张按默认批量 32 是 1,875 步。`evaluate` 在另外的数据上测量。
#
# **检查一：第一步之前的损失。** 未训练的网络一无所知，各类概率几乎相等。它的损失应该是多少？先算出来，再运行单元格。
#
# **检查二：过拟合二十张图像。** 连二十张图像都背不下来的网络一定有错：标签错、损失错、某层被冻结，或学习率差得太远。这项检查只花几秒，却能省下几个通宵。

# %% demo
with when_solved("build_cnn"):
    keras.utils.set_random_seed(0)
    candidate = build_cnn("A")
    candidate.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    before = candidate.evaluate(x_rest[:200], y_rest[:200], batch_size=200, verbose=0)[0]
    twenty = candidate.fit(x_rest[:20], y_rest[:20], epochs=25, verbose=0).history
    print(say(en="loss before training {before:.3f}, ln 10 = {ln:.3f}", zh="训练前的损失 {before:.3f}，ln 10 = {ln:.3f}", before=before, ln=np.log(10)))
    print(say(en="twenty pictures: accuracy {start:.2f} in epoch 1, {end:.2f} in epoch 25",
              zh="二十张图像：第 1 轮准确率 {start:.2f}，第 25 轮 {end:.2f}", start=twenty["accuracy"][0], end=twenty["accuracy"][-1]))

# %% [markdown] lang="en"
# **What `fit` returns.** The attribute `history` of its result is a dict of lists, one number per epoch: `loss`, `accuracy` and, **only with** `validation_data=(x_val, y_val)`, `val_loss` and `val_accuracy`. Validation data are looked at after each epoch and never learned from. (Article A writes `validation_split=0.1`. Keras then takes the *last* tenth, unshuffled. That is harmless for MNIST and wrong for sorted data.)
#
# In the first epoch the training accuracy is often *below* the validation accuracy. The training number is a mean over the epoch, from the first clumsy step on; the validation number is taken at its end.
#
# Three sets, three jobs: training data fit the weights, validation data choose between runs, and the test set is looked at once, at the end. Article A advises to "adjust the model by the evaluation". On the test set that would be cheating yourself.

# %% [markdown] lang="zh"
# **`fit` 返回什么。** 返回值的属性 `history` 是由列表组成的字典，每个轮次一个数：`loss`、`accuracy`；**只有**给了 `validation_data=(x_val, y_val)`，才有 `val_loss` 和 `val_accuracy`。验证数据在每个轮次之后只看一眼，绝不参与学习。（文章 A 写的是 `validation_split=0.1`，Keras 会取**最后**十分之一，不打乱。对 MNIST 无妨，对排过序的数据就错了。）
#
# 第一个轮次里，训练准确率常常**低于**验证准确率。训练准确率是整个轮次的平均，从最初笨拙的一步算起；验证准确率在轮次结束时测得。
#
# 三份数据各司其职：训练数据拟合权重，验证数据在多次运行之间做选择，测试集只在最后看一次。文章 A 建议“根据评估结果调整模型参数”；如果评估用的是测试集，那就是自欺欺人。

# %% [markdown] lang="en"
# ### Exercise 4 · `train_classifier` (2 points)
#
# ```python
# def train_classifier(model, x, y, x_val, y_val, epochs, batch_size=32, seed=0): ...
# ```
#
# - `model`: an *uncompiled* Keras model that ends in softmax; `x` float32 (n, 28, 28, 1), `y` int (n,). `x_val` and `y_val` are both arrays or both `None`.
# - Train for exactly `epochs` epochs, each on all n pictures. Optimizer and style are yours (`fit`, `train_on_batch` …); the accuracy must be that of Adam with its defaults or better: five epochs on the 1,283 pictures of section 1, with a network like the one there, reach 0.90 on held-out digits. `seed` decides on the order of the pictures: call `keras.utils.set_random_seed(seed)` first.
# - Returns `{"model": ..., "history": ...}`: the trained model and a dict of lists of floats, `epochs` entries each: `loss` and `accuracy`, and `val_loss` and `val_accuracy` *only if validation data were given*. Validation numbers are those after the epoch.
# - The arrays stay unchanged.
#
# <details><summary>What hidden tests also use</summary>
#
# Held-out pictures that your function never sees; 600 validation pictures with *poisoned* labels, which the model must not learn and whose bad accuracy the history must admit; keys, lengths, numbers that fit the returned model; several `epochs`; batches larger than the data, and a smaller last batch.
# </details>
# <details><summary>Hint 1 · what to look at</summary>
#
# The program of section 1, with `verbose=0`.
# <details><summary>Hint 2 · which step</summary>
#
# `validation_data` also takes a value that says "there is none".
# <details><summary>Hint 3 · the step with a gap</summary>
#
# `log = model.fit(x, y, epochs=___, batch_size=___, validation_data=___, verbose=0)`, and the dict you want is `log.___`.
# </details></details></details>

# %% [markdown] lang="zh"
# ### 练习 4 · `train_classifier`（2 分）
#
# ```python
# def train_classifier(model, x, y, x_val, y_val, epochs, batch_size=32, seed=0): ...
# ```
#
# - `model`：**未编译**、以 softmax 结尾的 Keras 模型；`x` 为 float32 (n, 28, 28, 1)，`y` 为整数 (n,)。`x_val` 与 `y_val` 要么都是数组，要么都是 `None`。
# - 恰好训练 `epochs` 个轮次，每个轮次用到全部 n 张图像。优化器和训练方式由你决定（`fit`、`train_on_batch` ……），准确率不得低于默认参数的 Adam：与第 1 节相仿的网络，在那里的 1,283 张图像上训练五个轮次，留出数字上的准确率应达到 0.90。`seed` 决定图像的次序：先调用 `keras.utils.set_random_seed(seed)`。
# - 返回 `{"model": ..., "history": ...}`：训练好的模型，以及由浮点数列表组成的字典，每个列表长度为 `epochs`：`loss` 和 `accuracy`；**仅当给了验证数据时**才有 `val_loss` 和 `val_accuracy`。验证数值在轮次结束后测得。
# - 不得改动数组。
#
# <details><summary>隐藏测试还会用到</summary>
#
# 你的函数从未见过的留出图像；600 张标签被**投毒**的验证图像，模型不得学会，历史记录必须如实给出很差的准确率；键、长度、与返回的模型相符的数值；不同的 `epochs`；大于数据量的批量，以及最后不满的一批。
# </details>
# <details><summary>提示 1 · 看哪里</summary>
#
# 第 1 节的程序，加上 `verbose=0`。
# <details><summary>提示 2 · 哪一步</summary>
#
# `validation_data` 也接受表示“没有”的那个值。
# <details><summary>提示 3 · 填空</summary>
#
# `log = model.fit(x, y, epochs=___, batch_size=___, validation_data=___, verbose=0)`，要的字典是 `log.___`。
# </details></details></details>

# %% solution="train-classifier"
def train_classifier(model, x, y, x_val, y_val, epochs, batch_size=32, seed=0):
    """Train the uncompiled model on x (n, 28, 28, 1), y (n,); return {"model": model, "history": dict of lists}."""
    ### BEGIN SOLUTION
    keras.utils.set_random_seed(seed)
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    validation = None if x_val is None else (x_val, y_val)
    log = model.fit(x, y, epochs=epochs, batch_size=batch_size, validation_data=validation, verbose=0)
    return {"model": model, "history": log.history}
    ### END SOLUTION

# %% test="training-lowers-the-loss" points=0.5
keras.utils.set_random_seed(11)
starter = keras.Sequential([
    keras.Input((28, 28, 1)), keras.layers.Flatten(),
    keras.layers.Dense(32, activation="relu"), keras.layers.Dense(10, activation="softmax"),
])
x_300, y_300 = x_rest[:300].copy(), y_rest[:300].copy()
before_300 = x_300.copy(), y_300.copy()
trained = train_classifier(starter, x_300, y_300, None, None, epochs=4)
assert isinstance(trained, dict) and {"model", "history"} <= set(trained), "[ch04-RETURN] 返回含 \"model\" 和 \"history\" 的字典 / return a dict with \"model\" and \"history\""
assert isinstance(trained["model"], keras.Model), "[ch04-MODEL] \"model\" 应是 keras.Model / \"model\" should be a keras.Model"
assert isinstance(trained["history"], dict), "[ch04-HISTORY] history 应是字典；fit 返回的对象有属性 history / history should be a dict; what fit returns has an attribute history"
assert {"loss", "accuracy"} <= set(trained["history"]), "[ch04-KEYS] history 应含 loss 和 accuracy / history should contain loss and accuracy"
# A property: the loss of the last epoch is below that of the first.
assert trained["history"]["loss"][-1] < trained["history"]["loss"][0], "[ch04-FALL] 损失没有下降 / the loss does not fall"
assert not [key for key in trained["history"] if key.startswith("val")], "[ch04-VAL] 没有验证数据，就没有 val_ 开头的键 / without validation data there are no keys that start with val_"
assert all(len(trained["history"][key]) == 4 for key in ("loss", "accuracy")), "[ch04-EPOCHS] 每个轮次一个数 / one number per epoch"
assert np.array_equal(x_300, before_300[0]) and np.array_equal(y_300, before_300[1]), "[ch04-INPLACE] train_classifier 改动了 x 或 y / train_classifier changes x or y"
# 21 pictures of one lit pixel each, in batches of two: a pixel's weights move only if its picture is learned from.
lit = np.zeros((21, 28, 28, 1), "float32")
lit.reshape(21, -1)[np.arange(21), np.arange(21)] = 1
tiny = keras.Sequential([keras.Input((28, 28, 1)), keras.layers.Flatten(), keras.layers.Dense(10, activation="softmax")])
start = tiny.get_weights()[0][:21]
moved = train_classifier(tiny, lit.copy(), np.arange(21) % 10, None, None, epochs=1, batch_size=2)["model"]
assert isinstance(moved, keras.Model), "[ch04-MODEL] \"model\" 应是 keras.Model / \"model\" should be a keras.Model"
assert np.all(np.any(moved.get_weights()[0][:21] != start, axis=1)), "[ch04-REST] 一个轮次应用到每一张图像，包括最后不满一批的 / an epoch learns from every picture, those of the last, smaller batch too"
### BEGIN HIDDEN TESTS
def _check_history():
    history = trained["history"]
    assert not [key for key in history if key.startswith("val")], "[ch04-VAL] 没有验证数据，就没有 val_ 开头的键 / without validation data there are no keys that start with val_"
    for key in ("loss", "accuracy"):
        values = history[key]
        assert isinstance(values, (list, tuple)), f"[ch04-HISTORY] history[{key!r}] 应是列表 / history[{key!r}] should be a list"
        assert len(values) == 4, f"[ch04-EPOCHS] history[{key!r}] 每个轮次应有一个数 / history[{key!r}] should have one number per epoch"
        assert all(isinstance(value, (float, np.floating)) and np.isfinite(value) for value in values), f"[ch04-HISTORY] history[{key!r}] 应全是有限的浮点数 / history[{key!r}] should hold finite floats"
    assert all(0 <= value <= 1 for value in history["accuracy"]), "[ch04-ACCURACY] accuracy 应在 0 与 1 之间 / accuracy lies between 0 and 1"
    assert np.array_equal(x_300, before_300[0]) and np.array_equal(y_300, before_300[1]), "[ch04-INPLACE] train_classifier 改动了 x 或 y / train_classifier changes x or y"
    # What the history claims is measured: guessing costs ln 10; right answers end at 0.36 to 0.79 and average 0.9 to 1.3
    # times that over their last epoch, 1.9 to 2.2 over the first.
    chances = np.maximum(keras.ops.convert_to_numpy(trained["model"](before_300[0], training=False)), 1e-7)
    end = -np.mean(np.log(chances[np.arange(300), before_300[1]]))
    right = np.mean(chances.argmax(axis=1) == before_300[1])
    assert end < 0.8 * np.log(10), "[ch04-UNTRAINED] 返回的模型在训练数据上的损失没有下降 / the loss of the returned model on its training data has not fallen"
    invented = "[ch04-INVENTED] history 与返回的模型不符：这些数值是在训练中测得的吗？ / the history does not fit the returned model: were its numbers measured in training?"
    assert 0.5 * end <= history["loss"][-1] <= 2 * end and 1 <= history["loss"][0] <= 1.5 * np.log(10), invented
    assert abs(history["accuracy"][-1] - right) <= 0.15, invented
    tiny = keras.Sequential([keras.Input((28, 28, 1)), keras.layers.Flatten(), keras.layers.Dense(10, activation="softmax")])
    start = tiny.get_weights()
    moved = train_classifier(tiny, before_300[0][:40].copy(), before_300[1][:40].copy(), None, None, epochs=2, batch_size=64)["model"]
    assert isinstance(moved, keras.Model), "[ch04-MODEL] \"model\" 应是 keras.Model / \"model\" should be a keras.Model"
    assert not all(np.array_equal(new, old) for new, old in zip(moved.get_weights(), start, strict=True)), "[ch04-BATCH] 批量大于数据量时没有训练 / nothing is trained when the batch is larger than the data"
_check_history()
### END HIDDEN TESTS

# %% test="training-reaches-the-accuracy" points=1
keras.utils.set_random_seed(13)
starter = keras.Sequential([
    keras.Input((28, 28, 1)), keras.layers.AveragePooling2D(2), keras.layers.Flatten(),
    keras.layers.Dense(32, activation="relu"), keras.layers.Dense(10, activation="softmax"),
])
x_400, y_400 = x_rest[:400], y_rest[:400]
pupil = train_classifier(starter, x_400, y_400, None, None, epochs=6, batch_size=20)["model"]
assert isinstance(pupil, keras.Model), "[ch04-MODEL] \"model\" 应是 keras.Model / \"model\" should be a keras.Model"
# A property: the returned model knows the pictures that it was trained on. The hidden part judges it on others.
seen = keras.ops.convert_to_numpy(pupil(x_400, training=False)).argmax(axis=1)
assert np.mean(seen == y_400) > 0.4, "[ch04-UNTRAINED] 返回的模型几乎没学到东西：返回的是训练过的那个吗？x 和 y 对应吗？ / the returned model has learned next to nothing: is it the trained one, and do x and y belong together?"
### BEGIN HIDDEN TESTS
def _check_accuracy():
    pictures, classes = digits28()
    x = pictures.astype("float32")[..., None] / 255
    mask = held_out()
    layers = keras.layers
    keras.utils.set_random_seed(1234)
    model = keras.Sequential([
        keras.Input((28, 28, 1)), layers.Conv2D(16, 3, activation="relu"), layers.MaxPooling2D(2),
        layers.Conv2D(32, 3, activation="relu"), layers.MaxPooling2D(2), layers.Flatten(),
        layers.Dense(64, activation="relu"), layers.Dense(10, activation="softmax"),
    ])
    result = train_classifier(model, x[~mask], classes[~mask], None, None, epochs=5, batch_size=32, seed=99)
    returned, history = result["model"], result["history"]
    assert isinstance(returned, keras.Model), "[ch04-MODEL] \"model\" 应是 keras.Model / \"model\" should be a keras.Model"
    twin = type(returned).from_config(returned.get_config())
    twin.set_weights(returned.get_weights())
    predicted = keras.ops.convert_to_numpy(twin(x[mask], training=False)).argmax(axis=1)
    accuracy = np.mean(predicted == classes[mask])
    assert accuracy > 0.3, "[ch04-UNTRAINED] 返回的模型等于没有训练：返回的是训练过的那个吗？x 和 y 对应吗？ / the returned model is as good as untrained: is it the trained one, and do x and y belong together?"
    # M1, measured 2026-11-22, Keras 3.15.1, TensorFlow 2.21.0, CPU, reference, five seeds: 0.9416 0.9397 0.9416 0.9572
    # 0.9611; mean 0.9482, sd 0.0101; mean - 4 sd = 0.908, rounded down. One epoch instead of five gives 0.77 to 0.85.
    assert accuracy >= 0.90, "[ch04-M1] 留出图像上的准确率太低：每个轮次是否接着上一轮训练？优化器合适吗？ / the accuracy on held-out pictures is too low: does every epoch go on where the last one ended? Is the optimizer a sensible one?"
    assert all(isinstance(value, (float, np.floating)) for value in history["loss"]), "[ch04-HISTORY] history[\"loss\"] 应全是浮点数 / history[\"loss\"] should hold floats"
    assert history["loss"][-1] < 0.5 * history["loss"][0], "[ch04-FALL] 五个轮次后损失几乎没有下降：每个轮次是否接着上一轮训练？ / the loss hardly falls in five epochs: does every epoch go on where the last one ended?"
_check_accuracy()
### END HIDDEN TESTS

# %% test="training-never-learns-from-validation-data" points=0.5
keras.utils.set_random_seed(12)
starter = keras.Sequential([keras.Input((28, 28, 1)), keras.layers.Flatten(), keras.layers.Dense(10, activation="softmax")])
seen = train_classifier(starter, x_rest[:200], y_rest[:200], x_rest[200:260], (y_rest[200:260] + 1) % 10, epochs=2)  # wrong labels
watched = seen["history"]
assert {"val_loss", "val_accuracy"} <= set(watched), "[ch04-VAL] 给了验证数据，history 应含 val_loss 和 val_accuracy / with validation data, history should contain val_loss and val_accuracy"
# A property: all lists have one number per epoch.
assert {len(watched[key]) for key in ("loss", "accuracy", "val_loss", "val_accuracy")} == {2}, "[ch04-EPOCHS] 每个轮次一个数 / one number per epoch"
assert isinstance(seen["model"], keras.Model), "[ch04-MODEL] \"model\" 应是 keras.Model / \"model\" should be a keras.Model"
answers = keras.ops.convert_to_numpy(seen["model"](x_rest[200:260], training=False)).argmax(axis=1)
assert abs(watched["val_accuracy"][-1] - np.mean(answers == (y_rest[200:260] + 1) % 10)) < 0.02, "[ch04-INVENTED] val_accuracy 不是在给定的验证数据上测得的 / val_accuracy was not measured on the validation data that were given"
assert np.mean(answers == (y_rest[200:260] + 1) % 10) < 0.4, "[ch04-LEAK] 模型学会了验证集里的错误标签：验证数据混进了训练 / the model has learned the wrong labels of the validation data: they were trained on"
### BEGIN HIDDEN TESTS
def _check_poison():
    pictures, classes = digits28()
    rng = np.random.default_rng(606)
    rows = rng.permutation(np.flatnonzero(~held_out()))[:800]
    x, y = pictures[rows].astype("float32")[..., None] / 255, classes[rows]
    poisoned = (y[200:] + 1) % 10
    keras.utils.set_random_seed(4321)
    layers = keras.layers
    model = keras.Sequential([keras.Input((28, 28, 1)), layers.Flatten(),
                              layers.Dense(64, activation="relu"), layers.Dense(10, activation="softmax")])
    before = x.copy(), y.copy(), poisoned.copy()
    result = train_classifier(model, x[:200], y[:200], x[200:], poisoned, epochs=8, batch_size=40, seed=3)
    assert all(np.array_equal(new, old) for new, old in zip((x, y, poisoned), before, strict=True)), "[ch04-INPLACE] train_classifier 改动了训练或验证数据 / train_classifier changes training or validation data"
    returned, history = result["model"], result["history"]
    assert isinstance(returned, keras.Model), "[ch04-MODEL] \"model\" 应是 keras.Model / \"model\" should be a keras.Model"
    twin = type(returned).from_config(returned.get_config())
    twin.set_weights(returned.get_weights())
    predicted = keras.ops.convert_to_numpy(twin(x, training=False)).argmax(axis=1)
    echoed = np.mean(predicted[200:] == poisoned)
    assert echoed <= 0.2, "[ch04-LEAK] 模型学会了验证集里的错误标签：验证数据混进了训练 / the model has learned the wrong labels of the validation data: they were trained on"
    assert np.mean(predicted[:200] == y[:200]) > 0.6, "[ch04-UNTRAINED] 有验证数据时模型没有学会训练数据 / with validation data given, the model does not learn its training data"
    for key in ("val_loss", "val_accuracy"):
        assert key in history and len(history[key]) == 8, f"[ch04-EPOCHS] history[{key!r}] 每个轮次应有一个数 / history[{key!r}] should have one number per epoch"
        assert np.all(np.isfinite(np.asarray(history[key], dtype=float))), f"[ch04-HISTORY] history[{key!r}] 应全是有限的浮点数 / history[{key!r}] should hold finite floats"
    assert abs(history["val_accuracy"][-1] - echoed) <= 0.15, "[ch04-INVENTED] val_accuracy 不是在给定的验证数据上测得的 / val_accuracy was not measured on the validation data that were given"
    assert history["val_loss"][-1] > 2 * history["loss"][-1], "[ch04-INVENTED] val_loss 不是在给定的验证数据上测得的 / val_loss was not measured on the validation data that were given"
_check_poison()
### END HIDDEN TESTS

# %% [markdown] lang="en"
# ## 6 · The headline: 0.9900, or was it 0.9880? (optional)
#
# The whole program, with *your* `build_cnn`. Choose article A or B in the first line. The cell loads MNIST and says from where (the folder named by the environment variable `COURSE_DATA`, the Keras cache, or a download), trains for five epochs under a live dashboard, and evaluates once on the 10,000 test pictures. On two CPU cores this takes one to two minutes. Where MNIST cannot be had it uses `digits28` and says so; it then trains for eight epochs, and the accuracy must not be compared with the articles'.
#
# First a question about the two printed numbers.

# %% [markdown] lang="zh"
# ## 6 · 主实验：究竟是 0.9900 还是 0.9880？（选读）
#
# 完整的程序，网络用**你的** `build_cnn`。在第一行选择文章 A 或 B。单元格会加载 MNIST 并说明来源（环境变量 `COURSE_DATA` 指定的文件夹、Keras 缓存或下载），训练五个轮次，仪表盘实时刷新，再在 10,000 张测试图像上评估一次。双核 CPU 需要一到两分钟。拿不到 MNIST 时改用 `digits28` 并明确说明；这时训练八个轮次，得到的准确率不能与文章的相比。
#
# 先就印出的两个数字提一个问题。

# %%
from course.figures.printed_runs import fig_printed_runs

explore(
    fig_printed_runs,
    predict=Prediction(
        say(en="Each number comes from 10,000 test pictures. Do their 95 % intervals overlap?", zh="两个数字都来自 10,000 张测试图像。它们的 95% 区间重叠吗？"),
        options=(say(en="yes", zh="重叠"), say(en="no", zh="不重叠")),
        answer=0,
        because=(
            say(en="Each is about 0.004 wide, and another seed moves the result just as far. Overlap alone is not a test; "
                "chapter 8 does the test and finds p = 0.18.",
                zh="每个区间宽约 0.004，换一个种子带来的变化也这么大。仅凭重叠还不算检验；第 8 章会做检验，得到 p = 0.18。"),
            say(en="The standard deviation of a share of 0.99 in 10,000 is 0.001, half the distance of the two numbers.",
                zh="10,000 张中比例为 0.99，标准差是 0.001，是两个数字之差的一半。"),
        ),
    ),
    alt=say(
        en="The accuracies printed in the two articles on one axis, each with a bar for its confidence interval, and below "
        "them four measured runs of each program as dots.",
        zh="两篇文章印出的准确率画在同一轴上，各有一根表示置信区间的横条，下方的圆点是每个程序四次实测的结果。",
    ),
    n=choice([("500", 500), ("10,000", 10_000), ("100,000", 100_000)], 10_000, label=say(en="pictures", zh="图像数")),
    runs=toggle(True, label=say(en="measured runs", zh="实测的运行")),
)

# %% [markdown] lang="en"
# The test pictures are a sample. If the network is right on a share $\pi$ of *all* digits, the share $\hat p$ that it gets right on $n$ of them scatters about $\pi$ with standard deviation $\sqrt{\pi(1-\pi)/n}$. Wilson's interval holds all $\pi$ within $z = 1.96$ such deviations of what was seen:
#
# $$\frac{1}{1 + z^2/n}\left(\hat p + \frac{z^2}{2n} \pm z\sqrt{\frac{\hat p(1-\hat p)}{n} + \frac{z^2}{4n^2}}\right)$$

# %% [markdown] lang="zh"
# 测试图像只是样本。如果网络在**所有**数字上的正确比例为 $\pi$，那么在其中 $n$ 张上的正确比例 $\hat p$ 会围绕 $\pi$ 波动，标准差为 $\sqrt{\pi(1-\pi)/n}$。Wilson 区间包含与观测值相差不超过 $z = 1.96$ 个标准差的所有 $\pi$：
#
# $$\frac{1}{1 + z^2/n}\left(\hat p + \frac{z^2}{2n} \pm z\sqrt{\frac{\hat p(1-\hat p)}{n} + \frac{z^2}{4n^2}}\right)$$

# %% demo
PROGRAM = "A"  # "A" or "B": whose network and batch size

from course.dashboard import dashboard
from course.data import MnistUnavailable, load_mnist
from course.device import pick_device
from course.statistics import wilson_interval

device = pick_device()


def headline_data():
    """Return (x_train, y_train, x_test, y_test, whether it is MNIST); print where the data come from."""
    reason = say(en="nbgrader runs this notebook", zh="现在由 nbgrader 运行")
    if not os.environ.get("NBGRADER_EXECUTION"):  # set by nbgrader, which waits for nobody's MNIST
        try:
            mnist = load_mnist()
            x_train, x_test = (part[..., None].astype("float32") / 255 for part in (mnist.x_train, mnist.x_test))
            print(say(en="data    MNIST from {source}", zh="数据    MNIST，来自 {source}", source=mnist.source))
            return x_train, mnist.y_train, x_test, mnist.y_test, True
        except MnistUnavailable as error:
            reason = error
    print(say(en="data    digits28, NOT MNIST: {reason}", zh="数据    digits28，不是 MNIST：{reason}", reason=reason))
    return x_rest, y_rest, x_held, y_held, False


def reproduce(program):
    """Train and test an article's network; return it with the test data."""
    x_train, y_train, x_test, y_test, is_mnist = headline_data()
    keras.utils.set_random_seed(0)
    network = build_cnn(program)
    network.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    cut = len(x_train) * 9 // 10  # article A: the last tenth validates; article B validates nothing
    given = {"validation_data": (x_train[cut:], y_train[cut:])} if program == "A" else {}
    if program == "A":
        x_train, y_train = x_train[:cut], y_train[:cut]
    live = dashboard(len(x_train), device)
    network.fit(x_train, y_train, batch_size=64 if program == "A" else 32, epochs=5 if is_mnist else 8, callbacks=[live], verbose=0, **given)
    right = int(np.sum(scores_of(network, x_test).argmax(axis=1) == y_test))
    rows = [(say(en="this run", zh="这次运行"), right, len(x_test))]
    if is_mnist:
        rows += [(say(en="article {name}, printed", zh="文章 {name} 印出", name=name), hits, 10_000) for name, hits in (("A", 9900), ("B", 9880))]
    for name, hits, n in rows:
        low, high = wilson_interval(hits, n)
        print(say(en="{name}: accuracy {share:.4f}, 95 % interval [{low:.4f}, {high:.4f}]",
                  zh="{name}：准确率 {share:.4f}，95% 区间 [{low:.4f}, {high:.4f}]", name=name, share=hits / n, low=low, high=high))
    return network, x_test, y_test


with when_solved("build_cnn"):
    headline = reproduce(PROGRAM)

# %% [markdown] lang="en"
# **Your own functions run it.** A trained network is a list of arrays. Take its weights, your `conv2d` and your `maxpool2d`, and Keras is no longer needed: the cell classifies 100 test pictures in NumPy and compares the probabilities with Keras's.

# %% [markdown] lang="zh"
# **用你自己的函数运行它。** 训练好的网络不过是一串数组。取出权重，配上你的 `conv2d` 和 `maxpool2d`，就不再需要 Keras：下面用 NumPy 给 100 张测试图像分类，并与 Keras 的概率比较。

# %% demo
def run_in_numpy(network, x):
    """Return the probabilities (n, 10) of a trained Sequential, computed by conv2d, maxpool2d and matrix products."""
    signal = x.astype(np.float64)
    for layer in network.layers:
        weights = layer.get_weights()
        if isinstance(layer, layers.Conv2D):
            signal = np.maximum(conv2d(signal, *weights), 0)
        elif isinstance(layer, layers.MaxPooling2D):
            signal = maxpool2d(signal, 2)
        elif isinstance(layer, layers.Flatten):
            signal = signal.reshape(len(signal), -1)
        else:
            signal = signal @ weights[0] + weights[1]
            signal = np.maximum(signal, 0) if layer is not network.layers[-1] else signal
    shares = np.exp(signal - signal.max(axis=1, keepdims=True))
    return shares / shares.sum(axis=1, keepdims=True)


if headline is not None:
    with when_solved("conv2d", "maxpool2d"):
        network, x_test, y_test = headline
        began = time.perf_counter()
        mine = run_in_numpy(network, x_test[:100])
        seconds = time.perf_counter() - began
        theirs = scores_of(network, x_test[:100])
        print(say(en="{same} of 100 digits read alike; largest difference of a probability {gap:.1e}; {seconds:.2f} s in NumPy",
                  zh="100 个数字中 {same} 个判断一致；概率的最大差 {gap:.1e}；NumPy 用时 {seconds:.2f} s",
                  same=int(np.sum(mine.argmax(axis=1) == theirs.argmax(axis=1))), gap=np.abs(mine - theirs).max(), seconds=seconds))

# %% [markdown] lang="en"
# **What its layers see.** Both articles praise the "representational power" of networks. One can look at it: the maps with the strongest answers to a test picture, with their kernels below. Go from layer to layer. Which maps still show the digit, which only an edge or a stroke? How do a three and an eight differ in the same layer?

# %% [markdown] lang="zh"
# **各层看到了什么。** 两篇文章都称赞网络的“表征能力”。它是可以直接看的：下面是对一张测试图像响应最强的特征图，下方是各自的卷积核。一层一层看过去：哪些图还看得出数字，哪些只剩边缘或笔画？同一层对 3 和 8 的响应有什么异同？

# %%
from course.figures.features import feature_maps, fig_feature_maps

if headline is not None:
    network, x_test, y_test = headline
    chosen = [int(np.flatnonzero(y_test == digit)[2]) for digit in range(10)]  # one test picture of every class
    maps_of_digits = feature_maps(network, x_test[chosen])

    def fig_layers(digit, layer):
        """Strongest feature maps of one test digit."""
        return fig_feature_maps(maps_of_digits, image=digit, layer=layer)

    explore(
        fig_layers,
        alt=say(
            en="A test digit and what one layer answers to it: eight feature maps side by side, bright where the layer "
            "responds, with their kernels below, or bars for a dense layer.",
            zh="一个测试数字以及某一层对它的响应：并排的八张特征图，响应之处明亮，下方是卷积核；全连接层则是条形。",
        ),
        digit=slider(0, 9, 3, label=say(en="digit", zh="数字")),
        layer=choice(
            [(say(en="{number} · {name}", zh="第 {number} 层 · {name}", number=number, name=type(layer).__name__), number)
             for number, layer in enumerate((layer for layer in network.layers if not isinstance(layer, layers.Flatten)), start=1)],
            1, label=say(en="layer", zh="层")),
    )

# %% [markdown] lang="en"
# ## 7 · The GPU: find it, feed it, fill it
#
# A convolution is the same small sum at thousands of positions, for dozens of filters and pictures. A GPU has thousands of arithmetic units for just that. Article A's advice is to "use a computer with an NVIDIA GPU", and one line of installation. What a practitioner has to know stands in this section.
#
# **No GPU was at hand when this chapter was written.** What is said about GPUs here comes from the documentation of Keras, TensorFlow and CUDA; it was not measured on one. Every number below that *is* measured names its machine, and the cells measure yours.
#
# ### Is there one?
#
# Ask four times, from the card upwards. The cell does it for you.
#
# 1. **The driver.** `nvidia-smi` in a terminal shows the card, its memory, its load and who uses it. No such command: no NVIDIA card, or no driver.
# 2. **The system.** TensorFlow sees NVIDIA GPUs under Linux and under WSL2 (Linux inside Windows). On native Windows it has seen none since version 2.11.
# 3. **The library.** `tf.config.list_physical_devices("GPU")` lists what TensorFlow sees. An empty list although `nvidia-smi` works means a build without CUDA: `pip install "tensorflow[and-cuda]"`. The variable `KERAS_BACKEND`, set to `tensorflow`, `jax` or `torch` *before* `import keras`, chooses who computes. All three bring a GPU build of their own.
# 4. **The card's abilities.** NVIDIA GPUs since Volta (2017, compute capability 7.0) multiply float16 fast; from Ampere on (8.0) bfloat16, too.
#
# On Colab: *Runtime → Change runtime type → T4 GPU*. The kernel starts anew, and all variables are lost.

# %% [markdown] lang="zh"
# ## 7 · GPU：找到它，喂饱它，用满它
#
# 卷积就是在成千上万个位置上，对几十个滤波器和图像重复同一个小求和。GPU 有数千个运算单元，正是为此而生。文章 A 只建议“使用配备 NVIDIA GPU 的计算机”，外加一行安装命令。实际工作中要知道的都在这一节。
#
# **编写本章时手边没有 GPU。** 本节关于 GPU 的说法来自 Keras、TensorFlow 和 CUDA 的文档，没有在 GPU 上实测。凡是实测的数字都注明了机器，单元格测的则是你自己的机器。
#
# ### 有没有 GPU？
#
# 从显卡往上问四次。下面的单元格会替你问。
#
# 1. **驱动。** 在终端运行 `nvidia-smi`，可以看到显卡、显存、负载和占用它的程序。没有这个命令，说明没有 NVIDIA 显卡，或没装驱动。
# 2. **系统。** TensorFlow 在 Linux 和 WSL2（Windows 里的 Linux）下能看到 NVIDIA GPU，在原生 Windows 下，从 2.11 版起就看不到了。
# 3. **库。** `tf.config.list_physical_devices("GPU")` 列出 TensorFlow 看到的设备。`nvidia-smi` 正常而列表为空，说明装的版本不带 CUDA：`pip install "tensorflow[and-cuda]"`。环境变量 `KERAS_BACKEND` 设为 `tensorflow`、`jax` 或 `torch`，要在 `import keras` **之前**，它决定由谁来计算。三者各有自己的 GPU 版本。
# 4. **显卡的能力。** NVIDIA GPU 从 Volta（2017 年，计算能力 7.0）起能快速计算 float16，从 Ampere（8.0）起还有 bfloat16。
#
# 在 Colab 上：**代码执行程序 → 更改运行时类型 → T4 GPU**。内核会重新启动，所有变量丢失。

# %%
from course.device import pick_device
from course.diagnosis import diagnose

device = pick_device()
print("\n".join(diagnose()))

# %% [markdown] lang="en"
# One GPU is used by Keras without a change to the program. Several GPUs are not used by themselves; they need `tf.distribute.MirroredStrategy` or, on JAX, `keras.distribution.DataParallel`, and each then works on its share of every batch.
#
# ### How large a batch?
#
# Every step has a fixed cost, whatever the batch: Python calls, starting dozens of small programs (kernels) on the device, handing over data. Call it $t_0$, and the time for one picture $t_1$.

# %% [markdown] lang="zh"
# 只有一块 GPU 时，程序不用改，Keras 会自己用上。多块则不会：要用 `tf.distribute.MirroredStrategy`，在 JAX 上用 `keras.distribution.DataParallel`，每块 GPU 处理每个批量中属于自己的一份。
#
# ### 批量取多大？
#
# 不论批量大小，每一步都有固定开销：Python 调用、在设备上启动几十个核函数（kernel）、交付数据。记为 $t_0$，计算一张图像的时间记为 $t_1$。

# %%
from course.figures.speed import fig_loss_scaling, fig_measured, fig_throughput

explore(
    fig_throughput,
    predict=Prediction(
        say(en="t0 = 4 ms per step, t1 = 10 µs per picture. Which batch size reaches 90 % of the best speed?",
            zh="每步 t0 = 4 ms，每张图像 t1 = 10 µs。批量多大时达到最佳速度的 90%？"),
        options=("400", "900", "3,600"),
        answer=2,
        because=(
            say(en="There 400·10 µs = 4 ms: half of the time is overhead.", zh="此时 400·10 µs = 4 ms：一半时间是固定开销。"),
            say(en="9 ms of work for 4 ms of overhead: 69 %.", zh="9 ms 的计算对 4 ms 的开销：69%。"),
            say(en="B·t1 must be nine times t0: 3,600·10 µs = 36 ms.", zh="B·t1 须是 t0 的九倍：3,600·10 µs = 36 ms。"),
        ),
    ),
    alt=say(
        en="Images per second against the batch size, both axes logarithmic: a curve that rises and levels off at the best "
        "speed. The chosen batch size is marked.",
        zh="每秒处理的图像数随批量大小的变化，两轴都是对数刻度：曲线上升后趋于最佳速度。所选的批量被标出。",
    ),
    batch=slider(0, 13, 5, label=say(en="log2 of the batch size", zh="批量大小的 log2")),
    overhead_ms=slider(0.5, 8.0, 4.0, step=0.5, label="t0 (ms)"),
    per_image_us=slider(2.0, 400.0, 10.0, step=2.0, label="t1 (µs)"),
)

# %% [markdown] lang="en"
# A step with $B$ pictures takes $t_0 + B t_1$, so the speed, the **throughput**, is
#
# $$r(B) = \frac{B}{t_0 + B t_1} \;\longrightarrow\; \frac{1}{t_1} \quad (B \to \infty), \qquad r\!\left(\frac{t_0}{t_1}\right) = \frac{1}{2 t_1}$$
#
# On a CPU $t_1$ is large, and small batches are fine. On a GPU $t_1$ is so small that a batch of 32 leaves it waiting.
#
# How does one *measure* the two? Three traps:
#
# - **Warm-up.** The first step traces and compiles. Leave it out.
# - **Asynchrony.** A GPU call returns before the work is done. Stop the clock only when a result has arrived, the loss as a Python number for instance.
# - **Neighbours.** Other programs disturb single steps, and never make one faster than it is. Take a median.

# %% [markdown] lang="zh"
# $B$ 张图像的一步需要 $t_0 + B t_1$，所以速度（**吞吐量**）为
#
# $$r(B) = \frac{B}{t_0 + B t_1} \;\longrightarrow\; \frac{1}{t_1} \quad (B \to \infty), \qquad r\!\left(\frac{t_0}{t_1}\right) = \frac{1}{2 t_1}$$
#
# CPU 的 $t_1$ 大，小批量就够用。GPU 的 $t_1$ 极小，批量为 32 时大半在等待。
#
# 怎样**测出**这两个数？有三个陷阱：
#
# - **预热。** 第一步要追踪计算图并编译，不能算进去。
# - **异步。** GPU 的调用在活儿干完之前就返回。要等结果到手才停表，例如损失已经是一个 Python 数字。
# - **邻居。** 其他程序会拖慢个别步，却不会让哪一步变快。取中位数。

# %% [markdown] lang="en"
# ### Exercise 5 · `fit_throughput` (2 points)
#
# ```python
# def fit_throughput(batches, seconds): ...
# ```
#
# - `batches`: n batch sizes (list or integer array); `seconds`: array (n, r), r ≥ 2 measured steps for each.
# - Leave out the first column (warm-up). Take the median of the others in each row: $s_1 \ldots s_n$.
# - Return `(t0, t1)`, two floats: the least-squares line $s \approx t_0 + t_1 B$, all rows with equal weight.
# - Fewer than two *different* batch sizes: `ValueError`. The inputs stay unchanged.
#
# One number: batches [10, 30] with medians 0.02 and 0.04 give t0 = 0.01, t1 = 0.001.
#
# <details><summary>What hidden tests also use</summary>
#
# Noise, outliers within a row, even and odd r, r = 2, batch sizes in any order and twice, `uint8` and `int16` sizes, sizes up to 65,536, a negative t0 (return it as it is).
# </details>
# <details><summary>Hint 1 · what to look at</summary>
#
# At the best line the residuals sum to zero, also when each is multiplied by its B (chapter 3, section 4: the votes cancel). Solve these two equations for t0 and t1.
# <details><summary>Hint 2 · which step</summary>
#
# The slope is the covariance of B and s over the variance of B; the line passes through the means. Turn B into floats first: squares of small integers wrap around.
# <details><summary>Hint 3 · the step with a gap</summary>
#
# `t1 = ((b - b.mean()) * (s - s.mean())).sum() / ___`, then `t0 = s.mean() - ___`
# </details></details></details>

# %% [markdown] lang="zh"
# ### 练习 5 · `fit_throughput`（2 分）
#
# ```python
# def fit_throughput(batches, seconds): ...
# ```
#
# - `batches`：n 个批量大小（列表或整数数组）；`seconds`：数组 (n, r)，每个批量测了 r ≥ 2 步。
# - 去掉第一列（预热），每行其余各步取中位数：$s_1 \ldots s_n$。
# - 返回两个浮点数 `(t0, t1)`：最小二乘直线 $s \approx t_0 + t_1 B$，各行权重相等。
# - **不同**的批量大小少于两个：`ValueError`。不得改动输入。
#
# 一个数：批量 [10, 30]，中位数 0.02 和 0.04，得 t0 = 0.01，t1 = 0.001。
#
# <details><summary>隐藏测试还会用到</summary>
#
# 噪声、行内的离群点、r 为奇数和偶数、r = 2、批量大小次序任意且可重复、`uint8` 和 `int16` 的批量大小、大到 65,536 的批量、负的 t0（原样返回）。
# </details>
# <details><summary>提示 1 · 看哪里</summary>
#
# 在最优直线处，残差之和为零；每个残差乘以各自的 B，和也为零（第 3 章第 4 节：各票互相抵消）。从这两个方程解出 t0 和 t1。
# <details><summary>提示 2 · 哪一步</summary>
#
# 斜率是 B 与 s 的协方差除以 B 的方差；直线过均值点。先把 B 转成浮点数：小整数的平方会溢出。
# <details><summary>提示 3 · 填空</summary>
#
# `t1 = ((b - b.mean()) * (s - s.mean())).sum() / ___`，然后 `t0 = s.mean() - ___`
# </details></details></details>

# %% solution="fit-throughput"
def fit_throughput(batches, seconds):
    """Return (t0, t1) of the least-squares line through the median step times; seconds (n, r), first column left out."""
    ### BEGIN SOLUTION
    b = np.asarray(batches, dtype=np.float64)
    s = np.median(np.asarray(seconds, dtype=np.float64)[:, 1:], axis=1)
    spread = ((b - b.mean()) ** 2).sum()
    if len(np.unique(b)) < 2:
        raise ValueError("a line needs two different batch sizes")
    t1 = ((b - b.mean()) * (s - s.mean())).sum() / spread
    return float(s.mean() - t1 * b.mean()), float(t1)
    ### END SOLUTION

# %% test="throughput-finds-planted-times" points=1
sizes = [8, 32, 64, 256]
planted = 0.004 + 0.00025 * np.array(sizes)[:, None] + np.array([3.0, 0.0, 0.0, 0.0, 0.5])  # warm-up, three steps, one disturbed
line = fit_throughput(sizes, planted)
assert isinstance(line, (tuple, list)) and len(line) == 2, "[ch04-TYPE] fit_throughput 应返回 (t0, t1) / fit_throughput should return (t0, t1)"
assert all(isinstance(number, (float, np.floating)) for number in line), "[ch04-TYPE] t0 和 t1 应是浮点数 / t0 and t1 should be floats"
assert not np.isclose(line[0], 0.00025), "[ch04-ORDER] 先 t0，后 t1 / t0 comes first, then t1"
assert not line[0] > 0.1, "[ch04-WARMUP] 第一列是预热，个别的步受了干扰 / the first column is the warm-up, and single steps were disturbed"
assert np.allclose(line, (0.004, 0.00025), rtol=1e-6), "[ch04-LINE] 没有找回种下的 t0 和 t1 / the planted t0 and t1 are not found"
# A property: twice the seconds give twice both times.
assert np.allclose(fit_throughput(sizes, 2 * planted), 2 * np.array(line), rtol=1e-6), "[ch04-LINE] 时间加倍，t0 和 t1 也应加倍 / twice the seconds should give twice t0 and t1"
try:
    fit_throughput([32, 32], np.ones((2, 3)))
except ValueError:
    pass
else:
    raise AssertionError("[ch04-SIZES] 批量大小都相同时应抛出 ValueError / equal batch sizes should raise ValueError")
### BEGIN HIDDEN TESTS
def _check_planted():
    rng = np.random.default_rng(7007)
    for n, r, dtype in ((2, 2, np.int64), (5, 3, np.uint8), (7, 4, np.int16), (6, 6, np.int32), (1000, 2, np.int64)):
        b = rng.permutation(np.arange(3, 3 + 240))[:n] if n < 200 else rng.integers(1, 65_537, n)
        t0, t1 = rng.normal(0, 0.01), rng.uniform(1e-5, 1e-3)
        seconds = np.repeat((t0 + t1 * b)[:, None], r, axis=1)
        seconds[:, 0] += rng.uniform(0.5, 2, n)
        if r > 3:
            seconds[:, -1] += rng.uniform(1, 5, n)  # one disturbed step: the median of three or five does not see it
        sizes = b.astype(dtype)
        before = sizes.copy(), seconds.copy()
        line = fit_throughput(sizes, seconds)
        assert np.array_equal(sizes, before[0]) and np.array_equal(seconds, before[1]), "[ch04-INPLACE] fit_throughput 改动了输入 / fit_throughput changes its inputs"
        assert isinstance(line, (tuple, list)) and len(line) == 2, "[ch04-TYPE] fit_throughput 应返回 (t0, t1) / fit_throughput should return (t0, t1)"
        assert np.shape(line) == (2,) and np.allclose(line, (t0, t1), rtol=1e-6, atol=1e-9), "[ch04-PLANTED] 没有找回种下的 t0 和 t1：批量大小的类型、次序或个数有影响吗？ / the planted t0 and t1 are not found: do type, order or number of the batch sizes matter?"
    for sizes in ([16, 32, 16], [16, 16, 32], [32, 16, 16]):  # two different sizes are enough, wherever they stand
        line = fit_throughput(sizes, np.array([[1.0, 0.01 + 0.002 * size] for size in sizes]))
        assert np.shape(line) == (2,) and np.allclose(line, (0.01, 0.002), rtol=1e-6), "[ch04-TWICE] 同一批量大小出现两次时结果不对 / wrong where a batch size occurs twice"
    for sizes in ([64], [16, 16, 16]):
        try:
            fit_throughput(sizes, np.ones((len(sizes), 4)))
        except ValueError:
            continue
        raise AssertionError("[ch04-SIZES] 不同的批量大小少于两个时应抛出 ValueError / fewer than two different batch sizes should raise ValueError")
_check_planted()
### END HIDDEN TESTS

# %% test="throughput-is-least-squares" points=1
sizes = np.array([4, 16, 16, 100])
measured = np.array([[9.0, 0.11, 0.13], [9.0, 0.32, 0.30], [9.0, 0.20, 0.22], [9.0, 0.95, 0.91]])
line = fit_throughput(sizes, measured)
assert isinstance(line, (tuple, list)) and np.shape(line) == (2,), "[ch04-TYPE] fit_throughput 应返回 (t0, t1) / fit_throughput should return (t0, t1)"
# A property of least squares: what the line leaves over sums to zero, also when weighted by the batch size.
left = np.array([0.12, 0.31, 0.21, 0.93]) - line[0] - line[1] * sizes
assert abs(left.sum()) < 1e-9, "[ch04-MEAN] 残差之和应为零：直线应过均值点 / the residuals should sum to zero: the line passes through the means"
assert abs((left * sizes).sum()) < 1e-8, "[ch04-SLOPE] 残差不应再随批量大小变化：检查斜率 / the residuals should not depend on the batch size any more: check the slope"
### BEGIN HIDDEN TESTS
def _check_least_squares():
    rng = np.random.default_rng(7077)
    for n, r, largest in ((3, 2, 500), (6, 5, 500), (9, 4, 500), (12, 8, 65_536)):
        b = rng.integers(1, largest, n)
        b[0], b[1] = 1, largest
        b[n // 2:n // 2 + n // 6] = b[-1]  # some sizes twice, with other times
        seconds = 0.003 + 2e-4 * b[:, None] + rng.exponential(0.02, (n, r))
        seconds[:, 0] += 5
        s = np.sort(seconds[:, 1:], axis=1)
        s = (s[:, (r - 2) // 2] + s[:, (r - 1) // 2]) / 2
        design = np.stack([np.ones(n), b], axis=1)
        expected = np.linalg.lstsq(design, s, rcond=None)[0]
        before = b.copy(), seconds.copy()
        for given in (b, [int(size) for size in b]):
            line = fit_throughput(given, seconds)
            assert np.array_equal(b, before[0]) and np.array_equal(seconds, before[1]), "[ch04-INPLACE] fit_throughput 改动了输入 / fit_throughput changes its inputs"
            assert isinstance(line, (tuple, list)) and np.shape(line) == (2,), "[ch04-TYPE] fit_throughput 应返回 (t0, t1) / fit_throughput should return (t0, t1)"
            assert np.allclose(line, expected, rtol=1e-6, atol=1e-10), "[ch04-SQUARES] 有噪声时不是中位数的最小二乘直线 / with noise this is not the least-squares line through the medians"
_check_least_squares()
### END HIDDEN TESTS

# %% [markdown] lang="en"
# ### Your machine: batch × precision
#
# The cell takes article A's network and measures training steps. It changes **one thing at a time**: read down a column and only the batch size changes, read across a row and only the precision does. Then your `fit_throughput` finds t0 and t1, and the figure lays your fitted curve over the measured dots. (Least squares counts seconds, and a step with a large batch has the most of them. So the curve may miss the small batches.)
#
# On two CPU cores (2 December 2026) float32 reached 2,124 pictures per second at batch 32 and 3,244 at 256, `mixed_bfloat16` 1,789 and 2,816: a little slower everywhere. `mixed_float16` was about a hundred times slower, since a CPU has no units for it. That is why it is not in the CPU's table. On a GPU the cell uses the 16-bit policy that suits it.

# %% [markdown] lang="zh"
# ### 你的机器：批量 × 精度
#
# 单元格用文章 A 的网络测量训练步，**一次只改一件事**：沿着一列往下看，变的只有批量大小；沿着一行看，变的只有精度。然后由你的 `fit_throughput` 求出 t0 和 t1，图中把你的拟合曲线叠在实测的点上。（最小二乘看的是秒，大批量的一步秒数最多，说了算；所以小批量处可能对不上。）
#
# 在两个 CPU 核上（2026 年 12 月 2 日），float32 在批量 32 时每秒 2,124 张图像，批量 256 时 3,244 张；`mixed_bfloat16` 分别是 1,789 张和 2,816 张，处处都略慢。`mixed_float16` 慢了大约一百倍：CPU 没有专门的运算单元，所以 CPU 的表中没有它。在 GPU 上，单元格会用适合那块 GPU 的 16 位策略。

# %% demo
from course.measuring import step_seconds, weight_gradients

BATCHES = (8, 32, 128, 512, 2048) if device.accelerated else (8, 32, 128, 256)
with when_solved("build_cnn"):
    policies = ("float32", device.policy if device.accelerated and device.policy != "float32" else "mixed_bfloat16")
    measured_steps = {policy: step_seconds(build_cnn, BATCHES, policy, repeats=4) for policy in policies}
    print(device)
    print(say(en="    images/s", zh="  每秒图像数"), *(f"{policy:>16}" for policy in policies))
    for row, size in enumerate(BATCHES):
        print(f"B = {size:>8,}", *(f"{size / np.median(steps[row, 1:]):16,.0f}" for steps in measured_steps.values()))
    with when_solved("fit_throughput"):
        lines = {policy: fit_throughput(BATCHES, steps) for policy, steps in measured_steps.items()}
        explore(
            lambda per_step: fig_measured(BATCHES, measured_steps, lines, per_step),
            alt=say(
                en="Images per second on this machine against the batch size: measured steps as dots, the curve of the "
                "fitted t0 and t1 as a line, one colour for each precision.",
                zh="这台机器每秒处理的图像数随批量大小的变化：圆点是实测的步，线是由拟合的 t0 和 t1 得到的曲线，每种精度一种颜色。",
            ),
            per_step=toggle(False, say(en="time of a step, linear axes", zh="每步时间，线性坐标")),
        )

# %% [markdown] lang="en"
# A larger batch is not free: an epoch then has fewer steps. With article A's network on MNIST, batch size 512, five epochs and Adam's default rate, one run on a CPU gave 0.9868; with rate 0.003 it gave 0.9884. Chapter 6 treats batch size and rate together.
#
# ### Will it fit?
#
# Two things live in the GPU's memory. **Per network**: weights, gradients and Adam's two moments, four float32 numbers for each parameter, 16 bytes. **Per picture**: the output of every layer, kept for the way back. Article A has 225,034 parameters and 36,522 layer outputs per picture. (`Flatten` only reshapes its input and stores nothing.) Which part is larger at batch size 512? Estimate, then run the cell.

# %% [markdown] lang="zh"
# 大批量并非免费的午餐：每个轮次的步数变少了。用文章 A 的网络、MNIST、批量 512、五个轮次、Adam 默认学习率，在 CPU 上运行一次得到 0.9868；学习率 0.003 时得到 0.9884。第 6 章会把批量大小和学习率放在一起讨论。
#
# ### 显存够吗？
#
# GPU 的显存里住着两样东西。**每个网络一份**：权重、梯度、Adam 的两个矩，每个参数四个 float32，共 16 字节。**每张图像一份**：每一层的输出，留着反向时用。文章 A 有 225,034 个参数，每张图像有 36,522 个层输出（`Flatten` 只改形状，不另存）。批量 512 时哪一份更大？先估计，再运行单元格。

# %% demo
with when_solved("build_cnn"):
    network = build_cnn("A")
    fixed = 16 * network.count_params()
    outputs = sum(int(np.prod(layer.output.shape[1:])) for layer in network.layers if not isinstance(layer, layers.Flatten))
    each = 2 * 4 * outputs  # the outputs and their gradients, float32
    print(say(en="fixed {fixed:.1f} MB, and {each:.0f} kB for each picture", zh="固定部分 {fixed:.1f} MB，每张图像另需 {each:.0f} kB", fixed=fixed / 1e6, each=each / 1e3))
    for size in (32, 512, 8192):
        print(say(en="batch {size:>5,}: {total:>7,.0f} MB", zh="批量 {size:>5,}：{total:>7,.0f} MB", size=size, total=(fixed + size * each) / 1e6))
    print(say(en="largest batch in 8 GB: about {most:,.0f}", zh="8 GB 最多容纳的批量：约 {most:,.0f}", most=(8e9 - fixed) / each))

# %% [markdown] lang="en"
# This is a lower bound; libraries need work space besides. Doubling the batch nearly doubles the memory, since the fixed part is small here. (In a large language model it is the other way round.)
#
# When it does not fit, TensorFlow raises `ResourceExhaustedError`, "OOM". Then, in this order: look with `nvidia-smi` whether another notebook still holds memory; halve the batch; use 16 bits; give the optimizer `gradient_accumulation_steps=4`, which averages the gradients of four small batches before each update.
#
# TensorFlow reserves nearly all of a GPU's memory at the first use, so what `nvidia-smi` shows is not what you need, and a second notebook finds nothing left. Before the first computation, `tf.config.experimental.set_memory_growth(gpu, True)` makes it take only what it needs.
#
# ### Four switches
#
# - **The device waits for data.** `tf.data`: `.cache()`, then `.shuffle(n)`, `.batch(b)` and `.prefetch(tf.data.AUTOTUNE)`. `cache` prepares each picture once; `prefetch` prepares the next batch while the device computes. `cache` comes before `shuffle`, or every epoch has the same order.
# - **The device waits for Python.** `compile(steps_per_execution=20)`: twenty steps per call of Python. Callbacks and the dashboard then see every twentieth step only.
# - **Memory traffic between small operations.** `compile(jit_compile=True)`: XLA fuses them. Keras does so by itself if TensorFlow sees a GPU, and not on a CPU. Each new shape compiles anew: a **ragged last batch** costs a second compilation. `drop_remainder=True`, or a batch size that divides n, avoids it.
# - **Arithmetic.** 16 bits, next section.
#
# What we measured on two CPU cores with article A's network: compiling with XLA took 4.9 s instead of 1.2 s, a batch of 19 after batches of 32 another 3.9 s, and a step 32 ms instead of 16. With preparation that takes 0.5 ms per picture, `cache` cut the later epochs to a third; `prefetch` saved a tenth, since on a CPU the same cores prepare and compute. With batches of 8, `steps_per_execution=10` cut 2.0 s to 1.2 s. So: **measure before you switch, and switch one thing at a time.**
#
# Where does the time go? First look at the load in `nvidia-smi -l 1` while `fit` runs. Far below 100 %: the device waits, see the first two points. Near 100 %: it is busy, see the last two. `keras.callbacks.TensorBoard("logs", profile_batch=(10, 20))` records a profile of steps 10 to 20, after the warm-up.

# %% [markdown] lang="zh"
# 这是下限，各种库还需要工作空间。批量加倍，显存差不多也加倍，因为这里固定部分很小。（大语言模型则相反。）
#
# 放不下时，TensorFlow 抛出 `ResourceExhaustedError`，即“OOM”。按这个顺序处理：用 `nvidia-smi` 看看是不是别的笔记本还占着显存；批量减半；改用 16 位；给优化器设 `gradient_accumulation_steps=4`，把四个小批量的梯度取平均，再更新一次。
#
# TensorFlow 第一次使用 GPU 时会占下几乎全部显存，所以 `nvidia-smi` 显示的不是你真正需要的量，第二个笔记本也就没有显存可用。在第一次计算之前调用 `tf.config.experimental.set_memory_growth(gpu, True)`，它就只取所需。
#
# ### 四个开关
#
# - **设备等数据。** `tf.data`：先 `.cache()`，再 `.shuffle(n)`、`.batch(b)` 和 `.prefetch(tf.data.AUTOTUNE)`。`cache` 让每张图像只准备一次；`prefetch` 在设备计算时准备下一个批量。`cache` 要放在 `shuffle` 之前，否则每个轮次的次序都一样。
# - **设备等 Python。** `compile(steps_per_execution=20)`：Python 每调用一次走二十步；回调和仪表盘也只能每二十步看一次。
# - **小运算之间的内存搬运。** `compile(jit_compile=True)`：XLA 把它们融合起来。TensorFlow 看到 GPU 时，Keras 会自动打开，在 CPU 上则不会。每遇到新形状都要重新编译：**最后不满的一批**要多编译一次。用 `drop_remainder=True`，或取能整除 n 的批量，就能避免。
# - **算术。** 16 位，见下一节。
#
# 我们用文章 A 的网络在两个 CPU 核上测得：用 XLA 编译花了 4.9 s，不用是 1.2 s；批量 32 之后来一个 19 的批量，又花 3.9 s；每一步要 32 ms，不用是 16 ms。如果准备每张图像要 0.5 ms，`cache` 使第二个轮次起的用时降到三分之一；`prefetch` 只省下十分之一，因为在 CPU 上，准备和计算用的是同样的核。批量为 8 时，`steps_per_execution=10` 使 2.0 s 变成 1.2 s。所以：**先测量再打开，一次只打开一个。**
#
# 时间花在哪里？先在 `fit` 运行时看 `nvidia-smi -l 1` 中的负载。远低于 100%：设备在等，看前两条。接近 100%：设备在忙，看后两条。`keras.callbacks.TensorBoard("logs", profile_batch=(10, 20))` 会记录第 10 到 20 步的剖析结果，避开预热。

# %% [markdown] lang="en"
# ### Sixteen bits (optional)
#
# Numbers of 16 bits need half the memory traffic, and tensor cores multiply them fast. **Mixed precision** computes in 16 bits and keeps the weights in float32, since an update of a thousandth of a weight would be lost in 16. In Keras it is one line: `keras.config.set_dtype_policy("mixed_bfloat16")`. **Keep the last layer, the softmax, in float32** (`dtype="float32"`): probabilities near 1 differ in digits that 16 bits do not have.
#
# | | smallest positive | largest | significant bits |
# |---|---|---|---|
# | float32 | $10^{-45}$ | $3 \cdot 10^{38}$ | 24 |
# | bfloat16 | $10^{-40}$ | $3 \cdot 10^{38}$ | 8 |
# | float16 | $2^{-24} \approx 6 \cdot 10^{-8}$ | 65,504 | 11, fewer below $2^{-14}$ |
#
# float16's range is narrow. The figure shows the *real* gradients of article A's network after one epoch on `digits28`. With its second control you make them smaller, as in deeper networks or late in training.

# %% [markdown] lang="zh"
# ### 十六位（选读）
#
# 16 位数只需一半的内存搬运，张量核心又能很快地相乘。**混合精度**用 16 位计算，权重仍保存在 float32 中，因为只有权重千分之一的更新在 16 位里会丢失。在 Keras 中只要一行：`keras.config.set_dtype_policy("mixed_bfloat16")`。**最后一层 softmax 要留在 float32**（`dtype="float32"`）：接近 1 的概率，差别在 16 位表示不了的位上。
#
# | | 最小正数 | 最大数 | 有效位数 |
# |---|---|---|---|
# | float32 | $10^{-45}$ | $3 \cdot 10^{38}$ | 24 |
# | bfloat16 | $10^{-40}$ | $3 \cdot 10^{38}$ | 8 |
# | float16 | $2^{-24} \approx 6 \cdot 10^{-8}$ | 65,504 | 11，小于 $2^{-14}$ 时更少 |
#
# float16 的范围很窄。下图是文章 A 的网络在 `digits28` 上训练一个轮次之后的**真实**梯度。用第二个控件可以把它们缩小，就像更深的网络或训练后期那样。

# %% demo
with when_solved("build_cnn"):
    keras.utils.set_random_seed(0)
    network = build_cnn("A")
    network.compile(optimizer="adam", loss="sparse_categorical_crossentropy")
    network.fit(x_rest, y_rest, batch_size=64, epochs=1, verbose=0)
    gradients = weight_gradients(network, x_rest[:64], y_rest[:64])

    def fig_scaling(log2_scale, shrink, answered=True):
        """Real gradients of article A's network on float16's range."""
        return fig_loss_scaling(gradients, log2_scale, shrink, answered)

    explore(
        fig_scaling,
        predict=Prediction(
            say(en="How many of this network's gradients become 0 in float16?", zh="这个网络的梯度中，有多少在 float16 里变成 0？"),
            options=(say(en="almost none", zh="几乎没有"), say(en="about half", zh="约一半"), say(en="almost all", zh="几乎全部")),
            answer=0,
            because=(
                say(en="Well under one in a hundred. Some more lose digits. Shrink them by 10⁴, and scaling becomes necessary.",
                    zh="远不到百分之一。另有一些丢失位数。把它们缩小到 10⁻⁴ 倍，缩放就必不可少了。"),
                say(en="Look at the scale: below 3·10⁻⁸ there is next to nothing.", zh="看刻度：3·10⁻⁸ 以下几乎什么也没有。"),
                say(en="Look at the scale: below 3·10⁻⁸ there is next to nothing.", zh="看刻度：3·10⁻⁸ 以下几乎什么也没有。"),
            ),
        ),
        alt=say(
            en="A histogram of the sizes of real gradients on a logarithmic axis over the range of float16: too small and "
            "rounded to zero, with fewer digits, with all digits, too large.",
            zh="真实梯度大小的直方图（对数刻度），叠加在 float16 的表示范围上：太小而舍入为零、位数减少、位数完整、太大。",
        ),
        log2_scale=slider(0, 24, 0, label=say(en="log2 of the loss scale S", zh="损失缩放 S 的 log2")),
        shrink=slider(0, 6, 0, label=say(en="divide gradients by 10 to the", zh="梯度除以 10 的几次方")),
    )

# %% [markdown] lang="en"
# **Loss scaling** saves what would become 0. Multiply the loss by $S$; by the chain rule all gradients grow by $S$. Divide them by $S$ in float32 before the update. If something overflows, skip the step and halve $S$; after 2,000 good steps double it again. Keras starts at $S = 2^{15}$, and `compile` adds all this for `mixed_float16` by itself. bfloat16 has float32's range and does without.
#
# **Repeatability.** Parallel sums are added in changing order, and $(a + b) + c$ need not equal $a + (b + c)$. Two GPU runs with one seed may differ in the last digits, and after thousands of steps in the accuracy. `tf.config.experimental.enable_op_determinism()` forbids that, at the price of speed.

# %% [markdown] lang="zh"
# **损失缩放**能保住会变成 0 的梯度。把损失乘以 $S$，由链式法则，所有梯度也放大 $S$ 倍；更新之前在 float32 中除以 $S$。一旦溢出，就跳过这一步并把 $S$ 减半；连续 2,000 步正常，再加倍。Keras 从 $S = 2^{15}$ 开始，对 `mixed_float16`，`compile` 会自动加上这一切。bfloat16 的范围与 float32 相同，不需要缩放。
#
# **可重复性。** 并行求和的次序会变，而 $(a + b) + c$ 不一定等于 $a + (b + c)$。同一个种子的两次 GPU 运行可能在末几位不同，几千步之后准确率也会不同。`tf.config.experimental.enable_op_determinism()` 可以禁止这种差异，代价是速度。

# %% [markdown] lang="en"
# ## 8 · Cut off in the middle of the night
#
# Colab ends sessions. Clusters stop jobs. Laptops fall asleep. A run that cannot be resumed is a run that starts again.
#
# What must a **checkpoint** hold so that a resumed run goes on *exactly* as if nothing had happened? The weights, certainly. But Adam also remembers two moments of every gradient and the number of its steps; forget them, and the next few dozen steps are those of a beginner. And the number of epochs done.
#
# What Keras has for it:
#
# - `model.save("run.keras")` saves the architecture, weights, compilation and optimizer state: a whole model in one file. `keras.models.load_model` brings all of it back.
# - `ModelCheckpoint("{epoch:02d}.keras")` saves the same after each epoch, or only the best with `save_best_only=True`. Use it to choose a model afterwards.
# - `BackupAndRestore(folder)` saves weights, optimizer state and epoch, to go on after a crash. It deletes the backup when `fit` ends, unless `delete_checkpoint=False`.
# - `model.save_weights("w.weights.h5")` saves the weights without the architecture, and those of the optimizer once the model is compiled. Use it to hand weights to the same architecture.
#
# `fit(..., initial_epoch=k, epochs=n)` trains the epochs k … n − 1, counted from 0.

# %% [markdown] lang="zh"
# ## 8 · 半夜断线
#
# Colab 会结束会话，集群会停掉作业，笔记本电脑会休眠。不能续训的训练，只能从头再来。
#
# **检查点**里要存什么，续训才能**分毫不差**，就像什么都没发生过？权重当然要存。但 Adam 还记着每个梯度的两个矩和自己的步数；忘了它们，接下来几十步就像新手上路。还有已经完成的轮次数。
#
# Keras 为此提供：
#
# - `model.save("run.keras")` 保存结构、权重、编译设置和优化器状态，整个模型一个文件；`keras.models.load_model` 全部读回。
# - `ModelCheckpoint("{epoch:02d}.keras")` 保存的内容相同，每个轮次一次；`save_best_only=True` 只留最好的。适合事后挑选模型。
# - `BackupAndRestore(folder)` 保存权重、优化器状态和轮次，崩溃后可以接着训练。`fit` 结束时它会删掉备份，除非 `delete_checkpoint=False`。
# - `model.save_weights("w.weights.h5")` 保存权重，不保存结构；已编译的模型，连优化器状态也存。适合把权重交给同样结构的网络。
#
# `fit(..., initial_epoch=k, epochs=n)` 训练第 k … n − 1 个轮次，从 0 数起。

# %% given
_folders = []


def new_folder():
    """Make an empty folder, deleted when the notebook's kernel ends; return its path."""
    _folders.append(tempfile.TemporaryDirectory(prefix="checkpoints-"))
    return _folders[-1].name

# %% [markdown] lang="en"
# ### Exercise 6 · `train_resumable` (3 points)
#
# ```python
# def train_resumable(model, x, y, epochs, folder, after_epoch): ...
# ```
#
# - `model`: an uncompiled, built Keras model that ends in softmax; `x` float32, `y` int; `folder`: the path of a folder that exists. What you save there, and how, is yours.
# - Train until `epochs` epochs are complete **in total**: Adam with its defaults, sparse categorical cross-entropy, batches of 32 in the order of the data (`shuffle=False`).
# - After each epoch first save into `folder`, then call `after_epoch(epoch)`, with epochs counted from 0. If `after_epoch` raises, the run is cut off: let the exception through.
# - If `folder` holds the state of an earlier call, go on behind its last saved epoch, as if the run had never been cut off. The weights of the given `model` then do not matter; its architecture is the same.
# - Returns the trained `keras.Model`. If nothing is left to do, that is the saved one, and `after_epoch` is not called.
# - `x` and `y` stay unchanged. All that one call leaves for the next is in `folder`.
#
# One example: `epochs=4`, cut off by `after_epoch(1)`. The next call with the same folder calls `after_epoch(2)` and `after_epoch(3)` and ends with the weights of an uninterrupted run.
#
# <details><summary>What hidden tests also use</summary>
#
# Weights compared with an uninterrupted run at 0.0005; cut off after the first epoch, and twice; a finished run called again, with the same and with more `epochs`; another run in another folder; a last batch of fewer than 32; other architectures.
# </details>
# <details><summary>Hint 1 · what to look at</summary>
#
# One entry of the list above saves everything but the number of epochs, another saves that, too.
# <details><summary>Hint 2 · which step</summary>
#
# A callback with `on_epoch_end` saves and calls `after_epoch`. With `BackupAndRestore` the order in the list of callbacks matters.
# <details><summary>Hint 3 · the step with a gap</summary>
#
# `backup = keras.callbacks.BackupAndRestore(folder, delete_checkpoint=___)`, `tell = keras.callbacks.LambdaCallback(on_epoch_end=lambda epoch, logs: ___)`, and `callbacks=[___, ___]`.
# </details></details></details>

# %% [markdown] lang="zh"
# ### 练习 6 · `train_resumable`（3 分）
#
# ```python
# def train_resumable(model, x, y, epochs, folder, after_epoch): ...
# ```
#
# - `model`：未编译、已构建、以 softmax 结尾的 Keras 模型；`x` 为 float32，`y` 为整数；`folder`：一个已存在的文件夹的路径。在里面存什么、怎么存，由你决定。
# - 训练到**总共**完成 `epochs` 个轮次：默认参数的 Adam，稀疏分类交叉熵，按数据次序每批 32 张（`shuffle=False`）。
# - 每个轮次之后先存入 `folder`，再调用 `after_epoch(epoch)`，轮次从 0 数起。如果 `after_epoch` 抛出异常，就表示训练中断：不要拦截它。
# - 如果 `folder` 里有之前调用留下的状态，就从最后保存的轮次之后接着训练，如同从未中断。这时给定 `model` 的权重无关紧要，结构则相同。
# - 返回训练好的 `keras.Model`。如果已经没有可训练的轮次，就返回保存的模型，不调用 `after_epoch`。
# - 不得改动 `x` 和 `y`。一次调用留给下一次的东西都在 `folder` 里。
#
# 一个例子：`epochs=4`，在 `after_epoch(1)` 处中断。用同一个文件夹再调用一次，会依次调用 `after_epoch(2)` 和 `after_epoch(3)`，最后的权重与不中断的运行相同。
#
# <details><summary>隐藏测试还会用到</summary>
#
# 与不中断的运行比较权重，误差 0.0005；第一个轮次之后中断，以及中断两次；已完成的训练再次调用，`epochs` 不变或增大；在另一个文件夹里进行的另一次训练；最后一批不足 32 张；其他结构。
# </details>
# <details><summary>提示 1 · 看哪里</summary>
#
# 上面的列表中，有一项除了轮次数什么都存，还有一项连轮次数也存。
# <details><summary>提示 2 · 哪一步</summary>
#
# 用带 `on_epoch_end` 的回调保存并调用 `after_epoch`。用 `BackupAndRestore` 时，回调列表中的次序很重要。
# <details><summary>提示 3 · 填空</summary>
#
# `backup = keras.callbacks.BackupAndRestore(folder, delete_checkpoint=___)`，`tell = keras.callbacks.LambdaCallback(on_epoch_end=lambda epoch, logs: ___)`，以及 `callbacks=[___, ___]`。
# </details></details></details>

# %% solution="train-resumable"
def train_resumable(model, x, y, epochs, folder, after_epoch):
    """Train until `epochs` epochs are complete in total, going on from what `folder` holds; return the trained model."""
    ### BEGIN SOLUTION
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy")
    backup = keras.callbacks.BackupAndRestore(folder, delete_checkpoint=False)
    tell = keras.callbacks.LambdaCallback(on_epoch_end=lambda epoch, logs: after_epoch(epoch))
    model.fit(x, y, epochs=epochs, batch_size=32, shuffle=False, verbose=0, callbacks=[backup, tell])
    return model
    ### END SOLUTION

# %% test="resumed-run-equals-uninterrupted-run" points=2
def small_network(seed):
    """A fresh uncompiled network; the seed decides on its weights."""
    keras.utils.set_random_seed(seed)
    return keras.Sequential([
        keras.Input((28, 28, 1)), keras.layers.AveragePooling2D(4), keras.layers.Flatten(),
        keras.layers.Dense(12, activation="relu"), keras.layers.Dense(10, activation="softmax"),
    ])


x_80, y_80 = x_rest[:80].copy(), y_rest[:80].copy()
heard = []


def listen(epoch):
    """Note the epoch."""
    heard.append(int(epoch))


def power_cut(epoch):
    """Note the epoch; the second one is the last."""
    heard.append(int(epoch))
    if epoch >= 1:
        raise RuntimeError("power cut")


whole = train_resumable(small_network(1), x_80, y_80, 4, new_folder(), listen)
assert isinstance(whole, keras.Model), "[ch04-MODEL] train_resumable 应返回 keras.Model / train_resumable should return a keras.Model"
assert heard == [0, 1, 2, 3], "[ch04-EPOCHS] after_epoch 应依次收到 0、1、2、3 / after_epoch should get 0, 1, 2, 3"
heard, shared = [], new_folder()
try:
    train_resumable(small_network(1), x_80, y_80, 4, shared, power_cut)
except RuntimeError:
    pass
else:
    raise AssertionError("[ch04-SWALLOWED] after_epoch 的异常应传出来 / the exception of after_epoch should come through")
assert heard == [0, 1], "[ch04-CUT] 训练应在中断处停下 / the run should stop where it is cut off"
heard = []
resumed = train_resumable(small_network(2), x_80, y_80, 4, shared, listen)
assert isinstance(resumed, keras.Model), "[ch04-MODEL] train_resumable 应返回 keras.Model / train_resumable should return a keras.Model"
assert heard == [2, 3], "[ch04-RESUME] 续训应只做第 2、3 轮 / the resumed run should do epochs 2 and 3 only"
# A property: nobody can see from the weights that the run was cut off.
ends = [np.concatenate([weight.ravel() for weight in network.get_weights()]) for network in (whole, resumed)]
assert ends[0].shape == ends[1].shape, "[ch04-MODEL] 续训后的网络结构变了 / the resumed network has another architecture"
assert np.abs(ends[0] - ends[1]).max() < 5e-4, "[ch04-STATE] 续训的权重与不中断的不同：权重和优化器状态都接上了吗？ / the resumed run ends with other weights than the uninterrupted one: were weights and optimizer state restored?"
### BEGIN HIDDEN TESTS
def _check_resume():
    def network(width, seed):
        keras.utils.set_random_seed(seed)
        return keras.Sequential([keras.Input((28, 28, 1)), keras.layers.AveragePooling2D(7), keras.layers.Flatten(),
                                 keras.layers.Dense(width, activation="relu"), keras.layers.Dense(10, activation="softmax")])

    def weights_of(model):
        return np.concatenate([weight.ravel() for weight in model.get_weights()])

    def expected(width, seed, x, y, epochs):
        model = network(width, seed)
        model.compile(optimizer="adam", loss="sparse_categorical_crossentropy")
        model.fit(x, y, epochs=epochs, batch_size=32, shuffle=False, verbose=0)
        return weights_of(model)

    def run(width, seed, x, y, epochs, folder, stop=None):
        said = []

        def after(epoch):
            said.append(int(epoch))
            if epoch == stop:
                raise RuntimeError("cut off")

        before = x.copy(), y.copy()
        try:
            model = train_resumable(network(width, seed), x, y, epochs, folder, after)
        except RuntimeError:
            assert stop is not None, "[ch04-RAISED] train_resumable 没有中断却抛出 RuntimeError / train_resumable raises RuntimeError without being cut off"
            model = None
        assert stop is None or model is None, "[ch04-SWALLOWED] after_epoch 的异常应传出来 / the exception of after_epoch should come through"
        assert np.array_equal(x, before[0]) and np.array_equal(y, before[1]), "[ch04-INPLACE] train_resumable 改动了 x 或 y / train_resumable changes x or y"
        if model is not None:
            assert isinstance(model, keras.Model), "[ch04-MODEL] train_resumable 应返回 keras.Model / train_resumable should return a keras.Model"
        return model, said

    rng = np.random.default_rng(2024)
    rows = rng.permutation(len(x_rest))
    x, y, first = x_rest[rows[:70]].copy(), y_rest[rows[:70]].copy(), new_folder()
    assert run(9, 31, x, y, 5, first, stop=0)[1] == [0], "[ch04-FOLDER] 另一个文件夹里的训练应从头开始，并在中断处停下 / a run in another folder should start from the beginning and stop where it is cut off"
    oracle = expected(9, 31, x, y, 5)
    assert run(9, 32, x, y, 5, first, stop=2)[1] == [1, 2], "[ch04-RESUME] 第二次调用应接着第 1 轮 / the second call should go on with epoch 1"
    model, said = run(9, 33, x, y, 5, first)
    assert said == [3, 4], "[ch04-RESUME] 第三次调用应接着第 3 轮 / the third call should go on with epoch 3"
    assert np.shape(weights_of(model)) == np.shape(oracle) and np.abs(weights_of(model) - oracle).max() < 5e-4, "[ch04-STATE] 中断两次后的权重与不中断的不同：优化器状态也要保存 / cut off twice, the run ends with other weights than the uninterrupted one: save the optimizer state, too"
_check_resume()
### END HIDDEN TESTS

# %% test="finished-run-trains-no-more" points=1
keras.utils.set_random_seed(21)
line_network = keras.Sequential([keras.Input((28, 28, 1)), keras.layers.AveragePooling2D(7), keras.layers.Flatten(), keras.layers.Dense(10, activation="softmax")])
told = []


def tell(epoch):
    """Note the epoch."""
    told.append(int(epoch))


done = new_folder()
start = [weight.copy() for weight in line_network.get_weights()]
once = train_resumable(line_network, x_rest[:64], y_rest[:64], 2, done, tell)
assert isinstance(once, keras.Model), "[ch04-MODEL] train_resumable 应返回 keras.Model / train_resumable should return a keras.Model"
final = [weight.copy() for weight in once.get_weights()]
assert not all(np.allclose(new, old) for new, old in zip(final, start, strict=True)), "[ch04-UNTRAINED] 网络没有训练 / the network was not trained"
line_network.set_weights(start)
again = train_resumable(line_network, x_rest[:64], y_rest[:64], 2, done, tell)
assert isinstance(again, keras.Model), "[ch04-MODEL] train_resumable 应返回 keras.Model / train_resumable should return a keras.Model"
assert told == [0, 1], "[ch04-DONE] 已完成的训练不应再训练任何轮次 / a finished run should not train another epoch"
# A property: the model of a finished run is the saved one, whatever the given weights are.
assert all(np.allclose(new, old, atol=1e-6) for new, old in zip(again.get_weights(), final, strict=True)), "[ch04-DONE] 已完成时应返回保存的模型 / a finished run should return the saved model"
### BEGIN HIDDEN TESTS
def _check_finished():
    def network(seed):
        keras.utils.set_random_seed(seed)
        return keras.Sequential([keras.Input((28, 28, 1)), keras.layers.AveragePooling2D(7), keras.layers.Flatten(),
                                 keras.layers.Dense(6, activation="tanh"), keras.layers.Dense(10, activation="softmax")])

    x, y, said, folder = x_rest[300:390].copy(), y_rest[300:390].copy(), [], new_folder()
    oracle = network(404)
    oracle.compile(optimizer="adam", loss="sparse_categorical_crossentropy")
    oracle.fit(x, y, epochs=3, batch_size=32, shuffle=False, verbose=0)

    def note(epoch):
        said.append(int(epoch))

    for seed, epochs, wanted in ((404, 1, [0]), (405, 1, [0]), (406, 3, [0, 1, 2])):
        model = train_resumable(network(seed), x, y, epochs, folder, note)
        assert said == wanted, "[ch04-TOTAL] epochs 是总数：只训练还缺的轮次 / epochs is the total: train only those that are missing"
        assert isinstance(model, keras.Model), "[ch04-MODEL] train_resumable 应返回 keras.Model / train_resumable should return a keras.Model"
    assert all(np.shape(new) == np.shape(old) and np.allclose(new, old, atol=5e-4) for new, old in zip(model.get_weights(), oracle.get_weights(), strict=True)), "[ch04-EXTENDED] 增大 epochs 后的权重与一次训练完的不同 / with more epochs the run ends with other weights than one that was never stopped"
_check_finished()
### END HIDDEN TESTS

# %% [markdown] lang="en"
# ## 9 · Find and fix: twenty-five pictures (optional)
#
# Article B ends with a 5×5 grid of test pictures. Its program imports TensorFlow, its `layers`, and pyplot; it divides the pixels by 255.0 and trains. In the loop of the grid stands, for each picture i,
#
# ```python
# np.argmax(model.predict(x_test[i]))
# ```
#
# As printed, the program trains for five epochs, prints its accuracy and then stops at the plot. What is wrong? There is more than one thing, one behind the other. `predict` itself is your tool: the cell offers it one picture in three shapes and says what happens. Guess before you run it.

# %% [markdown] lang="zh"
# ## 9 · 找错改正：二十五张图像（选读）
#
# 文章 B 以一个 5×5 的测试图像网格收尾。它的程序导入了 TensorFlow、其中的 `layers` 和 pyplot，把像素除以 255.0，然后训练。画网格的循环中，对每张图像 i 写的是
#
# ```python
# np.argmax(model.predict(x_test[i]))
# ```
#
# 照原样运行，程序会训练五个轮次，打印准确率，然后停在画图处。错在哪里？不止一处，一个接着一个。工具就是 `predict` 本身：单元格把一张图像以三种形状交给它，并说出结果。先猜，再运行。

# %% demo
import re

for shape in ((28, 28), (28, 28, 1), (1, 28, 28, 1)):
    try:
        print(shape, "→", model.predict(x_held[0].reshape(shape), verbose=0).shape)
    except Exception as error:
        said = re.sub(r"\x1b\[\d*m", "", next(filter(None, str(error).splitlines()[1:]), str(error)))
        print(shape, "→", f"{type(error).__name__}: `{said[:80]} …`")
began = time.perf_counter()
for row in range(5):
    model.predict(x_held[row:row + 1], verbose=0)
one_call = (time.perf_counter() - began) / 5
began = time.perf_counter()
model.predict(x_held[:25], verbose=0)
at_once = time.perf_counter() - began
print(say(en="25 pictures one by one {slow:,.0f} ms, in one call {fast:,.0f} ms", zh="25 张图像逐张预测 {slow:,.0f} ms，一次调用 {fast:,.0f} ms",
          slow=25_000 * one_call, fast=1000 * at_once))

# %% [markdown] lang="en"
# <details><summary>Five points: compare with yours</summary>
#
# 1. `np` is used, but NumPy was never imported: `NameError`.
# 2. `x_test[i]` has shape (28, 28), and the model expects a *batch*: `ValueError`.
# 3. Half a repair, the channel axis alone, gives (28, 28, 1). Keras reads that as 28 pictures of 28 pixels, and its message speaks of a negative dimension.
# 4. The data never got a channel axis. This alone does not crash: a built `Sequential` quietly adds it in `fit`, `evaluate` and `predict`. A habit that works by accident is not one to keep.
# 5. `predict` sets up a data pipeline at each call. One call for all pictures does that once.
#
# And the text claims that the grid "shows" 98.80 %. A grid of 25 pictures can show multiples of 4 % only.
# </details>

# %% [markdown] lang="zh"
# <details><summary>五点：与你找到的对照</summary>
#
# 1. 用了 `np`，却从未导入 NumPy：`NameError`。
# 2. `x_test[i]` 的形状是 (28, 28)，而模型要的是**一批**图像：`ValueError`。
# 3. 最容易想到的半截修法是只加通道轴，得到 (28, 28, 1)。Keras 会当成 28 张 28 像素的图像，报错信息说的是负的维度。
# 4. 数据一直没有通道轴。单凭这一点不会报错：构建好的 `Sequential` 会在 `fit`、`evaluate`、`predict` 中悄悄补上。碰巧能用的习惯不值得保留。
# 5. `predict` 每次调用都要搭一条数据管线。所有图像一次调用，只搭一遍。
#
# 另外，正文声称网格“显示”准确率为 98.80%。25 张图像的网格只能显示 4% 的整数倍。
# </details>

# %% [markdown] lang="en"
# ### Exercise 7 · `predict_labels` (1 point)
#
# ```python
# def predict_labels(predict, images, n=25): ...
# ```
#
# - `predict` takes a float32 array (m, 28, 28, 1) and returns scores (m, 10). Call it **exactly once**, with that one argument.
# - `images` holds floats of shape (28, 28), (28, 28, 1), (N, 28, 28) or (N, 28, 28, 1); the first two are *one* picture. Pass the pixel values on as they are.
# - Return the integer labels of the first m = min(n, N) pictures, shape (m,), in order (array or list). Predict no others.
# - `images` stays unchanged.
#
# <details><summary>What hidden tests also use</summary>
#
# All four shapes, N = 28, n = 1, n > N, float64 pictures, pixels below 0 and above 1, the same picture twice, scores that are no probabilities or differ in the seventh digit only: do not round.
# </details>
# <details><summary>Hint 1 · what to look at</summary>
#
# Each of the four shapes holds 784 numbers per picture.
# <details><summary>Hint 2 · which step</summary>
#
# One `reshape` serves all four. Cut *before* you predict.
# <details><summary>Hint 3 · the step with a gap</summary>
#
# `np.asarray(images, dtype=np.float32).reshape(___, 28, 28, 1)[:n]`
# </details></details></details>

# %% [markdown] lang="zh"
# ### 练习 7 · `predict_labels`（1 分）
#
# ```python
# def predict_labels(predict, images, n=25): ...
# ```
#
# - `predict` 接受 float32 数组 (m, 28, 28, 1)，返回得分 (m, 10)。**恰好调用一次**，只传这一个参数。
# - `images` 为浮点数，形状是 (28, 28)、(28, 28, 1)、(N, 28, 28) 或 (N, 28, 28, 1)；前两种是**一张**图像。像素值原样传入。
# - 按原顺序返回前 m = min(n, N) 张图像的整数标签，形状 (m,)（数组或列表）。不要预测其他图像。
# - 不得改动 `images`。
#
# <details><summary>隐藏测试还会用到</summary>
#
# 全部四种形状、N = 28、n = 1、n > N、float64 图像、小于 0 和大于 1 的像素、重复的图像、不是概率或只在第七位数字上不同的得分：不要舍入。
# </details>
# <details><summary>提示 1 · 看哪里</summary>
#
# 四种形状里，每张图像都是 784 个数。
# <details><summary>提示 2 · 哪一步</summary>
#
# 一个 `reshape` 就能对付四种形状。先截取，**再**预测。
# <details><summary>提示 3 · 填空</summary>
#
# `np.asarray(images, dtype=np.float32).reshape(___, 28, 28, 1)[:n]`
# </details></details></details>

# %% solution="predict-labels"
def predict_labels(predict, images, n=25):
    """Return the labels (m,) of the first m = min(n, N) images, with one call of predict on float32 (m, 28, 28, 1)."""
    ### BEGIN SOLUTION
    batch = np.asarray(images, dtype=np.float32).reshape(-1, 28, 28, 1)[:n]
    return np.argmax(predict(batch), axis=1)
    ### END SOLUTION

# %% test="prediction-needs-one-call" points=0.5
calls = []


def count_ink(batch, **options):
    """A stand-in for model.predict: notes what it gets; the class is the number of lit pixels."""
    calls.append(np.array(batch))
    lit = np.asarray(batch).reshape(len(batch), -1).sum(axis=1).round().astype(int) % 10
    return np.eye(10)[lit]


three = np.zeros((3, 28, 28))
three[0, 3, :2] = three[1, 5, :7] = three[2, 9, :4] = 1  # 2, 7 and 4 pixels
answer = predict_labels(count_ink, three)
assert len(calls) == 1, "[ch04-CALLS] predict 应恰好调用一次 / call predict exactly once"
assert calls[0].shape == (3, 28, 28, 1), "[ch04-AXES] predict 应收到 (m, 28, 28, 1) / predict should receive (m, 28, 28, 1)"
assert calls[0].dtype == np.float32, "[ch04-DTYPE] predict 应收到 float32 / predict should receive float32"
assert isinstance(answer, (np.ndarray, list, tuple)), "[ch04-TYPE] predict_labels 应返回一维数组或列表 / predict_labels should return a one-dimensional array or a list"
assert [int(label) for label in answer] == [2, 7, 4], "[ch04-LABELS] 三张图像的标签不对，或顺序乱了 / the three labels are wrong or out of order"
# The first two of three; one call again. Pixels and their order stay as they are.
doubled = np.concatenate([three[:1], 1.5 * three[:1], three[1:] - 0.5])
assert len(predict_labels(count_ink, doubled, 3)) == 3, "[ch04-COUNT] 标签个数应为 min(n, N) / the number of labels should be min(n, N)"
assert len(calls) == 2, "[ch04-CALLS] predict 应恰好调用一次 / call predict exactly once"
assert len(calls[1]) == 3, "[ch04-COUNT] 只预测前 n 张图像 / predict the first n pictures only"
assert np.allclose(calls[1][..., 0], doubled[:3]), "[ch04-PIXELS] 像素值应原样传入，顺序不变 / pass the pixel values on as they are, in order"
### BEGIN HIDDEN TESTS
def _check_call():
    rng = np.random.default_rng(1492)
    pictures = rng.random((40, 28, 28))
    cases = ((pictures[0], 25), (pictures[1][..., None], 25), (pictures[:12], 5), (pictures[:9, ..., None], 25),
             (pictures[:28], 25), (pictures[:28], 40), (pictures, 1), (pictures[:1], 3), (pictures.astype(np.float32), 25),
             (500 * pictures[:6] - 200, 25), (np.repeat(pictures[:4], 3, axis=0), 25), (np.repeat(pictures[:2], 2, axis=0), 25), (pictures, 38))
    for given, n in cases:
        received = []

        def spy(batch, received=received, **options):
            received.append(np.array(batch))
            return np.eye(10)[np.arange(len(batch)) % 10]

        before = given.copy()
        expected = given.reshape(-1, 28, 28, 1)[:n].astype(np.float32)
        predict_labels(spy, given, n)
        assert np.array_equal(given, before), "[ch04-INPLACE] predict_labels 改动了 images / predict_labels changes images"
        assert len(received) == 1, "[ch04-CALLS] predict 应恰好调用一次 / call predict exactly once"
        got = received[0]
        assert got.dtype == np.float32, "[ch04-DTYPE] predict 应收到 float32 / predict should receive float32"
        assert got.shape[1:] == (28, 28, 1), f"[ch04-AXES] images 的形状为 {given.shape} 时，predict 收到的轴不对 / for images of shape {given.shape} predict receives the wrong axes"
        assert len(got) == len(expected), f"[ch04-COUNT] images 的形状为 {given.shape}、n = {n} 时，predict 收到的图像数不对 / for images of shape {given.shape} and n = {n} predict receives the wrong number of pictures"
        assert np.allclose(got, expected, atol=1e-6), "[ch04-PIXELS] 像素值应原样传入，顺序不变 / pass the pixel values on as they are, in order"
_check_call()
### END HIDDEN TESTS

# %% test="labels-follow-the-scores" points=0.5
def count_pixels(batch, **options):
    """A stand-in for model.predict: the class is the number of lit pixels."""
    return np.eye(10)[np.asarray(batch).reshape(len(batch), -1).sum(axis=1).round().astype(int) % 10]


lone = np.zeros((28, 28, 1))
lone[0, :6, 0] = 1  # 6 pixels
# A property: one picture gives one label, whether or not it brings its axes along.
for form in (lone, lone[:, :, 0], lone[None], lone[None, :, :, 0]):
    single = predict_labels(count_pixels, form)
    assert isinstance(single, (np.ndarray, list, tuple)), "[ch04-TYPE] predict_labels 应返回一维数组或列表 / predict_labels should return a one-dimensional array or a list"
    assert np.shape(single) == (1,), "[ch04-BATCH] 一张图像应给出形状 (1,) 的结果 / one picture should give a result of shape (1,)"
    assert int(single[0]) == 6, "[ch04-LABELS] 单张图像的标签不对 / the label of a single picture is wrong"
# Twenty-eight pictures are no single picture.
assert np.shape(predict_labels(count_pixels, np.zeros((28, 28, 28)), n=30)) == (28,), "[ch04-BATCH] 28 张图像应给出 28 个标签 / twenty-eight pictures should give 28 labels"
# Scores need not be probabilities, and a race may be close.
for close in (0.1 + 1e-6 * np.arange(10), -2000.0 + 400 * np.arange(10)):
    chosen_label = predict_labels(lambda batch, close=close: np.repeat(close[None], len(batch), axis=0), lone)
    assert int(chosen_label[0]) == 9, "[ch04-ARGMAX] 标签是得分最大的位置；不要舍入，不要变换得分 / a label is where the score is largest; do not round or transform scores"
### BEGIN HIDDEN TESTS
def _check_labels():
    rng = np.random.default_rng(1789)
    pictures = rng.random((40, 28, 28))
    for given, n in ((pictures[0], 25), (pictures[1][..., None], 4), (pictures[:12], 5), (pictures[:10, ..., None], 25),
                     (pictures[:28], 25), (pictures[:28], 28), (pictures, 1), (pictures[:3], 100), (pictures, 25)):
        scores = rng.normal(size=(40, 10)) * (1e4 if n == 28 else 30) - 50  # logits: no sum is one, and exp overflows
        if n == 25:  # close races, which rounding or half precision would decide otherwise
            scores = rng.permuted(np.tile(0.9 + 2e-7 * np.arange(10), (40, 1)), axis=1)

        def planted(batch, scores=scores, **options):
            return scores[:len(batch)]

        m = min(n, given.size // 784)
        result = predict_labels(planted, given, n)
        assert isinstance(result, (np.ndarray, list, tuple)), "[ch04-TYPE] predict_labels 应返回一维数组或列表 / predict_labels should return a one-dimensional array or a list"
        result = np.asarray(result)
        assert result.shape == (m,), f"[ch04-COUNT] images 的形状为 {given.shape}、n = {n} 时，标签个数不对 / wrong number of labels for images of shape {given.shape} and n = {n}"
        assert np.issubdtype(result.dtype, np.integer), "[ch04-LABELS] 返回整数标签，而不是得分或概率 / return integer labels, not scores or probabilities"
        assert np.array_equal(result, [max(range(10), key=row.__getitem__) for row in scores[:m]]), "[ch04-ARGMAX] 标签应是每一行得分最大的位置；看看 argmax 的 axis / a label is where its own row of scores is largest; look at the axis of argmax"
_check_labels()
### END HIDDEN TESTS

# %% [markdown] lang="en"
# **The grid, repaired**, with your `predict_labels`, on the test pictures of the headline network (or, if you left section 6 out, on the held-out digits of section 1). Errors are the most instructive pictures: look at them before you tune anything.

# %% [markdown] lang="zh"
# **修好的网格。** 用你的 `predict_labels`，图像来自主实验的测试集（如果跳过了第 6 节，就用第 1 节留出的数字）。出错的图像最有教益：调参之前先看看它们。

# %% demo
from course.figures.gallery import fig_gallery

with when_solved("predict_labels"):
    network, x_test, y_test = headline or (model, x_held, y_held)
    guessed = np.asarray(predict_labels(lambda batch: scores_of(network, batch), x_test, n=len(x_test)))
    second = scores_of(network, x_test).argsort(axis=1)[:, -2]  # the digit with the second largest score

    def fig_grid(show, page):
        """Twenty-five test pictures with their predicted digits."""
        return fig_gallery(x_test, y_test, guessed, second, show=show, page=page)

    explore(
        fig_grid,
        predict=Prediction(
            say(en="Among its errors: how often is the true digit at least the network's second choice?", zh="在认错的图像里，正确的数字有多少排在网络的第二位？"),
            options=(say(en="hardly ever", zh="几乎没有"), say(en="about one time in nine", zh="九分之一左右"), say(en="more than half of the time", zh="一半以上")),
            answer=2,
            because=(
                say(en="An error is rarely a wild guess: read the second digits in the grid.", zh="认错很少是瞎猜：看看网格里的第二个数字。"),
                say(en="That would be chance: nine digits are left. The network knows more; read the second digits.",
                    zh="那等于瞎猜：剩下的数字有九个。网络知道得更多，看看第二个数字。"),
                say(en="It hesitates where you would: many errors are badly written or have lost strokes.",
                    zh="它犹豫的地方，你也会犹豫：许多错例写得潦草，或丢了笔画。"),
            ),
        ),
        alt=say(
            en="Twenty-five test digits in a grid of five by five, each with the predicted digit above it; wrong "
            "predictions are red and name the second choice and the true digit.",
            zh="五行五列共二十五个测试数字，每个上方是预测的数字；预测错误的为红色，并写出第二选择和真实的数字。",
        ),
        show=choice([(say(en="wrong", zh="错误"), "wrong"), (say(en="right", zh="正确"), "right"), (say(en="all", zh="全部"), "all")],
                    "wrong", label=say(en="show", zh="显示")),
        page=slider(0, 20, 0, label=say(en="page", zh="页")),
    )

# %% [markdown] lang="en"
# ## 10 · Reading a log like an auditor (optional)
#
# A training log is evidence. The next cell rebuilds the one that article B prints under its program. You know the program: `model.fit(x_train, y_train, epochs=5)`, then `evaluate`, then `print('\nTest accuracy:', test_acc)`. Write down what cannot be, before you go on.

# %% [markdown] lang="zh"
# ## 10 · 像审计员一样读日志（选读）
#
# 训练日志是证据。下一个单元格重建了文章 B 在程序下面印出的那一份。程序你已经知道：`model.fit(x_train, y_train, epochs=5)`，然后 `evaluate`，然后 `print('\nTest accuracy:', test_acc)`。先写下哪些地方不可能，再往下看。

# %% setup
import re


def _article_b_log():
    rows = ((3, 48, .1194, .9750, .0794), (2, 36, .0682, .9840, .0713), (2, 36, .0626, .9860, .0683),
            (2, 36, .0596, .9870, .0665), (2, 36, .0578, .9880, .0650))
    lines = ["Train on 60,000 samples"]
    for epoch, (seconds, micro, loss, accuracy, val_loss) in enumerate(rows, start=1):
        lines += [f"Epoch {epoch}/5", f"60,000/60,000 [{30 * '='}] - {seconds}s {micro}us/sample - loss: {loss:.4f} - "
                  f"accuracy: {accuracy:.4f} - val_loss: {val_loss:.4f} - val_accuracy: 0.9880"]
    return "\n".join([*lines, "", "Test accuracy: 0.9880"])


ARTICLE_B_LOG = _article_b_log()


def read_log(text):
    """Return the facts of a Keras log, old or new, as plain data; see the text below this cell."""
    log = {"train": None, "validate": None, "epochs": []}
    for line in text.splitlines():
        header = re.match(r"\s*Train on ([\d,]+) samples(?:, validate on ([\d,]+) samples)?", line)
        heading = re.match(r"\s*Epoch (\d+)/\d+", line)
        if header:
            log["train"], log["validate"] = (number and int(number.replace(",", "")) for number in header.groups())
        elif heading:
            log["epochs"].append({"number": int(heading.group(1)), "counter": "", "total": None,
                                  "seconds": None, "per_sample": None, "metrics": {}})
        elif log["epochs"] and "loss: " in line and not log["epochs"][-1]["metrics"]:
            epoch = log["epochs"][-1]
            epoch["metrics"] = dict(re.findall(r"(\w+): (\d+\.\d+(?:e-?\d+)?)", line))
            counter, timing = re.match(r"\s*([\d,]+)/([\d,]+)", line), re.search(r"(\d+)s (\d+)(us|ms|s)/sample", line)
            if counter:
                epoch["counter"], epoch["total"] = counter.group().strip(), int(counter.group(2).replace(",", ""))
            if timing:
                unit = {"us": 1e-6, "ms": 1e-3, "s": 1.0}[timing.group(3)]
                epoch["seconds"], epoch["per_sample"] = int(timing.group(1)), int(timing.group(2)) * unit
    return log

# %%
print(ARTICLE_B_LOG)

# %%
from course.figures.training_log import fig_logs

explore(
    fig_logs,
    predict=Prediction(
        say(en="We ran B's network and measured validation accuracy after each epoch. Did it stay the same, too?",
            zh="我们运行了 B 的网络，每个轮次之后测量验证准确率。它也保持不变吗？"),
        options=(say(en="yes", zh="是"), say(en="no", zh="否")),
        answer=1,
        because=(
            say(en="Measured: 0.9869, 0.9901, 0.9895, 0.9906, 0.9906.", zh="实测：0.9869、0.9901、0.9895、0.9906、0.9906。"),
            say(en="Measured: 0.9869, 0.9901, 0.9895, 0.9906, 0.9906. It moves, and once repeats by chance.",
                zh="实测：0.9869、0.9901、0.9895、0.9906、0.9906。有变化，也恰好重复了一次。"),
        ),
    ),
    alt=say(
        en="One metric of training over five epochs as lines with dots: as article B printed it and as it was measured in "
        "a real run.",
        zh="一项训练指标在五个轮次中的变化，带圆点的线：文章 B 印出的和真实运行测得的。",
    ),
    metric=choice(("val_accuracy", "val_loss", "accuracy", "loss"), "val_accuracy", label=say(en="metric", zh="指标")),
)

# %% [markdown] lang="en"
# How often is "the same" chance? On 10,000 pictures four digits give the exact count of right answers. Suppose $m$ answers flip between two epochs, each to right or wrong with equal chance. Then the count typically changes by about $\sqrt{m}$, and for even $m$ it stays exactly the same with probability about $\sqrt{2/(\pi m)}$. For $m = 40$, four times in a row:
#
# $$\left(\sqrt{\frac{2}{\pi \cdot 40}}\right)^{4} \approx 2.5 \cdot 10^{-4}$$
#
# Once is no sign of anything. A long row, while the loss keeps moving, asks for an explanation. An auditor accuses only where something *cannot* be, and says as clearly what is in order.

# %% [markdown] lang="zh"
# “相同”有多大可能是巧合？10,000 张图像时，四位小数就确定了答对的张数。假设两个轮次之间有 $m$ 个答案翻转，变对变错机会均等，那么张数变化的标准差是 $\sqrt{m}$；$m$ 为偶数时，恰好不变的概率约为 $\sqrt{2/(\pi m)}$。取 $m = 40$，连续四次：
#
# $$\left(\sqrt{\frac{2}{\pi \cdot 40}}\right)^{4} \approx 2.5 \cdot 10^{-4}$$
#
# 相同一次说明不了什么。损失一直在变，准确率却长时间纹丝不动，就需要解释。审计员只指控**不可能**的事，对正常之处也同样如实说明。

# %% [markdown] lang="en"
# ### Exercise 8 · `audit_log` (2 points)
#
# ```python
# def audit_log(log): ...
# ```
#
# `log = read_log(text)` is plain data: `{"train": 60000, "validate": None, "epochs": [...]}`, numbers of the header (None if it has none), and for each epoch
#
# `{"number": 1, "counter": "60,000/60,000", "total": 60000, "seconds": 3, "per_sample": 4.8e-05, "metrics": {"loss": "0.1194", ...}}`
#
# `per_sample` is None if the log gives no time per sample. Metrics are the printed digits, as text. Return a list (or set) of the codes that apply:
#
# | code | applies when |
# |---|---|
# | `VAL_WITHOUT_DATA` | the header gives `train` but not `validate`, and some epoch has a metric that starts with `val_` |
# | `SAMPLE_COUNTER` | some counter has a thousands separator (no version of Keras writes one) |
# | `FROZEN_VAL` | a `val_` metric other than `val_loss` has the same printed digits in at least three consecutive epochs, while `val_loss` changes within these (a missing number is no change) |
# | `TIME_MISMATCH` | in some epoch `per_sample` × `total` differs from `seconds` by more than 1 s + 10 % of `seconds` |
# | `EPOCH_GAP` | the numbers of successive epochs do not rise by one |
#
# **Do not report** a run that stops early; no header; two equal validation accuracies in a row; a training accuracy below the validation accuracy; a frozen *training* metric; `val_` metrics that are all frozen, `val_loss` included. `log` stays unchanged.
#
# One example: times 3 s and 4.8e-05 with total 60,000 fit, since 60,000 · 4.8e-05 = 2.88.
#
# <details><summary>What hidden tests also use</summary>
#
# Logs of both styles, clean and tampered with in one place; any number of epochs; a single epoch that is wrong, the last for instance; other names of metrics, such as `val_log_loss`; digits that differ in the fourth or fifth place only; missing metrics, and metrics that appear late; a `val_loss` that changes once or comes back; a first epoch that is not 1; times that fit, just fit or are far off.
# </details>
# <details><summary>Hint 1 · what to look at</summary>
#
# Print `read_log(ARTICLE_B_LOG)`. Every rule is one question to this data.
# <details><summary>Hint 2 · which step</summary>
#
# For `FROZEN_VAL` walk over windows of three epochs, and within one over the names of metrics.
# <details><summary>Hint 3 · the step with a gap</summary>
#
# `same = len({epoch["metrics"].get(name) for epoch in three}) == ___`, and `val_loss` must have more than ___ value in the same window, not counting `None`.
# </details></details></details>

# %% [markdown] lang="zh"
# ### 练习 8 · `audit_log`（2 分）
#
# ```python
# def audit_log(log): ...
# ```
#
# `log = read_log(text)` 是普通数据：`{"train": 60000, "validate": None, "epochs": [...]}`，前两项是表头中的数（没有则为 None），每个轮次则是
#
# `{"number": 1, "counter": "60,000/60,000", "total": 60000, "seconds": 3, "per_sample": 4.8e-05, "metrics": {"loss": "0.1194", ...}}`
#
# 日志没有给出每样本用时，`per_sample` 就是 None。指标是印出的数字，以文本保存。返回成立的代码组成的列表（或集合）：
#
# | 代码 | 成立条件 |
# |---|---|
# | `VAL_WITHOUT_DATA` | 表头给出 `train` 而没有 `validate`，却有某个轮次出现以 `val_` 开头的指标 |
# | `SAMPLE_COUNTER` | 某个计数器带千位分隔符（没有哪个版本的 Keras 会写） |
# | `FROZEN_VAL` | `val_loss` 之外的某个 `val_` 指标在至少三个连续轮次中印出的数字完全相同，而 `val_loss` 在其间有变化（缺一个数不算变化） |
# | `TIME_MISMATCH` | 某个轮次的 `per_sample` × `total` 与 `seconds` 之差超过 1 s 加 `seconds` 的 10% |
# | `EPOCH_GAP` | 相邻轮次的编号不是逐一递增 |
#
# **以下情况正常，不得报告**：提前结束的训练；没有表头；连续两次相同的验证准确率；训练准确率低于验证准确率；不变的**训练**指标；包括 `val_loss` 在内的所有 `val_` 指标同时不变。不得改动 `log`。
#
# 一个例子：3 s 和 4.8e-05，总数 60,000，是吻合的，因为 60,000 · 4.8e-05 = 2.88。
#
# <details><summary>隐藏测试还会用到</summary>
#
# 新旧两种格式的日志，有正常的，也有只篡改了一处的；任意的轮次数；只有一个轮次有错，例如最后一个；其他指标名，如 `val_log_loss`；只在第四或第五位上不同的数字；缺失的指标，以及后来才出现的指标；只变一次或变了又变回来的 `val_loss`；不从 1 开始的轮次编号；吻合、勉强吻合或相差悬殊的用时。
# </details>
# <details><summary>提示 1 · 看哪里</summary>
#
# 打印 `read_log(ARTICLE_B_LOG)`。每条规则都是对这份数据的一个提问。
# <details><summary>提示 2 · 哪一步</summary>
#
# 检查 `FROZEN_VAL` 时，每次看连续三个轮次，再逐个看其中的指标名。
# <details><summary>提示 3 · 填空</summary>
#
# `same = len({epoch["metrics"].get(name) for epoch in three}) == ___`，而 `val_loss` 在同一窗口内要有多于 ___ 个值，`None` 不算。
# </details></details></details>

# %% solution="audit-log"
def audit_log(log):
    """Return the codes of the impossibilities in a log from read_log, as a list of strings."""
    ### BEGIN SOLUTION
    codes, epochs = set(), log["epochs"]
    for epoch in epochs:
        if log["train"] and not log["validate"] and any(name.startswith("val_") for name in epoch["metrics"]):
            codes.add("VAL_WITHOUT_DATA")
        if "," in epoch["counter"]:
            codes.add("SAMPLE_COUNTER")
        if epoch["per_sample"] is not None:
            gap = abs(epoch["per_sample"] * epoch["total"] - epoch["seconds"])
            if gap > 1 + 0.1 * epoch["seconds"]:
                codes.add("TIME_MISMATCH")
    if any(epochs[at + 1]["number"] != epochs[at]["number"] + 1 for at in range(len(epochs) - 1)):
        codes.add("EPOCH_GAP")
    for first in range(len(epochs) - 2):
        three = [epoch["metrics"] for epoch in epochs[first:first + 3]]
        moving = len({metrics["val_loss"] for metrics in three if "val_loss" in metrics}) > 1
        for name in three[0]:
            same = len({metrics.get(name) for metrics in three}) == 1
            if name.startswith("val_") and name != "val_loss" and same and moving:
                codes.add("FROZEN_VAL")
    return sorted(codes)
    ### END SOLUTION

# %% test="log-audit-finds-what-cannot-be" points=1
codes = audit_log(read_log(ARTICLE_B_LOG))
assert isinstance(codes, (list, set, tuple, frozenset)), "[ch04-TYPE] audit_log 应返回列表或集合 / audit_log should return a list or a set"
assert set(codes) <= {"VAL_WITHOUT_DATA", "SAMPLE_COUNTER", "FROZEN_VAL", "TIME_MISMATCH", "EPOCH_GAP"}, "[ch04-CODES] 只用表中的代码 / use the table's codes only"
assert "FROZEN_VAL" in codes, "[ch04-FROZEN] 文章 B 的 val_accuracy 五轮不变，audit_log 没有发现 / article B's val_accuracy stands still for five epochs, and audit_log does not see it"
# A property: a log that says nothing shows nothing impossible.
assert not audit_log(read_log("Epoch 1/1")), "[ch04-CLEAN] 没有结果行的日志没有不可能之处 / a log without results shows nothing impossible"
# A calm log, and one change for each code: nothing else may be reported.
import copy

calm = {"train": 2000, "validate": 500, "epochs": [
    {"number": k, "counter": "2000/2000", "total": 2000, "seconds": 10, "per_sample": 0.005,
     "metrics": {"loss": f"0.{9 - k}000", "acc": "0.9000", "val_loss": f"0.{9 - k}500", "val_acc": f"0.91{max(k, 2)}0"}}
    for k in (1, 2, 3, 4)]}
assert not audit_log(copy.deepcopy(calm)), "[ch04-CLEAN] 正常的日志被报告有问题：两次相同、不变的训练指标都不算 / an honest log is accused: two equal values and a frozen training metric are in order"
cases = {name: copy.deepcopy(calm) for name in ("VAL_WITHOUT_DATA", "SAMPLE_COUNTER", "FROZEN_VAL", "TIME_MISMATCH", "EPOCH_GAP")}
cases["VAL_WITHOUT_DATA"]["validate"] = None
cases["SAMPLE_COUNTER"]["epochs"][-1]["counter"] = "2,000/2,000"
cases["FROZEN_VAL"]["epochs"][-1]["metrics"]["val_acc"] = cases["FROZEN_VAL"]["epochs"][-2]["metrics"]["val_acc"] = "0.9120"
cases["FROZEN_VAL"]["epochs"][0]["metrics"]["val_acc"] = "0.9100"  # epochs 2 to 4 stand still
cases["TIME_MISMATCH"]["epochs"][-1]["seconds"] = 3
cases["EPOCH_GAP"]["epochs"][-1]["number"] = 6
for name, log in cases.items():
    kept = copy.deepcopy(log)
    assert set(audit_log(log)) == {name}, f"[ch04-CODE] 只改了一处的日志，应只报告 {name} / a log with one change should give {name} and nothing else"
    assert log == kept, "[ch04-INPLACE] audit_log 改动了 log / audit_log changes log"
backwards = copy.deepcopy(calm)
backwards["epochs"][-1]["number"] = 2  # 1, 2, 3, 2
assert set(audit_log(backwards)) == {"EPOCH_GAP"}, "[ch04-BACK] 没有发现编号倒退 / a number that falls goes unnoticed"
for epoch in cases["FROZEN_VAL"]["epochs"]:
    epoch["metrics"]["val_loss"] = "0.5000"
assert not audit_log(cases["FROZEN_VAL"]), "[ch04-ALL] val_loss 也不变时，不算 FROZEN_VAL / when val_loss stands still as well, it is not FROZEN_VAL"
### BEGIN HIDDEN TESTS
def _check_tampered():
    def old(n=50_000, m=10_000, epochs=(1, 2, 3, 4), of=None, timing="11s 220us/sample", name="acc", values=("0.9702", "0.9811", "0.9811", "0.9840"), counter=None, header=None):
        lines = [header or f"Train on {n} samples, validate on {m} samples"]
        for row, epoch in enumerate(epochs):
            lines += [f"Epoch {epoch}/{of or epochs[-1]}",
                      f"{counter or f'{n}/{n}'} [{30 * '='}] - {timing} - loss: {0.31 / (row + 1):.4f} - {name}: {0.91 + 0.011 * row:.4f} - "
                      f"val_loss: {0.2 / (row + 2):.4f} - val_{name}: {values[row]}"]
        return "\n".join(lines) + "\n"

    def new(epochs, values, steps=938):
        return "\n".join(
            f"Epoch {epoch}/{epochs[-1]}\n{steps}/{steps} ━━━━━━━━━━━━━━━━━━━━ 7s 8ms/step - accuracy: {0.93 + 0.008 * row:.4f} - loss: {0.2 / (row + 1):.4f} - "
            f"val_accuracy: {value} - val_loss: {0.09 - 0.006 * row:.4f}" for row, (epoch, value) in enumerate(zip(epochs, values, strict=True)))

    def expect(log, wanted, hint):
        parsed = read_log(log)
        result = audit_log(parsed)
        assert parsed == read_log(log), "[ch04-INPLACE] audit_log 改动了 log / audit_log changes log"
        assert isinstance(result, (list, set, tuple, frozenset)), "[ch04-TYPE] audit_log 应返回列表或集合 / audit_log should return a list or a set"
        assert wanted <= set(result), hint
        assert set(result) <= wanted, "[ch04-EXTRA] audit_log 在一份只有一处问题的日志中报告了别的问题，或多报了文章 B / audit_log reports something that is not there in a tampered log or in article B's"

    expect(ARTICLE_B_LOG, {"VAL_WITHOUT_DATA", "SAMPLE_COUNTER", "FROZEN_VAL"}, "[ch04-SEED] 文章 B 的日志还有别的不可能之处没有发现 / audit_log misses something in article B's log")
    expect(old(header="Train on 50000 samples"), {"VAL_WITHOUT_DATA"}, "[ch04-HEADER] 表头只说了训练样本，却有 val_ 指标 / the header announces training samples only, and yet there are val_ metrics")
    expect(old(counter="50,000/50,000"), {"SAMPLE_COUNTER"}, "[ch04-COUNTER] 计数器里的千位分隔符没有发现 / the thousands separators of the counter go unnoticed")
    for n, counter, timing in ((8_000, "8,000/8,000", "32s 4ms/sample"), (1_200_000, "1,200,000/1,200,000", "264s 220us/sample")):
        expect(old(n=n, timing=timing, counter=counter), {"SAMPLE_COUNTER"}, "[ch04-COUNTER] 计数器里的千位分隔符没有发现 / the thousands separators of the counter go unnoticed")
    frozen = "[ch04-FROZEN] 连续三个轮次不变的 val 指标没有发现（名称与位置不限） / a val metric that stands still for three epochs goes unnoticed (whatever its name, wherever the row begins)"
    expect(old(values=("0.9702", "0.9811", "0.9811", "0.9811")), {"FROZEN_VAL"}, frozen)
    expect(old(epochs=(1, 2, 3), values=("0.9811", "0.9811", "0.9811")), {"FROZEN_VAL"}, frozen)
    expect(new((1, 2, 3, 4, 5, 6, 7), ("0.9780", "0.9831", "0.9842", "0.9842", "0.9842", "0.9855", "0.9861")), {"FROZEN_VAL"}, frozen)
    timing = "[ch04-TIME] 每样本用时 × 样本数与印出的秒数不符，没有发现（注意单位） / time per sample × samples contradicts the printed seconds and goes unnoticed (mind the unit)"
    expect(old(timing="11s 92us/sample"), {"TIME_MISMATCH"}, timing)
    expect(old(timing="2s 220us/sample"), {"TIME_MISMATCH"}, timing)
    expect(old(n=8_000, m=2_000, timing="9s 4ms/sample"), {"TIME_MISMATCH"}, timing)
    for first, last in (("11s 220us/sample", "11s 22us/sample"), ("200s 4ms/sample", "20s 4ms/sample")):  # the last of four epochs only
        lines = old(timing=first).splitlines()
        expect("\n".join([*lines[:-1], lines[-1].replace(first, last)]), {"TIME_MISMATCH"}, timing)
    lines = old().splitlines()
    for at in (2, 4):  # the first and the second of four epochs only
        expect("\n".join([*lines[:at], lines[at].replace("11s", "2s"), *lines[at + 1:]]), {"TIME_MISMATCH"}, timing)
    expect(old(n=40, m=10, timing="5s 2s/sample"), {"TIME_MISMATCH"}, timing)
    lines = old(epochs=tuple(range(1, 9)), values=[f"0.98{row}1" for row in range(8)]).splitlines()
    expect("\n".join([*lines[:8], lines[8].replace("11s", "15s"), *lines[9:]]), {"TIME_MISMATCH"}, timing)  # one of eight
    lines = old(counter="50,000/50,000").splitlines()
    expect("\n".join([*lines[:3], *(line.replace("50,000/50,000", "50000/50000") for line in lines[3:])]), {"SAMPLE_COUNTER"}, "[ch04-COUNTER] 只在第一轮出现的千位分隔符没有发现 / thousands separators in the first epoch only go unnoticed")
    lines = old().splitlines()
    expect("\n".join([*lines[:-1], lines[-1].replace("50000/50000", "50,000/50,000")]), {"SAMPLE_COUNTER"}, "[ch04-COUNTER] 只在最后一轮出现的千位分隔符没有发现 / thousands separators in the last epoch only go unnoticed")
    bare = [line.split(" - val_loss")[0] for line in old(header="Train on 50000 samples").splitlines()]
    expect("\n".join([*bare, "Epoch 5/5", bare[-1] + " - val_loss: 0.2000 - val_acc: 0.9000"]), {"VAL_WITHOUT_DATA"}, "[ch04-HEADER] 只在最后一轮出现的 val_ 指标没有发现 / val_ metrics in the last epoch only go unnoticed")
    for name in ("log_loss", "top_5_accuracy", "loss_of_labels", "f1"):
        expect(old(values=("0.9702", "0.9811", "0.9811", "0.9811"), name=name), {"FROZEN_VAL"}, frozen)
    for losses in (("0.2000", "0.2000", "0.1900"), ("0.2000", "0.1900", "0.1900"), ("0.2000", "0.1900", "0.2000")):
        lines = old(epochs=(1, 2, 3), values=("0.9811",) * 3).splitlines()
        for row, value in enumerate(losses):
            lines[2 * row + 2] = f"{lines[2 * row + 2].split(' - val_loss')[0]} - val_loss: {value} - val_acc: 0.9811"
        expect("\n".join(lines), {"FROZEN_VAL"}, "[ch04-MOVES] val_loss 只变一次，或变了又变回来，也算变化 / a val_loss that changes once, or changes and comes back, does change")
    lines = old(values=("0.9702", "0.9711", "0.9720", "0.9840")).splitlines()
    lines[4:] = [line + " - val_auc: 0.9611" if "loss" in line else line for line in lines[4:]]  # from the second epoch on
    expect("\n".join(lines), {"FROZEN_VAL"}, frozen)
    two = [line + f" - val_auc: 0.9{row}21" for row, line in enumerate(old(values=("0.9811",) * 4).splitlines())]
    expect("\n".join(line.split(" - val_auc")[0] if "Epoch" in line or "Train" in line else line for line in two), {"FROZEN_VAL"}, frozen)
    gap = "[ch04-GAP] 没有发现缺了一个轮次 / a missing epoch goes unnoticed"
    expect(old(epochs=(1, 2, 4, 5)), {"EPOCH_GAP"}, gap)
    expect(old(epochs=(1, 2, 2, 3)), {"EPOCH_GAP"}, "[ch04-GAP] 没有发现重复的轮次编号 / a repeated number of an epoch goes unnoticed")
    expect(old(epochs=(1, 3, 2, 4)), {"EPOCH_GAP"}, gap)
    expect(old(epochs=(1, 2, 3, 1), of=3), {"EPOCH_GAP"}, "[ch04-GAP] 没有发现编号倒退 / a number that falls goes unnoticed")
    expect(new((1, 2, 3, 4, 5, 6, 9), ("0.9780", "0.9831", "0.9842", "0.9850", "0.9849", "0.9855", "0.9861")), {"EPOCH_GAP"}, gap)
_check_tampered()
### END HIDDEN TESTS

# %% test="log-audit-clears-honest-logs" points=1
honest = """Epoch 1/2
1875/1875 ━━━━━━━━━━━━━━━━━━━━ 15s 8ms/step - accuracy: 0.9547 - loss: 0.1482 - val_accuracy: 0.9869 - val_loss: 0.0393
Epoch 2/2
1875/1875 ━━━━━━━━━━━━━━━━━━━━ 14s 7ms/step - accuracy: 0.9858 - loss: 0.0466 - val_accuracy: 0.9901 - val_loss: 0.0336
"""
assert isinstance(audit_log(read_log(honest)), (list, set, tuple, frozenset)), "[ch04-TYPE] audit_log 应返回列表或集合 / audit_log should return a list or a set"
assert not audit_log(read_log(honest)), "[ch04-CLEAN] 正常的日志被报告有问题 / an honest log is accused"
# A property: cutting an honest log short, as an early stop does, leaves it honest.
assert not audit_log(read_log("\n".join(honest.splitlines()[:2]))), "[ch04-EARLY] 提前结束不是问题 / an early stop is no impossibility"
# And not every log is honest: an audit that clears everything is none.
assert audit_log(read_log(ARTICLE_B_LOG)), "[ch04-BLIND] audit_log 什么也没有发现，连文章 B 的日志也放过了 / audit_log finds nothing at all, not even in article B's log"
### BEGIN HIDDEN TESTS
def _check_honest():
    bar = 30 * "="

    def clear(log, hint):
        parsed = read_log(log)
        result = audit_log(parsed)
        assert parsed == read_log(log), "[ch04-INPLACE] audit_log 改动了 log / audit_log changes log"
        assert isinstance(result, (list, set, tuple, frozenset)), "[ch04-TYPE] audit_log 应返回列表或集合 / audit_log should return a list or a set"
        assert not result, hint

    old = ["Train on 54000 samples, validate on 6000 samples"]
    for epoch, (seconds, micro, loss, acc, val_loss, val_acc) in enumerate(
            ((21, 389, .1893, .9421, .0581, .9838), (20, 370, .0572, .9822, .0454, .9870), (20, 372, .0398, .9876, .0391, .9870), (21, 382, .0301, .9903, .0412, .9882)), start=1):
        old += [f"Epoch {epoch}/4", f"54000/54000 [{bar}] - {seconds}s {micro}us/sample - loss: {loss:.4f} - acc: {acc:.4f} - val_loss: {val_loss:.4f} - val_acc: {val_acc:.4f}"]
    clear("\n".join(old), "[ch04-CLEAN] 正常的旧格式日志被报告有问题 / an honest log of the old style is accused")
    clear("\n".join([*old[:5], "", "Test accuracy: 0.9861"]), "[ch04-EARLY] 提前结束不是问题 / an early stop is no impossibility")
    bare = ["Train on 60000 samples"] + [line.split(" - val_loss")[0].replace("54000", "60000").replace("21s 389us", "23s 389us").replace("20s 37", "22s 37").replace("21s 382us", "23s 382us") for line in old[1:]]
    clear("\n".join(bare), "[ch04-HEADER] 没有验证数据也没有 val_ 指标的日志是正常的 / a log without validation data and without val_ metrics is honest")
    def row(value, epoch, name="acc", digits=4):
        return (f"Epoch {epoch}/4\n2000/2000 [{bar}] - 10s 5ms/sample - loss: {0.3 / epoch:.4f} - {name}: {0.9 + epoch / 100:.4f} - "
                f"val_loss: {0.2 / epoch:.4f} - val_{name}: {value:.{digits}f}")

    header, close = "Train on 2000 samples, validate on 500 samples", "[ch04-DIGITS] 印出的数字不同，就不算不变 / digits that differ as printed are not frozen"
    clear("\n".join([header, *(row(0.9870 + epoch / 10_000, epoch) for epoch in (1, 2, 3, 4))]), close)
    clear("\n".join([header, *(row(0.98700 + epoch / 100_000, epoch, digits=5) for epoch in (1, 2, 3, 4))]), close)
    clear("\n".join([header, *(row(0.98 + epoch / 1000, epoch).replace("2000/2000", "40/40").replace("10s 5ms", "80s 2s") for epoch in (1, 2, 3, 4))]),
          "[ch04-TIME] 以秒计的每样本用时与总秒数相符 / a time per sample in seconds that fits the total is honest")
    small = "Train on 900 samples, validate on 100 samples\nEpoch 1/1\n" + f"900/900 [{bar}] - 1s 1ms/sample - loss: 0.9 - acc: 0.71 - val_loss: 0.6120 - val_acc: 0.8800"
    for n, took in ((60_000, "3s 65us"), (100_000, "20s 225us"), (60_000, "5s 60us"), (100_000, "20s 175us")):  # off by less than 1 s + 10 %
        clear(f"Train on {n} samples, validate on 100 samples\nEpoch 1/1\n{n}/{n} [{bar}] - {took}/sample - loss: 0.9 - acc: 0.71 - val_loss: 0.6120 - val_acc: 0.8800",
              "[ch04-TIME] 没有超过 1 s + 10% 的时间差不是问题 / a difference of less than 1 s + 10 % is no impossibility")
    clear("\n".join(line for line in old if not line.startswith(("Epoch 1/", "Epoch 2/")) and line not in (old[2], old[4])), "[ch04-START] 续训的日志从后面的轮次开始，没有问题 / the log of a resumed run begins with a later epoch")
    clear("\n".join([header, *(row(value, epoch) for epoch, value in enumerate((0.9870, 0.9870, 0.9860, 0.9870), start=1))]), "[ch04-ROW] 三个相同的值不连续，不算不变 / three equal values that are not consecutive are not frozen")
    still = [row(0.9870 + (epoch > 3) / 100, epoch) for epoch in (1, 2, 3, 4, 5)]
    still = [line.replace(f"val_loss: {0.2 / epoch:.4f}", f"val_loss: {0.2 if epoch < 4 else 0.2 / epoch:.4f}") for epoch, line in enumerate(still, start=1)]
    clear("\n".join([header, *still]), "[ch04-WITHIN] val_loss 要在同样那几个轮次之内变化才算 / val_loss must change within the very epochs in which the metric stands still")
    late = [row(0.98 + epoch / 1000, epoch) + (" - val_auc: 0.9611" if epoch > 3 else "") for epoch in (1, 2, 3, 4, 5)]
    clear("\n".join([header, *late]), "[ch04-MISSING] 没有印出的指标不算不变 / a metric that is not printed does not stand still")
    clear(small, "[ch04-ROUNDING] 舍入可以解释的时间差不是问题 / a difference that rounding explains is no impossibility")
    today, frozen_training, frozen_all = [], [], []
    for epoch, (accuracy, loss, val_accuracy, val_loss) in enumerate(
            ((.9546, .1482, .9869, .0393), (.9858, .0466, .9901, .0336), (.9897, .0324, .9895, .0324), (.9922, .0238, .9906, .0320), (.9937, .0190, .9906, .0342)), start=1):
        line = f"1875/1875 ━━━━━━━━━━━━━━━━━━━━ 15s 8ms/step - accuracy: {accuracy:.4f} - loss: {loss:.4f} - val_accuracy: {val_accuracy:.4f} - val_loss: {val_loss:.4f}"
        today += [f"Epoch {epoch}/20", line]
        frozen_training += [f"Epoch {epoch}/5", line.replace(f" accuracy: {accuracy:.4f}", " accuracy: 1.0000")]
        frozen_all += [f"Epoch {epoch}/5", line.replace(f"val_accuracy: {val_accuracy:.4f}", "val_accuracy: 0.1135").replace(f"val_loss: {val_loss:.4f}", "val_loss: 2.3012")]
    clear("\n".join(today), "[ch04-CLEAN] 正常的新格式日志被报告有问题（五个轮次后提前结束，共计划二十个） / an honest log of today's style is accused (it stops after five of twenty epochs)")
    clear("\n".join(["Training has started", *today]), "[ch04-HEADER] 其他样式的表头不是问题 / a header of another kind is no impossibility")
    clear("\n".join(line.replace("15s 8ms/step", "15s - 15s/epoch - 8ms/step").replace(" ━━━━━━━━━━━━━━━━━━━━", " -") for line in today), "[ch04-TIME] s/epoch 和 ms/step 不是每样本用时 / s/epoch and ms/step are no times per sample")
    clear("\n".join(line.replace("15s 8ms", "41s 8ms") for line in today), "[ch04-TIME] s/epoch 和 ms/step 不是每样本用时 / s/epoch and ms/step are no times per sample")
    clear("\n".join(line.replace(" acc:", " eval_acc:") for line in bare), "[ch04-HEADER] 只有以 val_ 开头的才是验证指标 / only what starts with val_ is a metric of the validation data")
    clear("\n".join(frozen_training), "[ch04-TRAINING] 不变的训练指标不是 FROZEN_VAL / a frozen training metric is not FROZEN_VAL")
    clear("\n".join(frozen_all), "[ch04-ALL] val_loss 也不变时，不算 FROZEN_VAL / when val_loss stands still as well, it is not FROZEN_VAL")
_check_honest()
### END HIDDEN TESTS

# %% demo
with when_solved("audit_log"):
    print(*audit_log(read_log(ARTICLE_B_LOG)))

# %% [markdown] lang="en"
# <details><summary>The auditor's report on article B</summary>
#
# `fit` got no validation data, and yet every line has `val_` metrics. Progress bars counted *samples* before TensorFlow 2.2 and count *steps* since, 1,875 here; none wrote a comma. The validation accuracy stands still for five epochs while its loss falls. `print` without a format shows all digits of a float, such as 0.9879999756813049, and never 0.9880. The times, on the other hand, fit: 48 µs · 60,000 = 2.88 s, printed as 3 s. The log does not come from the program above it.
# </details>

# %% [markdown] lang="zh"
# <details><summary>对文章 B 的审计报告</summary>
#
# `fit` 没有得到验证数据，可是每行都有 `val_` 指标。TensorFlow 2.2 之前的进度条按**样本**计数，之后按**步**计数，这里应为 1,875；没有哪个版本写逗号。验证准确率五个轮次纹丝不动，验证损失却在下降。不带格式的 `print` 会印出浮点数的所有位，例如 0.9879999756813049，绝不会是 0.9880。用时倒是吻合：48 µs · 60,000 = 2.88 s，印作 3 s。这份日志不是上面的程序产生的。
# </details>

# %% [markdown] lang="en"
# ## 11 · Check yourself
#
# **1. `nvidia-smi` lists a card, `list_physical_devices("GPU")` is empty, and you are on Linux. What is the matter?**
#
# <details><summary>A. The driver is missing.</summary>No. Without a driver `nvidia-smi` would not answer.</details>
# <details><summary>B. TensorFlow was installed without the CUDA libraries.</summary>Right. `pip install "tensorflow[and-cuda]"`, then start the kernel anew.</details>
# <details><summary>C. The batch is too small for a GPU.</summary>No. A small batch uses a GPU badly; it is listed all the same.</details>

# %% [markdown] lang="zh"
# ## 11 · 自测
#
# **1. `nvidia-smi` 列出了显卡，`list_physical_devices("GPU")` 却是空的，系统是 Linux。问题出在哪里？**
#
# <details><summary>A. 没装驱动。</summary>不对。没有驱动，`nvidia-smi` 不会有响应。</details>
# <details><summary>B. 安装的 TensorFlow 不带 CUDA 库。</summary>正确。运行 `pip install "tensorflow[and-cuda]"`，再重启内核。</details>
# <details><summary>C. 批量太小，用不上 GPU。</summary>不对。小批量只是用不满 GPU，GPU 照样会被列出。</details>

# %% [markdown] lang="en"
# **2. Steps take 5.0 ms at batch 32 and 5.4 ms at batch 64. What do you try first?**
#
# <details><summary>A. A much larger batch.</summary>Right. Nearly all of a step is overhead: t1 is 0.0125 ms, t0 is 4.6 ms. Half of the best speed needs a batch of about 370. Adjust the rate with it.</details>
# <details><summary>B. Sixteen bits.</summary>No. They speed up the arithmetic, a twelfth of the step.</details>
# <details><summary>C. A second GPU.</summary>No. Each would get half a batch and the same overhead.</details>

# %% [markdown] lang="zh"
# **2. 批量 32 时每步 5.0 ms，批量 64 时 5.4 ms。先试什么？**
#
# <details><summary>A. 把批量加大许多。</summary>正确。一步几乎全是固定开销：t1 是 0.0125 ms，t0 是 4.6 ms。批量约 370 才达到最佳速度的一半。学习率要随之调整。</details>
# <details><summary>B. 改用 16 位。</summary>不对。它加快的是算术，只占一步的十二分之一。</details>
# <details><summary>C. 再加一块 GPU。</summary>不对。每块分到半个批量，开销却一样。</details>

# %% [markdown] lang="en"
# **3. Before training, the loss of your ten-class network is 7.4. What follows?**
#
# <details><summary>A. Nothing; it is untrained.</summary>No. Untrained means equal probabilities, and that costs ln 10 ≈ 2.30.</details>
# <details><summary>B. It is sure of wrong answers: look at the scaling of the pixels and at the initial weights.</summary>Right. Pixels of 0 … 255 do exactly this.</details>
# <details><summary>C. The learning rate is too high.</summary>No. No step has been taken yet.</details>

# %% [markdown] lang="zh"
# **3. 训练之前，十类网络的损失是 7.4。这说明什么？**
#
# <details><summary>A. 没什么，本来就没训练。</summary>不对。未训练意味着概率相等，损失应为 ln 10 ≈ 2.30。</details>
# <details><summary>B. 它对错误答案很有把握：检查像素的缩放和初始权重。</summary>正确。0 … 255 的像素正会如此。</details>
# <details><summary>C. 学习率太大。</summary>不对。一步都还没走。</details>

# %% [markdown] lang="en"
# **4. After a resume the loss jumps up for a few dozen steps, then falls again. What was forgotten?**
#
# <details><summary>A. The weights.</summary>No. Then the loss would start at ln K again.</details>
# <details><summary>B. The optimizer's state.</summary>Right. Adam begins with empty moments and takes its first steps at full rate.</details>
# <details><summary>C. The number of epochs done.</summary>No. That changes how long the run goes on, not the loss of its first steps.</details>

# %% [markdown] lang="zh"
# **4. 续训之后，损失先跳高几十步，然后又下降。忘了保存什么？**
#
# <details><summary>A. 权重。</summary>不对。那样损失会重新从 ln K 开始。</details>
# <details><summary>B. 优化器状态。</summary>正确。Adam 的矩是空的，头几步按全速走。</details>
# <details><summary>C. 已完成的轮次数。</summary>不对。它影响还要训练多久，不影响头几步的损失。</details>

# %% [markdown] lang="en"
# **5. A 32×32 picture goes through a 5×5 convolution with stride 2 and `"same"`. How large is the map?**
#
# <details><summary>A. 14×14</summary>No. That is `"valid"`: the floor of (32 − 5)/2, plus 1.</details>
# <details><summary>B. 16×16</summary>Right. "Same" gives the ceiling of n/s, whatever the kernel.</details>
# <details><summary>C. 32×32</summary>No. "Same" keeps the size only for stride 1.</details>

# %% [markdown] lang="zh"
# **5. 32×32 的图像经过 5×5、步幅 2、`"same"` 的卷积，特征图有多大？**
#
# <details><summary>A. 14×14</summary>不对。那是 `"valid"`：(32 − 5)/2 向下取整再加 1。</details>
# <details><summary>B. 16×16</summary>正确。same 的输出是 n/s 向上取整，与卷积核无关。</details>
# <details><summary>C. 32×32</summary>不对。只有步幅为 1 时 same 才保持大小。</details>

# %% [markdown] lang="en"
# ## 12 · Key takeaways
#
# - A convolution slides small detectors over the picture and shares their weights; each filter sums over all channels and adds one bias. `"valid"`: the floor of (n − k)/s, plus 1. `"same"`: the ceiling of n/s, the smaller half of the zeros in front.
# - Max-pooling hands the whole gradient to one winner per window.
# - Parameters cost memory, multiplications cost time, and they sit in different layers.
# - Before training: is the loss ln K, and can the network learn twenty pictures by heart?
# - A step takes t0 + B·t1. Measure both, after the warm-up, and change one thing at a time.
# - A checkpoint holds weights, optimizer state and the number of epochs.
# - 0.9900 and 0.9880 on 10,000 pictures cannot be told apart.

# %% [markdown] lang="zh"
# ## 12 · 要点
#
# - 卷积让小检测器在图像上滑动，各处共享权重；每个滤波器对所有通道求和，加一个偏置。`"valid"`：(n − k)/s 向下取整再加 1。`"same"`：n/s 向上取整，补零时较小的一半在前。
# - 最大池化把全部梯度交给每个窗口唯一的胜者。
# - 参数占内存，乘法花时间，二者集中在不同的层。
# - 训练之前：损失是不是 ln K？网络能不能背下二十张图像？
# - 一步需要 t0 + B·t1。预热之后测出这两个数，一次只改一件事。
# - 检查点要存权重、优化器状态和轮次数。
# - 在 10,000 张图像上，0.9900 与 0.9880 无法区分。

# %% [markdown] lang="en"
# ## References
#
# - Y. LeCun, L. Bottou, Y. Bengio, P. Haffner, *Gradient-Based Learning Applied to Document Recognition*, Proceedings of the IEEE 86 (1998): convolutional networks, and MNIST.
# - I. Goodfellow, Y. Bengio, A. Courville, *Deep Learning*, MIT Press 2016, chapter 9.
# - V. Dumoulin, F. Visin, *A guide to convolution arithmetic for deep learning*, [arXiv:1603.07285](https://arxiv.org/abs/1603.07285): strides and padding in pictures.
# - P. Micikevicius et al., *Mixed Precision Training*, ICLR 2018, [arXiv:1710.03740](https://arxiv.org/abs/1710.03740): loss scaling.
# - E. B. Wilson, *Probable Inference, the Law of Succession, and Statistical Inference*, Journal of the American Statistical Association 22 (1927).
# - TensorFlow, *Install TensorFlow with pip* and *Use a GPU*, [www.tensorflow.org](https://www.tensorflow.org/guide/gpu): systems, memory growth. Keras, [keras.io](https://keras.io/api/callbacks/): callbacks, saving, mixed precision.

# %% [markdown] lang="zh"
# ## 参考文献
#
# - Y. LeCun, L. Bottou, Y. Bengio, P. Haffner, *Gradient-Based Learning Applied to Document Recognition*, Proceedings of the IEEE 86 (1998)：卷积网络与 MNIST 的来源。
# - I. Goodfellow, Y. Bengio, A. Courville, *Deep Learning*（《深度学习》）, MIT Press 2016，第 9 章。
# - V. Dumoulin, F. Visin, *A guide to convolution arithmetic for deep learning*, [arXiv:1603.07285](https://arxiv.org/abs/1603.07285)：图解步幅与填充。
# - P. Micikevicius et al., *Mixed Precision Training*, ICLR 2018, [arXiv:1710.03740](https://arxiv.org/abs/1710.03740)：损失缩放。
# - E. B. Wilson, *Probable Inference, the Law of Succession, and Statistical Inference*, Journal of the American Statistical Association 22 (1927)。
# - TensorFlow, *Install TensorFlow with pip*, *Use a GPU*, [www.tensorflow.org](https://www.tensorflow.org/guide/gpu)：支持的系统，显存按需增长。Keras, [keras.io](https://keras.io/api/callbacks/)：回调、保存、混合精度。
