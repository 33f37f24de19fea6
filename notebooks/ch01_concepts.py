# ch01 核心概念与可复现环境 — Core concepts and a reproducible environment.

# %% [markdown] lang="en"
# # Chapter 1 · Core concepts and a reproducible environment
#
# Two articles about "large AI models" stand at the beginning of this course; we call them article A and article B. Each promises training for work with large models, each ends with a small program that reads handwritten digits. They get much right and a good deal wrong, and that is what makes them useful: an engineer's daily work is to tell the one from the other.
#
# **After this chapter you can**
#
# - put AI, machine learning, deep learning and large models into their order, and say with a number what *large* means;
# - compute what a neuron and a layer of neurons do, and read the shapes on the way;
# - count the parameters of a network and the memory that its training takes;
# - name the five stages from data to service and what goes wrong at each;
# - make a random experiment repeatable, and say what a seed does not fix;
# - explain why `pip install python==3.8` cannot work, and write an installation list that does.
#
# **Time** about two hours. **Points** 20, in six exercises. You need Python; no mathematics beyond matrix products.
#
# **How to work.** Every figure asks for a guess before it lets you play. Make the guess: being wrong in an interesting way is the quickest way to learn. In an exercise, replace `raise NotImplementedError` by your answer and run the test cells below it. When you hand in your notebook, further, hidden tests run; each exercise says what they look at.

# %% [markdown] lang="zh"
# # 第 1 章 · 核心概念与可复现环境
#
# 本课程从两篇谈“AI 大模型”的文章讲起，分别称为文章 A 和文章 B。两篇都以大模型的技术培训为题，又都以一个识别手写数字的小程序收尾。它们说对了不少，也说错了不少——这正是它们的价值所在：工程师的日常功夫，就是分清哪些对、哪些错。
#
# **学完本章，你能够**
#
# - 理清人工智能、机器学习、深度学习与大模型的包含关系，并用一个数说明什么叫“大”；
# - 算出一个神经元、一层神经元做了什么，并一路看懂张量形状；
# - 数清一个网络的参数，估出训练它需要的内存；
# - 说出从数据到服务的五个环节，以及每个环节容易出什么问题；
# - 让一次随机实验可以复现，并说清随机种子管不到哪些事；
# - 解释 `pip install python==3.8` 为什么行不通，并写出一份能用的安装清单。
#
# **时间** 约两小时。**分值** 20 分，共六道练习。要求会 Python；数学只用到矩阵乘法。
#
# **学习方法。** 每幅图都会先请你猜一猜，再让你动手。请认真猜：错得有意思，学得最快。做练习时，把 `raise NotImplementedError` 换成你的答案，再运行下面的测试单元格。提交之后还会运行隐藏测试；每道题都写明了它们检查哪些方面。

# %% setup
import os
import random
import re

import numpy as np

from course.device import quiet_start

# TensorFlow writes start-up notes to stderr, which would land in the notebook. Both must stand before the import: the
# variable keeps later notes away, quiet_start those that come before TensorFlow reads it.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
with quiet_start():
    import keras
    import tensorflow as tf

# %%
from course.progress_panel import show_progress

show_progress()

# %% [markdown] lang="en"
# ## 1 · Four words, one inside the other
#
# Article A and article B both speak of AI, of deep learning and of large models as if they were steps of a ladder. They are not steps; they are *sets*, each inside the one before. Three questions decide where something belongs.
#
# | field | what makes it so |
# |---|---|
# | **artificial intelligence** | a program does what we would call intelligent in a person – by whatever means |
# | **machine learning** | … and its behaviour comes from *data*, through a fit, rather than from rules that somebody wrote |
# | **deep learning** | … and the fit is a composition of several layers, all of them learned |
# | **large model** | … and it has very many parameters |
#
# An *expert system* of the 1970s such as MYCIN, which advised on infections by means of several hundred hand-written rules, is AI and nothing more. *Natural-language processing* and *computer vision* are a different kind of word: they name what a system is about, text or images, and cut across all four sets. A regular expression that finds dates is language processing without any learning.
#
# **Predict**, then play: where does the network of article A belong, the one that its authors call a large model?

# %% [markdown] lang="zh"
# ## 1 · 四个词，层层包含
#
# 文章 A 和文章 B 谈到人工智能、深度学习和大模型时，都像在说一级级台阶。其实它们不是台阶，而是*集合*，后一个包含在前一个之中。一个东西归到哪里，三个问题就能判定。
#
# | 领域 | 判断标准 |
# |---|---|
# | **人工智能** | 程序做到了换作人来做会被称为“智能”的事——不论用什么办法 |
# | **机器学习** | ……而且它的行为来自*数据*、由拟合得到，不是靠人写的规则 |
# | **深度学习** | ……而且拟合的是多层复合函数，每一层都由学习得到 |
# | **大模型** | ……而且参数非常多 |
#
# 20 世纪 70 年代的*专家系统*，例如靠几百条人工规则为感染性疾病用药提建议的 MYCIN，属于人工智能，但仅此而已。*自然语言处理*和*计算机视觉*是另一类词：它们说的是处理的对象——文本或图像，横跨上面四个集合。用一条正则表达式查找日期，也是语言处理，却没有任何学习。
#
# **先猜**，再动手：文章 A 的网络被作者称作大模型，它究竟该放在哪里？

# %%
from course.figures.concepts import EXAMPLES, fig_fields
from course.interact import Prediction, choice, explore, play, slider, toggle

explore(
    fig_fields,
    predict=Prediction(
        "Article A's CNN: which is the narrowest field it belongs to? 文章 A 的 CNN 最窄属于哪个领域？",
        options=("machine learning 机器学习", "deep learning 深度学习", "large models 大模型"),
        answer="deep learning 深度学习",
        because="Its layers are learned, so it is deep learning; with 225 034 parameters it is thousands of times "
        "too small for a large model. 它的各层都由学习得到，属于深度学习；但只有 225 034 个参数，离大模型还差几千倍。",
    ),
    alt={
        "en": "Four nested boxes: artificial intelligence holds machine learning, which holds deep learning, which "
        "holds large models; two examples stand in each box and the chosen one is marked. Beside them the "
        "three questions that place it, with its answers.",
        "zh": "四个层层嵌套的方框：人工智能包含机器学习，机器学习包含深度学习，深度学习包含大模型；每个框里有两个例"
        "子，所选的例子被标出。右边是确定其位置的三个问题和它的回答。",
    },
    example=choice(tuple(EXAMPLES), "naive Bayes spam filter", label="example 例子"),
)

# %% [markdown] lang="en"
# ### How large is large?
#
# "Very many" is no definition. Article A gives two. Its text says 数十亿 to 数万亿 parameters, its list of questions 数亿 to 数十亿. With 亿 $= 10^8$ and 万亿 $= 10^{12}$ the first means several $10^9$ to several $10^{12}$, the second several $10^8$ to several $10^9$.
#
# The lower ends differ by a factor of ten, the upper ends by a thousand, and both texts cannot be right. Article B avoids the number and says "many parameters, complex structure", which includes or excludes whatever one likes, and then names generative adversarial networks as its typical example; the typical large model today is a Transformer (chapter 12).
#
# No committee has fixed a threshold, and the habits of the field move. A course must still choose, so that the word can be *checked*:
#
# > In this course a **large model** is a neural network with at least $10^9$ parameters.
#
# Define once, with a number; then compute. In section 3 you will count the two articles' networks: 225 034 and 93 322 parameters. Both articles call them large models.

# %% [markdown] lang="zh"
# ### 多大才算大？
#
# “参数非常多”不是定义。文章 A 给了两个定义：正文里说大模型有数十亿到数万亿个参数，常见问题里又说是数亿到数十亿个。按 亿 $= 10^8$、万亿 $= 10^{12}$ 换算，前者是几个 $10^9$ 到几个 $10^{12}$，后者是几个 $10^8$ 到几个 $10^9$。
#
# 下限差十倍，上限差一千倍，两处不可能都对。文章 B 干脆不给数，只说“大规模参数和复杂结构”，想把谁算进来都行；它随后举的典型例子是生成对抗网络，而如今大模型的典型代表是 Transformer（第 12 章）。
#
# 没有哪个机构规定过门槛，业内的习惯说法也在变。但课程必须定一个，这样“大”才*可以检验*：
#
# > 本课程所说的**大模型**，是指参数不少于 $10^9$ 个的神经网络。
#
# 只定义一次，给出一个数，然后去算。到第 3 节，你会亲手数出两篇文章中网络的参数：225 034 个和 93 322 个。两篇文章都管它们叫大模型。

# %% [markdown] lang="en"
# ### Forty years in one picture
#
# The line at $10^9$ helps to read history too. A *Hopfield network* (1982) stores patterns as minima of an energy; *back-propagation* (1986) made it practical to train networks with hidden layers. Both are ideas that come in any size, so they stand on the grey strip. Then, for a quarter of a century, the ideas waited. What came in between was not a new theory but **data and machines**, the rise of big data and cloud computing that article B mentions: large-scale parallel data processing (MapReduce, 2004), rented computers (Amazon EC2, 2006), a million labelled photographs (ImageNet, 2009) and graphics cards that anyone could program (CUDA, 2007).
#
# Article B dates the breakthrough to the beginning of the century and names three networks. Their years are 2012 (AlexNet), 2014 (GoogLeNet) and 2015 (ResNet) – that is the second decade, not the beginning. And it is *GoogLeNet*, with a capital L, a bow to LeNet-5 of 1998.
#
# **Predict**: by the end of 2018, after BERT and GPT, has any of these landmarks reached $10^9$ parameters? Guess, then press play.

# %% [markdown] lang="zh"
# ### 一张图看四十年
#
# $10^9$ 这条线也能帮我们读懂历史。*Hopfield 网络*（1982）把模式存成能量的极小点；*反向传播*（1986）让含隐藏层的网络真正训练得起来。二者都是思想，规模可大可小，所以放在灰色带里。此后二十多年，思想一直在等。等来的不是新理论，而是**数据与机器**，也就是文章 B 提到的大数据与云计算的兴起：大规模并行数据处理（MapReduce，2004）、按需租用的云计算（Amazon EC2，2006）、上百万张带标注的照片（ImageNet，2009），以及人人可编程的显卡（CUDA，2007）。
#
# 文章 B 把突破归到“世纪初”，并举出三个网络。它们的年份是 2012（AlexNet）、2014（GoogLeNet）和 2015（ResNet）——那是第二个十年，算不上世纪初。另外，正确的拼写是 *GoogLeNet*，L 大写，意在向 1998 年的 LeNet-5 致敬。
#
# **先猜**：到 2018 年底，BERT 和 GPT 都已问世，图上的里程碑有没有哪个达到 $10^9$ 个参数？猜完再按播放。

# %%
from course.figures.history import fig_timeline

explore(
    fig_timeline,
    predict=Prediction(
        "By the end of 2018, had any of these landmarks reached 10⁹ parameters? 到 2018 年底，有没有哪个里程碑达到 10⁹ 个参数？",
        options=("yes, AlexNet 有，AlexNet", "yes, BERT 有，BERT", "no, none 没有"),
        answer="no, none 没有",
        because="BERT's large version has 3.4·10⁸. Famous is not large: GPT-2 (2019) crosses the line, "
        "GPT-3 (2020) is 175 times above it. Switch the neighbours on to see them. "
        "BERT 的大号版本也只有 3.4·10⁸。有名不等于大：GPT-2（2019）才越线，GPT-3（2020）高出 175 倍。打开“neighbours”即可看到。",
    ),
    alt={
        "en": "Landmarks of the field as points: year of publication across, number of parameters upwards on a "
        "logarithmic scale. A dashed line at a billion parameters is where large models begin; a vertical "
        "line marks the chosen year.",
        "zh": "以点表示的里程碑：横轴为发表年份，纵轴为参数个数（对数刻度）。十亿个参数处的虚线是大模型的起点，竖线"
        "标出所选年份。",
    },
    year=play(1980, 2022, 1990, label="year 年份"),
    neighbours=toggle(False, label="neighbours 更多网络"),
)

# %% [markdown] lang="en"
# ### How does such a model work, and where does this course explain it?
#
# In one paragraph: a model is a function $\hat y = f_\theta(x)$ with parameters $\theta$. A *loss* measures how far $\hat y$ is from the desired answer (chapter 2); the *gradient* of the loss says in which direction each parameter should move (chapters 3 and 5); an *optimiser* moves it (chapter 6); and this is repeated over very many examples until the answers on *unseen* data are good (chapter 8). A large model does nothing else. What is particular about it is the architecture (chapter 12), the amount of data and computation, and that one trained model then serves many tasks (chapter 10).
#
# Article A draws this as a diagram in which AI points to "large models", "training" and "certification" side by side. The map below keeps the useful part: three strands – principles, mathematics, practice – between this chapter and the examination. *Training* is what you do in chapters 1 to 17; *certification* is the statement, which anyone can verify, that you can do it.
#
# **Predict**: which strand has the fewest chapters?

# %% [markdown] lang="zh"
# ### 这样的模型怎样工作？本课程在哪里讲？
#
# 一段话说完：模型就是函数 $\hat y = f_\theta(x)$，其中 $\theta$ 是参数。*损失*衡量 $\hat y$ 离期望的答案有多远（第 2 章）；损失的*梯度*告诉每个参数该往哪个方向动（第 3、5 章）；*优化器*负责移动参数（第 6 章）；在大量样本上如此反复，直到在*没见过的*数据上也答得好（第 8 章）。大模型做的也不过如此。它的特别之处在于网络结构（第 12 章）、数据量和计算量，以及一个训练好的模型可以用于许多任务（第 10 章）。
#
# 文章 A 用流程图表示这些关系，把“大模型”“技术培训”“认证体系”并排挂在人工智能之下。下面这张图保留其中有用的部分：从本章到考试之间，有原理、数学、实践三条线。*培训*就是你在第 1 至 17 章里做的事；*认证*则是一份任何人都能核验的声明，说明你确实会做。
#
# **先猜**：三条线中，哪一条的章数最少？

# %%
from course.figures.concepts import fig_course_map

explore(
    fig_course_map,
    predict=Prediction(
        "Which strand of the course has the fewest chapters? 课程的哪条线章数最少？",
        options=("principles 原理", "mathematics 数学", "practice 实践"),
        answer="mathematics 数学",
        because="Four chapters of mathematics carry everything else; that is why they come early. "
        "数学只有四章，却支撑着其余各章，所以大多排在前面。",
    ),
    alt={
        "en": "A map of the course: chapter 1 leads into three strands, principles, mathematics and practice, each "
        "a box with its chapters; all three lead to chapter 18. The chosen strand is highlighted.",
        "zh": "课程地图：第 1 章分出原理、数学、实践三条线，每条线是一个列出各章的方框，三条线都通向第 18 章。所选"
        "的线被突出显示。",
    },
    strand=choice(
        (
            ("all 全部", "all"),
            ("principles 原理", "principles"),
            ("mathematics 数学", "mathematics"),
            ("practice 实践", "practice"),
        ),
        "all",
        label="strand 主线",
    ),
)

# %% [markdown] lang="en"
# ## 2 · One neuron, then a layer
#
# ### A neuron is a weighted sum and a bend
#
# A neuron takes numbers $x_1, \ldots, x_D$ along weighted connections, adds a bias and applies an activation function $f$:
#
# $$z = \sum_{d=1}^{D} w_d x_d + b = w \cdot x + b, \qquad \hat y = f(z).$$
#
# *Intuition.* Each weight says how much its input counts, and in which direction; the bias says how easily the neuron is convinced.
#
# *Geometry.* Where $z = 0$ the neuron is undecided. For $D = 2$ this is a straight line, in general a hyperplane. The vector $w$ stands perpendicular to it: if $x$ and $x'$ both lie on it, then $w \cdot (x - x') = -b + b = 0$. The point of the hyperplane nearest to the origin is therefore a multiple $t\,w$ of $w$, and from $w \cdot (t\,w) + b = 0$ follows $t = -b / \lVert w \rVert^2$. Measured along the direction of $w$, the hyperplane lies at the signed distance
#
# $$s = t\,\lVert w \rVert = -\frac{b}{\lVert w \rVert}, \qquad \frac{\partial s}{\partial b} = -\frac{1}{\lVert w \rVert} < 0 .$$
#
# **Predict**: you raise $b$. Which way does the line move? Read the formula, guess, then try it. Can you separate the two clouds completely?

# %% [markdown] lang="zh"
# ## 2 · 从一个神经元到一层
#
# ### 神经元：加权求和，再弯一下
#
# 神经元沿加权连接接收若干数 $x_1, \ldots, x_D$，加上偏置，再作用一个激活函数 $f$：
#
# $$z = \sum_{d=1}^{D} w_d x_d + b = w \cdot x + b, \qquad \hat y = f(z).$$
#
# *直观理解。* 每个权重表示对应的输入有多重要、朝哪个方向起作用；偏置表示这个神经元有多容易被说服。
#
# *几何意义。* 在 $z = 0$ 处，神经元拿不定主意。$D = 2$ 时这是一条直线，一般情形下是一个超平面。向量 $w$ 与它垂直：若 $x$ 和 $x'$ 都在其上，则 $w \cdot (x - x') = -b + b = 0$。因此超平面上离原点最近的点形如 $t\,w$，即 $w$ 的某个倍数；由 $w \cdot (t\,w) + b = 0$ 得 $t = -b / \lVert w \rVert^2$。沿 $w$ 的方向度量，超平面到原点的有向距离为
#
# $$s = t\,\lVert w \rVert = -\frac{b}{\lVert w \rVert}, \qquad \frac{\partial s}{\partial b} = -\frac{1}{\lVert w \rVert} < 0 .$$
#
# **先猜**：增大 $b$，直线往哪边移？先看公式，猜完再试。你能把两团点完全分开吗？

# %%
from course.figures.neuron import fig_neuron

explore(
    fig_neuron,
    predict=Prediction(
        "You raise b. Which way does the line move? 增大 b，直线往哪边移？",
        options=("along w 沿 w 的方向", "against w 逆着 w 的方向", "it turns 它会转动"),
        answer="against w 逆着 w 的方向",
        because="A larger b makes z positive in more places, so the positive side grows and the line retreats: s = −b/‖w‖. "
        "b 越大，z 为正的区域越大，直线就向后退：s = −b/‖w‖。",
    ),
    alt={
        "en": "Left: the plane of two inputs, coloured by the neuron's output, with sixty points of two classes, "
        "the line where z is zero and the weights as an arrow. Right: the activation function with every "
        "point's z on its curve.",
        "zh": "左：两个输入构成的平面，按神经元的输出着色，上面有两类共六十个点、z 为零的直线和表示权重的箭头。右："
        "激活函数的曲线，每个点的 z 都标在曲线上。",
    },
    w1=slider(-3.0, 3.0, 1.0, step=0.1, label="w₁"),
    w2=slider(-3.0, 3.0, 0.8, step=0.1, label="w₂"),
    b=slider(-4.0, 4.0, 0.0, step=0.1, label="bias b 偏置"),
    activation=choice(("none", "relu", "sigmoid"), "sigmoid", label="activation 激活函数"),
)

# %% [markdown] lang="en"
# ### Reading shapes
#
# A *tensor* is an array of numbers; its **shape** is the tuple of its lengths. Most mistakes in deep learning are mistakes of shape, so read shapes aloud before you compute:
#
# | shape | read it as |
# |---|---|
# | `()` | one number, for example a loss |
# | `(10,)` | a vector of 10: the scores of ten classes for one image |
# | `(32, 10)` | 32 such vectors: a *batch* |
# | `(32, 28, 28, 1)` | 32 images, 28 rows, 28 columns, 1 channel |
#
# Two habits carry through the course. The first axis counts the examples, also where there is only one: one image is `(1, 28, 28, 1)`, not `(28, 28)`. And `(10,)` is neither a row nor a column; NumPy stretches it along missing axes *from the left* (broadcasting), so that `(32, 10) + (10,)` adds the same vector to every row.

# %% [markdown] lang="zh"
# ### 看懂形状
#
# *张量*就是一个数组；它的**形状**是各轴长度组成的元组。深度学习里的错误多半是形状错误，所以计算之前，先把形状念一遍：
#
# | 形状 | 读作 |
# |---|---|
# | `()` | 一个数，例如一个损失值 |
# | `(10,)` | 长度为 10 的向量：一张图像在十个类别上的得分 |
# | `(32, 10)` | 32 个这样的向量：一个*批量* |
# | `(32, 28, 28, 1)` | 32 张图像，28 行，28 列，1 个通道 |
#
# 有两个习惯贯穿全课程。第一个轴总是数样本，哪怕只有一个样本：一张图像是 `(1, 28, 28, 1)`，不是 `(28, 28)`。另外，`(10,)` 既不是行也不是列；NumPy 会*从左边*补上缺少的轴再拉伸（广播），所以 `(32, 10) + (10,)` 是把同一个向量加到每一行上。

# %%
batch = np.zeros((32, 10))
scores = np.arange(10.0)
print("every row gets the vector:", (batch + scores).shape)
try:
    batch + np.zeros(32)
except ValueError as error:
    print("no such luck along the rows:", error)
print(
    "one image out of a batch:",
    np.zeros((32, 28, 28, 1))[0].shape,
    "- and as a batch of one:",
    np.zeros((32, 28, 28, 1))[:1].shape,
)

# %% [markdown] lang="en"
# ### A layer is a matrix product
#
# A layer holds $M$ neurons that look at the same $D$ inputs. Put their weights into the columns of a matrix $W$ of shape $(D, M)$ and the $N$ examples into the rows of a matrix $X$ of shape $(N, D)$. Then all $N M$ sums are one matrix product:
#
# $$z_{nm} = \sum_{d=1}^{D} x_{nd}\, w_{dm} + b_m, \qquad Z = XW + b, \qquad \hat Y = f(Z),$$
#
# with $b$ of shape $(M,)$ added to every row. Article B writes $f(Wx + b)$ with one example as a column. It is the same thing transposed, $(W x)^\top = x^\top W^\top$: its $W$ is our $W^\top$. Libraries store examples in rows, and so do we.
#
# *Input layer, hidden layers, output layer*: the input layer computes nothing, it only names the shape that comes in; each hidden layer is a $f(XW + b)$ whose result feeds the next; the output layer gives the answer. Running through them from front to back is the **forward pass**.
#
# *Why the bend?* Without $f$, two layers are no more than one, because the composition of affine maps is affine:
#
# $$(XW_1 + b_1)W_2 + b_2 = X\,(W_1 W_2) + (b_1 W_2 + b_2).$$
#
# A thousand layers without activation are still one layer. The two activations of this chapter are
#
# $$\operatorname{relu}(z) = \max(0, z), \qquad \sigma(z) = \frac{1}{1 + e^{-z}} .$$
#
# *A trap in* $\sigma$. For $z = -1000$ the term $e^{1000}$ is beyond the largest float64, near $1.8 \cdot 10^{308}$. Some rearrangements survive this and some turn into nan. Multiplying numerator and denominator by $e^{z/2}$ leads to a form, the last one, that never overflows:
#
# $$\sigma(z) = \frac{e^{z/2}}{e^{z/2} + e^{-z/2}} = \frac12 \left( 1 + \frac{e^{z/2} - e^{-z/2}}{e^{z/2} + e^{-z/2}} \right) = \frac12 \left( 1 + \tanh \frac z2 \right).$$

# %% [markdown] lang="zh"
# ### 一层就是一次矩阵乘法
#
# 一层里有 $M$ 个神经元，它们看着同样的 $D$ 个输入。把各神经元的权重放进矩阵 $W$（形状 $(D, M)$）的各列，把 $N$ 个样本放进矩阵 $X$（形状 $(N, D)$）的各行，那么全部 $N M$ 个求和就是一次矩阵乘法：
#
# $$z_{nm} = \sum_{d=1}^{D} x_{nd}\, w_{dm} + b_m, \qquad Z = XW + b, \qquad \hat Y = f(Z),$$
#
# 其中 $b$（形状 $(M,)$）加到每一行上。文章 B 把单个样本写成列向量，记作 $f(Wx + b)$。那只是转置的写法，$(W x)^\top = x^\top W^\top$：它的 $W$ 就是这里的 $W^\top$。各种程序库都把样本放在行上，本课程也一样。
#
# *输入层、隐藏层、输出层*：输入层不做计算，只规定输入的形状；每个隐藏层是一个 $f(XW + b)$，结果交给下一层；输出层给出答案。从前往后依次算一遍，就是**前向传播**。
#
# *为什么要弯一下？* 没有 $f$，两层并不比一层强，因为仿射映射的复合仍是仿射映射：
#
# $$(XW_1 + b_1)W_2 + b_2 = X\,(W_1 W_2) + (b_1 W_2 + b_2).$$
#
# 没有激活函数，叠一千层也还是一层。本章用到的两个激活函数是
#
# $$\operatorname{relu}(z) = \max(0, z), \qquad \sigma(z) = \frac{1}{1 + e^{-z}} .$$
#
# *小心* $\sigma$ *里的陷阱。* 当 $z = -1000$ 时，$e^{1000}$ 超出 float64 的最大值（约 $1.8 \cdot 10^{308}$）。有的变形写法能扛过去，有的会变成 nan。分子分母同乘 $e^{z/2}$，最后就得到一种永不溢出的写法：
#
# $$\sigma(z) = \frac{e^{z/2}}{e^{z/2} + e^{-z/2}} = \frac12 \left( 1 + \frac{e^{z/2} - e^{-z/2}}{e^{z/2} + e^{-z/2}} \right) = \frac12 \left( 1 + \tanh \frac z2 \right).$$

# %% [markdown] lang="en"
# ### Exercise 1 · `dense_forward` (4 points)
#
# Write the forward pass of a dense layer.
#
# - `x` has shape (N, D), `W` has shape (D, M), `b` has shape (M,); all are float arrays, float64 or float32.
# - The result is a NumPy array of shape (N, M), of a float type, also for N = 1; its value is activation(`x` `W` + `b`).
# - `activation` is `None` (nothing is applied), `"relu"` or `"sigmoid"`; any other name raises `ValueError`.
# - The sigmoid stays finite and within [0, 1] for sums as large as ±1 000. A warning about overflow is tolerated, nan is not.
# - The inputs are not modified.
#
# *Hidden tests also use*: random shapes, among them (1, 1, 1) and a square `W`; N = 1; float32 inputs (compared with a relative tolerance of 1e-5); large sums, with every activation; unknown names, among them the empty one and ones that only look alike, such as "relu6".
#
# <details><summary>Hint 1</summary>The operator @ multiplies matrices, and broadcasting adds the bias to every row. Which axis of the result belongs to b?</details>
# <details><summary>Hint 2</summary>First z, then the activation. Check the name where you would otherwise fall through all branches.</details>

# %% [markdown] lang="zh"
# ### 练习 1 · `dense_forward`（4 分）
#
# 写出全连接层的前向传播。
#
# - `x` 形状为 (N, D)，`W` 形状为 (D, M)，`b` 形状为 (M,)；都是浮点数组，float64 或 float32。
# - 返回形状为 (N, M) 的 NumPy 浮点数组，N = 1 时也是二维；其值为激活函数作用于 `x` `W` + `b`。
# - `activation` 取 `None`（不作用任何函数）、`"relu"` 或 `"sigmoid"`；其他名字一律抛出 `ValueError`。
# - 即使求和达到 ±1 000，sigmoid 的结果也应是有限数，且落在 [0, 1] 内。允许出现溢出警告，不允许出现 nan。
# - 不得修改输入。
#
# *隐藏测试还会用到*：随机形状，包括 (1, 1, 1) 和方阵 `W`；N = 1；float32 输入（按相对误差 1e-5 比较）；很大的求和值（每种激活函数都有）；未知的名字，包括空字符串和只是看着像的名字，如 "relu6"。
#
# <details><summary>提示 1</summary>运算符 @ 做矩阵乘法，广播会把偏置加到每一行。结果的哪个轴对应 b？</details>
# <details><summary>提示 2</summary>先算 z，再作用激活函数。所有分支都不匹配时，正是检查名字的地方。</details>


# %% solution="dense-forward"
def dense_forward(x: np.ndarray, W: np.ndarray, b: np.ndarray, activation: str | None = None) -> np.ndarray:
    """Return activation(xW + b), the forward pass of a dense layer.

    Args:
        x: inputs (N, D).
        W: weights (D, M).
        b: biases (M,).
        activation: None, "relu" or "sigmoid".

    Returns:
        float array (N, M).

    Raises:
        ValueError: another activation.
    """
    ### BEGIN SOLUTION
    z = x @ W + b  # (N, M)
    if activation is None:
        return z
    if activation == "relu":
        return np.maximum(z, 0.0)
    if activation == "sigmoid":
        return 0.5 * (1.0 + np.tanh(0.5 * z))  # cannot overflow
    raise ValueError(f"activation must be None, 'relu' or 'sigmoid', not {activation!r}")
    ### END SOLUTION


# %% test="dense-is-xw-plus-b" points=2
def _check():
    x = np.array([[1.0, 2.0]])
    W = np.array([[1.0, 0.0, -1.0], [0.5, 1.0, 2.0]])
    y = dense_forward(x, W, np.array([0.0, 1.0, -1.0]))
    assert isinstance(y, np.ndarray), (
        "[ch01-TYPE] dense_forward 应返回 NumPy 数组 / dense_forward should return a NumPy array"
    )
    assert y.shape == (1, 3), (
        "[ch01-SHAPE] 结果形状应为 (N, M)，N = 1 时也是二维 / the shape should be (N, M), also for N = 1"
    )
    assert np.allclose(y, [[2.0, 3.0, 2.0]]), (
        "[ch01-DENSE] 用手算一遍 xW + b，再看你的结果 / work out xW + b by hand and compare"
    )
    # A property you can always check: without bias and activation the layer is linear.
    no_bias = np.zeros(3)
    assert np.allclose(dense_forward(2.0 * x, W, no_bias), 2.0 * dense_forward(x, W, no_bias)), (
        "[ch01-LINEAR] 没有偏置和激活函数时，x 加倍结果应加倍 / without bias and activation, doubling x should double the result"
    )


_check()
### BEGIN HIDDEN TESTS


def _check_hidden():
    rng = np.random.default_rng(20101)
    for n, d, m in ((1, 1, 1), (5, 3, 4), (2, 4, 4), (1, 6, 2), (7, 2, 7), (3, 5, 1)):
        x, W, b = rng.normal(size=(n, d)), rng.normal(size=(d, m)), rng.normal(size=m)
        want = np.array([[sum(x[i, k] * W[k, j] for k in range(d)) + b[j] for j in range(m)] for i in range(n)])
        kept = x.copy(), W.copy(), b.copy()
        y = dense_forward(x, W, b)
        for before, after, name in zip(kept, (x, W, b), "xWb", strict=True):
            assert np.array_equal(before, after), (
                f"[ch01-INPUT] dense_forward 改动了输入 {name} / dense_forward modified its input {name}"
            )
        assert isinstance(y, np.ndarray), (
            "[ch01-TYPE] dense_forward 应返回 NumPy 数组 / dense_forward should return a NumPy array"
        )
        assert y.shape == (n, m), (
            "[ch01-SHAPE] 结果形状应为 (N, M)：每个样本一行，每个神经元一列 / the shape should be (N, M): a row per example, a column per neuron"
        )
        assert np.issubdtype(y.dtype, np.floating), "[ch01-DTYPE] 结果应为浮点数组 / the result should be a float array"
        assert np.allclose(y, want, rtol=1e-7, atol=1e-9), (
            "[ch01-DENSE] 不是 xW + b：检查 W 是否被转置、b 是否按列相加 / not xW + b: is W transposed, is b added per column?"
        )
        small = dense_forward(x.astype(np.float32), W.astype(np.float32), b.astype(np.float32))
        assert small.shape == (n, m) and np.issubdtype(small.dtype, np.floating), (
            "[ch01-DTYPE] float32 输入也应得到 (N, M) 浮点数组 / float32 inputs should give a float array (N, M) too"
        )
        assert np.allclose(small, want, rtol=1e-5, atol=1e-5), (
            "[ch01-DENSE] float32 输入的结果不对 / wrong result for float32 inputs"
        )


_check_hidden()
### END HIDDEN TESTS


# %% test="dense-applies-the-activation" points=2
def _check():
    x = np.array([[1.0], [-1.0]])
    W, b = np.array([[2.0, -3.0]]), np.array([0.5, 1.0])
    y = dense_forward(x, W, b, "relu")
    assert isinstance(y, np.ndarray) and y.shape == (2, 2), (
        "[ch01-SHAPE] 激活函数不改变形状 (N, M) / an activation keeps the shape (N, M)"
    )
    assert np.allclose(y, [[2.5, 0.0], [0.0, 4.0]]), (
        "[ch01-RELU] 先加偏置，再作用 relu / add the bias first, then apply relu"
    )
    # A property: sigmoid(z) + sigmoid(-z) = 1.
    up, down = dense_forward(x, W, b, "sigmoid"), dense_forward(-x, W, -b, "sigmoid")
    assert isinstance(up, np.ndarray) and isinstance(down, np.ndarray) and up.shape == down.shape == (2, 2), (
        "[ch01-SHAPE] 激活函数不改变形状 (N, M) / an activation keeps the shape (N, M)"
    )
    assert np.allclose(up + down, 1.0), "[ch01-SIGMOID] σ(z) + σ(−z) 应为 1 / should be 1"


_check()
### BEGIN HIDDEN TESTS


@np.errstate(all="ignore")  # a warning is tolerated
def _check_hidden():
    from scipy.special import expit

    rng = np.random.default_rng(20102)
    for n, d, m in ((1, 1, 1), (6, 3, 5), (1, 4, 4), (9, 2, 3)):
        x, W, b = rng.normal(size=(n, d)), rng.normal(size=(d, m)), 2.0 * rng.normal(size=m)
        z = np.einsum("nd,dm->nm", x, W) + b
        for size in (1.0, 60.0, 300.0):  # small sums, and sums that show a cap
            given = size * x, W, size * b
            kept = [a.copy() for a in given]
            for name, want in (
                ("relu", np.where(z > 0, size * z, 0.0)),
                ("sigmoid", expit(size * z)),
                (None, size * z),
            ):
                y = dense_forward(*given, name)
                assert isinstance(y, np.ndarray) and y.shape == (n, m), (
                    "[ch01-SHAPE] 结果形状应为 (N, M) / the shape should be (N, M)"
                )
                assert np.allclose(y, want, rtol=1e-7, atol=1e-9), (
                    f"[ch01-ACTIVATION] activation={name!r}：先算 xW + b，再作用激活函数 / first xW + b, then the activation"
                )
                assert all(np.array_equal(a, b) for a, b in zip(given, kept, strict=True)), (
                    f"[ch01-INPUT] activation={name!r} 时改动了输入 / an input was modified with activation={name!r}"
                )
                narrow = [a.astype(np.float32) for a in given]
                sums = narrow[0].astype(float) @ narrow[1].astype(float) + narrow[2]
                exact = {"relu": np.maximum(sums, 0), "sigmoid": expit(sums), None: sums}[name]
                small = dense_forward(*narrow, name)
                assert isinstance(small, np.ndarray) and small.shape == (n, m), (
                    "[ch01-SHAPE] 结果形状应为 (N, M) / the shape should be (N, M)"
                )
                assert np.allclose(small, exact, rtol=1e-5, atol=1e-5 * size), (
                    f"[ch01-ACTIVATION] float32 输入、activation={name!r} 的结果不对 / wrong for float32 inputs with activation={name!r}"
                )
    extreme = np.array([[-1e3], [1e3], [-1.0], [0.0]])
    before, want = extreme.copy(), expit(extreme @ np.array([[1.0, -1.0]]))
    y = dense_forward(extreme, np.array([[1.0, -1.0]]), np.zeros(2), "sigmoid")
    assert isinstance(y, np.ndarray) and y.shape == (4, 2), (
        "[ch01-SHAPE] 结果形状应为 (N, M) / the shape should be (N, M)"
    )
    assert np.array_equal(extreme, before), (
        "[ch01-INPUT] 求和很大时改动了输入 / an input was modified where sums are large"
    )
    assert np.all(np.isfinite(y)), (
        "[ch01-OVERFLOW] 求和很大时 sigmoid 变成了 nan 或 inf / sigmoid turns into nan or inf for large sums"
    )
    assert np.all((y >= 0) & (y <= 1)), "[ch01-OVERFLOW] sigmoid 的值应在 [0, 1] 内 / sigmoid should stay within [0, 1]"
    assert np.allclose(y, want, atol=1e-9), (
        "[ch01-SIGMOID] 大数处的 sigmoid 不对 / wrong sigmoid for large sums"
    )
    for name in ("tanh", "softmax", "linear-ish", "", "relu6", "leaky_relu", "hard_sigmoid", "log_sigmoid", "ReLU", " relu", "sigmoid "):
        try:
            dense_forward(np.ones((2, 1)), np.ones((1, 1)), np.zeros(1), name)
        except ValueError:
            continue
        raise AssertionError(
            "[ch01-NAME] 未知的激活函数名应抛出 ValueError / an unknown activation should raise ValueError"
        )


_check_hidden()
### END HIDDEN TESTS

# %% [markdown] lang="en"
# **Try it.** Two layers without activation collapse into one, with relu they do not. The cell below checks the formula of the section with your function.

# %% [markdown] lang="zh"
# **动手试试。** 没有激活函数时两层会塌缩成一层，有 relu 则不会。下面的单元格用你写的函数验证本节的公式。

# %%
from course.unfinished import when_solved

with when_solved("dense_forward"):
    rng = np.random.default_rng(0)
    X, W1, b1, W2, b2 = (rng.normal(size=shape) for shape in ((5, 3), (3, 8), (8,), (8, 2), (2,)))
    one_layer = dense_forward(X, W1 @ W2, b1 @ W2 + b2)
    for activation in (None, "relu"):
        two_layers = dense_forward(dense_forward(X, W1, b1, activation), W2, b2)
        print(
            f"activation {activation}: two layers and one layer differ by at most {np.abs(two_layers - one_layer).max():.2g}"
        )

# %% [markdown] lang="en"
# ## 3 · Counting parameters
#
# Parameters are what training may change: weights and biases. Their number decides memory, computing time and, by our definition, whether a model is large. Counting them needs no computer, only the shapes.
#
# **Dense layer**, $n_{\mathrm{in}}$ inputs and $n_{\mathrm{out}}$ neurons: each neuron has one weight per input and one bias,
#
# $$P = (n_{\mathrm{in}} + 1)\, n_{\mathrm{out}} .$$
#
# **Convolution layer** (chapter 4 builds one): each of the $c_{\mathrm{out}}$ filters is a neuron that looks at a window of $k_h \times k_w$ pixels in all $c_{\mathrm{in}}$ channels, and slides over the image *with the same weights everywhere*,
#
# $$P = (k_h k_w c_{\mathrm{in}} + 1)\, c_{\mathrm{out}} .$$
#
# The size of the image does not occur. **Pooling** takes a maximum and **flattening** rearranges; neither has anything to learn, $P = 0$. Without biases, drop the $+1$.
#
# *Article A, first convolution*: $3 \times 3$ windows, one channel, 32 filters: $(3 \cdot 3 \cdot 1 + 1) \cdot 32 = 320$.
#
# The figure shows article A's network. Article B's has a third convolution and 64 instead of 128 hidden units.
#
# **Predict**: switch the third convolution on and change nothing else. Will the network have more or fewer parameters?

# %% [markdown] lang="zh"
# ## 3 · 数参数
#
# 参数就是训练时可以改变的量：权重和偏置。参数的个数决定内存和计算时间，按照本课程的定义，还决定一个模型算不算大。数参数不用计算机，只要看形状。
#
# **全连接层**，有 $n_{\mathrm{in}}$ 个输入、$n_{\mathrm{out}}$ 个神经元：每个神经元对每个输入有一个权重，另有一个偏置，
#
# $$P = (n_{\mathrm{in}} + 1)\, n_{\mathrm{out}} .$$
#
# **卷积层**（第 4 章会亲手实现）：$c_{\mathrm{out}}$ 个卷积核各是一个神经元，看着 $k_h \times k_w$ 的窗口（包括全部 $c_{\mathrm{in}}$ 个通道），并且*带着同一组权重*在图像上滑动，
#
# $$P = (k_h k_w c_{\mathrm{in}} + 1)\, c_{\mathrm{out}} .$$
#
# 式中没有图像的大小。**池化**取最大值，**展平**只是重排，都没有要学的东西，$P = 0$。不带偏置时，去掉 $+1$。
#
# *文章 A 的第一个卷积层*：窗口 $3 \times 3$，一个通道，32 个卷积核：$(3 \cdot 3 \cdot 1 + 1) \cdot 32 = 320$。
#
# 下图是文章 A 的网络。文章 B 的网络多了第三个卷积层，隐藏单元是 64 个而不是 128 个。
#
# **先猜**：只打开第三个卷积层，其余不变，网络的参数会变多还是变少？

# %%
from course.figures.layer_stack import fig_layer_stack

explore(
    fig_layer_stack,
    predict=Prediction(
        "Add a third convolution to article A's network: its parameters … 给文章 A 的网络加第三个卷积层，参数会……",
        options=("grow 变多", "stay the same 不变", "shrink 变少"),
        answer="shrink 变少",
        because="The convolution costs 36 928, but it shrinks the image from 5×5 to 3×3, so the dense layer behind "
        "flatten loses 131 072. 卷积层只添 36 928 个参数，却把图像从 5×5 缩到 3×3，展平后的全连接层少了 131 072 个。",
    ),
    alt={
        "en": "One bar for each layer of the network, from input to output: its shape, its parameters on a "
        "logarithmic scale and the memory they take; the largest layer is orange. Below, the distance from "
        "the network's total to a billion parameters.",
        "zh": "网络从输入到输出，每层一根条形：标出形状、参数个数（对数刻度）和占用的内存，最大的一层为橙色。下方是"
        "整个网络的参数总数与十亿之间的距离。",
    },
    width1=slider(8, 256, 32, step=8, label="filters of conv 1 卷积核数"),
    width2=slider(8, 512, 64, step=8, label="filters of later convs 后续卷积核数"),
    third_conv=toggle(False, label="third convolution 第三个卷积层"),
    second_pool=toggle(True, label="second pooling 第二次池化"),
    dense=slider(16, 4096, 128, step=16, label="hidden dense units 隐藏单元数"),
    optimizer=choice(("sgd", "momentum", "adam"), "adam", label="optimizer 优化器"),
)

# %% [markdown] lang="en"
# ### Exercise 2 · `count_params` (4 points)
#
# Count the parameters of a stack of layers. Each item of the list `layers` is a tuple:
#
# - `("conv", k, c_in, c_out)`: `k` is an int (a square window) or a tuple `(kh, kw)`;
# - `("dense", n_in, n_out)`;
# - `("pool", k)`, with `k` as above, and `("flatten",)`: no parameters.
#
# `use_bias` says whether all convolution and dense layers have biases or none has. The result is an `int` (a NumPy integer is fine). The list is not modified.
#
# *Hidden tests also use*: the two articles' networks, with and without biases; windows that are not square; stacks in which a layer occurs twice; random stacks, compared with Keras.
#
# <details><summary>Hint 1</summary>Go through the list and add what each layer contributes. The first entry of the tuple tells the kind.</details>
# <details><summary>Hint 2</summary>Turn an int k into (k, k) first; then there is one formula for convolutions.</details>

# %% [markdown] lang="zh"
# ### 练习 2 · `count_params`（4 分）
#
# 数出一串层的参数总数。列表 `layers` 的每一项是一个元组：
#
# - `("conv", k, c_in, c_out)`：`k` 是整数（方形窗口）或元组 `(kh, kw)`；
# - `("dense", n_in, n_out)`；
# - `("pool", k)`（`k` 同上）和 `("flatten",)`：没有参数。
#
# `use_bias` 表示所有卷积层和全连接层是都带偏置还是都不带。返回 `int`（NumPy 整数也可以）。不得修改列表。
#
# *隐藏测试还会用到*：两篇文章的网络，带偏置和不带偏置；非方形窗口；同样的层出现两次的网络；随机生成的层，与 Keras 对照。
#
# <details><summary>提示 1</summary>遍历列表，把每一层的贡献加起来。元组的第一项说明层的种类。</details>
# <details><summary>提示 2</summary>先把整数 k 变成 (k, k)，卷积层就只有一个公式了。</details>


# %% solution="count-params"
def count_params(layers: list[tuple], use_bias: bool = True) -> int:
    """Return the number of parameters of a stack of layers.

    Args:
        layers: ("conv", k, c_in, c_out) with k an int or (kh, kw), ("dense", n_in, n_out), ("pool", k), ("flatten",).
        use_bias: whether convolution and dense layers have biases.
    """
    ### BEGIN SOLUTION
    total = 0
    for kind, *sizes in layers:
        if kind == "conv":
            k, c_in, c_out = sizes
            kh, kw = (k, k) if isinstance(k, int) else k
            total += (kh * kw * c_in + use_bias) * c_out
        elif kind == "dense":
            n_in, n_out = sizes
            total += (n_in + use_bias) * n_out
    return int(total)
    ### END SOLUTION


# %% test="params-of-one-layer" points=2
def _check():
    first = count_params([("conv", 3, 1, 32)])
    assert isinstance(first, (int, np.integer)), (
        "[ch01-TYPE] count_params 应返回整数 / count_params should return an int"
    )
    assert first == 320, (
        "[ch01-CONV] 每个卷积核有 k·k·c_in 个权重和一个偏置 / each filter has k·k·c_in weights and one bias"
    )
    assert count_params([("pool", 2)]) == 0, "[ch01-POOL] 池化层没有参数 / pooling has no parameters"


_check()
### BEGIN HIDDEN TESTS


def _check_hidden():
    rng = np.random.default_rng(20103)

    def total(layer, bias):
        if layer[0] == "conv":
            kernel = np.ones(layer[1]) if isinstance(layer[1], tuple) else np.ones((layer[1], layer[1]))
            return kernel.size * layer[2] * layer[3] + (layer[3] if bias else 0)
        if layer[0] == "dense":
            return layer[1] * layer[2] + (layer[2] if bias else 0)
        return 0

    for _ in range(8):
        k, kh, kw, a, c = (
            int(v)
            for v in (
                rng.integers(2, 6),
                rng.integers(1, 4),
                rng.integers(4, 7),
                rng.integers(2, 9),
                rng.integers(10, 20),
            )
        )
        for layer in (
            ("conv", k, a, c),
            ("conv", (kh, kw), c, a),
            ("conv", 1, a, c),
            ("dense", a, c),
            ("dense", c, a),
            ("dense", 1, 1),
            ("pool", k),
            ("pool", (kh, kw)),
            ("flatten",),
        ):
            for bias in (True, False):
                got = count_params([layer], bias)
                assert isinstance(got, (int, np.integer)), (
                    "[ch01-TYPE] count_params 应返回整数 / count_params should return an int"
                )
                assert got == total(layer, bias), (
                    f"[ch01-LAYER] {layer[0]} 层（use_bias={bias}）数错了：核对公式、窗口形状和偏置 / "
                    f"a {layer[0]} layer with use_bias={bias} is miscounted: check formula, window shape and bias"
                )


_check_hidden()
### END HIDDEN TESTS


# %% test="params-of-a-network" points=2
def _check():
    stack = [("conv", 3, 1, 4), ("pool", 2), ("flatten",), ("dense", 36, 10)]
    assert count_params(stack) == 40 + 370, (
        "[ch01-SUM] 网络的参数是各层参数之和 / a network has the parameters of all its layers"
    )
    # A property: a stack has as many parameters as its two halves together.
    assert count_params(stack) == count_params(stack[:2]) + count_params(stack[2:]), (
        "[ch01-SUM] 总数应等于前后两半之和 / the total should be the sum over the two halves"
    )


_check()
### BEGIN HIDDEN TESTS


def _check_hidden():
    article_a = [
        ("conv", (3, 3), 1, 32),
        ("pool", (2, 2)),
        ("conv", (3, 3), 32, 64),
        ("pool", (2, 2)),
        ("flatten",),
        ("dense", 1600, 128),
        ("dense", 128, 10),
    ]
    article_b = [
        ("conv", 3, 1, 32),
        ("pool", 2),
        ("conv", 3, 32, 64),
        ("pool", 2),
        ("conv", 3, 64, 64),
        ("flatten",),
        ("dense", 576, 64),
        ("dense", 64, 10),
    ]
    for layers, with_bias, without in ((article_a, 225034, 224800), (article_b, 93322, 93088)):
        given = list(layers)
        total = count_params(given)
        assert given == layers, "[ch01-INPUT] count_params 改动了列表 layers / count_params modified the list layers"
        assert total == with_bias, "[ch01-NETWORK] 文章网络的参数总数不对 / wrong total for an article's network"
        assert count_params(given, use_bias=False) == without, (
            "[ch01-BIAS] use_bias=False 时不应计入偏置 / no biases if use_bias=False"
        )
        assert given == layers, "[ch01-INPUT] count_params 改动了列表 layers / count_params modified the list layers"
    twins = [("conv", 3, 8, 8), ("conv", 3, 8, 8), ("pool", 2), ("pool", 2), ("dense", 64, 64), ("dense", 64, 64)]
    assert count_params(twins) == 2 * (584 + 4160), (
        "[ch01-TWICE] 同样的层出现两次，应数两次 / a layer that occurs twice counts twice"
    )
    assert count_params(twins, False) == 2 * (576 + 4096), (
        "[ch01-TWICE] 同样的层出现两次，应数两次 / a layer that occurs twice counts twice"
    )

    import keras

    rng = np.random.default_rng(20104)
    for bias in (True, False, True):
        c0, c1, c2, units = (int(v) for v in rng.integers(2, 9, size=4))
        kernel, second = (int(rng.integers(1, 3)), int(rng.integers(3, 5))), int(rng.integers(2, 4))
        model = keras.Sequential(
            [
                keras.Input((17, 19, c0)),
                keras.layers.Conv2D(c1, kernel, use_bias=bias),
                keras.layers.MaxPooling2D(2),
                keras.layers.Conv2D(c2, second, use_bias=bias),
                keras.layers.Flatten(),
                keras.layers.Dense(units, use_bias=bias),
                keras.layers.Dense(3, use_bias=bias),
            ]
        )
        features = int(model.layers[3].output.shape[-1])
        layers = [
            ("conv", kernel, c0, c1),
            ("pool", 2),
            ("conv", second, c1, c2),
            ("flatten",),
            ("dense", features, units),
            ("dense", units, 3),
        ]
        got = count_params(layers, bias)
        assert isinstance(got, (int, np.integer)), (
            "[ch01-TYPE] count_params 应返回整数 / count_params should return an int"
        )
        assert got == model.count_params(), (
            "[ch01-KERAS] 与 Keras 数出的参数不一致 / Keras counts other parameters for the same network"
        )


_check_hidden()
### END HIDDEN TESTS

# %% [markdown] lang="en"
# **The verdict on "large".** Count both articles' networks with your own function, and see how far they are from $10^9$.

# %% [markdown] lang="zh"
# **究竟大不大。** 用你自己的函数数一数两篇文章的网络，看看它们离 $10^9$ 还有多远。

# %%
ARTICLES = {
    "A": [
        ("conv", 3, 1, 32),
        ("pool", 2),
        ("conv", 3, 32, 64),
        ("pool", 2),
        ("flatten",),
        ("dense", 1600, 128),
        ("dense", 128, 10),
    ],
    "B": [
        ("conv", 3, 1, 32),
        ("pool", 2),
        ("conv", 3, 32, 64),
        ("pool", 2),
        ("conv", 3, 64, 64),
        ("flatten",),
        ("dense", 576, 64),
        ("dense", 64, 10),
    ],
}
with when_solved("count_params"):
    for article, layers in ARTICLES.items():
        n_params = count_params(layers)
        print(f"article {article}: {n_params:,} parameters, {1e9 / n_params:,.0f} times fewer than a large model")

# %% [markdown] lang="en"
# ## 4 · What training has to hold in memory
#
# Why does the number matter so much? Because every parameter is kept several times. While a network trains, memory holds for each of the $P$ parameters
#
# 1. its **weight**, $s$ bytes;
# 2. its **gradient**, the slope of the loss along this parameter: another $s$ bytes;
# 3. the optimiser's **slots**, running averages from earlier steps: $k$ numbers of $s$ bytes each. Plain gradient descent (SGD) keeps none, $k = 0$; with momentum $k = 1$; Adam keeps two averages, $k = 2$ (chapter 6).
#
# Together, in bytes, for training ($M$) and for inference ($M_0$):
#
# $$M = (2 + k)\, s\, P, \qquad M_0 = s\, P .$$
#
# A model that only answers needs neither gradients nor slots. A model of exactly $10^9$ parameters in float32 ($s = 4$) therefore needs 4 GB to answer and 16 GB to be trained with Adam.
#
# *What is not counted*: the activations, that is the intermediate results that back-propagation keeps; they grow with the batch and the size of the inputs, not with $P$, and can exceed everything above. Nor the refinements of practice: mixed precision keeps 16-bit copies beside 32-bit masters and arrives at 16 bytes per parameter with Adam too (Rajbhandari et al. 2020, who then divide them among many devices).
#
# | type | bits | bytes $s$ |
# |---|---|---|
# | `float64` | 64 | 8 |
# | `float32` | 32 | 4 |
# | `bfloat16`, `float16` | 16 | 2 |
# | `int8` | 8 | 1 |
#
# **Predict**: $7 \cdot 10^9$ parameters in float32 and one accelerator with 80 GB. What fits?

# %% [markdown] lang="zh"
# ## 4 · 训练要在内存里放些什么
#
# 参数个数为什么这么要紧？因为每个参数都要存好几份。训练时，对 $P$ 个参数中的每一个，内存里都有
#
# 1. **权重**，占 $s$ 字节；
# 2. **梯度**，即损失沿这个参数的斜率，再占 $s$ 字节；
# 3. 优化器的**状态量**（slot），即对以往各步的滑动平均，共 $k$ 个数，每个 $s$ 字节。普通梯度下降（SGD）一个也不存，$k = 0$；带动量时 $k = 1$；Adam 存两个平均，$k = 2$（第 6 章）。
#
# 合计（单位为字节），训练记作 $M$，推理记作 $M_0$：
#
# $$M = (2 + k)\, s\, P, \qquad M_0 = s\, P .$$
#
# 只做推理的模型既不需要梯度，也不需要状态量。于是，一个恰有 $10^9$ 个参数的 float32 模型（$s = 4$），推理需要 4 GB，用 Adam 训练需要 16 GB。
#
# *没有算进去的*：激活值，也就是反向传播要保留的中间结果；它随批量和输入的大小增长，与 $P$ 无直接关系，有时比上面各项之和还多。也没有算实践中的种种改进：混合精度训练在 32 位主权重之外另存 16 位副本，配合 Adam 同样是每参数 16 字节（Rajbhandari 等，2020；他们进一步把这些内容分摊到许多设备上）。
#
# | 类型 | 位 | 字节 $s$ |
# |---|---|---|
# | `float64` | 64 | 8 |
# | `float32` | 32 | 4 |
# | `bfloat16`、`float16` | 16 | 2 |
# | `int8` | 8 | 1 |
#
# **先猜**：$7 \cdot 10^9$ 个 float32 参数，一块 80 GB 的加速卡，放得下什么？

# %%
from course.figures.layer_stack import ITEM_SIZE, fig_memory

explore(
    fig_memory,
    predict=Prediction(
        "7·10⁹ parameters, float32, one 80-GB accelerator. What fits? 70 亿个 float32 参数，一块 80 GB 加速卡，放得下什么？",
        options=("training with Adam 用 Adam 训练", "only inference and SGD 只有推理和 SGD", "nothing 都放不下"),
        answer="only inference and SGD 只有推理和 SGD",
        because="Inference 28 GB, SGD 56 GB, momentum 84 GB, Adam 112 GB, and no activation counted yet. "
        "推理 28 GB，SGD 56 GB，带动量 84 GB，Adam 112 GB，而且还没算激活值。",
    ),
    alt={
        "en": "One bar of memory in gigabytes, divided into weights, gradients and the optimiser's slots, with "
        "dashed lines at what an accelerator of 24 GB and one of 80 GB hold.",
        "zh": "一根表示内存（单位 GB）的条形，分为权重、梯度和优化器状态几段；虚线标出 24 GB 和 80 GB 加速卡的容量"
        "。",
    },
    billions=slider(0.5, 175.0, 7.0, step=0.5, label="parameters in 10⁹ 参数（10⁹）"),
    dtype=choice(tuple(ITEM_SIZE), "float32", label="type 类型"),
    optimizer=choice(("none", "sgd", "momentum", "adam"), "adam", label="optimizer 优化器"),
)

# %% [markdown] lang="en"
# ### Exercise 3 · `memory_bytes` (3 points)
#
# Compute the bytes for weights, gradients and optimiser slots, all stored in `dtype`.
#
# - `n_params` is an `int` ≥ 0; `dtype` is one of `"float64"`, `"float32"`, `"bfloat16"`, `"float16"`, `"int8"`; only these names are valid.
# - `optimizer` is `"sgd"`, `"momentum"` or `"adam"` for training, or `"none"` for inference: weights only, no gradients.
# - Any other name of either kind raises `ValueError`, also if NumPy would know the type.
# - The result is an exact `int`: bytes, not bits, not megabytes, and not rounded. Activations are not counted.
#
# *Hidden tests also use*: all combinations; no parameters at all; more than $10^{12}$ parameters, where rounding shows; unknown names, among them the empty one, parts of valid names, and other capitals, also where `n_params` is 0.
#
# <details><summary>Hint 1</summary>Size of one number × copies of the parameters × number of parameters. How many copies does each optimiser make?</details>
# <details><summary>Hint 2</summary>NumPy does not know bfloat16, and it knows int16, which is not valid here. A dictionary of the five sizes is the shortest way; a missing key raises KeyError, which is not yet the error that is asked for.</details>

# %% [markdown] lang="zh"
# ### 练习 3 · `memory_bytes`（3 分）
#
# 算出权重、梯度和优化器状态量共占多少字节，它们都以 `dtype` 存放。
#
# - `n_params` 是不小于 0 的 `int`；`dtype` 取 `"float64"`、`"float32"`、`"bfloat16"`、`"float16"`、`"int8"` 之一，只有这些名字有效。
# - `optimizer` 取 `"sgd"`、`"momentum"` 或 `"adam"` 表示训练；取 `"none"` 表示推理：只有权重，没有梯度。
# - 两者若是其他名字，一律抛出 `ValueError`，即使 NumPy 认识那个类型。
# - 结果是精确的 `int`：单位是字节，不是位，不是兆字节，也不做舍入。不计激活值。
#
# *隐藏测试还会用到*：所有组合；参数个数为零；超过 $10^{12}$ 个参数（舍入会露馅）；未知的名字，包括空字符串、有效名字的一部分和大小写不同的名字，`n_params` 为 0 时也一样。
#
# <details><summary>提示 1</summary>一个数的大小 × 参数存几份 × 参数个数。每种优化器各让参数存几份？</details>
# <details><summary>提示 2</summary>NumPy 不认识 bfloat16，却认识这里无效的 int16。用字典记下五个大小最省事；键不存在时抛出的是 KeyError，还不是题目要求的错误。</details>


# %% solution="memory-bytes"
def memory_bytes(n_params: int, dtype: str = "float32", optimizer: str = "sgd") -> int:
    """Return the bytes that parameters, gradients and optimiser slots take.

    Args:
        n_params: number of parameters.
        dtype: "float64", "float32", "bfloat16", "float16" or "int8".
        optimizer: "sgd", "momentum", "adam", or "none" for inference.

    Raises:
        ValueError: another dtype or optimizer.
    """
    ### BEGIN SOLUTION
    sizes = {"float64": 8, "float32": 4, "bfloat16": 2, "float16": 2, "int8": 1}
    copies = {"none": 1, "sgd": 2, "momentum": 3, "adam": 4}
    if dtype not in sizes:
        raise ValueError(f"dtype must be one of {', '.join(sizes)}, not {dtype!r}")
    if optimizer not in copies:
        raise ValueError(f"optimizer must be one of {', '.join(copies)}, not {optimizer!r}")
    return n_params * sizes[dtype] * copies[optimizer]
    ### END SOLUTION


# %% test="memory-counts-every-copy" points=2
def _check():
    plain = memory_bytes(1000)
    assert isinstance(plain, (int, np.integer)), (
        "[ch01-TYPE] memory_bytes 应返回整数 / memory_bytes should return an int"
    )
    assert plain == 8 * 1000, (
        "[ch01-COPIES] float32 加 SGD：权重和梯度各 4 字节 / float32 with SGD: 4 bytes each for weight and gradient"
    )
    # A property: Adam keeps two slots beside weight and gradient, twice as much as SGD.
    assert memory_bytes(77, "float16", "adam") == 2 * memory_bytes(77, "float16", "sgd"), (
        "[ch01-SLOTS] Adam 有两个状态量 / Adam has two slots"
    )


_check()
### BEGIN HIDDEN TESTS


def _check_hidden():
    bits = {"float64": 64, "float32": 32, "bfloat16": 16, "float16": 16, "int8": 8}
    parts = {"none": ("w",), "sgd": ("w", "g"), "momentum": ("w", "g", "m"), "adam": ("w", "g", "m", "v")}
    for n in (0, 1, 93322, 10**12 + 1, 3 * 10**12 + 7, 10**16 + 1):  # the last is no float
        for dtype, width in bits.items():
            for optimizer, held in parts.items():
                got = memory_bytes(n, dtype, optimizer)
                assert isinstance(got, (int, np.integer)) and not isinstance(got, bool), (
                    "[ch01-TYPE] memory_bytes 应返回整数，不是浮点数 / memory_bytes should return an int, not a float"
                )
                assert int(got) == sum(n * width // 8 for _ in held), (
                    f"[ch01-COPIES] dtype={dtype}, optimizer={optimizer}, n_params={n}：检查字节数、份数和舍入 / check bytes, copies and rounding"
                )


_check_hidden()
### END HIDDEN TESTS


# %% test="memory-refuses-unknown-names" points=1
def _check():
    for arguments in ((10, "float7"), (10, "float32", "sgdd")):
        try:
            memory_bytes(*arguments)
        except ValueError:
            continue
        except (KeyError, TypeError) as error:
            raise AssertionError(
                "[ch01-NAME] 抛出的不是 ValueError / another error than ValueError was raised"
            ) from error
        raise AssertionError(
            "[ch01-NAME] 未知的 dtype 或 optimizer 应抛出 ValueError / an unknown dtype or optimizer should raise ValueError"
        )


_check()
### BEGIN HIDDEN TESTS


def _check_hidden():
    for arguments in (
        (10, "int16"),
        (10, "int32", "adam"),
        (10, "complex64", "none"),
        (10, "float128"),
        (10, "int8", "rmsprop"),
        (10, "float64", "inference"),
        (10, "bf16", "sgd"),
        (10, "bfloat16", ""),
        (10, ""),
        (10, "float"),
        (10, "bfloat"),
        (10, "Float32"),
        (10, "uint8", "sgd"),
        (10, "float32", "Adam"),
        (10, "float32", "adamw"),
        (10, "float32", "mom"),
        (0, "int16"),
        (0, "float32", "Adam"),
    ):
        try:
            memory_bytes(*arguments)
        except ValueError:
            continue
        except (KeyError, TypeError, AttributeError, NameError) as error:
            raise AssertionError(
                "[ch01-NAME] 抛出的不是 ValueError / another error than ValueError was raised"
            ) from error
        raise AssertionError(
            "[ch01-NAME] 只有题目列出的名字有效，其余应抛出 ValueError / only the names in the statement are valid, others raise ValueError"
        )
    # What is valid must still be accepted.
    valid = memory_bytes(3, "bfloat16", "none")
    assert isinstance(valid, (int, np.integer)) and valid == 6, (
        "[ch01-NAME] bfloat16 是有效的名字 / bfloat16 is valid"
    )


_check_hidden()
### END HIDDEN TESTS

# %% [markdown] lang="en"
# ## 5 · From data to service: five stages
#
# Article B draws the life of a model as a chain: **collect** data → **process** them → **train** → **evaluate** → **deploy**. The chain is right, and it hides two things. First, every arrow carries something definite – images and labels, arrays, weights, a number, answers – and most failures are failures of what is handed over. Second, a chain reports on itself: the accuracy that you *report* comes from the evaluation stage, the accuracy that users *get* is measured by nobody.
#
# The figure runs a real, tiny pipeline: 150 of scikit-learn's 8×8 digits train a linear classifier; other digits evaluate it; still others are its users. Choose a stage, then put trouble into that stage and into no other. The left panel shows what the stage hands on, the right panel what arrives at the end.
#
# **Collect.** Data come from public sets, from social media, from sensors; each source has its gaps, its licence, its people. Labels are made by tired humans. Both articles name *data quality* among the challenges; here it is a number that you can turn. **Predict** what happens if half of the training labels are wrong.

# %% [markdown] lang="zh"
# ## 5 · 从数据到服务：五个环节
#
# 文章 B 把模型的一生画成一条链：**采集**数据 → **处理** → **训练** → **评估** → **部署**。这条链没有错，但有两件事没画出来。第一，每个箭头都交付一样确定的东西——图像和标签、数组、权重、一个数、答案——多数故障就出在交接上。第二，链条自己给自己打分：你*报告*的准确率来自评估环节，而用户*实际得到*的准确率没有人去量。
#
# 下图运行着一条真实而微小的流水线：用 scikit-learn 自带的 150 张 8×8 数字图像训练一个线性分类器，用另一些数字评估它，再用别的数字充当用户请求。选一个环节，只在这个环节制造故障。左图是这个环节交付的东西，右图是链条末端的结果。
#
# **采集。** 数据来自公开数据集、社交媒体、传感器；每种来源都有自己的缺口、许可条款和牵涉其中的人。标签由会疲倦的人来标。两篇文章都把*数据质量*列为挑战；在这里，它是一个可以拖动的数。**先猜**：训练标签错了一半，会怎样？

# %%
from course.figures.pipeline import STAGES, fig_pipeline

STAGE_NAMES = tuple(
    zip(("collect 采集", "process 处理", "train 训练", "evaluate 评估", "deploy 部署"), STAGES, strict=True)
)
# %%
explore(
    fig_pipeline,
    predict=Prediction(
        "Half of the training labels are wrong. Which accuracies fall? 训练标签错了一半，哪些准确率会下降？",
        options=("reported only 只有报告的", "in use only 只有实际使用的", "both 两者都降"),
        answer="both 两者都降",
        because="The weights themselves are worse, and the evaluation data are clean, so the report sees it. "
        "权重本身变差了；评估数据是干净的，所以报告看得出来。",
    ),
    alt={
        "en": "The chain collect, process, train, evaluate, deploy, with collect marked. Below it eight training "
        "digits with their labels, wrong ones marked, and two curves: reported accuracy and accuracy in use "
        "against the share of wrong labels.",
        "zh": "“收集、处理、训练、评估、部署”五个环节的链条，标出了“收集”。下方是八个带标签的训练数字（错的标签被标"
        "出），以及两条曲线：报告的准确率和实际使用的准确率随错误标签比例的变化。",
    },
    stage=choice(STAGE_NAMES, "collect", label="stage 环节"),
    trouble=slider(0.0, 1.0, 0.0, step=0.05, label="trouble 故障程度"),
)

# %% [markdown] lang="en"
# **Process.** The training images show dark ink stored as large values. Cameras send the opposite, so processing inverts them. Suppose the service forgets this step for some of its requests. **Predict**: will the report notice?

# %% [markdown] lang="zh"
# **处理。** 训练图像把深色墨迹存成大数值。相机送来的正好相反，所以处理时要反相。假设服务端对一部分请求漏掉了这一步。**先猜**：报告看得出来吗？

# %%
explore(
    fig_pipeline,
    predict=Prediction(
        "The service skips one processing step. Does the reported accuracy notice? 服务端漏掉一个处理步骤，报告的准确率看得出来吗？",
        options=("yes 看得出", "no 看不出"),
        answer="no 看不出",
        because="Training and evaluation agree with each other; only the users see something else. Processing belongs to the model. "
        "训练和评估用的是同一套处理，只有用户那边不同。处理步骤也是模型的一部分。",
    ),
    alt={
        "en": "The chain of five stages with process marked. Below it two histograms of pixel values, in training "
        "and in the service, and two curves: reported accuracy and accuracy in use against the share of "
        "requests that skip a processing step.",
        "zh": "五个环节的链条，标出了“处理”。下方是训练时和服务端像素值的两个直方图，以及两条曲线：报告的准确率和实"
        "际使用的准确率随漏掉处理步骤的请求比例的变化。",
    },
    stage=choice(STAGE_NAMES, "process", label="stage 环节"),
    trouble=slider(0.0, 1.0, 0.0, step=0.05, label="trouble 故障程度"),
)

# %% [markdown] lang="en"
# **Train.** The weights follow the gradient of the loss, step by step. Training is the expensive stage, so one would like to stop early. **Predict**: leave out 60 % of the steps. What becomes of the accuracy?

# %% [markdown] lang="zh"
# **训练。** 权重沿着损失的梯度一步步移动。训练是最花钱的环节，人们总想早点停。**先猜**：省掉 60 % 的步数，准确率会怎样？

# %%
explore(
    fig_pipeline,
    predict=Prediction(
        "Leave out 60 % of the training steps. The accuracy … 省掉 60 % 的训练步数，准确率……",
        options=("falls to about 40 % 降到四成左右", "falls by half 减半", "hardly changes 几乎不变"),
        answer="hardly changes 几乎不变",
        because="The loss keeps falling, but the largest score sits in the right place long before. Loss and accuracy are not the same. "
        "损失还在下降，但得分最高的类别早已正确。损失和准确率不是一回事。",
    ),
    alt={
        "en": "The chain of five stages with train marked. Below it the training loss against the step of gradient "
        "descent, and two curves: reported accuracy and accuracy in use against the share of training steps "
        "that are left out.",
        "zh": "五个环节的链条，标出了“训练”。下方是训练损失随梯度下降步数的变化，以及两条曲线：报告的准确率和实际使"
        "用的准确率随省掉的训练步数比例的变化。",
    },
    stage=choice(STAGE_NAMES, "train", label="stage 环节"),
    trouble=slider(0.0, 1.0, 0.0, step=0.05, label="trouble 故障程度"),
)

# %% [markdown] lang="en"
# **Evaluate.** A report should come from examples that the model has never seen. **Predict**: what happens to the reported accuracy if rows of the training set slip into the evaluation?

# %% [markdown] lang="zh"
# **评估。** 报告应当来自模型从未见过的样本。**先猜**：如果训练集里的样本混进了评估数据，报告的准确率会怎样？

# %%
explore(
    fig_pipeline,
    predict=Prediction(
        "Training rows slip into the evaluation. The reported accuracy … 训练样本混入评估数据，报告的准确率……",
        options=("rises 升高", "falls 降低", "stays the same 不变"),
        answer="rises 升高",
        because="The model knows these rows. The report improves, the model does not: leakage, chapter 8. "
        "这些样本模型都见过。报告变好看了，模型并没有变好：这叫数据泄漏，见第 8 章。",
    ),
    alt={
        "en": "The chain of five stages with evaluate marked. Below it a bar that divides the evaluation rows into "
        "never seen and seen in training, and two curves: reported accuracy and accuracy in use against the "
        "share of rows taken from the training set.",
        "zh": "五个环节的链条，标出了“评估”。下方的条形把评估数据分为从未见过的和训练中见过的，另有两条曲线：报告的"
        "准确率和实际使用的准确率随混入训练样本比例的变化。",
    },
    stage=choice(STAGE_NAMES, "evaluate", label="stage 环节"),
    trouble=slider(0.0, 1.0, 0.0, step=0.05, label="trouble 故障程度"),
)

# %% [markdown] lang="en"
# **Deploy.** On a website, in an app, on a server: the world goes on changing after the report was written. **Predict**: the users buy new, noisier cameras. Which accuracy moves?

# %% [markdown] lang="zh"
# **部署。** 不论部署在网站、移动应用还是服务器上，报告写完之后，世界还在变。**先猜**：用户换了噪声更大的新相机，哪个准确率会变？

# %%
explore(
    fig_pipeline,
    predict=Prediction(
        "New, noisier cameras after the deployment. Which accuracy moves? 部署之后换了噪声更大的相机，哪个准确率会变？",
        options=("reported only 只有报告的", "in use only 只有实际使用的", "both 两者都变"),
        answer="in use only 只有实际使用的",
        because="Nobody measures the accuracy in use unless you monitor the inputs: chapter 16. "
        "实际准确率没有人量，除非你监控输入：见第 16 章。",
    ),
    alt={
        "en": "The chain of five stages with deploy marked. Below it eight requests, digits as the camera sends "
        "them, with the model's answers, and two curves: reported accuracy and accuracy in use against the "
        "noise of a new camera.",
        "zh": "五个环节的链条，标出了“部署”。下方是八个请求，即相机发来的数字和模型的回答，以及两条曲线：报告的准确"
        "率和实际使用的准确率随新相机噪声的变化。",
    },
    stage=choice(STAGE_NAMES, "deploy", label="stage 环节"),
    trouble=slider(0.0, 1.0, 0.0, step=0.05, label="trouble 故障程度"),
)

# %% [markdown] lang="en"
# ### Processing, seriously
#
# Both articles divide pixel values by 255, and that is right: grey values 0 … 255 come as `uint8`, networks prefer inputs of size about 1. Three details decide whether it is done well.
#
# *The type.* Article B writes `x_train / 255.0`. NumPy answers with float64, 8 bytes per pixel. For MNIST's 60 000 images of 28×28 pixels that is
#
# $$60\,000 \cdot 28 \cdot 28 \cdot 8 = 376\,320\,000$$
#
# bytes instead of half as many in float32, and for nothing: Keras computes in float32 and converts the array first. Article A's `.astype("float32") / 255` is the better line.
#
# *The constant.* The divisor belongs to the *format*, not to the data at hand. Whoever divides by the largest value of the batch turns a dark image into a bright one, gives the same image different values in different batches, and divides by zero on a black one.
#
# *The axis.* A convolution expects (N, H, W, channels). Grey images need a channel axis of length 1 at the end.
#
# And what `uint8` does *not* do is warn: its arithmetic wraps around. Run the cell.

# %% [markdown] lang="zh"
# ### 认真做好预处理
#
# 两篇文章都把像素值除以 255，这是对的：灰度值 0 … 255 以 `uint8` 存放，而网络喜欢大小在 1 左右的输入。做得好不好，看三个细节。
#
# *类型。* 文章 B 写的是 `x_train / 255.0`。NumPy 给出 float64，每像素 8 字节。MNIST 有 60 000 张 28×28 的图像，就是
#
# $$60\,000 \cdot 28 \cdot 28 \cdot 8 = 376\,320\,000$$
#
# 字节；换成 float32 只要一半。多占的内存毫无用处：Keras 用 float32 计算，会先把数组转换过来。文章 A 的 `.astype("float32") / 255` 更好。
#
# *常数。* 除数取决于*数据格式*，与手头这批数据无关。若除以本批的最大值，暗图会变亮，同一张图在不同批里数值不同，遇到全黑图还会除以零。
#
# *轴。* 卷积层期望 (N, H, W, 通道)。灰度图要在末尾补一个长度为 1 的通道轴。
#
# 还有，`uint8` 出错时*不会*提醒你：它的运算会回绕。运行下面的单元格看看。

# %%
from course.data import digits28

images, labels = digits28()  # uint8 (1797, 28, 28)
for name, array in (("uint8", images), ("/ 255.0", images / 255.0), ("float32 / 255", images.astype("float32") / 255)):
    print(f"{name:14} {array.dtype!s:8} {array.nbytes / 1e6:6.2f} MB")
print("250 + 10 in uint8:", (np.array([250], dtype="uint8") + np.array([10], dtype="uint8"))[0])

# %% [markdown] lang="en"
# ### Exercise 4 · `preprocess` (3 points)
#
# Turn grey images into what a network expects.
#
# - `images` is a uint8 array (N, H, W) or (N, H, W, 1); the number of axes decides, not their lengths.
# - The result is a float32 array (N, H, W, 1), values in [0, 1]; 0 maps to 0, 255 to 1, linearly in between, whatever else is in the batch.
# - The input is not modified.
#
# *Hidden tests also use*: all 256 grey values (tolerance 1e-6); a black batch; dark batches, also one whose largest value is 1; N = 1; four-dimensional input; images that are not square, also only one pixel wide or high.
#
# <details><summary>Hint 1</summary>Which type does uint8 / 255 have? Which has float32 / 255?</details>
# <details><summary>Hint 2</summary>Both inputs have the same first three axes. Reshape to these and a 1.</details>

# %% [markdown] lang="zh"
# ### 练习 4 · `preprocess`（3 分）
#
# 把灰度图变成网络所期望的样子。
#
# - `images` 是 uint8 数组，形状 (N, H, W) 或 (N, H, W, 1)；看轴的个数，不看轴的长度。
# - 返回 float32 数组 (N, H, W, 1)，值在 [0, 1] 内；0 对应 0，255 对应 1，中间线性变化，与同批其他数据无关。
# - 不得修改输入。
#
# *隐藏测试还会用到*：全部 256 个灰度值（误差 1e-6）；全黑的一批；偏暗的一批，包括最大值只有 1 的；N = 1；四维输入；非方形图像，包括只有一个像素宽或高的图像。
#
# <details><summary>提示 1</summary>uint8 / 255 是什么类型？float32 / 255 呢？</details>
# <details><summary>提示 2</summary>两种输入的前三个轴相同。按这三个轴再加一个 1 来变形。</details>


# %% solution="preprocess"
def preprocess(images: np.ndarray) -> np.ndarray:
    """Return grey images as float32 in [0, 1] with a channel axis.

    Args:
        images: uint8 (N, H, W) or (N, H, W, 1).

    Returns:
        float32 (N, H, W, 1); 255 becomes 1.
    """
    ### BEGIN SOLUTION
    return (images.astype(np.float32) / 255).reshape(*images.shape[:3], 1)
    ### END SOLUTION


# %% test="preprocess-shape-and-type" points=1
def _check():
    images = np.full((2, 3, 4), 255, dtype=np.uint8)
    before = images.copy()
    ready = preprocess(images)
    assert isinstance(ready, np.ndarray), (
        "[ch01-TYPE] preprocess 应返回 NumPy 数组 / preprocess should return a NumPy array"
    )
    assert ready.shape == (2, 3, 4, 1), "[ch01-CHANNEL] 通道轴应在末尾：(N, H, W, 1) / the channel axis comes last"
    assert ready.dtype == np.float32, "[ch01-FLOAT32] 结果应为 float32 / the result should be float32"
    assert np.array_equal(images, before), "[ch01-INPUT] preprocess 改动了 images / preprocess modified images"


_check()
### BEGIN HIDDEN TESTS


def _check_hidden():
    rng = np.random.default_rng(20105)
    for shape in (
        (1, 28, 28),
        (5, 3, 7),
        (4, 6, 2),
        (3, 5, 1),
        (3, 1, 5),
        (1, 1, 1),
        (2, 4, 6, 1),
        (1, 3, 3, 1),
        (2, 5, 1, 1),
    ):
        images = rng.integers(0, 256, size=shape).astype(np.uint8)
        before = images.copy()
        ready = preprocess(images)
        assert isinstance(ready, np.ndarray), (
            "[ch01-TYPE] preprocess 应返回 NumPy 数组 / preprocess should return a NumPy array"
        )
        assert ready.dtype == np.float32, "[ch01-FLOAT32] 结果应为 float32 / the result should be float32"
        assert ready.shape == (*shape[:3], 1), (
            f"[ch01-CHANNEL] 输入 {len(shape)} 维：结果应为 (N, H, W, 1) / input with {len(shape)} axes: the result should be (N, H, W, 1)"
        )
        assert np.array_equal(images, before), "[ch01-INPUT] preprocess 改动了 images / preprocess modified images"


_check_hidden()
### END HIDDEN TESTS


# %% test="preprocess-scale-is-fixed" points=2
def _check():
    white = preprocess(np.full((1, 2, 2), 255, dtype=np.uint8))
    assert np.isclose(white.max(), 1.0), "[ch01-SCALE] 255 应变成 1 / 255 should become 1"
    # A property: a pixel keeps its value whatever else is in the batch.
    dark = np.full((1, 2, 2), 51, dtype=np.uint8)
    alone, together = (
        preprocess(dark.copy()),
        preprocess(np.concatenate([dark, np.full((1, 2, 2), 200, dtype=np.uint8)])),
    )
    assert np.allclose(alone[0], together[0]), (
        "[ch01-BATCH] 同一张图的结果不应随同批数据变化 / an image should not depend on its batch"
    )


_check()
### BEGIN HIDDEN TESTS


def _check_hidden():
    greys = np.arange(256, dtype=np.uint8)
    ready = np.asarray(preprocess(greys.reshape(1, 16, 16)), dtype=np.float64).ravel()
    assert np.all(np.isfinite(ready)) and ready.shape == (256,), (
        "[ch01-CHANNEL] 结果的元素个数不对 / wrong number of values"
    )
    assert np.allclose(ready, np.linspace(0, 1, 256), rtol=0, atol=1e-6), (
        "[ch01-SCALE] 灰度 0…255 应线性映射到 0…1：除数是多少？ / grey values 0…255 should map linearly to 0…1: what is your divisor?"
    )
    assert np.array_equal(greys, np.arange(256)), "[ch01-INPUT] preprocess 改动了 images / preprocess modified images"
    for top in (1, 2, 15):  # the darkest batches there are
        dim = np.zeros((2, 3, 4), dtype=np.uint8)
        dim[0, 1, 2], dim[1, 2, 0] = top, 1
        before, out = dim.copy(), preprocess(dim)
        assert isinstance(out, np.ndarray) and out.shape == (2, 3, 4, 1), (
            "[ch01-CHANNEL] 结果应为 (N, H, W, 1) / the result should be (N, H, W, 1)"
        )
        assert np.allclose(out[..., 0], before / 255.0, rtol=0, atol=1e-6), (
            "[ch01-BATCH] 很暗的图像也要除以 255，不要看最大值 / divide by 255 also where all is dark: do not look at the maximum"
        )
        assert np.array_equal(dim, before), "[ch01-INPUT] preprocess 改动了 images / preprocess modified images"
    greys = np.arange(1, 255, dtype=np.uint8)  # neither black nor white is among them
    out = np.asarray(preprocess(greys.reshape(2, 1, 127)), dtype=np.float64)
    assert out.shape == (2, 1, 127, 1) and np.allclose(out.ravel(), np.arange(1, 255) / 255, rtol=0, atol=1e-6), (
        "[ch01-BATCH] 同一灰度的结果不应随同批数据变化 / a grey value should not depend on its batch"
    )
    black = preprocess(np.zeros((3, 4, 5), dtype=np.uint8))
    assert isinstance(black, np.ndarray) and black.shape == (3, 4, 5, 1), (
        "[ch01-CHANNEL] 结果应为 (N, H, W, 1) / the result should be (N, H, W, 1)"
    )
    assert np.all(black == 0), "[ch01-BATCH] 全黑图像应得到 0（不是 nan） / black images should give 0, not nan"
    dark = np.zeros((2, 5, 3), dtype=np.uint8)
    dark[0, 1, 1], dark[1, 4, 2] = 100, 60
    want = dark.astype(np.float64) / 255
    out = preprocess(dark)
    assert out.max() < 0.4, (
        "[ch01-BATCH] 偏暗的图像应保持偏暗：不要除以最大值 / dark images should stay dark: do not divide by the maximum"
    )
    assert np.allclose(np.asarray(out).reshape(2, 5, 3), want, rtol=0, atol=1e-6), (
        "[ch01-ORDER] 像素的位置或数值变了 / pixels moved or changed"
    )
    rng = np.random.default_rng(20106)
    for shape in ((2, 3, 5), (1, 7, 4), (3, 4, 2, 1), (4, 6, 1)):
        images = rng.integers(0, 256, size=shape).astype(np.uint8)
        want = images.ravel() / 255.0
        out = np.asarray(preprocess(images), dtype=np.float64)
        assert out.size == want.size and np.allclose(out.ravel(), want, rtol=0, atol=1e-6), (
            "[ch01-SCALE] 数值或像素次序不对 / wrong values or order of pixels"
        )


_check_hidden()
### END HIDDEN TESTS

# %% [markdown] lang="en"
# ## 6 · A run that can be repeated
#
# ### What a seed is
#
# Initial weights, the order of the examples, dropout, augmentation: training throws dice all the time. But a computer's dice are a deterministic machine. A *pseudo-random generator* has a state $s_t$; each draw returns a value and moves the state on,
#
# $$u_t = h(s_t), \qquad s_{t+1} = g(s_t).$$
#
# The **seed** fixes $s_0$, hence the whole stream $u_0, u_1, u_2, \ldots$ It does *not* fix which draw meets which purpose. Whoever draws one number more, earlier, shifts everything behind it.
#
# **Predict**: both runs have the same seed, but run 2 first draws one extra number, perhaps for a new layer. What do the two programs see?

# %% [markdown] lang="zh"
# ## 6 · 让实验可以复现
#
# ### 种子是什么
#
# 权重初值、样本次序、dropout、数据增强：训练一直在掷骰子。但计算机的骰子是一台确定性的机器。*伪随机数发生器*有一个状态 $s_t$；每次抽取返回一个值，并让状态前进一步，
#
# $$u_t = h(s_t), \qquad s_{t+1} = g(s_t).$$
#
# **种子**确定 $s_0$，从而确定整个序列 $u_0, u_1, u_2, \ldots$ 但它*不*决定哪一次抽取派什么用场。只要在前面多抽一个数，后面就全部错位。
#
# **先猜**：两次运行种子相同，但第 2 次先多抽了一个数（比如给新加的一层用）。两个程序看到的数会怎样？

# %%
from course.figures.streams import fig_streams

explore(
    fig_streams,
    predict=Prediction(
        "Same seed, one extra draw at the start of run 2. What differs? 种子相同，第 2 次运行开头多抽一个数，会有什么不同？",
        options=("nothing 没有不同", "one number 只有一个数", "almost all numbers 几乎全部"),
        answer="almost all numbers 几乎全部",
        because="The stream is the same, but shifted: each purpose meets another number of it. One generator per purpose avoids this. "
        "序列没变，但整体错位，每处用途拿到的都是别的数。给每种用途单独配一个发生器即可避免。",
    ),
    alt={
        "en": "Two rows of digits in circles: the numbers that run 1 and run 2 draw, one below the other. Where "
        "both drew the same one a line joins them.",
        "zh": "两行圆圈里的数字：第 1 次和第 2 次运行抽到的数，上下对齐。两次抽到相同的数之处有线相连。",
    },
    seed_1=slider(0, 20, 1, label="seed of run 1 种子 1"),
    seed_2=slider(0, 20, 1, label="seed of run 2 种子 2"),
    extra=slider(0, 5, 0, label="extra draws of run 2 多抽几次"),
)

# %% [markdown] lang="en"
# ### Four sources of chance in one notebook
#
# Neither article sets a seed. To repeat their runs one would have to fix *every* stream that their programs draw from:
#
# | stream | seeded by |
# |---|---|
# | Python's `random` module, one hidden global state | `random.seed(seed)` |
# | NumPy's old global state, behind `rand` and its kin | `np.random.seed(seed)` |
# | TensorFlow's global state: initial weights, dropout | `tf.random.set_seed(seed)` |
# | a generator of one's own | `np.random.default_rng(seed)` |
#
# `keras.utils.set_random_seed(seed)` does the first three at once. The fourth is the best style: a generator that is passed as an argument cannot be disturbed by anybody else. The functions of this course take `rng` for this reason.
#
# **What a seed does not fix.** The stream, yes; the *results* only on the same machine with the same versions. Sums of floating-point numbers depend on their order, and a GPU does not always add in the same one (`tf.config.experimental.enable_op_determinism()` forces it to, at a cost). A new version may define another stream. The cells of a notebook may have been run in another order than they stand: before you believe a result, restart the kernel and run everything. And a seed makes one number repeatable, not *representative*.

# %% [markdown] lang="zh"
# ### 一个笔记本里的四个随机来源
#
# 两篇文章都没有设种子。要复现它们的运行，必须固定程序用到的*每一个*随机序列：
#
# | 随机序列 | 设种子的方法 |
# |---|---|
# | Python 的 `random` 模块，一个看不见的全局状态 | `random.seed(seed)` |
# | NumPy 旧的全局状态，`rand` 一类函数用的就是它 | `np.random.seed(seed)` |
# | TensorFlow 的全局状态：权重初值、dropout | `tf.random.set_seed(seed)` |
# | 自己创建的发生器 | `np.random.default_rng(seed)` |
#
# `keras.utils.set_random_seed(seed)` 一次设好前三个。第四种写法最好：作为参数传递的发生器，别人干扰不了。本课程的函数都带 `rng` 参数，就是这个道理。
#
# **种子管不到的事。** 种子固定的是随机序列；*结果*只有在同一台机器、同样的版本上才相同。浮点数求和与次序有关，而 GPU 每次相加的次序不一定相同（`tf.config.experimental.enable_op_determinism()` 可以强制固定次序，但要付出速度的代价）。换一个版本，序列的定义可能就变了。笔记本的单元格也可能没按排列的次序运行：相信一个结果之前，请重启内核，从头运行。最后，种子让一个数可以重复，并不让它*有代表性*。

# %% [markdown] lang="en"
# ### Exercise 5 · `reproducible_draws` (2 points)
#
# Seed everything, then draw. Global states cannot be inspected from outside, so the function returns what was drawn.
#
# - Seed Python's `random`, NumPy's global state and TensorFlow with `seed` (an `int` from 0 to $2^{32} - 1$), and create a generator `np.random.default_rng(seed)`.
# - Return a `dict` with exactly the keys `"python"`, `"numpy"`, `"tf"`, `"generator"`; each value is a NumPy float array of shape (`n`,) with `n` draws from that stream. TensorFlow's come from `tf.random.uniform`; the distribution of the others is free.
#
# *Hidden tests also use*: seeds in the order 1, 2, 1; seed 0; different seeds, also far apart, which must differ in every key; the four streams, which must differ from each other; `n` = 1. No stream is compared with fixed numbers.
#
# <details><summary>Hint</summary>Which of the four calls in the table of the section does the job of three of them? An EagerTensor becomes an array by .numpy().</details>

# %% [markdown] lang="zh"
# ### 练习 5 · `reproducible_draws`（2 分）
#
# 先把种子全部设好，再抽数。全局状态从外面看不到，所以函数把抽到的数返回。
#
# - 用 `seed`（从 0 到 $2^{32} - 1$ 的 `int`）为 Python 的 `random`、NumPy 的全局状态和 TensorFlow 设种子，并创建发生器 `np.random.default_rng(seed)`。
# - 返回一个 `dict`，键恰为 `"python"`、`"numpy"`、`"tf"`、`"generator"`；每个值是形状为 (`n`,) 的 NumPy 浮点数组，即从相应序列抽取的 `n` 个数。TensorFlow 的数取自 `tf.random.uniform`；其余三个的分布不限。
#
# *隐藏测试还会用到*：按 1、2、1 的次序调用；种子 0；不同的种子，包括相差很大的（每个键都应不同）；四个序列（彼此应不同）；`n` = 1。不会把任何序列与固定的数比较。
#
# <details><summary>提示</summary>本节讲到的哪个调用能一次完成其中三项？EagerTensor 用 .numpy() 变成数组。</details>


# %% solution="reproducible-draws"
def reproducible_draws(seed: int, n: int = 4) -> dict[str, np.ndarray]:
    """Seed every source of chance and return n draws of each.

    Args:
        seed: 0 … 2**32 - 1.
        n: number of draws, at least 1.

    Returns:
        float arrays (n,) under "python", "numpy", "tf" and "generator".
    """
    ### BEGIN SOLUTION
    keras.utils.set_random_seed(seed)  # Python, NumPy and TensorFlow at once
    rng = np.random.default_rng(seed)
    return {
        "python": np.array([random.random() for _ in range(n)]),
        "numpy": np.random.uniform(size=n),
        "tf": tf.random.uniform((n,)).numpy(),
        "generator": rng.uniform(size=n),
    }
    ### END SOLUTION


# %% test="same-seed-same-draws" points=1
def _check():
    first, second = reproducible_draws(7), reproducible_draws(7)
    assert isinstance(first, dict) and sorted(first) == ["generator", "numpy", "python", "tf"], (
        "[ch01-KEYS] 结果应为含 python、numpy、tf、generator 四个键的 dict / the result should be a dict with these four keys"
    )
    for key, draws in first.items():
        assert isinstance(draws, np.ndarray) and draws.shape == (4,), (
            f"[ch01-SHAPE] “{key}”应为形状 (n,) 的 NumPy 数组 / {key!r} should be a NumPy array of shape (n,)"
        )
        assert np.array_equal(draws, second[key]), (
            f"[ch01-SEED] 种子相同，“{key}”却不同：它设种子了吗？ / equal seeds, but {key!r} differs: did you seed it?"
        )


_check()
### BEGIN HIDDEN TESTS


def _check_hidden():
    for seeds in ((1, 2, 1), (0, 31, 0), (2**32 - 1, 5, 2**32 - 1)):
        runs = [reproducible_draws(seed, 6) for seed in seeds]
        for run in runs:
            assert isinstance(run, dict) and sorted(run) == ["generator", "numpy", "python", "tf"], (
                "[ch01-KEYS] 结果应恰有四个键 / the result should have exactly four keys"
            )
            for key, draws in run.items():
                assert isinstance(draws, np.ndarray) and draws.shape == (6,), (
                    f"[ch01-SHAPE] “{key}”应为形状 (n,) 的 NumPy 数组 / {key!r} should be a NumPy array of shape (n,)"
                )
                assert np.issubdtype(draws.dtype, np.floating), (
                    f"[ch01-DTYPE] “{key}”应为浮点数 / {key!r} should hold floats"
                )
        for key in runs[0]:
            assert np.array_equal(runs[0][key], runs[2][key]), (
                f"[ch01-SEED] 种子 {seeds[0]} 的“{key}”前后两次不同 / {key!r} differs between two calls with seed {seeds[0]}"
            )


_check_hidden()
### END HIDDEN TESTS


# %% test="other-seed-other-draws" points=1
def _check():
    one, two = reproducible_draws(1, 5), reproducible_draws(2, 5)
    for key in ("python", "numpy", "tf", "generator"):
        assert len(one[key]) == 5, f"[ch01-COUNT] “{key}”应有 n 个数 / {key!r} should hold n numbers"
        assert not np.array_equal(one[key], two[key]), (
            f"[ch01-IGNORED] 换了种子，“{key}”却没变 / another seed, but the same {key!r}"
        )


_check()
### BEGIN HIDDEN TESTS


def _check_hidden():
    runs = {seed: reproducible_draws(seed, 9) for seed in (0, 1, 2, 40, 41, 1 + 2**8, 1 + 2**16, 1 + 2**31, 2**32 - 1, 10**6 + 1)}
    for key in ("python", "numpy", "tf", "generator"):
        for a in runs:
            values = np.asarray(runs[a][key], dtype=np.float64)
            assert values.shape == (9,), f"[ch01-COUNT] “{key}”应有 n 个数 / {key!r} should hold n numbers"
            assert len(np.unique(values)) > 1, f"[ch01-REPEAT] “{key}”里的数全都一样 / all numbers of {key!r} are equal"
            for b in runs:
                if a < b:
                    assert not np.allclose(values, runs[b][key]), (
                        f"[ch01-IGNORED] 不同的种子给出同样的“{key}” / different seeds give the same {key!r}"
                    )
    for run in runs.values():
        keys = sorted(run)
        for i, a in enumerate(keys):
            for b in keys[i + 1 :]:
                assert not np.allclose(run[a], run[b], rtol=1e-5), (
                    f"[ch01-SOURCES] “{a}”和“{b}”来自同一个序列 / {a!r} and {b!r} come from one stream"
                )
    single = reproducible_draws(3, n=1)
    for key in ("python", "numpy", "tf", "generator"):
        assert np.shape(single[key]) == (1,), (
            f"[ch01-COUNT] n = 1 时“{key}”的形状应为 (1,) / for n = 1 {key!r} should have shape (1,)"
        )


_check_hidden()
### END HIDDEN TESTS

# %% [markdown] lang="en"
# ### One seed is one sample
#
# Suppose the seeds are set and the run repeats to the last digit. Is the number then *true*? The programs of both articles were run eight times for this course. **Predict**: is the difference of the two printed accuracies, 0.9900 and 0.9880, larger or smaller than what the seed alone does to *one* program?

# %% [markdown] lang="zh"
# ### 一个种子只是一次抽样
#
# 假定种子都已设好，运行结果重复到最后一位。那么这个数就*真实*了吗？为编写本课程，我们把两篇文章的程序一共运行了八次。**先猜**：文章印出的两个准确率 0.9900 和 0.9880 之差，比起*同一个*程序仅仅换种子造成的变化，是大还是小？

# %%
from course.figures.streams import RUNS, fig_runs

explore(
    fig_runs,
    predict=Prediction(
        "Printed accuracies differ by 0.0020. What does the seed alone do to one program? 印出的准确率相差 0.0020；仅仅换种子，会让同一个程序变化多少？",
        options=("less 更少", "more 更多"),
        answer="more 更多",
        because="Program A spans 0.0025, program B 0.0035. One run each cannot say which is better; report several seeds. "
        "程序 A 的跨度是 0.0025，程序 B 是 0.0035。各跑一次分不出高下；应报告多个种子的结果。",
    ),
    alt={
        "en": "Measured test accuracies of program A and program B, one point for each run, in two rows; a dashed "
        "line in each row marks the accuracy that the article printed.",
        "zh": "两行点：程序 A 和程序 B 每次运行测得的测试准确率；每行的虚线标出文章里印出的准确率。",
    },
    shown=play(1, 8, 2, label="runs 运行次数", interval=600),
)

# %%
accuracies = np.array([accuracy for _, _, accuracy in RUNS])
print(
    f"eight runs: mean {accuracies.mean():.4f}, standard deviation {accuracies.std(ddof=1):.4f}, "
    f"from {accuracies.min():.4f} to {accuracies.max():.4f}"
)

# %% [markdown] lang="en"
# ### The environment belongs to the experiment
#
# Repeating a run needs the same code, the same data, the same seeds *and the same versions*. **Jupyter Notebook** runs on your own machine in the Python environment that you give it; keep one environment per project (`python -m venv .venv`). **Google Colab** runs the same notebook on a rented machine with packages preinstalled and, on request, a GPU; everything you installed is gone when the session ends. In both, let the notebook say where it ran:

# %% [markdown] lang="zh"
# ### 环境也是实验的一部分
#
# 要重复一次运行，需要同样的代码、同样的数据、同样的种子，*还要同样的版本*。**Jupyter Notebook** 在你自己的机器上运行，用的是你给它的 Python 环境；最好每个项目一个环境（`python -m venv .venv`）。**Google Colab** 在租用的机器上运行同样的笔记本，常用的包已经装好，需要时还有 GPU；会话一结束，自己装的东西就都没了。无论在哪里，都让笔记本自己说明运行环境：

# %%
import platform
from importlib.metadata import version

print("Python", platform.python_version())
for package in ("numpy", "tensorflow", "keras", "matplotlib", "ipywidgets"):
    print(package, version(package))

# %% [markdown] lang="en"
# ## 7 · Find and fix 找错改正: an installation that cannot work
#
# Article A sets up its environment with four commands. In substance:
#
# ```bash
# pip install python==3.8
# pip install notebook
# pip install tensorflow==2.7
# pip install tensorflow-gpu==2.7
# ```
#
# Before you read on: which lines fail on a machine with Python 3.11, and why?
#
# <details><summary>Line 1 cannot work anywhere</summary>pip installs packages into a Python that is already there; it does not install Python itself. It finds no candidate and says "No matching distribution found". Which Python a project needs is stated elsewhere, as requires-python in pyproject.toml, and Python is installed by the operating system, from python.org or by an environment manager.</details>
#
# <details><summary>Line 2 is fine</summary>This is a package, and without a version pip takes the newest that suits your Python.</details>
#
# <details><summary>Line 3 works only in a museum</summary>Compiled packages are built for certain versions of Python. For Python 3.11 the oldest TensorFlow offered was 2.12.0rc0; there is no 2.7. An exact pin in a tutorial dates it. A pin does have its place, in a lock or constraints file beside an experiment, tested together and renewed together.</details>
#
# <details><summary>Line 4 asks for a package that no longer exists</summary>Since TensorFlow 2.1 the package tensorflow itself holds the code for GPUs. The separate name lived on for a while; its last release, 2.12.0, only stops with an error when it is installed. Today one writes tensorflow[and-cuda]: an extra, in brackets, that brings NVIDIA's libraries along on Linux.</details>
#
# And something is missing: the list names neither `numpy` nor `matplotlib` nor `ipywidgets`. NumPy arrives with TensorFlow, but what a program imports itself it should also name itself.
#
# **How pip reads a line** (PEP 508): a *name*, then in brackets *extras*, then *version specifiers*, then after a semicolon *markers*. Upper and lower case do not matter in a name, and the characters `-`, `_` and `.`, also several of them, are the same. So `Tensorflow_GPU` is `tensorflow-gpu`, but `python-dateutil` is *not* a kind of `python`: names are compared whole.

# %% [markdown] lang="zh"
# ## 7 · 找错改正 Find and fix：行不通的安装步骤
#
# 文章 A 用四条命令搭建环境，大意如下：
#
# ```bash
# pip install python==3.8
# pip install notebook
# pip install tensorflow==2.7
# pip install tensorflow-gpu==2.7
# ```
#
# 先别往下看：在装有 Python 3.11 的机器上，哪几行会失败？为什么？
#
# <details><summary>第 1 行在哪里都行不通</summary>pip 是把包装进一个已有的 Python，它并不安装 Python 本身。它找不到候选，报 “No matching distribution found”。项目需要哪个版本的 Python，写在别处，即 pyproject.toml 的 requires-python；Python 本身则由操作系统、python.org 或环境管理工具安装。</details>
#
# <details><summary>第 2 行没有问题</summary>这确实是一个包；不写版本时，pip 会取适合你的 Python 的最新版。</details>
#
# <details><summary>第 3 行只在“博物馆”里行得通</summary>编译好的包是针对特定 Python 版本构建的。对 Python 3.11，能找到的最早的 TensorFlow 是 2.12.0rc0，没有 2.7。教程里写死版本，就等于给自己定了保质期。固定版本自有它的位置：放在实验旁边的锁定文件或约束文件里，一起测试，一起更新。</details>
#
# <details><summary>第 4 行要的包已经名存实亡</summary>从 TensorFlow 2.1 起，tensorflow 这个包自身就包含 GPU 代码。单独的包名又保留了一段时间；它的最后一个版本 2.12.0 只会在安装时报错退出。如今应写 tensorflow[and-cuda]：方括号里是“附加项”，在 Linux 上会一并装好 NVIDIA 的库。</details>
#
# 此外还有遗漏：清单里没有 `numpy`、`matplotlib`、`ipywidgets`。NumPy 会随 TensorFlow 一起装上，但程序自己导入的包，就该自己写明。
#
# **pip 怎样读一行需求**（PEP 508）：先是*名字*，再是方括号里的*附加项*，再是*版本约束*，最后是分号后面的*环境标记*。名字不分大小写；`-`、`_` 和 `.`（包括连续几个）视为相同。所以 `Tensorflow_GPU` 就是 `tensorflow-gpu`，而 `python-dateutil` *不是*某种 `python`：名字要整个比较。

# %% [markdown] lang="en"
# ### Exercise 6 · `fix_install` (4 points)
#
# Write a function that repairs such a list. `requirements` is a list of PEP 508 strings; the result is a new list of strings with
#
# - no requirement on `python`, and none on `tensorflow-gpu`, in any spelling;
# - exactly one requirement on `tensorflow`, also if the input had none, without an exact pin or upper bound (so none of ==, ===, <, <=, ~=; a lower bound is allowed), and with the extra `and-cuda` if and only if `gpu` is true;
# - `notebook`, `numpy`, `matplotlib` and `ipywidgets` exactly once each, also if the input names one of them twice;
# - every other line verbatim and in its order. Lines that you add may stand anywhere.
#
# Applied to its own result, with the same `gpu`, the function must not change anything but possibly the order of the lines that it manages itself. The input is not modified.
#
# *Hidden tests also use*: both values of `gpu`, also one after the other; other spellings such as `Python >= 3.8` and `tensorflow_gpu`; lines that only look alike, such as `python-dateutil`, `tensorflow-hub`, `numpy-financial` and `notebook-shim`; each of the four names twice; other lines twice, which both stay; other pins and bounds; an empty list; repeated calls.
#
# <details><summary>Hint 1</summary>Split off the name first: everything up to the first character that cannot belong to a name. Then normalise it: lower case, and runs of - _ . become one hyphen.</details>
# <details><summary>Hint 2</summary>Drop all lines on tensorflow and put a fresh one in. Remember which of the four required names you have already seen.</details>

# %% [markdown] lang="zh"
# ### 练习 6 · `fix_install`（4 分）
#
# 写一个函数来修复这样的清单。`requirements` 是由 PEP 508 字符串组成的列表；返回一个新的字符串列表，其中
#
# - 没有对 `python` 的需求，也没有对 `tensorflow-gpu` 的需求，不论怎样拼写；
# - 恰有一条对 `tensorflow` 的需求（输入里没有也要有），不写死版本，也没有上限（即没有 ==、===、<、<=、~=；可以有下限），并且当且仅当 `gpu` 为真时带附加项 `and-cuda`；
# - `notebook`、`numpy`、`matplotlib`、`ipywidgets` 各恰好一次，即使输入里某个名字出现两次；
# - 其余每一行原样保留，次序不变。你添加的行放在哪里都可以。
#
# 把函数用在它自己的结果上（`gpu` 相同），除了它自己管理的那几行的次序之外，什么都不应改变。不得修改输入。
#
# *隐藏测试还会用到*：`gpu` 的两个取值，包括先后使用；其他拼写，如 `Python >= 3.8` 和 `tensorflow_gpu`；只是看着像的行，如 `python-dateutil`、`tensorflow-hub`、`numpy-financial`、`notebook-shim`；四个名字各出现两次；其他行出现两次（两行都保留）；其他固定版本和上下限；空列表；重复调用。
#
# <details><summary>提示 1</summary>先把名字切出来：一直到第一个不能属于名字的字符为止。再做规范化：全部小写，连续的 - _ . 变成一个连字符。</details>
# <details><summary>提示 2</summary>把所有关于 tensorflow 的行都去掉，再放一条新的。记住四个必需的名字中哪些已经出现过。</details>


# %% solution="fix-install"
def fix_install(requirements: list[str], gpu: bool = False) -> list[str]:
    """Return a list of requirements that can be installed today.

    Args:
        requirements: PEP 508 strings, as behind ``pip install``.
        gpu: ask for the libraries that TensorFlow needs on an NVIDIA GPU.
    """
    ### BEGIN SOLUTION
    needed = ["notebook", "numpy", "matplotlib", "ipywidgets"]
    kept, seen = [], set()
    for line in requirements:
        written = re.match(r"\s*([A-Za-z0-9._-]+)", line).group(1)
        name = re.sub(r"[-_.]+", "-", written).lower()  # PEP 503
        if name in ("python", "tensorflow", "tensorflow-gpu") or (name in needed and name in seen):
            continue
        seen.add(name)
        kept.append(line)
    missing = [name for name in needed if name not in seen]
    return ["tensorflow[and-cuda]" if gpu else "tensorflow", *kept, *missing]
    ### END SOLUTION


# %% test="install-drops-what-cannot-work" points=2
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name


def _check():
    fixed = fix_install(["python==3.8", "notebook", "tensorflow==2.7", "tensorflow-gpu==2.7"])
    assert isinstance(fixed, (list, tuple)), (
        "[ch01-TYPE] fix_install 应返回字符串列表 / fix_install should return a list of strings"
    )
    names = [canonicalize_name(Requirement(line).name) for line in fixed]
    assert "python" not in names, "[ch01-PYTHON] pip 不能安装 Python 本身 / pip cannot install Python itself"
    assert "tensorflow-gpu" not in names, (
        "[ch01-GPU-PACKAGE] tensorflow-gpu 已不再提供 / tensorflow-gpu is no longer offered"
    )
    assert names.count("tensorflow") == 1, (
        "[ch01-ONE-TENSORFLOW] 应恰有一条 tensorflow 需求 / there should be exactly one tensorflow"
    )


_check()
### BEGIN HIDDEN TESTS


def _check_hidden():
    cases = (
        ["python==3.8", "notebook", "tensorflow==2.7", "tensorflow-gpu==2.7"],
        ["Python >= 3.8", "numpy", "tensorflow_gpu"],
        ["PYTHON", "Tensorflow.GPU == 2.7", "TensorFlow~=2.7", "matplotlib"],
        ["tensorflow-gpu[and-cuda]>=2.4", "notebook"],
        ["tensorflow>=2.10,<2.12", "tensorflow", "numpy>=1.26"],
        ["tensorflow[and-cuda]==2.15", "ipywidgets", "python<4"],
        ["tensorflow<=2.15", "tensorflow__gpu", "numpy"],
        ["tensorflow [and-cuda] ===2.15"],
        ["notebook", "numpy"],
        [],
    )
    for case in cases:
        for gpu in (False, True):
            fixed = fix_install(list(case), gpu)
            assert isinstance(fixed, (list, tuple)) and all(isinstance(line, str) for line in fixed), (
                "[ch01-TYPE] fix_install 应返回字符串列表 / fix_install should return a list of strings"
            )
            try:
                parsed = [Requirement(line) for line in fixed]
            except Exception as error:
                raise AssertionError(
                    "[ch01-PEP508] 结果中有一行不是合法的需求 / a line of the result is no valid requirement"
                ) from error
            names = [canonicalize_name(item.name) for item in parsed]
            assert "python" not in names, (
                "[ch01-PYTHON] 结果里还有 python，检查大小写和空格 / python is still there: case, spaces?"
            )
            assert "tensorflow-gpu" not in names, (
                "[ch01-GPU-PACKAGE] 结果里还有 tensorflow-gpu 的某种拼写 / some spelling of tensorflow-gpu is left"
            )
            assert names.count("tensorflow") == 1, (
                "[ch01-ONE-TENSORFLOW] 应恰有一条 tensorflow 需求 / there should be exactly one tensorflow"
            )
            item = parsed[names.index("tensorflow")]
            assert all(part.operator in (">=", ">", "!=") for part in item.specifier), (
                "[ch01-PIN] tensorflow 不应写死版本，也不应有上限 / no exact pin and no upper bound for tensorflow"
            )
            assert {canonicalize_name(extra) for extra in item.extras} == ({"and-cuda"} if gpu else set()), (
                "[ch01-EXTRA] 附加项 and-cuda 应当且仅当 gpu 为真时出现 / the extra and-cuda belongs there exactly if gpu is true"
            )
    # Changing one's mind about the GPU.
    back = [Requirement(line) for line in fix_install(list(fix_install(["tensorflow==2.7"], True)), False)]
    assert not any(item.extras for item in back), (
        "[ch01-EXTRA] gpu=False 时应去掉 and-cuda / gpu=False should remove and-cuda"
    )


_check_hidden()
### END HIDDEN TESTS

# %% test="install-keeps-the-rest" points=2
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name


def _check():
    given = ["python==3.8", "pandas >= 2", "notebook", "tensorflow==2.7", "tensorflow-gpu==2.7"]
    fixed = fix_install(given)
    names = [canonicalize_name(Requirement(line).name) for line in fixed]
    for name in ("notebook", "numpy", "matplotlib", "ipywidgets"):
        assert names.count(name) == 1, f"[ch01-NEEDED] {name} 应恰好出现一次 / {name} should appear exactly once"
    assert "pandas >= 2" in fixed, "[ch01-VERBATIM] 其他行应原样保留 / other lines should be kept verbatim"
    # A property: repairing what is already repaired changes nothing.
    assert sorted(fix_install(list(fixed))) == sorted(fixed), (
        "[ch01-IDEMPOTENT] 再修一次结果应不变 / a second repair should change nothing"
    )


_check()
### BEGIN HIDDEN TESTS


def _check_hidden():
    cases = (
        ["python==3.8", "notebook", "tensorflow==2.7", "tensorflow-gpu==2.7"],
        [
            "zict==3.0",
            "python-dateutil>=2.8",
            "Python >= 3.8",
            "tensorflow-probability==0.15",
            "tensorflow_hub",
            "pandas",
        ],
        ["pythonnet", "ipython==8.0", "tensorflow-datasets<5", "tensorflow_gpu", "scikit_learn >= 1.0", "absl-py"],
        ["Flask[async]~=2.0", "NumPy>=1.26", "pywin32; sys_platform == 'win32'", "tensorflow==2.7", "numpy-financial"],
        ["Matplotlib", "my.python", "numpy", "Notebook>=7", "matplotlib>=3", "IPyWidgets", "tensorflow-cpu-aws==1"],
        ["numpy", "matplotlib", "ipywidgets", "notebook", "tensorflow"],
        ["numpy-financial", "matplotlib-inline", "notebook-shim", "ipywidgets-bokeh", "micropython", "my-tensorflow"],
        ["notebook", "notebook", "ipywidgets", "ipywidgets>=8", "matplotlib", "matplotlib", "numpy", "numpy<3"],
        ["pandas", "scipy>=1.10", "pandas", "scipy>=1.10", "Pandas"],
        [],
    )
    managed = {"tensorflow", "tensorflow-gpu", "python", "notebook", "numpy", "matplotlib", "ipywidgets"}
    for case in cases:
        for gpu in (False, True):
            given = list(case)
            fixed = fix_install(given, gpu)
            assert given == case, (
                "[ch01-INPUT] fix_install 改动了列表 requirements / fix_install modified the list requirements"
            )
            assert isinstance(fixed, (list, tuple)), (
                "[ch01-TYPE] fix_install 应返回字符串列表 / fix_install should return a list of strings"
            )
            names = []
            for line in fixed:
                try:
                    names.append(canonicalize_name(Requirement(line).name))
                except Exception as error:
                    raise AssertionError(
                        "[ch01-PEP508] 结果中有一行不是合法的需求 / a line of the result is no valid requirement"
                    ) from error
            for name in ("notebook", "numpy", "matplotlib", "ipywidgets"):
                assert names.count(name) == 1, (
                    f"[ch01-NEEDED] {name} 应恰好出现一次 / {name} should appear exactly once"
                )
            others = [line for line, name in zip(fixed, names, strict=True) if name not in managed]
            assert others == [line for line in case if canonicalize_name(Requirement(line).name) not in managed], (
                "[ch01-VERBATIM] 其他行应原样保留、次序不变；名字要整个比较 / keep other lines verbatim and in order; compare whole names"
            )
            again = fix_install(list(fixed), gpu)
            assert sorted(again) == sorted(fixed), (
                "[ch01-IDEMPOTENT] 再修一次结果应不变 / a second repair should change nothing"
            )
            assert [line for line in again if canonicalize_name(Requirement(line).name) not in managed] == others, (
                "[ch01-IDEMPOTENT] 再修一次，其他行的次序应不变 / a second repair should keep the order of the other lines"
            )


_check_hidden()
### END HIDDEN TESTS

# %% [markdown] lang="en"
# ## 8 · Which devices are there? (GPU variant, ungraded)
#
# The same notebook runs with and without a GPU. This cell only lists what TensorFlow sees; nothing in this chapter needs more than a CPU, and no score depends on it.

# %% [markdown] lang="zh"
# ## 8 · 有哪些设备？（GPU 版本，不计分）
#
# 同一个笔记本，有没有 GPU 都能运行。下面的单元格只是列出 TensorFlow 看到的设备；本章只需要 CPU，分数与此无关。

# %%
for device in tf.config.list_physical_devices():
    details = tf.config.experimental.get_device_details(device) if device.device_type == "GPU" else {}
    print(device.device_type, device.name, details.get("device_name", ""))
if not tf.config.list_physical_devices("GPU"):
    print("No GPU here. 这里没有 GPU。On Colab: Runtime > Change runtime type.")

# %% [markdown] lang="en"
# ## Three-minute quiz (ungraded)
#
# Choose an answer before you open it; every option explains itself.
#
# **1. An expert system with 600 hand-written rules is …**
#
# <details><summary>A. artificial intelligence, but not machine learning</summary>Right. Its behaviour comes from rules that people wrote, not from a fit to data.</details>
# <details><summary>B. machine learning, because it answers questions about data</summary>No. What counts is where the behaviour comes from. Answering about data is not learning from data.</details>
# <details><summary>C. neither, because it does not learn</summary>No. Learning is one way to artificial intelligence, and historically not the first.</details>
#
# **2. You double all inputs of a layer with relu and zero bias. The outputs …**
#
# <details><summary>A. double</summary>Right. For a factor that is not negative, relu(2z) = 2 relu(z), and without bias z doubles with the input.</details>
# <details><summary>B. change in some other way, because relu is not linear</summary>No. It is not linear, but it does respect factors that are not negative. With the factor −1 you would be right.</details>
# <details><summary>C. stay the same</summary>No. That would need an activation that saturates; relu does not for positive sums.</details>
#
# **3. A convolution with 3×3 windows, 64 input and 64 output channels sees images of 100×100 instead of 10×10 pixels. Its parameters …**
#
# <details><summary>A. grow a hundredfold</summary>No. The computation grows about a hundredfold. The parameters are shared by all positions.</details>
# <details><summary>B. stay the same</summary>Right. The formula contains window and channels, not the size of the image. A dense layer behind flatten would grow.</details>
# <details><summary>C. grow tenfold</summary>No. Neither height nor width occurs in the formula.</details>
#
# **4. A model needs 4 GB for inference in float32. Training it with Adam in float32, without activations, needs …**
#
# <details><summary>A. 8 GB</summary>No. That is weights and gradients, as for plain SGD. Adam keeps two more numbers per parameter.</details>
# <details><summary>B. 12 GB</summary>No. That would be one slot, as with momentum.</details>
# <details><summary>C. 16 GB</summary>Right. Weights, gradients and two slots are four copies.</details>
#
# **5. You set all seeds, and the accuracy repeats to the last digit. What do you know?**
#
# <details><summary>A. The program is repeatable on this machine with these versions</summary>Right, and that is worth a lot when you look for an error. It is all you know.</details>
# <details><summary>B. The accuracy is reliable to this many digits</summary>No. Another seed gives another number; eight runs of the articles' programs spread over 0.0035. Report several seeds.</details>
# <details><summary>C. The program gives the same number on any GPU</summary>No. The order of floating-point sums, hardware and versions all matter.</details>

# %% [markdown] lang="zh"
# ## 三分钟小测（不计分）
#
# 先选答案再点开；每个选项都有解释。
#
# **1. 一个有 600 条人工规则的专家系统属于……**
#
# <details><summary>A. 人工智能，但不是机器学习</summary>对。它的行为来自人写的规则，不是对数据的拟合。</details>
# <details><summary>B. 机器学习，因为它回答与数据有关的问题</summary>不对。关键在于行为从哪里来。回答与数据有关的问题，不等于从数据中学习。</details>
# <details><summary>C. 都不是，因为它不会学习</summary>不对。学习只是通往人工智能的一条路，而且从历史上看还不是第一条。</details>
#
# **2. 某层用 relu、偏置为零，把输入全部加倍，输出会……**
#
# <details><summary>A. 加倍</summary>对。对非负的倍数，relu(2z) = 2 relu(z)；没有偏置时，z 随输入加倍。</details>
# <details><summary>B. 以别的方式变化，因为 relu 不是线性的</summary>不对。它确实不是线性的，但对非负倍数保持成比例。若倍数是 −1，你就说对了。</details>
# <details><summary>C. 不变</summary>不对。那需要会饱和的激活函数；求和为正时 relu 不饱和。</details>
#
# **3. 一个卷积层窗口 3×3，输入、输出各 64 个通道。图像从 10×10 像素变成 100×100，它的参数……**
#
# <details><summary>A. 变成一百倍</summary>不对。计算量大约变成一百倍，参数则由所有位置共享。</details>
# <details><summary>B. 不变</summary>对。公式里只有窗口和通道，没有图像大小。展平之后的全连接层才会变大。</details>
# <details><summary>C. 变成十倍</summary>不对。公式里既没有高也没有宽。</details>
#
# **4. 某模型 float32 推理需要 4 GB。用 Adam 以 float32 训练（不计激活值）需要……**
#
# <details><summary>A. 8 GB</summary>不对。那是权重加梯度，相当于普通 SGD。Adam 对每个参数还要多存两个数。</details>
# <details><summary>B. 12 GB</summary>不对。那是只有一个状态量的情形，相当于带动量。</details>
# <details><summary>C. 16 GB</summary>对。权重、梯度和两个状态量，一共四份。</details>
#
# **5. 种子全部设好，准确率重复到最后一位。你知道了什么？**
#
# <details><summary>A. 程序在这台机器、这些版本上可以重复</summary>对。查错的时候这很有价值，但你知道的也仅此而已。</details>
# <details><summary>B. 准确率可靠到这么多位</summary>不对。换个种子就是另一个数；两篇文章的程序运行八次，结果分布在宽 0.0035 的范围里。请报告多个种子。</details>
# <details><summary>C. 程序在任何 GPU 上都给出同样的数</summary>不对。浮点求和的次序、硬件和版本都有影响。</details>

# %% [markdown] lang="en"
# ## Key takeaways
#
# - AI, machine learning, deep learning and large models are nested sets. *Large* means $10^9$ parameters or more here; the articles' networks are about 4 400 and 10 700 times smaller.
# - A layer is $f(XW + b)$; without $f$, depth is worth nothing. The first axis counts the examples.
# - Count parameters from shapes: $(k_h k_w c_{\mathrm{in}} + 1)\, c_{\mathrm{out}}$ and $(n_{\mathrm{in}} + 1)\, n_{\mathrm{out}}$. Training takes $(2 + k)\, s\, P$ bytes, activations extra.
# - Between data and service lie five stages. What is handed over must fit, and a report can improve while the service gets worse.
# - A seed fixes a stream, not the truth. Pass generators, name versions, report several seeds.
# - Installation instructions are code: they can be wrong, and they can be tested.
#
# Next: chapter 2 asks what it means for a prediction to be wrong, and by how much.

# %% [markdown] lang="zh"
# ## 要点回顾
#
# - 人工智能、机器学习、深度学习、大模型是层层包含的集合。本课程的“大”指参数不少于 $10^9$ 个；两篇文章的网络约小 4 400 倍和 10 700 倍。
# - 一层就是 $f(XW + b)$；没有 $f$，再深也没用。第一个轴数样本。
# - 看形状就能数参数：$(k_h k_w c_{\mathrm{in}} + 1)\, c_{\mathrm{out}}$ 和 $(n_{\mathrm{in}} + 1)\, n_{\mathrm{out}}$。训练要占 $(2 + k)\, s\, P$ 字节，激活值另算。
# - 从数据到服务有五个环节。前后交接必须对得上；报告可以越来越好看，服务却越来越差。
# - 种子固定的是随机序列，不是真相。传递发生器，写明版本，报告多个种子。
# - 安装说明也是代码：它会出错，也可以测试。
#
# 下一步：第 2 章讨论预测错了是什么意思，以及错了多少。

# %% [markdown] lang="en"
# ## References
#
# - W. S. McCulloch, W. Pitts: *A logical calculus of the ideas immanent in nervous activity*. Bulletin of Mathematical Biophysics 5, 1943.
# - E. H. Shortliffe: *Computer-Based Medical Consultations: MYCIN*. Elsevier, 1976.
# - J. J. Hopfield: *Neural networks and physical systems with emergent collective computational abilities*. PNAS 79, 1982.
# - D. E. Rumelhart, G. E. Hinton, R. J. Williams: *Learning representations by back-propagating errors*. Nature 323, 1986.
# - Y. LeCun, L. Bottou, Y. Bengio, P. Haffner: *Gradient-based learning applied to document recognition*. Proceedings of the IEEE 86, 1998. (LeNet-5)
# - A. Krizhevsky, I. Sutskever, G. E. Hinton: *ImageNet classification with deep convolutional neural networks*. NIPS 2012. (AlexNet)
# - C. Szegedy et al.: *Going deeper with convolutions*. CVPR 2015, arXiv:1409.4842. (GoogLeNet)
# - I. Goodfellow et al.: *Generative adversarial networks*. 2014, arXiv:1406.2661.
# - K. He, X. Zhang, S. Ren, J. Sun: *Deep residual learning for image recognition*. CVPR 2016, arXiv:1512.03385. (ResNet)
# - A. Vaswani et al.: *Attention is all you need*. NIPS 2017, arXiv:1706.03762. (Transformer)
# - J. Devlin et al.: *BERT*. NAACL 2019, arXiv:1810.04805. A. Radford et al.: *GPT*, 2018, and *GPT-2*, 2019, reports of OpenAI. T. Brown et al.: *GPT-3*. NeurIPS 2020, arXiv:2005.14165.
# - A. Dosovitskiy et al.: *An image is worth 16×16 words*. ICLR 2021, arXiv:2010.11929. (ViT)
# - S. Rajbhandari, J. Rasley, O. Ruwase, Y. He: *ZeRO: memory optimizations toward training trillion parameter models*. SC 2020, arXiv:1910.02054.
# - I. Goodfellow, Y. Bengio, A. Courville: *Deep Learning*. MIT Press, 2016.
# - How a requirement is written: [PEP 508](https://peps.python.org/pep-0508/)
# - When two names are the same: [PEP 503](https://peps.python.org/pep-0503/)

# %% [markdown] lang="zh"
# ## 参考文献
#
# - W. S. McCulloch, W. Pitts：*A logical calculus of the ideas immanent in nervous activity*。Bulletin of Mathematical Biophysics 5，1943。
# - E. H. Shortliffe：*Computer-Based Medical Consultations: MYCIN*。Elsevier，1976。
# - J. J. Hopfield：*Neural networks and physical systems with emergent collective computational abilities*。PNAS 79，1982。
# - D. E. Rumelhart, G. E. Hinton, R. J. Williams：*Learning representations by back-propagating errors*。Nature 323，1986。
# - Y. LeCun, L. Bottou, Y. Bengio, P. Haffner：*Gradient-based learning applied to document recognition*。Proceedings of the IEEE 86，1998。（LeNet-5）
# - A. Krizhevsky, I. Sutskever, G. E. Hinton：*ImageNet classification with deep convolutional neural networks*。NIPS 2012。（AlexNet）
# - C. Szegedy 等：*Going deeper with convolutions*。CVPR 2015，arXiv:1409.4842。（GoogLeNet）
# - I. Goodfellow 等：*Generative adversarial networks*。2014，arXiv:1406.2661。
# - K. He, X. Zhang, S. Ren, J. Sun：*Deep residual learning for image recognition*。CVPR 2016，arXiv:1512.03385。（ResNet）
# - A. Vaswani 等：*Attention is all you need*。NIPS 2017，arXiv:1706.03762。（Transformer）
# - J. Devlin 等：*BERT*。NAACL 2019，arXiv:1810.04805。A. Radford 等：*GPT*，2018；*GPT-2*，2019，均为 OpenAI 报告。T. Brown 等：*GPT-3*。NeurIPS 2020，arXiv:2005.14165。
# - A. Dosovitskiy 等：*An image is worth 16×16 words*。ICLR 2021，arXiv:2010.11929。（ViT）
# - S. Rajbhandari, J. Rasley, O. Ruwase, Y. He：*ZeRO: memory optimizations toward training trillion parameter models*。SC 2020，arXiv:1910.02054。
# - I. Goodfellow, Y. Bengio, A. Courville：*Deep Learning*。MIT Press，2016。
# - 一条需求怎样写：[PEP 508](https://peps.python.org/pep-0508/)
# - 两个名字何时算同一个：[PEP 503](https://peps.python.org/pep-0503/)
