# %% [markdown] lang="en"
# # Chapter 4 · Training convolutional networks (GPU)
#
# Both articles end in the same place: a small convolutional network, a few lines of Keras, and one number – 0.9900 in article A, 0.9880 in article B. In this chapter you take that program apart, build its pieces yourself, put it together again so that it runs, and find out what the number is worth.
#
# **You will be able to**
#
# - compute a convolution and a max-pooling layer by hand, forwards and (for pooling) backwards, and say which shape comes out before running anything;
# - build the two articles' networks in Keras 3 and train them, with or without validation data;
# - choose a device, measure images per second, and say what a larger batch and mixed precision buy;
# - repair a broken prediction loop, and read a training log like an auditor.
#
# **Time** about two and a half hours, plus one to two minutes of training for the headline. **You need** chapters 1 to 3: shapes and parameter counts, softmax and cross-entropy, mini-batches. **Points** 20. No GPU is needed, and none can change your score.

# %% [markdown] lang="zh"
# # 第 4 章 · 在 GPU 上训练卷积网络
#
# 两篇文章的结尾相同：一个小型卷积网络，几行 Keras 代码，一个数字——文章 A 是 0.9900，文章 B 是 0.9880。本章把这段程序拆开，亲手造出每个零件，再装回去让它真正跑起来，最后弄清楚这个数字到底值多少。
#
# **学完本章，你能够**
#
# - 手工计算卷积层和最大池化层的前向结果（池化还包括反向），并在运行之前说出输出形状；
# - 用 Keras 3 搭建两篇文章的网络并训练，有无验证数据都能应对；
# - 选择设备，测量每秒处理的图像数，说清更大的批量和混合精度能带来什么；
# - 修好一段写错的预测循环，并像审计员一样阅读训练日志。
#
# **时间** 约两个半小时，另加主实验的一到两分钟训练。**前置** 第 1–3 章：形状与参数量、softmax 与交叉熵、小批量。**分值** 20 分。本章不需要 GPU，GPU 也不会改变你的得分。

# %% [markdown] lang="en"
# ## Setup
#
# The next cell loads what the chapter needs: NumPy, Keras, and the digits that scikit-learn brings along, enlarged to MNIST's 28×28 pixels (`digits28`). Of its 1,797 images 514 are held out; you train on the other 1,283. Importing Keras takes several seconds, most of it TensorFlow.

# %% [markdown] lang="zh"
# ## 准备
#
# 下一个单元格加载本章所需：NumPy、Keras，以及 scikit-learn 自带、放大到 MNIST 的 28×28 像素的手写数字（`digits28`）。1797 张图像中留出 514 张，其余 1283 张用于训练。导入 Keras 要几秒钟，大部分时间花在 TensorFlow 上。

# %% setup
import os
import re

# TensorFlow writes start-up notes to stderr, which would land in the notebook as red output. Its level must be set
# before the import; the notes that it writes even earlier are dropped by quiet_start.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np

from course.data import digits28, held_out
from course.device import quiet_start
from course.interact import Prediction, choice, explore, slider, toggle
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

# %% [markdown] lang="en"
# ## 1. What a picture is to a network
#
# A batch of pictures is an array of shape (N, H, W, C): N pictures, H rows, W columns, C channels. A grey picture has C = 1, and *the axis is still there*. Article B leaves it out, which becomes interesting in section 9.
#
# The type matters too. Article B divides `uint8` pixels by `255.0` and so gets float64, eight bytes per pixel; `x.astype("float32") / 255` holds the same picture in half the memory, and a network computes in float32 anyway. The next cell shows the difference for MNIST's 60,000 training images.
#
# Why not simply connect every pixel to every neuron, as in chapter 1? Because a digit moved two pixels to the right is a completely different vector for a dense layer, which has to learn every position anew. A convolutional layer builds in two facts about pictures: what belongs together is *near* (local connections), and an edge is an edge *wherever* it stands (shared weights). The saving is large. From a 28×28 picture to 32 maps of 26×26 numbers a dense layer would need $784 \cdot 21632 + 21632 = 16981120$ parameters, the convolutional layer of both articles has $3 \cdot 3 \cdot 1 \cdot 32 + 32 = 320$.

# %% [markdown] lang="zh"
# ## 1. 网络眼中的图像
#
# 一批图像是一个形状为 (N, H, W, C) 的数组：N 张图像，H 行，W 列，C 个通道。灰度图的 C = 1，*但这个轴仍然存在*。文章 B 把它省掉了，第 9 节会看到后果。
#
# 数据类型同样重要。文章 B 用 `uint8` 像素除以 `255.0`，得到的是 float64，每个像素 8 字节；`x.astype("float32") / 255` 存同样的图像只用一半内存，而网络本来就用 float32 计算。下一个单元格以 MNIST 的 60 000 张训练图像为例给出差别。
#
# 为什么不像第 1 章那样把每个像素连到每个神经元？因为对全连接层来说，向右平移两个像素的数字是一个完全不同的向量，每个位置都得重新学。卷积层把关于图像的两条事实写进了结构：有关联的像素彼此*靠近*（局部连接）；边缘出现在*哪里*都是边缘（权值共享）。节省非常可观：从一张 28×28 的图像到 32 张 26×26 的特征图，全连接层需要 $784 \cdot 21632 + 21632 = 16981120$ 个参数，而两篇文章中的卷积层只有 $3 \cdot 3 \cdot 1 \cdot 32 + 32 = 320$ 个。

# %%
one = images[:1]
for name, prepared in (("uint8 / 255.0", one / 255.0), ("astype('float32') / 255", one.astype("float32") / 255)):
    megabytes = 60_000 * prepared.nbytes / 1e6
    print(f"{name:24} {prepared.dtype!s:8} {megabytes:6.1f} MB for 60,000 images")

# %% [markdown] lang="en"
# ## 2. Convolution by hand
#
# **Intuition.** Lay a small stencil of numbers, the *kernel*, over the top left corner of the picture. Multiply what lies on top of each other, add everything up, write the sum down. Move the stencil on by `stride` pixels and do it again. The sums form a new picture, large wherever the picture looks like the kernel: a kernel is a little detector, and the new picture is a map of where it fires.
#
# **Mathematics.** For a picture $x$ with C channels, kernels $w$ of size $k_h \times k_w$ and F output channels (filters),
#
# $$y_{n,i,j,f} = b_f + \sum_{u=0}^{k_h-1}\sum_{v=0}^{k_w-1}\sum_{c=0}^{C-1} x_{n,\,si+u,\,sj+v,\,c}\; w_{u,v,c,f}$$
#
# with stride $s$. Every filter looks at *all* channels and has *one* bias, added once and not once per channel. Strictly speaking this is a **cross-correlation**: a mathematician's convolution has $x_{si-u}$ in place of $x_{si+u}$ and so flips the kernel. Deep-learning libraries do not flip, because a learned kernel would simply come out flipped, and they call it convolution all the same. So do we.
#
# **Play.** Click the nine squares to paint a kernel, or take one from the list. *Guess first:* which kernel leaves a picture of constant grey completely black?

# %% [markdown] lang="zh"
# ## 2. 手工计算卷积
#
# **直觉。** 把一小块数字模板，即*卷积核*，盖在图像左上角；重叠位置相乘，全部相加，记下结果。模板移动 `stride` 个像素，再来一次。所有的和组成一张新图像：哪里像卷积核，哪里的值就大。卷积核是一个小检测器，新图像标出它在哪里有响应。
#
# **数学。** 设图像 $x$ 有 C 个通道，卷积核 $w$ 大小为 $k_h \times k_w$，输出有 F 个通道（滤波器），则
#
# $$y_{n,i,j,f} = b_f + \sum_{u=0}^{k_h-1}\sum_{v=0}^{k_w-1}\sum_{c=0}^{C-1} x_{n,\,si+u,\,sj+v,\,c}\; w_{u,v,c,f}$$
#
# 其中 $s$ 是步幅。每个滤波器要看*所有*通道，但只有*一个*偏置，只加一次，而不是每个通道加一次。严格说这是**互相关**：数学上的卷积把 $x_{si+u}$ 换成 $x_{si-u}$，也就是先翻转卷积核。深度学习库不翻转，因为卷积核是学出来的，翻转只会让学到的核也跟着翻转；大家照样称它为卷积，本课程也如此。
#
# **动手。** 点击九个方格画出一个卷积核，或从列表中选一个。*先猜：* 哪个卷积核会让一张均匀灰色的图像全部变黑？

# %%
from course.figures.convolution import KERNELS, fig_kernel, kernel_control

explore(
    fig_kernel,
    predict=Prediction(
        "On a constant grey area, which kernel gives 0? 在均匀灰色区域，哪个卷积核输出 0？",
        options=("blur 模糊", "vertical edge 竖直边缘", "identity 恒等"), answer="vertical edge 竖直边缘",
        because="Its entries sum to 0, so equal neighbours cancel; blur and identity sum to 1 and keep the grey level. "
                "它的元素之和为 0，相同的邻居互相抵消；模糊核与恒等核之和为 1，灰度不变。"),
    alt={
        "en": "Left: the picture in grey, with the kernel's first window as an orange frame. Middle: the kernel's "
        "numbers. Right: the map that it gives, red where positive and blue where negative. Below stands the "
        "formula for the map's size.",
        "zh": "左：灰度图像，橙色方框为卷积核的第一个窗口。中：卷积核的各个数。右：得到的特征图，正值为红色，负值为"
        "蓝色。下方是特征图大小的公式。",
    },
    kernel=kernel_control(KERNELS["vertical edge"]),
    image=choice(("digit", "flower", "constant"), "flower", label="image 图像"),
    stride=slider(1, 4, 1, label="stride 步幅"),
    padding=choice(("valid", "same"), "valid", label="padding 填充"),
)

# %% [markdown] lang="en"
# ### How large is the result?
#
# Take one axis of length $n$ and a kernel of length $k$. Output position $i$ covers the input positions $si, \ldots, si+k-1$. The last one must not stick out: $si+k-1 \le n-1$, so $i \le (n-k)/s$. Counting from zero, `"valid"` gives
#
# $$m = \left\lfloor \frac{n-k}{s} \right\rfloor + 1$$
#
# outputs. `"same"` promises $m = \lceil n/s \rceil$ outputs instead, whatever the kernel, and adds zeros around the picture to keep the promise. The last window ends at position $(m-1)s+k-1$, so the total padding is
#
# $$p = \max\bigl((m-1)s+k-n,\; 0\bigr), \qquad p_{0} = \lfloor p/2 \rfloor, \quad p_{1} = p - p_{0}$$
#
# with $p_0$ zeros in front (top, left) and $p_1$ behind (bottom, right): the *smaller* half comes first. For an odd kernel and stride 1 both halves are equal and nobody notices; for an even kernel or a larger stride the difference shifts the whole map by a pixel. With `"same"` and a stride above 1 the padding depends on the stride: padding as if the stride were 1 is a frequent mistake.
#
# *Guess first:* ten pixels, kernel 3, stride 2, `"same"`. How many zeros are added, and where?

# %% [markdown] lang="zh"
# ### 输出有多大？
#
# 取一个长度为 $n$ 的轴和长度为 $k$ 的卷积核。第 $i$ 个输出覆盖输入位置 $si, \ldots, si+k-1$。最后一个不能伸出去：$si+k-1 \le n-1$，即 $i \le (n-k)/s$。从零数起，`"valid"` 的输出个数为
#
# $$m = \left\lfloor \frac{n-k}{s} \right\rfloor + 1$$
#
# `"same"` 则保证无论卷积核多大都有 $m = \lceil n/s \rceil$ 个输出，为此在图像四周补零。最后一个窗口止于位置 $(m-1)s+k-1$，所以填充总量为
#
# $$p = \max\bigl((m-1)s+k-n,\; 0\bigr), \qquad p_{0} = \lfloor p/2 \rfloor, \quad p_{1} = p - p_{0}$$
#
# 其中 $p_0$ 个零补在前面（上、左），$p_1$ 个补在后面（下、右）：*较小*的一半在前。卷积核为奇数且步幅为 1 时两半相等，看不出差别；卷积核为偶数或步幅更大时，差别会让整张特征图错开一个像素。步幅大于 1 时，`"same"` 的填充量取决于步幅：按步幅 1 计算填充是常见错误。
#
# *先猜：* 10 个像素，卷积核 3，步幅 2，`"same"`。补几个零？补在哪里？

# %%
from course.figures.convolution import fig_windows

explore(
    fig_windows,
    predict=Prediction(
        "n = 10, k = 3, s = 2, same: where is zero padding added? 填充补在哪里？",
        options=("one left, one right 左右各一", "one right 右一", "one left 左一", "none 不补"), answer="one right 右一",
        because="m = 5 windows end at position (5 − 1)·2 + 2 = 10, one beyond the last pixel 9; the smaller half, 0, goes "
                "in front. 5 个窗口止于位置 (5 − 1)·2 + 2 = 10，只超出最后一个像素 9 一格；较小的一半 0 在前。"),
    alt={
        "en": "An axis of numbered pixels, with padded zeros as dashed squares. Below it one coloured bar for each "
        "window of the kernel, labelled with the output it gives. The title gives the number of outputs and "
        "its formula.",
        "zh": "一排编号的像素，填充的零为虚线方格。下方每个窗口一条彩色横条，旁边标出它给出的输出。标题给出输出的个"
        "数和公式。",
    },
    n=slider(4, 14, 10, label="length n 长度"),
    k=slider(1, 5, 3, label="kernel k 核"),
    stride=slider(1, 4, 2, label="stride s 步幅"),
    padding=choice(("valid", "same"), "same", label="padding 填充"),
)

# %% [markdown] lang="en"
# ### Exercise `conv2d` (5 points)
#
# Write `conv2d(x, w, b, stride=1, padding="valid")`.
#
# - `x` (N, H, W, C), `w` (kh, kw, C, F), `b` (F,); numbers of any kind (`uint8`, `float32`, `float64`). Compute in float64.
# - Returns a NumPy array of floats, shape (N, H_out, W_out, F), by the formulas above: cross-correlation, the same `stride` for rows and columns, `padding` `"valid"` or `"same"` with the smaller half on top and left.
# - The inputs stay unchanged. Library routines are allowed; only the result counts.
# - A batch 8×14×14×3 with kernels 3×3×3×8 must take less than 0.5 s. Plain loops over output positions do.
#
# *Hidden tests also use:* random shapes with H ≠ W and kh ≠ kw, one picture (N = 1), 1×1 kernels, even kernels with `"same"`, stride 2 and 3 (also larger than the kernel), `uint8` and `float32` pictures and `uint8` kernels, inputs unchanged for every option, and the time on pictures that your function has not seen before.
#
# <details><summary>Hint 1</summary>
#
# Pad first, then everything is `"valid"`. `np.pad` takes one pair (before, after) per axis.
# </details>
# <details><summary>Hint 2</summary>
#
# Loop over the kernel, not over the picture: for fixed u and v, all the needed pixels are one slice of `x` with step `stride`, and one matrix product over the channels adds their contribution for every output position at once.
# </details>

# %% [markdown] lang="zh"
# ### 练习 `conv2d`（5 分）
#
# 编写 `conv2d(x, w, b, stride=1, padding="valid")`。
#
# - `x` (N, H, W, C)，`w` (kh, kw, C, F)，`b` (F,)；任何数值类型（`uint8`、`float32`、`float64`）。用 float64 计算。
# - 返回浮点 NumPy 数组，形状 (N, H_out, W_out, F)，按上面的公式：互相关；行和列用同一个 `stride`；`padding` 为 `"valid"` 或 `"same"`，较小的一半补在上和左。
# - 输入保持不变。可以调用库函数，只看结果。
# - 8×14×14×3 的一批图像配 3×3×3×8 的卷积核，用时须少于 0.5 s。对输出位置写普通循环就能做到。
#
# *隐藏测试还会用到：* H ≠ W 且 kh ≠ kw 的随机形状、单张图像（N = 1）、1×1 卷积核、偶数卷积核配 `"same"`、步幅 2 和 3（也会大于卷积核）、`uint8` 与 `float32` 图像、`uint8` 卷积核、任何选项下输入都不变，以及在函数未见过的图像上的用时。
#
# <details><summary>提示 1</summary>
#
# 先填充，之后一律按 `"valid"` 处理。`np.pad` 对每个轴接受一对（前，后）。
# </details>
# <details><summary>提示 2</summary>
#
# 对卷积核循环，而不是对图像循环：固定 u 和 v，所需像素就是 `x` 以 `stride` 为步长的一个切片，再对通道做一次矩阵乘法，就一次加上了它对所有输出位置的贡献。
# </details>

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
    for n, h, width, c, kh, kw, f in ((2, 5, 7, 3, 3, 2, 4), (1, 9, 4, 2, 1, 4, 3), (3, 6, 8, 1, 2, 3, 2), (1, 7, 5, 4, 1, 1, 5), (4, 3, 6, 2, 3, 1, 1)):
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
        (2, 1, 5, 2, 1, 3, 2, 2, "same"),
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
start = time.perf_counter()
maps = conv2d(batch, kernels, np.zeros(8))
seconds = time.perf_counter() - start
assert isinstance(maps, np.ndarray), "[ch04-TYPE] conv2d 应返回 NumPy 数组 / conv2d should return a NumPy array"
assert maps.shape == (8, 12, 12, 8), "[ch04-SHAPE] 看看 conv2d 返回的形状 / look at the shape that conv2d returns"
assert np.allclose(maps, 27), "[ch04-SUM] 每个窗口里有 3×3×3 个 1 / every window holds 3×3×3 ones"
### BEGIN HIDDEN TESTS
def _check_speed():
    rng = np.random.default_rng(7331)
    best = seconds
    for _ in range(4):  # the best of five: the machine may be busy with something else
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
# ### Your convolution against the library's
#
# An oracle is worth more than many examples. Keras computes the same thing; where your function and the library agree on random numbers, for every stride and padding, they are very likely both right.

# %% [markdown] lang="zh"
# ### 你的卷积与库函数对照
#
# 一个可靠的对照胜过许多例子。Keras 计算的是同一个量；如果在随机数上、对所有步幅和填充方式，你的函数都与库一致，那么两者很可能都对。

# %%
with when_solved("conv2d"):
    draws = np.random.default_rng(0)
    picture, filters, offset = draws.normal(size=(2, 9, 8, 3)), draws.normal(size=(3, 2, 3, 4)), draws.normal(size=4)
    for step in (1, 2, 3):
        for pad in ("valid", "same"):
            mine = conv2d(picture, filters, offset, step, pad)
            keras_says = keras.ops.conv(picture.astype("float32"), filters.astype("float32"), step, pad)
            gap = np.abs(mine - offset - keras.ops.convert_to_numpy(keras_says)).max()
            print(f"stride {step}, {pad:5}: shape {mine.shape}, largest difference {gap:.1e}")

# %% [markdown] lang="en"
# ## 3. Pooling, and where its gradient goes
#
# **Intuition.** After a detector has fired, its exact pixel hardly matters. *Max-pooling* cuts each map into k×k windows that do not overlap and keeps the largest number of each: a quarter of the numbers for k = 2, and a small shift of the picture changes little. Rows and columns at the end that do not fill a window are cut off: a map of 13×13 becomes 6×6.
#
# **Forwards.** With window size $k$
#
# $$y_{n,i,j,c} = \max_{0 \le u, v < k} x_{n,\,ki+u,\,kj+v,\,c}$$
#
# **Backwards.** Training needs the gradient of the loss $L$ with respect to $x$, given $d = \partial L / \partial y$ (chapter 5 does this for whole networks). If the maximum of a window stands at $(u^*, v^*)$ alone, then near this point $y = x_{u^*, v^*}$: moving the winner by $\varepsilon$ moves $y$ by $\varepsilon$, moving any other pixel a little changes nothing. So
#
# $$\frac{\partial L}{\partial x_{n,\,ki+u,\,kj+v,\,c}} = \begin{cases} d_{n,i,j,c} & (u, v) = (u^*, v^*) \\ 0 & (u, v) \ne (u^*, v^*) \end{cases}$$
#
# **Pooling passes the whole gradient to the winner and nothing to anybody else**, including the border that was cut off.
#
# **Ties.** Where two pixels share the maximum, the function has a kink and no gradient. Libraries then choose one winner. Giving the gradient to *all* of them would count it several times: in the black border of a digit all pixels are equal, so this is no rare case. (Sharing it equally would be a valid subgradient too, but here, as in most libraries, one pixel receives everything. Which one is free.)
#
# *Guess first:* with 2×2 windows, what share of the pixels can receive a gradient at all?

# %% [markdown] lang="zh"
# ## 3. 池化，以及它的梯度流向哪里
#
# **直觉。** 检测器有了响应之后，响应具体在哪个像素并不重要。*最大池化*把每张特征图切成互不重叠的 k×k 窗口，只保留每个窗口中最大的数：k = 2 时只剩四分之一的数，而且图像稍微平移，结果变化不大。末尾凑不满一个窗口的行和列被舍去：13×13 的特征图变成 6×6。
#
# **前向。** 窗口大小为 $k$ 时
#
# $$y_{n,i,j,c} = \max_{0 \le u, v < k} x_{n,\,ki+u,\,kj+v,\,c}$$
#
# **反向。** 训练需要损失 $L$ 对 $x$ 的梯度，已知 $d = \partial L / \partial y$（第 5 章将对整个网络这样做）。如果窗口的最大值只出现在 $(u^*, v^*)$，那么在这一点附近 $y = x_{u^*, v^*}$：胜者移动 $\varepsilon$，$y$ 也移动 $\varepsilon$；其他像素稍微移动，什么也不变。因此
#
# $$\frac{\partial L}{\partial x_{n,\,ki+u,\,kj+v,\,c}} = \begin{cases} d_{n,i,j,c} & (u, v) = (u^*, v^*) \\ 0 & (u, v) \ne (u^*, v^*) \end{cases}$$
#
# **池化把全部梯度交给胜者，其余像素一概为零**，被舍去的边缘也是零。
#
# **并列。** 两个像素同为最大值时，函数在此有折点，梯度不存在，各库会选定一个胜者。把梯度发给*所有*并列者会重复计算：数字四周的黑色边框里像素全都相等，这种情况一点也不少见。（平均分配也是合法的次梯度，但这里和大多数库一样，由一个像素全部接收；选哪一个都行。）
#
# *先猜：* 窗口为 2×2 时，最多有多大比例的像素能得到梯度？

# %%
from course.figures.pooling import fig_pool_gradient

explore(
    fig_pool_gradient,
    predict=Prediction(
        "2×2 windows on a 6×6 map: how many of the 36 pixels get a gradient? 36 个像素中有几个得到梯度？",
        options=("9", "18", "36"), answer="9",
        because="One winner in each of the 3·3 windows, ties or not. 3·3 个窗口各有一个胜者，有无并列都一样。"),
    alt={
        "en": "Three grids of numbers: the map with the winner of every window marked; the pooled map with the "
        "gradient that arrives; and the gradient that flows back to the pixels of the map.",
        "zh": "三个数字方格：标出每个窗口胜者的特征图；池化后的图及传来的梯度；以及传回特征图各像素的梯度。",
    },
    size=slider(4, 7, 6, label="map size 图大小"),
    k=slider(2, 3, 2, label="window k 窗口"),
    ties=toggle(False, label="many ties 大量并列"),
    every=toggle(False, label="all tied pixels (wrong) 所有并列像素（错误）"),
)

# %% [markdown] lang="en"
# ### Exercise `maxpool2d`, `maxpool2d_backward` (3 points)
#
# Write both functions; `k` is the window size and the stride.
#
# - `maxpool2d(x, k)`: `x` float (N, H, W, C) → float (N, H//k, W//k, C).
# - `maxpool2d_backward(d, x, k)`: `d` has the shape of the output; the result has the shape of `x`. Rows and columns that fill no window get zero; where several pixels tie, exactly one of them, *any* one, gets the whole gradient.
# - The inputs stay unchanged.
#
# *Hidden tests also use:* negative pictures, odd sizes, k = 3, ties, pixels that differ in the ninth digit only (no tie), several pictures and channels, central differences.
#
# <details><summary>Hint</summary>
#
# Cut `x` to a multiple of k, then `reshape` to (N, H//k, k, W//k, k, C): axes 2 and 4 walk through a window. For the way back bring these two axes together, so that `argmax` finds one winner per window – never two.
# </details>

# %% [markdown] lang="zh"
# ### 练习 `maxpool2d`、`maxpool2d_backward`（3 分）
#
# 编写这两个函数；`k` 既是窗口大小，也是步幅。
#
# - `maxpool2d(x, k)`：`x` 为浮点 (N, H, W, C) → 浮点 (N, H//k, W//k, C)。
# - `maxpool2d_backward(d, x, k)`：`d` 与输出形状相同；结果与 `x` 形状相同。凑不满窗口的行和列为零；多个像素并列时，恰好一个像素（*任意*一个）得到全部梯度。
# - 输入保持不变。
#
# *隐藏测试还会用到：* 负数图像、奇数边长、k = 3、并列、只在第九位数字上不同的像素（不算并列）、多张图像和多个通道、中心差分。
#
# <details><summary>提示</summary>
#
# 先把 `x` 裁成 k 的整数倍，再用 `reshape` 变成 (N, H//k, k, W//k, k, C)：第 2 轴和第 4 轴就是窗口内部。反向时把这两个轴合并，这样 `argmax` 在每个窗口里只会找到一个胜者，绝不会是两个。
# </details>

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
# ## 4. The two articles' networks
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
# **Shapes and parameters, by head.** The side lengths of A are $28 \to 26 \to 13 \to 11 \to 5$: the odd column of the 11×11 map is cut off. Flatten therefore gives $5 \cdot 5 \cdot 64 = 1600$ numbers, and the parameters are
#
# $$\underbrace{9 \cdot 1 \cdot 32 + 32}_{320} + \underbrace{9 \cdot 32 \cdot 64 + 64}_{18496} + \underbrace{1600 \cdot 128 + 128}_{204928} + \underbrace{128 \cdot 10 + 10}_{1290} = 225034$$
#
# Nine tenths of them sit in a single dense layer. B's third convolution shrinks 5×5 to 3×3 before flattening and gets by with $320 + 18496 + 36928 + 36928 + 650 = 93322$: more computing, fewer parameters. Neither network is anywhere near a "large model".
#
# **In Keras 3** a `Sequential` starts with `keras.Input((28, 28, 1))`. The articles write `input_shape=` into the first `Conv2D` instead; that still works but warns, and without any input shape the network stays *unbuilt*: no weights, no parameter count, until data arrive.

# %% [markdown] lang="zh"
# ## 4. 两篇文章的网络
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
# **心算形状与参数量。** A 的边长依次为 $28 \to 26 \to 13 \to 11 \to 5$：11×11 特征图多出的一行一列被舍去。展平后得到 $5 \cdot 5 \cdot 64 = 1600$ 个数，参数量为
#
# $$\underbrace{9 \cdot 1 \cdot 32 + 32}_{320} + \underbrace{9 \cdot 32 \cdot 64 + 64}_{18496} + \underbrace{1600 \cdot 128 + 128}_{204928} + \underbrace{128 \cdot 10 + 10}_{1290} = 225034$$
#
# 其中九成集中在一个全连接层里。B 的第三个卷积层在展平前把 5×5 缩成 3×3，总共只需 $320 + 18496 + 36928 + 36928 + 650 = 93322$ 个：计算更多，参数更少。两个网络离“大模型”都差得很远。
#
# **在 Keras 3 中**，`Sequential` 以 `keras.Input((28, 28, 1))` 开头。两篇文章则把 `input_shape=` 写进第一个 `Conv2D`：仍能运行，但会警告；如果完全不给输入形状，网络就处于*未构建*状态：在数据到来之前没有权重，也数不出参数。

# %% [markdown] lang="en"
# ### Exercise `build_cnn` (3 points)
#
# Write `build_cnn(spec="A")`: the network of article A (`"A"`) or B (`"B"`) from the table.
#
# - Returns a `keras.Model` for pictures (28, 28, 1) that gives ten probabilities. It need not be compiled.
# - Built-in layers only (no `Lambda`, no classes of your own), `Sequential` or functional, in the order of the table, written without `input_shape=`.
# - Any other `spec` raises `ValueError`.
#
# *Hidden tests also:* count the parameters of both networks; copy your weights in order into a network of their own and compare the outputs on random pictures, also after the last kernel was multiplied by 1,000 (then the largest probability must approach 1) and on pictures with pixels up to 100 (where a cap on the activations shows); compare outputs in training and in use, which must not differ; try several unknown specs.

# %% [markdown] lang="zh"
# ### 练习 `build_cnn`（3 分）
#
# 编写 `build_cnn(spec="A")`：按上表搭建文章 A（`"A"`）或文章 B（`"B"`）的网络。
#
# - 返回 `keras.Model`，输入图像 (28, 28, 1)，输出十个概率。不必编译。
# - 只用内置层（不用 `Lambda`，不用自定义类），`Sequential` 或函数式均可，顺序如表，不写 `input_shape=`。
# - 其他 `spec` 抛出 `ValueError`。
#
# *隐藏测试还会：* 数两个网络的参数量；把你的权重按顺序复制到测试自己的网络中，比较随机图像上的输出，并把最后一个权重矩阵乘以 1000 后再比一次（这时最大概率必须趋近 1），也在像素大到 100 的图像上比较（激活值若被截断就会暴露）；比较训练与使用时的输出，二者不应有差别；尝试几个未知的 spec。

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

# %% test="cnn-computes-what-the-articles-compute" points=2
network = build_cnn("B")
black = np.zeros((1, 28, 28, 1), dtype=np.float32)
# A property: fresh biases are zero, so a black picture leaves every class equally likely.
shares = keras.ops.convert_to_numpy(network(black))
assert np.shape(shares) == (1, 10), "[ch04-SHAPE] 一张图像给出 (1, 10) / one picture gives (1, 10)"
assert np.allclose(shares, 0.1, atol=1e-5), "[ch04-SOFTMAX] 全黑图像上十个概率应相等 / on a black picture the ten probabilities should be equal"
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
# ## 5. What the layers see
#
# "Representational power" sounds abstract; one can look at it. The next cell trains a tiny network (a few thousand parameters, a few seconds) on `digits28` and keeps the maps of every layer for ten held-out digits. Early maps still look like the digit: edges, strokes. Later ones are small and coarse, and each of them says "something of my kind is roughly here". The dense layer at the end only has to weigh such statements.
#
# *Guess first:* does a map of the second convolution still show the whole digit?

# %% [markdown] lang="zh"
# ## 5. 各层看到了什么
#
# “表征能力”听起来抽象，其实可以直接看。下一个单元格在 `digits28` 上训练一个微型网络（几千个参数，几秒钟），并保存它对若干张留出数字的各层特征图。前面的特征图还像数字：边缘、笔画。后面的又小又粗，每一张都在说“我负责的那种东西大概在这里”。最后的全连接层只需权衡这些说法。
#
# *先猜：* 第二个卷积层的特征图还能看出整个数字吗？

# %%
from course.figures.features import feature_maps, fig_feature_maps, train_tiny

tiny_network = train_tiny(x_rest, y_rest, seed=0)
chosen = [np.flatnonzero(y_held == digit)[2] for digit in range(10)]  # one held-out picture of every class
maps_of_digits = feature_maps(tiny_network, x_held[chosen])


def fig_layers(digit, layer):
    """Feature maps of one held-out digit."""
    return fig_feature_maps(maps_of_digits, image=digit, layer=layer)


# %%
explore(
    fig_layers,
    predict=Prediction(
        "Second convolution: does a map still show the whole digit? 第二个卷积层的特征图还能看出整个数字吗？",
        options=("yes 是", "only parts of it 只有一部分"), answer="only parts of it 只有一部分",
        because="Each map answers to its own kind of stroke and ReLU sets the rest to zero: half of the numbers and more. "
                "每张图只对自己那种笔画有响应，其余被 ReLU 置零：一半以上的数接近零。"),
    alt={
        "en": "What one layer of the small network answers to a held-out digit: its feature maps side by side, "
        "bright where the layer responds, or bars of probability for the last layer.",
        "zh": "小网络的某一层对一个留出数字的响应：并排的特征图，响应之处明亮；最后一层则是表示概率的条形。",
    },
    digit=slider(0, 9, 3, label="digit 数字"),
    layer=choice([(name, number) for number, (name, _) in enumerate(maps_of_digits) if number], 1, label="layer 层"),
)

# %% [markdown] lang="en"
# ## 6. Training with Keras
#
# Three calls make a training run.
#
# 1. `compile` chooses the *optimiser* (Adam in both articles; chapter 6 opens it up), the *loss* and the *metrics* to report. For integer labels the loss is `"sparse_categorical_crossentropy"`, for one-hot labels `"categorical_crossentropy"`; exchanging them raises `ValueError`.
# 2. `fit` goes through the training data `epochs` times in shuffled mini-batches of `batch_size`. One epoch of n pictures takes $\lceil n / B \rceil$ steps for batch size $B$: article B's 60,000 pictures at the default 32 make 1,875 steps, not 60,000.
# 3. `evaluate` measures loss and accuracy on other data.
#
# `fit` returns a `History`; its attribute `history` is a dict of lists, one number per epoch. **Only with** `validation_data=(x_val, y_val)` (or `validation_split`) does it contain `val_loss` and `val_accuracy`. Article B gives `fit` no validation data and nevertheless prints a log with both – a first hint that its log does not belong to its program.
#
# *Validation data are looked at, never learned from.* Keras computes their loss after each epoch, with the weights as they are. Mixing them into training would make the validation curve worthless; a hidden test plants wrong labels there and sees whether the network has learned them.
#
# In the log the training accuracy of the first epoch is often *below* the validation accuracy. Nothing is wrong: the training number is a mean over the epoch, from the first clumsy step on; the validation number is taken at its end.

# %% [markdown] lang="zh"
# ## 6. 用 Keras 训练
#
# 一次训练由三个调用组成。
#
# 1. `compile` 选定*优化器*（两篇文章都用 Adam，第 6 章会拆开讲）、*损失*和要报告的*指标*。整数标签用 `"sparse_categorical_crossentropy"`，独热标签用 `"categorical_crossentropy"`；用反了会抛出 `ValueError`。
# 2. `fit` 把训练数据过 `epochs` 遍，每遍打乱后按 `batch_size` 取小批量。n 张图像、批量大小 $B$ 时，一个轮次有 $\lceil n / B \rceil$ 步：文章 B 的 60 000 张图像按默认批量 32 是 1875 步，而不是 60 000 步。
# 3. `evaluate` 在另外的数据上测量损失和准确率。
#
# `fit` 返回一个 `History`，其属性 `history` 是由列表组成的字典，每个轮次一个数。**只有**给了 `validation_data=(x_val, y_val)`（或 `validation_split`），其中才有 `val_loss` 和 `val_accuracy`。文章 B 没有给 `fit` 任何验证数据，打印的日志里却两者都有——这是第一个迹象：日志与程序对不上。
#
# *验证数据只看不学。* Keras 在每个轮次之后用当时的权重计算验证损失。把验证数据混进训练，验证曲线就毫无价值；有一个隐藏测试会在验证集里放入错误标签，看网络是否学到了它们。
#
# 日志里第一个轮次的训练准确率常常*低于*验证准确率。这没有问题：训练准确率是整个轮次的平均，从最初笨拙的一步算起；验证准确率则在轮次结束时测得。

# %% [markdown] lang="en"
# ### Exercise `train_classifier` (4 points)
#
# Write `train_classifier(model, x, y, x_val, y_val, epochs, batch_size=32, seed=0)`.
#
# - `model`: an *uncompiled* Keras model that ends in softmax; `x` float32 (n, 28, 28, 1); `y` int (n,). `x_val` and `y_val` are both arrays or both `None`.
# - Train for exactly `epochs` epochs. Optimiser and training style are yours (`fit`, `train_on_batch`, `GradientTape` …); the accuracy must be that of a sensible choice such as Adam with its defaults. Use `seed` for what is random, `keras.utils.set_random_seed(seed)` for instance, so that a run can be repeated.
# - Returns a dict `{"model": ..., "history": ...}`: the trained model, and a dict of lists of floats with `loss` and `accuracy` (in 0…1), and `val_loss` and `val_accuracy` *only if validation data were given*; every list has `epochs` entries. Validation numbers are those after the epoch.
# - `x`, `y`, `x_val` and `y_val` stay unchanged.
#
# *Hidden tests also:* evaluate the returned model on held-out `digits28` pictures that your function never sees; train on 200 pictures with 600 validation pictures whose labels are *poisoned* (shifted by one class), which the model must not reproduce and whose bad accuracy the history must admit; check keys, lengths, that `loss` and `accuracy` are what the training measured, a loss that falls to less than half in five epochs, several `epochs` and batch sizes, one of them larger than the data, one that leaves a smaller last batch.
#
# <details><summary>Hint</summary>
#
# `compile`, `fit`, `history.history` – and the value that `validation_data` takes when there is none. Set `verbose=0`.
# </details>

# %% [markdown] lang="zh"
# ### 练习 `train_classifier`（4 分）
#
# 编写 `train_classifier(model, x, y, x_val, y_val, epochs, batch_size=32, seed=0)`。
#
# - `model`：*未编译*、以 softmax 结尾的 Keras 模型；`x` 为 float32 (n, 28, 28, 1)；`y` 为整数 (n,)。`x_val` 与 `y_val` 要么都是数组，要么都是 `None`。
# - 恰好训练 `epochs` 个轮次。优化器和训练方式由你决定（`fit`、`train_on_batch`、`GradientTape` ……），准确率应达到合理选择（例如默认参数的 Adam）的水平。用 `seed` 控制随机性，例如 `keras.utils.set_random_seed(seed)`，使运行可以重复。
# - 返回字典 `{"model": ..., "history": ...}`：训练好的模型，以及由浮点数列表组成的字典，含 `loss` 和 `accuracy`（0…1）；*仅当给了验证数据时*才有 `val_loss` 和 `val_accuracy`；每个列表长度为 `epochs`。验证数值在轮次结束后测得。
# - `x`、`y`、`x_val` 和 `y_val` 保持不变。
#
# *隐藏测试还会：* 用你的函数从未见过的 `digits28` 留出图像评估返回的模型；用 200 张图像训练，同时给 600 张标签被*投毒*（移动一类）的验证图像，模型不得学会这些标签，而历史记录必须如实给出其很差的准确率；检查键、长度、`loss` 与 `accuracy` 是否为训练中测得的数值、损失在五个轮次内降到一半以下、不同的 `epochs` 和批量大小，包括大于数据量的批量和最后一批不满的批量。
#
# <details><summary>提示</summary>
#
# `compile`、`fit`、`history.history`，再想想没有验证数据时 `validation_data` 应取什么值。设 `verbose=0`。
# </details>

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

# %% test="training-lowers-the-loss" points=1
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
    # 21 pictures of one lit pixel each, in batches of two: a pixel's weights move only if its picture is learned from.
    lit = np.zeros((21, 28, 28, 1), "float32")
    lit.reshape(21, -1)[np.arange(21), np.arange(21)] = 1
    tiny = keras.Sequential([keras.Input((28, 28, 1)), keras.layers.Flatten(), keras.layers.Dense(10, activation="softmax")])
    start = tiny.get_weights()[0][:21]
    moved = train_classifier(tiny, lit, np.arange(21) % 10, None, None, epochs=1, batch_size=2)["model"]
    assert np.all(np.any(moved.get_weights()[0][:21] != start, axis=1)), "[ch04-REST] 一个轮次应用到每一张图像，包括最后不满一批的 / an epoch learns from every picture, those of the last, smaller batch too"
_check_history()
### END HIDDEN TESTS

# %% test="training-reaches-the-accuracy" points=2
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
    assert accuracy >= 0.90, "[ch04-M1] 留出图像上的准确率太低：每个轮次是否接着上一轮训练？优化器合适吗？ / the accuracy on held-out pictures is too low: does every epoch go on where the last one ended? Is the optimiser a sensible one?"
    assert all(isinstance(value, (float, np.floating)) for value in history["loss"]), "[ch04-HISTORY] history[\"loss\"] 应全是浮点数 / history[\"loss\"] should hold floats"
    assert history["loss"][-1] < 0.5 * history["loss"][0], "[ch04-FALL] 五个轮次后损失几乎没有下降：每个轮次是否接着上一轮训练？ / the loss hardly falls in five epochs: does every epoch go on where the last one ended?"
_check_accuracy()
### END HIDDEN TESTS

# %% test="training-never-learns-from-validation-data" points=1
keras.utils.set_random_seed(12)
starter = keras.Sequential([keras.Input((28, 28, 1)), keras.layers.Flatten(), keras.layers.Dense(10, activation="softmax")])
watched = train_classifier(starter, x_rest[:200], y_rest[:200], x_rest[200:260], y_rest[200:260], epochs=2)["history"]
assert {"val_loss", "val_accuracy"} <= set(watched), "[ch04-VAL] 给了验证数据，history 应含 val_loss 和 val_accuracy / with validation data, history should contain val_loss and val_accuracy"
# A property: all lists have one number per epoch.
assert {len(watched[key]) for key in ("loss", "accuracy", "val_loss", "val_accuracy")} == {2}, "[ch04-EPOCHS] 每个轮次一个数 / one number per epoch"
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
# ## 7. The headline: 0.9900, or was it 0.9880?
#
# Now the whole program, with *your* `build_cnn`. Choose article A or B in the first line. The cell loads MNIST and says from where (the folder named by the environment variable `COURSE_DATA`, the Keras cache, or a download), trains for five epochs under a live dashboard, evaluates once on the 10,000 test pictures, and prints the accuracy beside the printed ones. On two CPU cores this takes one to two minutes. Where MNIST cannot be had, and while the notebook is being graded, it uses `digits28` instead and says so; those numbers must not be compared with the articles'.
#
# **A number needs an interval.** The test pictures are a sample. If the network is right on a share $\pi$ of *all* digits, then the share $\hat p = X/n$ it gets right on $n$ test pictures scatters around $\pi$ with standard deviation $\sqrt{\pi(1-\pi)/n}$. Wilson's interval holds all $\pi$ that lie within $z = 1.96$ such deviations of what was seen, that is all solutions of $(\hat p - \pi)^2 \le z^2\, \pi(1-\pi)/n$. Solving the quadratic gives
#
# $$\frac{1}{1 + z^2/n}\left(\hat p + \frac{z^2}{2n} \pm z\sqrt{\frac{\hat p(1-\hat p)}{n} + \frac{z^2}{4n^2}}\right)$$
#
# *Guess first, and write it down:* how wide is the interval around 0.9900 for $n = 10000$? Do the intervals of 0.9900 and 0.9880 overlap?

# %% [markdown] lang="zh"
# ## 7. 主实验：究竟是 0.9900 还是 0.9880？
#
# 现在运行完整的程序，网络用*你的* `build_cnn`。在第一行选择文章 A 或 B。单元格会加载 MNIST 并说明来源（环境变量 `COURSE_DATA` 指定的文件夹、Keras 缓存或下载），在实时仪表盘下训练五个轮次，在 10 000 张测试图像上评估一次，并把准确率与文章印出的数字并列。双核 CPU 需要一到两分钟。拿不到 MNIST 时，以及正在评分时，改用 `digits28` 并明确说明；那些数字不能与文章的相比。
#
# **数字需要区间。** 测试图像只是样本。如果网络对*所有*数字的正确比例为 $\pi$，那么在 $n$ 张测试图像上的正确比例 $\hat p = X/n$ 会围绕 $\pi$ 波动，标准差为 $\sqrt{\pi(1-\pi)/n}$。Wilson 区间包含所有与观测值相差不超过 $z = 1.96$ 个标准差的 $\pi$，也就是 $(\hat p - \pi)^2 \le z^2\, \pi(1-\pi)/n$ 的全部解。解这个二次不等式得
#
# $$\frac{1}{1 + z^2/n}\left(\hat p + \frac{z^2}{2n} \pm z\sqrt{\frac{\hat p(1-\hat p)}{n} + \frac{z^2}{4n^2}}\right)$$
#
# *先猜并写下来：* $n = 10000$ 时，0.9900 的区间有多宽？0.9900 与 0.9880 的区间是否重叠？

# %%
PROGRAM = "A"  # "A" or "B": whose network and batch size

from course.dashboard import dashboard
from course.data import MnistUnavailable, load_mnist
from course.device import pick_device, precision
from course.statistics import wilson_interval


def headline_data():
    """Return (x_train, y_train, x_test, y_test, source, whether it is MNIST)."""
    if os.environ.get("NBGRADER_EXECUTION"):  # set by nbgrader, which waits for nobody's MNIST
        reason = "nbgrader runs this notebook"
    else:
        try:
            mnist = load_mnist()
            x_train, x_test = (part[..., None].astype("float32") / 255 for part in (mnist.x_train, mnist.x_test))
            return x_train, mnist.y_train, x_test, mnist.y_test, f"MNIST from {mnist.source}", True
        except MnistUnavailable as error:
            reason = str(error)
    return x_rest, y_rest, x_held, y_held, f"digits28, NOT MNIST ({reason})", False


def reproduce(program, device, batch_size, learning_rate=1e-3, policy="float32"):
    """Train and test an article's network; print what came out."""
    keras.utils.set_random_seed(0)
    with precision(policy):
        model = build_cnn(program)
        model.layers[-1].dtype_policy = keras.DTypePolicy("float32")  # softmax in full precision
    x_train, y_train, x_test, y_test, source, is_mnist = headline_data()
    print(f"data    {source}\ndevice  {device}\nnetwork {program}, batch size {batch_size}, {policy}")
    model.compile(optimizer=keras.optimizers.Adam(learning_rate), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    cut = len(x_train) * 9 // 10  # article A: the last tenth validates; article B validates nothing
    given = {"validation_data": (x_train[cut:], y_train[cut:])} if program == "A" else {}
    if program == "A":
        x_train, y_train = x_train[:cut], y_train[:cut]
    live = dashboard(len(x_train), device)
    model.fit(x_train, y_train, batch_size=batch_size, epochs=5 if is_mnist else 3, callbacks=[live], verbose=0, **given)
    right = sum(
        int(np.sum(np.argmax(keras.ops.convert_to_numpy(model(x_test[at:at + 1000], training=False)), axis=1) == y_test[at:at + 1000]))
        for at in range(0, len(x_test), 1000))
    speed = live.progress.speed[1:]  # the first epoch includes compilation
    print(f"speed   {len(speed) / sum(1 / rate for rate in speed):,.0f} training images per second\n")
    rows = [("this run", right, len(x_test))]
    rows += [("article A, as printed", 9900, 10_000), ("article B, as printed", 9880, 10_000)] if is_mnist else []
    print(f"{'':22} accuracy   95 % Wilson interval")
    for name, hits, n in rows:
        low, high = wilson_interval(hits, n)
        print(f"{name:22} {hits / n:.4f}     [{low:.5f}, {high:.5f}]")
    if not is_mnist:
        print("These are digits28 results: other pictures, 514 of them held out. Do not compare them with the articles' numbers.")
    return model


device = pick_device()
if os.environ.get("NBGRADER_EXECUTION") == "autograde":
    print("This notebook is being graded; the headline, which carries no points, is left out.")
else:
    with when_solved("build_cnn"):
        headline_model = reproduce(PROGRAM, device, batch_size=64 if PROGRAM == "A" else 32)

# %% [markdown] lang="en"
# **Do 0.9900 and 0.9880 differ?** Eight measured runs of the two programs gave 0.9871 to 0.9906, both networks mixed: another seed moves the result about as far as another network does. The two intervals overlap. (Overlap alone is no test; chapter 8 does the test and finds p = 0.18.) A single run without a seed, printed with four digits, cannot tell the two networks apart. Run the cell with `"A"` and `"B"` and other seeds and see what you get.

# %% [markdown] lang="zh"
# **0.9900 与 0.9880 有差别吗？** 两段程序共实测八次，结果在 0.9871 到 0.9906 之间，两个网络混在一起：换一个种子带来的变化与换一个网络差不多。两个区间互相重叠。（仅凭重叠还不算检验；第 8 章会做检验，得到 p = 0.18。）只运行一次、不设种子、印出四位小数，分不出两个网络的高下。分别用 `"A"`、`"B"` 和其他种子运行上面的单元格，看看结果。

# %% [markdown] lang="en"
# ## 8. What a GPU changes, and what it does not
#
# A convolution is the same small sum at thousands of positions, for dozens of filters and pictures: exactly what a GPU with its thousands of arithmetic units is made for. Keras finds one by itself; no line of the program changes. What has to change is how much work each step brings along.
#
# **Batch size.** Every step has a fixed cost: Python calls, the launch of some dozens of GPU programs, the hand-over of data. Call it $t_0$, and the time to compute one picture $t_1$. Then a step with $B$ pictures takes $t_0 + B t_1$, and the throughput is
#
# $$r(B) = \frac{B}{t_0 + B t_1} \;\longrightarrow\; \frac{1}{t_1} \quad (B \to \infty), \qquad r\!\left(\frac{t_0}{t_1}\right) = \frac{1}{2 t_1}$$
#
# Half of the possible speed is reached at $B = t_0/t_1$. On a CPU $t_1$ is large and small batches are fine. On a GPU $t_1$ is so small that at batch size 32 it mostly waits. *Guess first:* the picture below computes this for two made-up machines; at which batch size does the "GPU" pass 90 % of its best?
#
# A larger batch is no free lunch: an epoch then has fewer steps. With article A's network, batch size 512, five epochs and Adam's default rate 0.001 one run on a CPU gave 0.9868; with rate 0.003 it gave 0.9884. Chapter 6 treats batch size and learning rate together.

# %% [markdown] lang="zh"
# ## 8. GPU 改变什么，不改变什么
#
# 卷积就是在成千上万个位置上，对几十个滤波器和图像重复同一个小求和：拥有数千个运算单元的 GPU 正是为此而生。Keras 会自己找到 GPU，程序一行也不用改。要改的是每一步带去的工作量。
#
# **批量大小。** 每一步都有固定开销：Python 调用、启动几十个 GPU 程序、交付数据。记为 $t_0$，计算一张图像的时间记为 $t_1$。那么 $B$ 张图像的一步需要 $t_0 + B t_1$，吞吐量为
#
# $$r(B) = \frac{B}{t_0 + B t_1} \;\longrightarrow\; \frac{1}{t_1} \quad (B \to \infty), \qquad r\!\left(\frac{t_0}{t_1}\right) = \frac{1}{2 t_1}$$
#
# 在 $B = t_0/t_1$ 处达到极限速度的一半。CPU 的 $t_1$ 大，小批量就够用；GPU 的 $t_1$ 极小，批量为 32 时大部分时间都在等待。*先猜：* 下图按这个公式计算两台虚构的机器，“GPU”在多大的批量时超过其最佳速度的 90 %？
#
# 大批量并非免费的午餐：每个轮次的步数变少了。用文章 A 的网络、批量 512、五个轮次、Adam 默认学习率 0.001，在 CPU 上运行一次得到 0.9868；学习率 0.003 时得到 0.9884。第 6 章会把批量大小和学习率放在一起讨论。

# %%
from course.figures.speed import fig_throughput

explore(
    fig_throughput,
    predict=Prediction(
        "t0 = 4 ms, t1 = 10 µs: at which batch size is 90 % of the best speed reached? 批量多大时达到最佳速度的 90 %？",
        options=("400", "900", "3600"), answer="3600",
        because="B·t1 must be nine times t0: B = 9·4000/10 = 3600. 须有 B·t1 = 9·t0，即 B = 9·4000/10 = 3600。"),
    alt={
        "en": "Images per second against the batch size, both axes logarithmic: one rising curve for a GPU that "
        "levels off at its best speed, one for a CPU. The chosen batch size is marked.",
        "zh": "每秒处理的图像数随批量大小的变化，两轴都是对数刻度：GPU 的曲线上升后趋于最佳速度，CPU 另有一条曲线。"
        "所选的批量被标出。",
    },
    batch=slider(0, 13, 5, label="log2 batch 批量"),
    overhead_ms=slider(0.5, 8.0, 4.0, step=0.5, label="t0 (ms) 固定开销"),
    per_image_us=slider(2.0, 50.0, 10.0, step=1.0, label="t1 (µs) 每张图像"),
)

# %% [markdown] lang="en"
# **Mixed precision.** Numbers of 16 bits need half the memory traffic, and GPUs since 2017 multiply them in special units (tensor cores). The catch is float16's range: its smallest positive number is $2^{-24} \approx 6 \cdot 10^{-8}$, and many gradients are smaller. They would become zero. The cure is *loss scaling*: multiply the loss by a factor $S$ (often $2^{15}$), and by the chain rule all gradients grow by $S$; divide them by $S$ in float32 before the update. If something overflows, skip the step and halve $S$. bfloat16 has the exponent of float32, so the range is no issue, but only 8 significant bits. In both cases the weights stay in float32, since an update that is a thousandth of the weight would be lost in 16 bits; hence "mixed". In Keras it is one line, `keras.config.set_dtype_policy("mixed_float16")`, and `compile` adds the loss scaling by itself.
#
# *Guess first:* how large must $S$ be to save a gradient of $10^{-9}$?
#
# **Repeatability.** Parallel sums are added up in changing order, and $(a + b) + c$ need not equal $a + (b + c)$ in floating point. Two GPU runs with the same seed may therefore differ in the last digits, and after thousands of steps in the accuracy. `tf.config.experimental.enable_op_determinism()` forbids that; deterministic operations may be slower, and some do not exist.
#
# **Scores.** All graded cells run on the CPU at grading time with thresholds that leave room. A GPU saves you time. It never changes a score.

# %% [markdown] lang="zh"
# **混合精度。** 16 位数只需一半的内存带宽，2017 年以来的 GPU 还有专门的运算单元（张量核心）来相乘。问题出在 float16 的范围：最小正数为 $2^{-24} \approx 6 \cdot 10^{-8}$，许多梯度比它还小，会变成零。办法是*损失缩放*：把损失乘以系数 $S$（常用 $2^{15}$），由链式法则，所有梯度也放大 $S$ 倍；更新之前再在 float32 中除以 $S$。一旦溢出，就跳过这一步并把 $S$ 减半。bfloat16 的指数位与 float32 相同，范围不成问题，但只有 8 位有效数字。两种情况下权重都留在 float32 中，因为只有权重千分之一的更新在 16 位中会丢失；这就是“混合”的含义。在 Keras 中只需一行 `keras.config.set_dtype_policy("mixed_float16")`，`compile` 会自动加上损失缩放。
#
# *先猜：* 要保住大小为 $10^{-9}$ 的梯度，$S$ 至少要多大？
#
# **可重复性。** 并行求和的次序会变，而浮点数的 $(a + b) + c$ 不一定等于 $a + (b + c)$。因此同一个种子的两次 GPU 运行可能在末几位不同，几千步之后准确率也会不同。`tf.config.experimental.enable_op_determinism()` 可以禁止这种差异；确定性运算可能更慢，有些运算则没有确定性版本。
#
# **得分。** 评分时所有计分单元格都在 CPU 上运行，阈值留有余地。GPU 只节省时间，绝不改变得分。

# %%
from course.figures.speed import fig_loss_scaling

explore(
    fig_loss_scaling,
    predict=Prediction(
        "Which loss scale keeps a gradient of 1e-9 from becoming zero in float16? 哪个缩放系数能保住 1e-9 的梯度？",
        options=("2", "16", "1024"), answer="1024",
        because="Anything below half of 2^-24, about 3e-8, is rounded to zero: S must exceed 30; 2 and 16 do not. "
                "小于 2^-24 的一半（约 3e-8）就舍入为零：S 必须大于 30，2 和 16 都不够。"),
    alt={
        "en": "A histogram of gradients over their sizes on a logarithmic axis, laid over the range of float16. "
        "Gradients too small, which become zero, and those too large are marked as lost.",
        "zh": "梯度大小的直方图（对数刻度），叠加在 float16 的表示范围上。太小而变为零的梯度和太大的梯度被标为丢失"
        "。",
    },
    log2_scale=slider(0, 20, 0, label="log2 S 损失缩放"),
    typical=slider(-10, -4, -8, label="typical gradient 典型梯度 10^"),
)

# %% [markdown] lang="en"
# ### GPU variant
#
# The next cell runs the headline again with batch size 512 and the 16-bit policy that suits your GPU, if there is one. Compare images per second with the dashboard above. On a small data-centre GPU we *expect* less than 15 s; this is an estimate and was not measured. Without a GPU it prints one line and you have missed nothing.

# %% [markdown] lang="zh"
# ### GPU 版本
#
# 如果有 GPU，下一个单元格会用批量 512 和适合该 GPU 的 16 位策略再跑一遍主实验。把每秒图像数与上面的仪表盘比较。在小型数据中心 GPU 上，我们*估计*不到 15 s；这只是估计，没有实测。没有 GPU 时它只打印一行，你什么也没有错过。

# %%
if device.accelerated:
    with when_solved("build_cnn"):
        reproduce(PROGRAM, device, batch_size=512, learning_rate=3e-3, policy=device.policy)
else:
    print(f"No accelerator here: {device}. Nothing is lost, no score depends on one. 这里没有加速器；不影响任何得分。")

# %% [markdown] lang="en"
# ## 9. Find and fix: twenty-five pictures 找错改正
#
# Article B ends with a 5×5 grid of test pictures and their predicted digits. Its loop asks the model for one label at a time, roughly `np.argmax(model.predict(x_test[i]))`, on pictures that never got a channel axis. As printed, the program trains for five epochs, prints its accuracy and then stops at the plot. Five things are wrong, one behind the other:
#
# 1. `np` is used, but NumPy was never imported: `NameError`.
# 2. With the import, `x_test[i]` has shape (28, 28), and the model expects a *batch*: `ValueError`.
# 3. The natural half-repair, adding only the channel axis, gives (28, 28, 1), which Keras reads as **28 pictures of 28 pixels**. The error then speaks of a negative dimension and leads astray. Both axes are needed: (1, 28, 28, 1).
# 4. The data never got their channel axis. Astonishingly this alone does *not* crash: a built `Sequential` quietly adds the axis in `fit`, `evaluate` and `predict`. A directly called `Conv2D` does not, and it bites later: after `predict` has worked on (n, 28, 28), the same model *rejects* the correct (n, 28, 28, 1) until it is compiled again. A habit that works by accident is not a habit to keep.
# 5. `predict` is called twenty-five times for twenty-five pictures. Each call sets up a data pipeline; one call for the batch does the same work once.
#
# *Guess first:* how much faster is one call for 25 pictures than 25 calls? The next cell measures it on the tiny network.

# %% [markdown] lang="zh"
# ## 9. 找错改正：二十五张图像
#
# 文章 B 以一个 5×5 的网格收尾，展示测试图像及其预测数字。循环中每次向模型要一个标签，大致是 `np.argmax(model.predict(x_test[i]))`，而图像从未加过通道轴。照原样运行，程序会训练五个轮次，打印准确率，然后停在画图处。错误共有五处，一个接着一个：
#
# 1. 用了 `np`，却从未导入 NumPy：`NameError`。
# 2. 补上导入后，`x_test[i]` 的形状是 (28, 28)，而模型要的是*一批*图像：`ValueError`。
# 3. 自然想到的一半修复是只加通道轴，得到 (28, 28, 1)，Keras 会把它当成 **28 张 28 像素的图像**，报错信息说到负的维度，把人引入歧途。两个轴都要加：(1, 28, 28, 1)。
# 4. 数据一直没有通道轴。令人意外的是，单凭这一点*不会*报错：构建好的 `Sequential` 会在 `fit`、`evaluate`、`predict` 中悄悄补上。直接调用的 `Conv2D` 则不会，而且后患在后：`predict` 处理过 (n, 28, 28) 之后，同一个模型反而*拒绝*正确的 (n, 28, 28, 1)，直到重新编译。碰巧能用的习惯不值得保留。
# 5. 25 张图像调用了 25 次 `predict`。每次调用都要搭一条数据管线；整批调用一次，同样的工作只做一遍。
#
# *先猜：* 25 张图像调用一次比调用 25 次快多少？下一个单元格用微型网络来测。

# %%
import time

batch_of_25 = x_held[:25]
tiny_network.predict(batch_of_25, verbose=0)  # the first call compiles
began = time.perf_counter()
for row in range(5):
    tiny_network.predict(batch_of_25[row:row + 1], verbose=0)
one_call = (time.perf_counter() - began) / 5
began = time.perf_counter()
tiny_network.predict(batch_of_25, verbose=0)
at_once = time.perf_counter() - began
print(f"one picture per call: {1000 * one_call:.0f} ms, so {25_000 * one_call:.0f} ms for 25; one call for all 25: {1000 * at_once:.0f} ms")

# %% [markdown] lang="en"
# ### Exercise `predict_labels` (3 points)
#
# Write the repaired version, `predict_labels(predict, images, n=25)`.
#
# - `predict` is a function: it takes a float32 array (m, 28, 28, 1) and returns scores (m, 10), as `model.predict` does. Call it **exactly once**, with that one argument.
# - `images` holds floats of shape (28, 28), (28, 28, 1), (N, 28, 28) or (N, 28, 28, 1); the first two are *one* picture. Pass the pixel values on as they are.
# - Predict the first m = min(n, N) pictures, no more, and return their labels as integers, shape (m,), in the same order (an array or a list).
# - `images` stays unchanged.
#
# *Hidden tests* watch what `predict` receives (number of calls, shape, dtype, values) and plant scores. They use all four shapes, also N = 28, n = 1, n > N, float64 pictures, pixels below 0 and above 1, the same picture twice, and scores that are no probabilities. Scores may differ in the sixth digit only: do not round them.
#
# <details><summary>Hint</summary>
#
# Each of the four shapes becomes (N, 28, 28, 1) by the same `reshape`. Cut *before* you predict.
# </details>

# %% [markdown] lang="zh"
# ### 练习 `predict_labels`（3 分）
#
# 写出修好的版本 `predict_labels(predict, images, n=25)`。
#
# - `predict` 是一个函数：接受 float32 数组 (m, 28, 28, 1)，返回得分 (m, 10)，与 `model.predict` 一样。**恰好调用一次**，只传这一个参数。
# - `images` 为浮点数，形状是 (28, 28)、(28, 28, 1)、(N, 28, 28) 或 (N, 28, 28, 1)；前两种是*一张*图像。像素值原样传入。
# - 只预测前 m = min(n, N) 张，不多不少，按原顺序返回整数标签，形状 (m,)（数组或列表均可）。
# - `images` 保持不变。
#
# *隐藏测试*会监视 `predict` 收到的内容（调用次数、形状、dtype、数值），并预设得分。会用到全部四种形状，还有 N = 28、n = 1、n > N、float64 图像，超出 0 到 1 的像素、重复的图像，以及不是概率的得分。得分可能只在第六位数字上不同：不要舍入。
#
# <details><summary>提示</summary>
#
# 四种形状用同一个 `reshape` 都能变成 (N, 28, 28, 1)。先截取，*再*预测。
# </details>

# %% solution="predict-labels"
def predict_labels(predict, images, n=25):
    """Return the labels (m,) of the first m = min(n, N) images, with one call of predict on float32 (m, 28, 28, 1)."""
    ### BEGIN SOLUTION
    batch = np.asarray(images, dtype=np.float32).reshape(-1, 28, 28, 1)[:n]
    return np.argmax(predict(batch), axis=1)
    ### END SOLUTION

# %% test="prediction-needs-one-call" points=1
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
### BEGIN HIDDEN TESTS
def _check_call():
    rng = np.random.default_rng(1492)
    pictures = rng.random((40, 28, 28))
    cases = ((pictures[0], 25), (pictures[1][..., None], 25), (pictures[:12], 5), (pictures[:9, ..., None], 25),
             (pictures[:28], 25), (pictures[:28], 40), (pictures, 1), (pictures[:1], 3), (pictures.astype(np.float32), 25),
             (500 * pictures[:6] - 200, 25), (np.repeat(pictures[:4], 3, axis=0), 25))
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

# %% test="labels-follow-the-scores" points=2
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
### BEGIN HIDDEN TESTS
def _check_labels():
    rng = np.random.default_rng(1789)
    pictures = rng.random((40, 28, 28))
    for given, n in ((pictures[0], 25), (pictures[1][..., None], 4), (pictures[:12], 5), (pictures[:10, ..., None], 25),
                     (pictures[:28], 25), (pictures[:28], 28), (pictures, 1), (pictures[:3], 100), (pictures, 25)):
        scores = rng.normal(size=(40, 10)) * (1e4 if n == 28 else 30) - 50  # logits: no sum is one, and exp overflows
        if n == 25:  # close races, which rounding or half precision would decide otherwise
            scores = rng.permuted(np.tile(0.9 + 1e-5 * np.arange(10), (40, 1)), axis=1)

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
# ### The grid, repaired
#
# Here is article B's figure as it was meant, with your `predict_labels` and the tiny network on held-out pictures. Red marks an error. Errors are the most instructive pictures: look at them before you tune anything.
#
# *Guess first:* will the errors look like errors to you, or would you hesitate, too?

# %% [markdown] lang="zh"
# ### 修好的网格
#
# 这就是文章 B 想画的图：用你的 `predict_labels` 和微型网络预测留出图像，红色表示错误。出错的图像最有教益：调参之前先看看它们。
#
# *先猜：* 网络弄错的图像，你一眼就能认出来，还是也会犹豫？

# %%
from course.figures.gallery import fig_gallery

with when_solved("predict_labels"):
    guessed = np.asarray(predict_labels(lambda batch: tiny_network.predict(batch, verbose=0), x_held, n=len(x_held)))

    def fig_grid(show, page):
        """Twenty-five held-out pictures with their predicted digits."""
        return fig_gallery(x_held, y_held, guessed, show=show, page=page)

    explore(
        fig_grid,
        predict=Prediction(
            "Show only the errors: do most of them look odd to a human, too? 只看错误：大多数在人看来也很怪吗？",
            options=("yes 是", "no 否"), answer="yes 是",
            because="Many are badly written or lose strokes at 8×8 pixels; a few are plain failures of the network. "
                    "许多写得潦草，或在 8×8 像素下丢了笔画；也有几张纯粹是网络的失误。"),
        alt={
            "en": "Twenty-five held-out digits in a grid of five by five, each with the predicted digit above it; "
            "wrong predictions are red and name the true digit.",
            "zh": "五行五列共二十五个留出数字，每个上方是预测的数字；预测错误的为红色，并写出真实的数字。",
        },
        show=choice(("all", "right", "wrong"), "all", label="show 显示"),
        page=slider(0, 20, 0, label="page 页"),
    )

# %% [markdown] lang="en"
# ## 10. Reading a log like an auditor
#
# A training log is evidence. Article B prints one, rebuilt in the next cell from its numbers. Compare it with the program it stands under:
#
# - `fit` got no validation data, and the header announces training samples only; yet every line has `val_loss` and `val_accuracy`. Keras prints them only when it is given validation data.
# - The counter reads `60,000/60,000`. Progress bars counted *samples* before TensorFlow 2.2 and count *steps* since, 1,875 here; no version writes thousands separators.
# - `val_accuracy` is 0.9880 in all five epochs while `val_loss` falls from 0.0794 to 0.0650. On 10,000 pictures four digits pin down the exact count of right answers. Suppose $m$ answers flip from one epoch to the next, each to right or wrong with equal chance. The change of the count has standard deviation $\sqrt{m}$ and is exactly zero with probability about $1/\sqrt{2\pi m}$. For $m = 40$ and four times in a row
#
# $$\left(\frac{1}{\sqrt{2\pi \cdot 40}}\right)^{4} \approx 1.6 \cdot 10^{-5}$$
#
# Once is no sign of anything: in a run of B's program that we measured, the last two epochs agree to four digits. A long row while the loss keeps moving asks for an explanation.
#
# - The timing, on the other hand, is consistent: 48 µs × 60,000 = 2.88 s, printed as 3 s. An auditor says that, too.
#
# And a training accuracy below the validation accuracy in the first epoch is *not* an error (section 6). *Guess first* how an honest curve differs, then look.

# %% [markdown] lang="zh"
# ## 10. 像审计员一样读日志
#
# 训练日志是证据。文章 B 印了一份，下一个单元格用其中的数字重建。把它与上面的程序对照：
#
# - `fit` 没有得到验证数据，表头也只说了训练样本；可是每行都有 `val_loss` 和 `val_accuracy`。只有给了验证数据，Keras 才会打印它们。
# - 计数器写着 `60,000/60,000`。TensorFlow 2.2 之前的进度条按*样本*计数，之后按*步*计数，这里应为 1875；没有哪个版本会写千位分隔符。
# - `val_accuracy` 五个轮次都是 0.9880，而 `val_loss` 从 0.0794 降到 0.0650。10 000 张图像时，四位小数就确定了答对的确切张数。假设两个轮次之间有 $m$ 个答案翻转，变对变错机会均等，则张数变化的标准差为 $\sqrt{m}$，恰好为零的概率约为 $1/\sqrt{2\pi m}$。取 $m = 40$，连续四次：
#
# $$\left(\frac{1}{\sqrt{2\pi \cdot 40}}\right)^{4} \approx 1.6 \cdot 10^{-5}$$
#
# 相同一次说明不了什么：我们实测 B 的程序时，最后两个轮次的四位小数也相同。但损失一直在变而准确率长时间纹丝不动，就需要解释了。
#
# - 时间倒是前后一致：48 µs × 60 000 = 2.88 s，印作 3 s。审计员对此也要如实说明。
#
# 另外，第一个轮次的训练准确率低于验证准确率*不是*错误（见第 6 节）。*先猜*真实的曲线有何不同，再看图。

# %% setup
def _article_b_log():
    rows = ((3, 48, .1194, .9750, .0794), (2, 36, .0682, .9840, .0713), (2, 36, .0626, .9860, .0683),
            (2, 36, .0596, .9870, .0665), (2, 36, .0578, .9880, .0650))
    lines = ["Train on 60,000 samples"]
    for epoch, (seconds, micro, loss, accuracy, val_loss) in enumerate(rows, start=1):
        lines += [f"Epoch {epoch}/5", f"60,000/60,000 [{30 * '='}] - {seconds}s {micro}us/sample - loss: {loss:.4f} - "
                  f"accuracy: {accuracy:.4f} - val_loss: {val_loss:.4f} - val_accuracy: 0.9880"]
    return "\n".join([*lines, "", "Test accuracy: 0.9880"])


ARTICLE_B_LOG = _article_b_log()

# %%
print(ARTICLE_B_LOG)

# %%
from course.figures.training_log import fig_logs

explore(
    fig_logs,
    predict=Prediction(
        "A real run of B's program: does its validation accuracy stay the same for five epochs? 真实运行中验证准确率五轮不变吗？",
        options=("yes 是", "no 否"), answer="no 否",
        because="Measured: 0.9869, 0.9901, 0.9895, 0.9906, 0.9906. It moves, and even repeats once. 实测如上：有变化，也恰好重复了一次。"),
    alt={
        "en": "One metric of training over five epochs as two lines with dots: as article B printed it and as it "
        "was measured in a real run.",
        "zh": "一项训练指标在五个轮次中的变化，两条带圆点的线：文章 B 印出的和真实运行测得的。",
    },
    metric=choice(("val_accuracy", "val_loss", "accuracy", "loss"), "val_accuracy", label="metric 指标"),
)

# %% [markdown] lang="en"
# ### Exercise `audit_log` (2 points)
#
# Write `audit_log(log)`: it takes the text of a log and returns a list (or set) of those of the following codes that apply. Nothing else counts as an impossibility.
#
# | code | applies when |
# |---|---|
# | `VAL_WITHOUT_DATA` | the header reads `Train on N samples`, *without* `validate on M samples`, and some epoch shows a metric that starts with `val_` |
# | `SAMPLE_COUNTER` | the counter at the start of an epoch's line has thousands separators, such as `60,000/60,000` |
# | `FROZEN_VAL` | a `val_` metric other than `val_loss` (whatever its name) has the same printed digits in at least three consecutive epochs, while `val_loss` changes within these epochs |
# | `TIME_MISMATCH` | on a line with a time per sample, such as `3s 48us/sample` (units `us`, `ms` or `s`), time × samples of the counter differs from the printed seconds by more than rounding explains |
# | `EPOCH_GAP` | the numbers of successive `Epoch k/n` headings do not rise by one |
#
# **What the logs look like.** Every epoch has a heading `Epoch k/n` and below it one line of results; the first is epoch 1. The old style is ARTICLE_B_LOG's, with or without thousands separators and validation data. Today's style has no header, counts steps and gives times per step or per epoch, for instance
#
# `1875/1875 ━━━━━━━━━━━━━━━━━━━━ 15s 8ms/step - accuracy: 0.9547 - loss: 0.1482 - val_accuracy: 0.9869 - val_loss: 0.0393`
#
# Old and new logs name metrics in any order, also `acc` and `val_acc`. A last line with a test accuracy may follow.
#
# **No impossibilities:** a run that stops early; a header of another kind, or none; times `s/epoch` and `ms/step`; two equal validation accuracies in a row; training accuracy below validation accuracy; a frozen *training* metric; all `val_` metrics, `val_loss` included, frozen together.
#
# *Hidden tests:* ARTICLE_B_LOG gives exactly three codes; clean logs of both styles give none; tampered logs give exactly one each; other numbers of epochs and samples; a single epoch, the last for instance, that is tampered with; other names of metrics, such as `val_log_loss`; digits that differ in the fourth or fifth place only. Times either fit or are far off.
#
# <details><summary>Hint</summary>
#
# Split the log into lines and pair every `Epoch` heading with the line of results below it. `re.findall(r"(\w+): (\d+\.\d+)", line)` yields names and printed digits of a line. Compare the digits as text.
# </details>

# %% [markdown] lang="zh"
# ### 练习 `audit_log`（2 分）
#
# 编写 `audit_log(log)`：输入日志文本，返回下列代码中成立者的列表（或集合）。其他情况一律不算不可能。
#
# | 代码 | 成立条件 |
# |---|---|
# | `VAL_WITHOUT_DATA` | 表头为 `Train on N samples`，*没有* `validate on M samples`，却有某个轮次出现以 `val_` 开头的指标 |
# | `SAMPLE_COUNTER` | 轮次结果行开头的计数器带千位分隔符，如 `60,000/60,000` |
# | `FROZEN_VAL` | `val_loss` 之外的某个 `val_` 指标（不论叫什么）在至少三个连续轮次中印出的数字完全相同，而 `val_loss` 在这些轮次中有变化 |
# | `TIME_MISMATCH` | 在带有每样本用时的行中，如 `3s 48us/sample`（单位为 `us`、`ms` 或 `s`），用时 × 计数器中的样本数与印出的秒数之差超出舍入所能解释的范围 |
# | `EPOCH_GAP` | 相邻 `Epoch k/n` 标题的编号不是逐一递增 |
#
# **日志的样子。** 每个轮次有一行标题 `Epoch k/n`，下面一行是结果；第一个轮次编号为 1。旧格式即 ARTICLE_B_LOG 的格式，千位分隔符和验证数据可有可无。当今的格式没有表头，按步计数，给出每步或每轮次的用时，例如
#
# `1875/1875 ━━━━━━━━━━━━━━━━━━━━ 15s 8ms/step - accuracy: 0.9547 - loss: 0.1482 - val_accuracy: 0.9869 - val_loss: 0.0393`
#
# 新旧日志中指标的顺序不定，也可能写作 `acc` 和 `val_acc`。末尾可能还有一行测试准确率。
#
# **不算不可能：** 提前结束的训练；其他样式的表头或没有表头；`s/epoch` 与 `ms/step` 的用时；连续两次相同的验证准确率；训练准确率低于验证准确率；不变的*训练*指标；包括 `val_loss` 在内的所有 `val_` 指标同时不变。
#
# *隐藏测试：* ARTICLE_B_LOG 恰好给出三个代码；两种格式的正常日志不给出任何代码；每份篡改过的日志恰好给出一个代码；轮次数和样本数各不相同；只改动一个轮次，例如最后一个；其他指标名，如 `val_log_loss`；只在第四或第五位上不同的数字。用时要么吻合，要么相差悬殊。
#
# <details><summary>提示</summary>
#
# 把日志按行拆开，让每个 `Epoch` 标题与下面的结果行配对。`re.findall(r"(\w+): (\d+\.\d+)", line)` 给出一行中的指标名和印出的数字。把数字当作文本比较。
# </details>

# %% solution="audit-log"
def audit_log(log):
    """Return the codes of the impossibilities that the training log shows, as a list of strings."""
    ### BEGIN SOLUTION
    codes = set()
    lines = log.splitlines()
    trains_only = "Train on" in log and "samples" in log and "validate on" not in log
    headings = [number for number, line in enumerate(lines) if re.match(r"\s*Epoch \d+/\d+", line)]
    epochs = [int(re.search(r"\d+", lines[number]).group()) for number in headings]
    if epochs and epochs != list(range(epochs[0], epochs[0] + len(epochs))):
        codes.add("EPOCH_GAP")
    metrics = []  # one dict per epoch: name -> printed digits
    for number, end in zip(headings, [*headings[1:], len(lines)], strict=True):
        line = next((text for text in lines[number + 1:end] if "loss: " in text), "")
        metrics.append(dict(re.findall(r"(\w+): (\d+\.\d+(?:e-?\d+)?)", line)))
        if trains_only and any(name.startswith("val_") for name in metrics[-1]):
            codes.add("VAL_WITHOUT_DATA")
        counter = re.match(r"\s*(\d[\d,]*)/(\d[\d,]*)", line)
        if counter and "," in counter.group():
            codes.add("SAMPLE_COUNTER")
        timing = re.search(r"(\d+)s (\d+)(us|ms|s)/sample", line)
        if counter and timing:
            samples = int(counter.group(2).replace(",", ""))
            seconds, each = int(timing.group(1)), int(timing.group(2))
            unit = {"us": 1e-6, "ms": 1e-3, "s": 1.0}[timing.group(3)]
            if (each - 0.5) * unit * samples > seconds + 0.5 or (each + 0.5) * unit * samples < seconds - 0.5:
                codes.add("TIME_MISMATCH")
    for first in range(len(metrics) - 2):
        three = metrics[first:first + 3]
        for name in three[0]:
            same = len({epoch.get(name) for epoch in three}) == 1
            if name.startswith("val_") and name != "val_loss" and same and len({epoch.get("val_loss") for epoch in three}) > 1:
                codes.add("FROZEN_VAL")
    return sorted(codes)
    ### END SOLUTION

# %% test="log-audit-finds-what-cannot-be" points=1
codes = audit_log(ARTICLE_B_LOG)
assert isinstance(codes, (list, set, tuple, frozenset)), "[ch04-TYPE] audit_log 应返回列表或集合 / audit_log should return a list or a set"
assert set(codes) <= {"VAL_WITHOUT_DATA", "SAMPLE_COUNTER", "FROZEN_VAL", "TIME_MISMATCH", "EPOCH_GAP"}, "[ch04-CODES] 只用表中的代码 / use the table's codes only"
assert "FROZEN_VAL" in codes, "[ch04-FROZEN] 文章 B 的 val_accuracy 五轮不变，audit_log 没有发现 / article B's val_accuracy stands still for five epochs, and audit_log does not see it"
# A property: a log that says nothing shows nothing impossible.
assert not audit_log("Epoch 1/1"), "[ch04-CLEAN] 没有结果行的日志没有不可能之处 / a log without results shows nothing impossible"
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
        result = audit_log(log)
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
    lines = old().splitlines()
    expect("\n".join([*lines[:-1], lines[-1].replace("50000/50000", "50,000/50,000")]), {"SAMPLE_COUNTER"}, "[ch04-COUNTER] 只在最后一轮出现的千位分隔符没有发现 / thousands separators in the last epoch only go unnoticed")
    bare = [line.split(" - val_loss")[0] for line in old(header="Train on 50000 samples").splitlines()]
    expect("\n".join([*bare, "Epoch 5/5", bare[-1] + " - val_loss: 0.2000 - val_acc: 0.9000"]), {"VAL_WITHOUT_DATA"}, "[ch04-HEADER] 只在最后一轮出现的 val_ 指标没有发现 / val_ metrics in the last epoch only go unnoticed")
    for name in ("log_loss", "top_5_accuracy", "loss_of_labels", "f1"):
        expect(old(values=("0.9702", "0.9811", "0.9811", "0.9811"), name=name), {"FROZEN_VAL"}, frozen)
    two = [line + f" - val_auc: 0.9{row}21" for row, line in enumerate(old(values=("0.9811",) * 4).splitlines())]
    expect("\n".join(line.split(" - val_auc")[0] if "Epoch" in line or "Train" in line else line for line in two), {"FROZEN_VAL"}, frozen)
    gap = "[ch04-GAP] 缺了一个轮次，没有发现 / a missing epoch goes unnoticed"
    expect(old(epochs=(1, 2, 4, 5)), {"EPOCH_GAP"}, gap)
    expect(old(epochs=(1, 2, 2, 3)), {"EPOCH_GAP"}, "[ch04-GAP] 重复的轮次编号没有发现 / a repeated number of an epoch goes unnoticed")
    expect(old(epochs=(1, 3, 2, 4)), {"EPOCH_GAP"}, gap)
    expect(old(epochs=(1, 2, 3, 1), of=3), {"EPOCH_GAP"}, "[ch04-GAP] 编号倒退没有发现 / a number that falls goes unnoticed")
    expect(new((1, 2, 3, 4, 5, 6, 9), ("0.9780", "0.9831", "0.9842", "0.9850", "0.9849", "0.9855", "0.9861")), {"EPOCH_GAP"}, gap)
_check_tampered()
### END HIDDEN TESTS

# %% test="log-audit-clears-honest-logs" points=1
honest = """Epoch 1/2
1875/1875 ━━━━━━━━━━━━━━━━━━━━ 15s 8ms/step - accuracy: 0.9547 - loss: 0.1482 - val_accuracy: 0.9869 - val_loss: 0.0393
Epoch 2/2
1875/1875 ━━━━━━━━━━━━━━━━━━━━ 14s 7ms/step - accuracy: 0.9858 - loss: 0.0466 - val_accuracy: 0.9901 - val_loss: 0.0336
"""
assert isinstance(audit_log(honest), (list, set, tuple, frozenset)), "[ch04-TYPE] audit_log 应返回列表或集合 / audit_log should return a list or a set"
assert not audit_log(honest), "[ch04-CLEAN] 正常的日志被报告有问题 / an honest log is accused"
# A property: cutting an honest log short, as an early stop does, leaves it honest.
assert not audit_log("\n".join(honest.splitlines()[:2])), "[ch04-EARLY] 提前结束不是问题 / an early stop is no impossibility"
# And not every log is honest: an audit that clears everything is none.
assert audit_log(ARTICLE_B_LOG), "[ch04-BLIND] audit_log 什么也没有发现，连文章 B 的日志也放过了 / audit_log finds nothing at all, not even in article B's log"
### BEGIN HIDDEN TESTS
def _check_honest():
    bar = 30 * "="

    def clear(log, hint):
        result = audit_log(log)
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

# %% [markdown] lang="en"
# ## Three-minute check (ungraded)
#
# **1. A 32×32 picture goes through a 5×5 convolution with stride 2 and `"same"`. How large is the map?**
#
# <details><summary>A. 14×14</summary>No. That is `"valid"`: the floor of (32 − 5)/2, plus 1, is 14.</details>
# <details><summary>B. 16×16</summary>Right. "Same" gives the ceiling of n/s, whatever the kernel: 32/2 = 16.</details>
# <details><summary>C. 32×32</summary>No. "Same" keeps the size only for stride 1.</details>
#
# **2. What does the gradient do on its way back through max-pooling?**
#
# <details><summary>A. It is spread evenly over the window.</summary>No. That is average pooling.</details>
# <details><summary>B. It goes to the largest pixel of each window, whole.</summary>Right. Moving any other pixel a little does not change the output, so it gets zero.</details>
# <details><summary>C. It stops: a maximum has no derivative.</summary>No. It lacks one only where several pixels tie; everywhere else the derivative is 1 for the winner and 0 for the rest.</details>
#
# **3. A log shows training accuracy 0.93 and validation accuracy 0.97 after the first epoch. What follows?**
#
# <details><summary>A. The validation data leaked into training.</summary>No. Leakage would show as a validation accuracy that is too good compared with *new* data, not in this comparison.</details>
# <details><summary>B. Nothing unusual.</summary>Right. The training number is a mean over an epoch during which the network was still learning; the validation number is taken afterwards.</details>
# <details><summary>C. The log is invented.</summary>No. Most first epochs look like this.</details>
#
# **4. A GPU trains at the same speed as your CPU with batch size 32. What do you try first?**
#
# <details><summary>A. A larger batch.</summary>Right. At small batches the fixed cost of a step dominates; more pictures per step cost a GPU next to nothing until it is full. Adjust the learning rate with it.</details>
# <details><summary>B. Deterministic operations.</summary>No. They make runs repeatable and can only make them slower.</details>
# <details><summary>C. float64, to keep it busy.</summary>No. It doubles the memory traffic, and most GPUs compute float64 many times more slowly.</details>

# %% [markdown] lang="zh"
# ## 三分钟自测（不计分）
#
# **1. 32×32 的图像经过 5×5、步幅 2、`"same"` 的卷积，特征图有多大？**
#
# <details><summary>A. 14×14</summary>不对。那是 `"valid"`：(32 − 5)/2 向下取整再加 1，等于 14。</details>
# <details><summary>B. 16×16</summary>正确。same 的输出是 n/s 向上取整，与卷积核无关：32/2 = 16。</details>
# <details><summary>C. 32×32</summary>不对。只有步幅为 1 时 same 才保持大小。</details>
#
# **2. 梯度反向经过最大池化时发生了什么？**
#
# <details><summary>A. 平均分给窗口中的像素。</summary>不对，那是平均池化。</details>
# <details><summary>B. 全部交给每个窗口中最大的像素。</summary>正确。其他像素稍微移动不改变输出，所以梯度为零。</details>
# <details><summary>C. 到此为止：最大值没有导数。</summary>不对。只有多个像素并列时导数才不存在；其余情况胜者的导数为 1，其他为 0。</details>
#
# **3. 日志显示第一个轮次后训练准确率 0.93，验证准确率 0.97。这说明什么？**
#
# <details><summary>A. 验证数据泄漏进了训练。</summary>不对。泄漏表现为验证准确率比在*新*数据上好得多，从这个比较看不出来。</details>
# <details><summary>B. 没有异常。</summary>正确。训练准确率是整个轮次的平均，其间网络还在学习；验证准确率在轮次之后测得。</details>
# <details><summary>C. 日志是编造的。</summary>不对。多数训练的第一个轮次都是这样。</details>
#
# **4. 批量为 32 时，GPU 的训练速度与 CPU 差不多。先试什么？**
#
# <details><summary>A. 增大批量。</summary>正确。小批量时每步的固定开销占主导；在 GPU 占满之前，每步多几张图像几乎不花时间。学习率要随之调整。</details>
# <details><summary>B. 确定性运算。</summary>不对。它让运行可重复，只会更慢，不会更快。</details>
# <details><summary>C. 改用 float64，让它忙起来。</summary>不对。内存带宽需求翻倍，而且多数 GPU 计算 float64 要慢许多倍。</details>

# %% [markdown] lang="en"
# ## Key takeaways
#
# - A convolution layer slides small detectors over the picture and shares their weights. In deep learning it is a cross-correlation; each filter sums over all channels and adds one bias.
# - `"valid"`: the floor of (n − k)/s, plus 1. `"same"`: the ceiling of n/s, with the smaller half of the zeros in front.
# - Max-pooling hands the whole gradient to one winner per window.
# - Validation numbers exist only where validation data were given, and validation data are never trained on.
# - Batches have an axis of their own, and so do channels. One `predict` for all pictures.
# - 0.9900 and 0.9880 on 10,000 pictures cannot be told apart; give the interval and several seeds.
# - A GPU wants large batches and 16-bit arithmetic. It saves time; it is no argument about accuracy.

# %% [markdown] lang="zh"
# ## 要点
#
# - 卷积层让小检测器在图像上滑动，权重共享。深度学习中的卷积是互相关；每个滤波器对所有通道求和，只加一个偏置。
# - `"valid"`：(n − k)/s 向下取整再加 1。`"same"`：n/s 向上取整，补零时较小的一半在前。
# - 最大池化把全部梯度交给每个窗口唯一的胜者。
# - 有验证数据才有验证指标，验证数据绝不参与训练。
# - 批有自己的轴，通道也有。所有图像只调用一次 `predict`。
# - 在 10 000 张图像上，0.9900 与 0.9880 无法区分；应给出区间和多个种子的结果。
# - GPU 喜欢大批量和 16 位运算。它节省时间，但不能拿来论证准确率。

# %% [markdown] lang="en"
# ## References
#
# - Y. LeCun, L. Bottou, Y. Bengio, P. Haffner, *Gradient-Based Learning Applied to Document Recognition*, Proceedings of the IEEE 86 (1998): convolutional networks, and MNIST.
# - I. Goodfellow, Y. Bengio, A. Courville, *Deep Learning*, MIT Press 2016, chapter 9.
# - V. Dumoulin, F. Visin, *A guide to convolution arithmetic for deep learning*, [arXiv:1603.07285](https://arxiv.org/abs/1603.07285): strides and padding in pictures.
# - P. Micikevicius et al., *Mixed Precision Training*, ICLR 2018, [arXiv:1710.03740](https://arxiv.org/abs/1710.03740): loss scaling.
# - E. B. Wilson, *Probable Inference, the Law of Succession, and Statistical Inference*, Journal of the American Statistical Association 22 (1927).
# - D. P. Kingma, J. Ba, *Adam: A Method for Stochastic Optimization*, ICLR 2015, [arXiv:1412.6980](https://arxiv.org/abs/1412.6980).

# %% [markdown] lang="zh"
# ## 参考文献
#
# - Y. LeCun, L. Bottou, Y. Bengio, P. Haffner, *Gradient-Based Learning Applied to Document Recognition*, Proceedings of the IEEE 86 (1998)：卷积网络与 MNIST 的来源。
# - I. Goodfellow, Y. Bengio, A. Courville, *Deep Learning*（《深度学习》）, MIT Press 2016，第 9 章。
# - V. Dumoulin, F. Visin, *A guide to convolution arithmetic for deep learning*, [arXiv:1603.07285](https://arxiv.org/abs/1603.07285)：图解步幅与填充。
# - P. Micikevicius et al., *Mixed Precision Training*, ICLR 2018, [arXiv:1710.03740](https://arxiv.org/abs/1710.03740)：损失缩放。
# - E. B. Wilson, *Probable Inference, the Law of Succession, and Statistical Inference*, Journal of the American Statistical Association 22 (1927)。
# - D. P. Kingma, J. Ba, *Adam: A Method for Stochastic Optimization*, ICLR 2015, [arXiv:1412.6980](https://arxiv.org/abs/1412.6980)。
