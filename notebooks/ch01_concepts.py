# ch01 核心概念与可复现环境 — Core concepts and a reproducible environment.

# %% [markdown] lang="en"
# # Chapter 1 · Core concepts and a reproducible environment
#
# In five minutes you will have trained a network, broken it, and repaired it. The rest of the chapter explains what you saw.
#
# **After this chapter you can**
#
# - train a small network, and tell a broken model from broken data;
# - put AI, machine learning, deep learning and large models in order, and say with a number what *large* means;
# - compute what a layer does, count a network's parameters, and say which models your graphics card can fine-tune;
# - find the broken stage between data and service;
# - test whether an experiment can be repeated;
# - read what pip complains about, and repair an installation.
#
# **The two articles.** The course starts from two Chinese articles about training and certification for "large AI models". Both are signed *Zen and the Art of Computer Programming*. Each ends with a program that reads handwritten digits. We call them **article A** (it installs with `python==3.8` and prints 0.9900) and **article B** (it has a chapter "application architecture" and prints 0.9880). Much in them is right, and some of it is wrong. You will proofread them line by line; every line you need is quoted, in our translation.
#
# **Time.** Sections 1 to 10 are the core path: just under two hours by our estimate, about 25 minutes of reading, 20 of figures and 70 of exercises. Sections marked (optional) come on top. **Points** 20. You need Python and matrix products, no more.
#
# **How to work.** A figure stays closed until you guess. Guess seriously: a wrong guess teaches most. In an exercise, replace `raise NotImplementedError` by your answer and run the cells below it. Hidden tests run when you hand in; they look for carelessness; an approach of your own costs nothing.

# %% [markdown] lang="zh"
# # 第 1 章 · 核心概念与可复现环境
#
# 五分钟之内，你会训练一个网络，把它弄坏，再修好。本章余下的部分，就是解释你看到的这一切。
#
# **学完本章，你能够**
#
# - 训练一个小网络，并分清坏的是模型还是数据；
# - 理清人工智能、机器学习、深度学习与大模型的包含关系，用一个数说明什么叫“大”；
# - 算出一层神经元做了什么，数清网络的参数，说出自己的显卡能微调哪些模型；
# - 在从数据到服务的链条上，找出坏掉的那个环节；
# - 检验一个实验能否复现；
# - 读懂 pip 的报错，修好一个装不上的环境。
#
# **两篇文章。** 本课程从两篇中文文章讲起，它们谈的都是“AI 大模型”的技术培训与认证，署名都是“禅与计算机程序设计艺术”，末尾各有一个识别手写数字的程序。我们称之为**文章 A**（安装步骤里写着 `python==3.8`，程序印出 0.9900）和**文章 B**（有一节叫“应用架构”，程序印出 0.9880）。它们说对了很多，也说错了一些。你要逐行校对它们；凡是用得着的原文，都会引在手边。
#
# **时间。** 第 1 至 10 节是主线，估计不到两小时：阅读约 25 分钟，看图约 20 分钟，练习约 70 分钟。标着（选读）的各节另算。**分值** 20 分。要求会 Python，懂矩阵乘法，别无其他。
#
# **学习方法。** 每幅图都先合着，你猜过之后才打开。请认真猜：猜错时学到的最多。做练习时，把 `raise NotImplementedError` 换成你的答案，再运行下面的单元格。提交之后还会运行隐藏测试；它们查的是粗心，思路不同不会扣分。

# %% setup
import os
import random

import numpy as np

from course.data import digits28, held_out
from course.device import quiet_start
from course.interact import Prediction, choice, explore, play, slider, toggle
from course.interact.rounds import Round, explore_in_turn
from course.language import say
from course.unfinished import when_solved

# TensorFlow writes start-up notes to stderr, which would land in the notebook. Both must stand before the import: the
# variable keeps later notes away, quiet_start those that come before TensorFlow reads it.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
with quiet_start():
    import keras
    from keras import layers

# %%
from course.progress_panel import show_progress

show_progress()

# %% [markdown] lang="en"
# ## 1 · A network in a dozen lines
#
# This is article A's network, layer by layer. Article A trains it on the 60,000 digits of MNIST; we take the 1,797 smaller scans that scikit-learn brings along, so that it takes seconds. Of these, 514 are kept back as **unseen**: the network is judged on images that it was not trained on. Run the cell.

# %% [markdown] lang="zh"
# ## 1 · 十几行代码，一个网络
#
# 下面是文章 A 的网络，一层不少。文章 A 用 MNIST 的 60,000 张数字图像训练；这里换成 scikit-learn 自带的 1,797 张小图，几秒钟就能跑完。其中 514 张留作**没见过的**图像：评判一个网络，要用训练时没给它看过的图像。运行单元格。

# %% demo
images, labels = digits28()  # grey values from 0 to 255, shape (1797, 28, 28); the digit on each image
unseen = held_out()
x = images[..., np.newaxis].astype("float32") / 255
keras.utils.set_random_seed(0)
model = keras.Sequential([keras.Input((28, 28, 1)),
                          layers.Conv2D(32, 3, activation="relu"), layers.MaxPooling2D(2),
                          layers.Conv2D(64, 3, activation="relu"), layers.MaxPooling2D(2),
                          layers.Flatten(), layers.Dense(128, activation="relu"), layers.Dense(10, activation="softmax")])  # fmt: skip
model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(x[~unseen], labels[~unseen], epochs=5, batch_size=64, verbose=2)
right = int((model.predict(x[unseen], verbose=0).argmax(axis=1) == labels[unseen]).sum())
print(say(en="{n} of 514 unseen digits are right", zh="514 张没见过的图像，认对 {n} 张", n=right))

# %% [markdown] lang="en"
# **Break it.** Three changes, one at a time. Which one ruins the network? Write your guess down, then try: change the line, run the cell again, undo it.
#
# 1. Take out the three `activation="relu"`.
# 2. Take out `/ 255`, so that pixels run from 0 to 255.
# 3. Put the training images in random order and leave their labels where they are: `x[~unseen]` in `model.fit` becomes `np.random.permutation(x[~unseen])`.
#
# <details><summary>What we measured (two CPU cores, TensorFlow 2.21, seed 0)</summary>
#
# | network | unseen digits right |
# |---|---|
# | as it stands | 97 % |
# | without relu | 96 % |
# | without / 255 | 96 % |
# | images and labels no longer belong together | 11 % |
#
# The architecture forgives a lot. (Max pooling is itself a bend, so this network survives without relu; section 3 shows what happens where nothing bends.) Data that do not fit together forgive nothing: 11 % is what guessing one of ten digits gives (other seeds: 4 % to 21 %). And no line fails: Python never complains.</details>
#
# Undo your changes and run the cell once more; later sections use this `model`.
#
# **Repair it.** The model is good. A new scanner arrives, and not one digit is right any more. Find out why and change one line of the next cell. Do not train again.

# %% [markdown] lang="zh"
# **弄坏它。** 下面三种改法，每次只改一种。哪一种会毁掉这个网络？先把猜测写下来，再动手：改一行，重新运行，再改回去。
#
# 1. 去掉三处 `activation="relu"`。
# 2. 去掉 `/ 255`，像素值从 0 到 255。
# 3. 打乱训练图像的次序，标签不动：把 `model.fit` 里的 `x[~unseen]` 换成 `np.random.permutation(x[~unseen])`。
#
# <details><summary>我们测得的结果（两个 CPU 核心，TensorFlow 2.21，种子 0）</summary>
#
# | 网络 | 没见过的图像认对多少 |
# |---|---|
# | 原样 | 97% |
# | 去掉 relu | 96% |
# | 去掉 / 255 | 96% |
# | 图像与标签对不上号 | 11% |
#
# 网络结构很宽容。（最大池化本身就是一种“弯折”，所以没有 relu 它也撑得住；完全不弯会怎样，第 3 节再说。）对不上号的数据却毫不留情：11% 和瞎猜十个数字差不多（换别的种子，4% 到 21%）。而且没有哪一行报错：Python 从不抱怨。</details>
#
# 改回原样，再运行一次；后面各节还要用这个 `model`。
#
# **修好它。** 模型没有问题。可是换了新扫描仪之后，一个数字也认不对了。找出原因，只改下一个单元格里的一行，不要重新训练。

# %% demo
scans = 255 - images[unseen]  # what the new scanner delivers
served = scans[..., np.newaxis].astype("float32") / 255
right = int((model.predict(served, verbose=0).argmax(axis=1) == labels[unseen]).sum())
print(say(en="{n} of 514 unseen digits are right", zh="514 张没见过的图像，认对 {n} 张", n=right))

# %% [markdown] lang="en"
# <details><summary>Compare</summary>
#
# The scanner sends black ink on white paper as 0 on 255; the network has learned ink as large numbers. A person would hardly notice. The repair belongs into the processing: `served = 1 - scans[..., np.newaxis].astype("float32") / 255`. Both articles say that large models generalise because they are large and have seen much data. This one has never seen dark on light, and gets 0 of 514.</details>
#
# ## 2 · Four words, one inside the other
#
# Article A says (in translation): "Artificial intelligence … comprises machine learning, deep learning, natural-language processing, computer vision and other subfields." It puts side by side what lies one inside the other. Place four systems yourself before we say how.

# %% [markdown] lang="zh"
# <details><summary>对照</summary>
#
# 扫描仪送来的是白纸黑字：墨是 0，纸是 255；而网络学到的是“墨是大数”。人几乎察觉不到区别。该修的是处理这一步：`served = 1 - scans[..., np.newaxis].astype("float32") / 255`。两篇文章都说，大模型靠规模和数据就能泛化。这个网络从没见过深浅颠倒的图像，结果 514 张里一张也没认对。</details>
#
# ## 2 · 四个词，层层包含
#
# 文章 A 写道：“人工智能……包括机器学习、深度学习、自然语言处理、计算机视觉等多个子领域。”它把层层包含的东西并排摆在了一起。先自己给四个系统找找位置，我们再说怎么判断。

# %%
from course.figures.concepts import fig_fields

FIELDS = (
    say(en="artificial intelligence", zh="人工智能"),
    say(en="machine learning", zh="机器学习"),
    say(en="deep learning", zh="深度学习"),
    say(en="large models", zh="大模型"),
)
explore_in_turn(
    fig_fields,
    Round(
        Prediction(
            say(
                en="MYCIN (1970s) advises on infections with hundreds of rules that doctors wrote. Which is the narrowest field it belongs to?",
                zh="MYCIN（20 世纪 70 年代）用医生写的几百条规则为感染用药提建议。它能放进最里面的哪一圈？",
            ),
            options=FIELDS,
            answer=0,
            because=(
                say(en="Its behaviour comes from people's rules.", zh="它的行为来自人写的规则。"),
                say(en="Nothing was fitted to data.", zh="没有任何东西是从数据拟合出来的。"),
                say(en="Nothing was learned, so no layer was.", zh="什么都没学，自然也没有学出来的层。"),
                say(en="It has rules, not parameters.", zh="它有规则，没有参数。"),
            ),
        ),
        {"example": "mycin"},
    ),
    Round(
        Prediction(
            say(
                en="A spam filter counts words in 5,000 sorted mails and multiplies their odds. Which is the narrowest field it belongs to?",
                zh="垃圾邮件分类程序统计 5,000 封分好类的邮件中的词，再把几率相乘。它能放进最里面的哪一圈？",
            ),
            options=FIELDS,
            answer=1,
            because=(
                say(en="Its numbers come from data: it learned.", zh="它的数来自数据：它是学出来的。"),
                say(en="Learned from data, but in one step.", zh="从数据中学来，但只有一步。"),
                say(en="One table of counts is not a stack of layers.", zh="一张计数表不是层层叠起来的网络。"),
                say(en="A few thousand counts.", zh="只有几千个计数。"),
            ),
        ),
        {"example": "spam"},
    ),
    Round(
        Prediction(
            say(
                en="Article A calls the network of section 1 a large model. Which is the narrowest field it belongs to?",
                zh="文章 A 把第 1 节的网络叫作大模型。它能放进最里面的哪一圈？",
            ),
            options=FIELDS,
            answer=2,
            because=(
                say(en="You watched it learn.", zh="你亲眼看着它学会的。"),
                say(en="It is that, and more: four of its layers learned.", zh="不止如此：它有四层是学出来的。"),
                say(en="Layers learned, but far too few parameters.", zh="层是学出来的，但参数远远不够多。"),
                say(en="You will count it in section 4: thousands of times too small.", zh="第 4 节你会数一数：还差几千倍。"),
            ),
        ),
        {"example": "cnn"},
    ),
    Round(
        Prediction(
            say(en="GPT-2 (2019) continues texts; 1.5 billion parameters. Which is the narrowest field it belongs to?", zh="GPT-2（2019）续写文本，有 15 亿个参数。它能放进最里面的哪一圈？"),
            options=FIELDS,
            answer=3,
            because=(
                say(en="It learned from millions of web pages.", zh="它是从几百万个网页中学来的。"),
                say(en="It is that, and more.", zh="不止如此。"),
                say(en="It is that, and it is large.", zh="不止如此，它还够大。"),
                say(en="By the course's threshold of a billion, yes.", zh="按本课程十亿的门槛，是的。"),
            ),
        ),
        {"example": "gpt2"},
    ),
    alt=say(
        en="Four nested boxes: artificial intelligence holds machine learning, which holds deep learning, which "
        "holds large models; after the guess two examples stand in each box and the chosen one is marked, and beside "
        "them stand the three questions that place it, with its answers.",
        zh="四个层层嵌套的方框：人工智能包含机器学习，机器学习包含深度学习，深度学习包含大模型；猜过之后，每个框里有"
        "两个例子，所选的例子被标出，右边出现确定其位置的三个问题和它的回答。",
    ),
)  # fmt: skip

# %% [markdown] lang="en"
# They are *sets*, each inside the one before. Three questions place anything: Does its behaviour come from data? Are several layers learned? Does it have very many parameters? *Natural-language processing* and *computer vision* are another kind of word. They name what a system is about, and cut across all four sets: a regular expression that finds dates is language processing without learning.
#
# ### How large is large?
#
# Proofread. Two sentences of article A, one of article B (in translation):
#
# > A, main text: "Large models are neural networks with several billion to several trillion parameters. These models have strong representational and computing power …" [several $10^9$ to several $10^{12}$]
#
# > A, questions and answers: "These models usually consist of several hundred million to several billion parameters." [several $10^8$ to several $10^9$]
#
# > B: "Large AI models are machine-learning models with large-scale parameters and a complex structure, such as deep neural networks and generative adversarial networks (GANs)."
#
# What is wrong with each? Decide before you open.
#
# <details><summary>What we found</summary>A contradicts itself: the lower ends differ by a factor of ten, the upper ends by a thousand. And a model has no computing power; the machine that runs it has. B gives no number, so anything can be let in or kept out; and a GAN is a way of training, of any size. Today's typical large model is a Transformer (chapter 12).</details>
#
# No committee has fixed a threshold. A course must, so that the word can be *checked*:
#
# > In this course a **large model** is a neural network with at least $10^9$ parameters.

# %% [markdown] lang="zh"
# 它们是**集合**，后一个包含在前一个之中。三个问题就能定位：行为是从数据中学来的吗？有好几层由学习得到吗？参数非常多吗？**自然语言处理**和**计算机视觉**是另一类词，说的是处理的对象，横跨这四个集合：用正则表达式查找日期，是语言处理，却没有学习。
#
# ### 多大才算大？
#
# 来校对。文章 A 两句，文章 B 一句：
#
# > A 的正文：“大模型是指那些拥有数十亿至数万亿参数的神经网络模型。这些模型具有强大的表示能力和计算能力……”〔即几个 $10^9$ 到几个 $10^{12}$〕
#
# > A 的常见问题：“这些模型通常由数亿至数十亿个参数组成。”〔即几个 $10^8$ 到几个 $10^9$〕
#
# > B：“AI大模型是指具有大规模参数和复杂结构的机器学习模型，例如深度神经网络、生成对抗网络（GAN）等。”
#
# 每句错在哪里？想好再打开。
#
# <details><summary>我们找到的</summary>A 自相矛盾：下限差十倍，上限差一千倍。另外，模型没有什么“计算能力”，有计算能力的是运行它的机器。B 不给数，想把谁算进来都行；而生成对抗网络是一种训练办法，规模可大可小。如今大模型的典型代表是 Transformer（第 12 章）。</details>
#
# 没有哪个机构规定过门槛。但课程必须定一个，这样“大”才**可以检验**：
#
# > 本课程所说的**大模型**，是指参数不少于 $10^9$ 个的神经网络。

# %% [markdown] lang="en"
# ## 3 · One neuron, then a layer
#
# A *neuron* multiplies each input by a weight, adds a bias, and bends the sum with an *activation function* $f$:
#
# $$z = w_1 x_1 + w_2 x_2 + b, \qquad \hat y = f(z).$$
#
# With two inputs the place where $z = 0$ is a straight line: there the neuron is undecided. You raise $b$ and change nothing else. Guess, then try to separate the two clouds.

# %% [markdown] lang="zh"
# ## 3 · 从一个神经元到一层
#
# **神经元**给每个输入乘上一个权重，加上偏置，再用**激活函数** $f$ 把这个加权和“弯”一下：
#
# $$z = w_1 x_1 + w_2 x_2 + b, \qquad \hat y = f(z).$$
#
# 有两个输入时，$z = 0$ 处是一条直线：在这条线上，神经元拿不定主意。只增大 $b$，别的不动。先猜，再试着把两团点分开。

# %%
from course.figures.neuron import fig_neuron

explore(
    fig_neuron,
    predict=Prediction(
        say(en="The arrow is w. You raise b. The line …", zh="箭头是 w。增大 b，直线会……"),
        options=(
            say(en="moves along the arrow", zh="顺着箭头移"),
            say(en="moves against the arrow", zh="逆着箭头移"),
            say(en="turns", zh="转动"),
        ),
        answer=1,
        because=(
            say(
                en="A larger b makes z positive in more places: the positive side, to which w points, grows.",
                zh="b 越大，z 为正的地方越多：箭头所指的正侧变大，直线只能后退。",
            ),
            say(en="The positive side grows, so the line retreats.", zh="正侧变大，直线后退。"),
            say(en="Only the weights turn it; b shifts it.", zh="只有权重能让它转动；b 只让它平移。"),
        ),
    ),
    alt=say(
        en="Left: the plane of two inputs with sixty points of two classes, the line where z is zero and the "
        "weights as an arrow; after the guess coloured by the neuron's output. Right, after the guess: the "
        "activation function with every point's z on its curve.",
        zh="左：两个输入构成的平面，上面有两类共六十个点、z 为零的直线和表示权重的箭头；猜过之后按神经元的输出着色。"
        "右（猜过之后）：激活函数的曲线，每个点的 z 都标在曲线上。",
    ),
    w1=slider(-3.0, 3.0, 1.0, step=0.1, label="w₁"),
    w2=slider(-3.0, 3.0, 0.8, step=0.1, label="w₂"),
    b=slider(-4.0, 4.0, 0.0, step=0.1, label=say(en="bias b", zh="偏置 b")),
    activation=choice(
        ((say(en="none", zh="无"), "none"), ("relu", "relu"), ("sigmoid", "sigmoid")),
        "sigmoid",
        label=say(en="activation", zh="激活函数"),
    ),
)

# %% [markdown] lang="en"
# <details><summary>Optional · Where exactly is the line?</summary>
#
# If $x$ and $x'$ both lie on it, then $w \cdot (x - x') = -b + b = 0$: the vector $w$ stands perpendicular to the line. The point nearest to the origin is therefore a multiple $t\,w$, and $w \cdot (t\,w) + b = 0$ gives $t = -b / \lVert w \rVert^2$. Measured along $w$, the line lies at the distance $-b / \lVert w \rVert$ from the origin. The figure's title shows it.</details>
#
# McCulloch and Pitts wrote down such a neuron in 1943, with fixed weights; Rosenblatt let a machine learn the weights in 1958. Article B begins its history "in the 1980s" and takes back-propagation for an imitation of biology. It is the chain rule (chapter 5).
#
# ### A layer is a matrix product
#
# A layer holds $M$ neurons that receive the same $D$ inputs. Put the weights of each neuron into a *column* of $W$, shape $(D, M)$, and each of $N$ examples into a *row* of $X$, shape $(N, D)$. Then one matrix product gives all $N M$ weighted sums:
#
# $$Z = XW + b, \qquad \hat Y = f(Z), \qquad z_{nm} = \sum_{d=1}^{D} x_{nd}\, w_{dm} + b_m .$$
#
# The bias $b$, shape $(M,)$, is added to every row. Read shapes aloud: $(N, D)$ times $(D, M)$ is $(N, M)$. The first axis counts the examples, also where there is only one: one image is `(1, 28, 28, 1)`.
#
# Article B writes "the predicted output of a deep neural network is $\hat y = f(Wx + b)$". Two remarks. It keeps one example as a column, so its $W$ is our $W^\top$: a matter of taste. But it is *one layer*. A deep network puts the result into the next layer, and the next.
#
# **Why bend?** Without $f$, two layers are no more than one:
#
# $$(XW_1 + b_1)W_2 + b_2 = X\,(W_1 W_2) + (b_1 W_2 + b_2).$$
#
# A thousand layers without activation are one layer. This chapter uses two activations:
#
# $$\operatorname{relu}(z) = \max(0, z), \qquad \sigma(z) = \frac{1}{1 + e^{-z}} .$$

# %% [markdown] lang="zh"
# <details><summary>选读 · 直线究竟在哪里？</summary>
#
# 若 $x$ 和 $x'$ 都在线上，则 $w \cdot (x - x') = -b + b = 0$：向量 $w$ 与直线垂直。因此线上离原点最近的点形如 $t\,w$，由 $w \cdot (t\,w) + b = 0$ 得 $t = -b / \lVert w \rVert^2$。沿 $w$ 的方向量，直线离原点 $-b / \lVert w \rVert$。图的标题就写着这个数。</details>
#
# 1943 年，McCulloch 和 Pitts 写下了这样的神经元，权重是固定的；1958 年，Rosenblatt 让机器自己学权重。文章 B 的历史从“20世纪80年代”讲起，还把反向传播当成对生物的模仿。其实它就是链式法则（第 5 章）。
#
# ### 一层就是一次矩阵乘法
#
# 一层里有 $M$ 个神经元，它们接收同样的 $D$ 个输入。把每个神经元的权重放进 $W$（形状 $(D, M)$）的一**列**，把 $N$ 个样本各放进 $X$（形状 $(N, D)$）的一**行**，全部 $N M$ 个加权和用一次矩阵乘法就能算出：
#
# $$Z = XW + b, \qquad \hat Y = f(Z), \qquad z_{nm} = \sum_{d=1}^{D} x_{nd}\, w_{dm} + b_m .$$
#
# 偏置 $b$（形状 $(M,)$）加到每一行上。计算之前，先把形状念一遍：$(N, D)$ 乘 $(D, M)$ 得 $(N, M)$。第一个轴总是数样本，哪怕只有一个：一张图像是 `(1, 28, 28, 1)`。
#
# 文章 B 写道：“深度神经网络的预测输出为 $\hat y = f(Wx + b)$”。有两点要说。它把一个样本写成列，所以它的 $W$ 就是这里的 $W^\top$，这是习惯问题。可这只是**一层**。深度网络要把结果交给下一层，再交给下一层。
#
# **为什么要弯一下？** 没有 $f$，两层并不比一层强：
#
# $$(XW_1 + b_1)W_2 + b_2 = X\,(W_1 W_2) + (b_1 W_2 + b_2).$$
#
# 没有激活函数，叠一千层也还是一层。本章用到两个激活函数：
#
# $$\operatorname{relu}(z) = \max(0, z), \qquad \sigma(z) = \frac{1}{1 + e^{-z}} .$$

# %% [markdown] lang="en"
# ### Exercise 1 · `dense_forward` (4 points)
#
# ```python
# dense_forward(x, W, b, activation=None) -> array
# ```
#
# Return $f(XW + b)$.
#
# - `x` (N, D), `W` (D, M), `b` (M,): float64 or float32 arrays. They stay as they are.
# - `activation`: `None` (no bend), `"relu"` or `"sigmoid"`. Any other value raises `ValueError`.
# - The result is a float NumPy array (N, M), also for N = 1. With float64 inputs it is computed in float64.
# - Weighted sums stay between −30 and 30 where the sigmoid is used. (Why larger ones are a trap: chapter 2.)
#
# One number: `x = [[1, 2]]`, a neuron with weights 1 and 0.5 and bias 0 gives 1 · 1 + 2 · 0.5 + 0 = 2.
#
# <details><summary>What hidden tests also use</summary>
#
# Random shapes, among them (1, 1, 1), (3, 3, 3) and a square W; N = 1; a relative tolerance of 1e-9, for float32 inputs of 1e-5 (the result may then be float32 or float64); sums of several hundred with relu and without activation; names that only look alike, such as `"relu6"`, `" relu"` and `"ReLU"`, Keras's `"linear"`, the empty name, `False` and 0.</details>
#
# <details><summary>Hint 1 · what to look at</summary>
#
# Which axis of the result belongs to the neurons? The bias has one number for each of them.
#
# <details><summary>Hint 2 · which step</summary>
#
# First z for all three cases, then the bend. The name is checked where no case has matched.
#
# <details><summary>Hint 3 · the step with a gap</summary>
#
# `z = x @ ___ + b`; relu is `np.maximum(z, ___)`.</details></details></details>

# %% [markdown] lang="zh"
# ### 练习 1 · `dense_forward`（4 分）
#
# ```python
# dense_forward(x, W, b, activation=None) -> array
# ```
#
# 返回 $f(XW + b)$。
#
# - `x` (N, D)、`W` (D, M)、`b` (M,)：float64 或 float32 数组，不得改动。
# - `activation`：`None`（不弯）、`"relu"` 或 `"sigmoid"`。其他值一律抛出 `ValueError`。
# - 返回浮点 NumPy 数组 (N, M)，N = 1 时也是二维。输入为 float64 时，用 float64 计算。
# - 用到 sigmoid 时，加权和在 −30 到 30 之间。（更大时有陷阱，见第 2 章。）
#
# 一个数：`x = [[1, 2]]`，某个神经元的权重为 1 和 0.5，偏置为 0，结果是 1 · 1 + 2 · 0.5 + 0 = 2。
#
# <details><summary>隐藏测试还会用到</summary>
#
# 随机形状，包括 (1, 1, 1)、(3, 3, 3) 和方阵 W；N = 1；相对误差 1e-9，float32 输入时 1e-5（此时结果为 float32 或 float64 均可）；用 relu 和不用激活函数时，绝对值达几百的加权和；只是看着像的名字，如 `"relu6"`、`" relu"`、`"ReLU"`，Keras 的 `"linear"`，空字符串、`False` 和 0。</details>
#
# <details><summary>提示 1 · 看哪里</summary>
#
# 结果的哪个轴对应神经元？偏置给每个神经元一个数。
#
# <details><summary>提示 2 · 哪一步</summary>
#
# 三种情形都先算 z，再弯。没有一种情形匹配时，就该检查名字了。
#
# <details><summary>提示 3 · 填空</summary>
#
# `z = x @ ___ + b`；relu 是 `np.maximum(z, ___)`。</details></details></details>


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
        return 1.0 / (1.0 + np.exp(-z))
    raise ValueError(f"activation must be None, 'relu' or 'sigmoid', not {activation!r}")
    ### END SOLUTION


# %% test="dense-is-xw-plus-b" points=2
def _check():
    x = np.array([[1.0, 2.0], [0.0, -1.0], [3.0, 1.0]])
    W, b = np.array([[1.0, 0.0, -1.0], [0.5, 1.0, 2.0]]), np.array([0.0, 1.0, -1.0])
    kept = x.copy(), W.copy(), b.copy()
    y = dense_forward(x, W, b)
    assert isinstance(y, np.ndarray), (
        "[ch01-TYPE] dense_forward 应返回 NumPy 数组 / dense_forward should return a NumPy array"
    )
    assert y.shape == (3, 3), "[ch01-SHAPE] 结果形状应为 (N, M) / the shape should be (N, M)"
    assert np.allclose(y, [[2.0, 3.0, 2.0], [-0.5, 0.0, -3.0], [3.5, 2.0, -2.0]]), (
        "[ch01-DENSE] 不是 xW + b：b 加到每一行上了吗？ / not xW + b: is b added to every row?"
    )
    assert all(np.array_equal(a, k) for a, k in zip((x, W, b), kept, strict=True)), (
        "[ch01-INPUT] dense_forward 改动了输入 / dense_forward modified its input"
    )
    square = dense_forward(x, np.array([[0.0, 1.0], [2.0, 3.0]]), np.zeros(2))
    assert square.shape == (3, 2) and np.allclose(square, [[4.0, 7.0], [-2.0, -3.0], [2.0, 6.0]]), (
        "[ch01-TRANSPOSED] 方阵 W 的结果不对：W 被转置了吗？ / wrong for a square W: is W transposed?"
    )
    one = dense_forward(x[:1], W, b)
    assert one.shape == (1, 3) and np.allclose(one, y[:1]), (
        "[ch01-SHAPE] N = 1 时结果仍应为二维，且与整批的第一行相同 / for N = 1 the result should still have two axes and equal the first row of the batch"
    )


_check()
### BEGIN HIDDEN TESTS


def _check_hidden():
    rng = np.random.default_rng(20101)
    for n, d, m in ((1, 1, 1), (5, 3, 4), (2, 4, 4), (1, 6, 2), (7, 2, 7), (3, 5, 1), (3, 3, 3)):
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
        assert np.allclose(y, want, rtol=1e-6, atol=1e-9), (
            "[ch01-DENSE] 不是 xW + b：检查 W 是否被转置、b 是否加到了每一行上 / not xW + b: is W transposed, is b added to every row?"
        )
        assert np.allclose(y, want, rtol=1e-9, atol=1e-12), (
            "[ch01-FLOAT64] 输入为 float64，结果却只有 float32 的精度 / the inputs are float64, the result is only as exact as float32"
        )
        small = dense_forward(x.astype(np.float32), W.astype(np.float32), b.astype(np.float32))
        assert isinstance(small, np.ndarray) and small.shape == (n, m) and np.issubdtype(small.dtype, np.floating), (
            "[ch01-DTYPE] float32 输入也应得到 (N, M) 浮点数组 / float32 inputs should give a float array (N, M) too"
        )
        assert np.allclose(small, want, rtol=1e-5, atol=1e-5), (
            "[ch01-DENSE] float32 输入的结果不对 / wrong result for float32 inputs"
        )


_check_hidden()
### END HIDDEN TESTS


# %% test="dense-applies-the-activation" points=2
def _check():
    x, W, b = np.array([[1.0], [-1.0]]), np.array([[2.0, -3.0, 90.0]]), np.array([0.5, 1.0, 10.0])
    y = dense_forward(x, W, b, "relu")
    assert isinstance(y, np.ndarray) and y.shape == (2, 3), (
        "[ch01-SHAPE] 激活函数不改变形状 (N, M) / an activation keeps the shape (N, M)"
    )
    assert np.allclose(y, [[2.5, 0.0, 100.0], [0.0, 4.0, 0.0]]), (
        "[ch01-RELU] 先加偏置，再作用 relu：负数变成 0，正数不变 / add the bias first; relu turns negative sums into 0 and keeps positive ones"
    )
    s = dense_forward(x, np.array([[2.0, -5.0]]), np.array([1.0, 0.0]), "sigmoid")
    assert isinstance(s, np.ndarray) and s.shape == (2, 2), (
        "[ch01-SHAPE] 激活函数不改变形状 (N, M) / an activation keeps the shape (N, M)"
    )
    assert np.allclose(s, 1.0 / (1.0 + np.exp([[-3.0, 5.0], [1.0, -5.0]])), rtol=1e-7), (
        "[ch01-SIGMOID] sigmoid 作用于 xW + b，σ(z) = 1/(1 + e⁻ᶻ) / the sigmoid acts on xW + b, σ(z) = 1/(1 + e⁻ᶻ)"
    )
    assert np.allclose(dense_forward(x, W, b, None), x @ W + b), (
        "[ch01-NONE] activation=None 时什么都不作用 / with activation=None nothing is applied"
    )
    for name in ("tanh", "relu6", ""):
        try:
            dense_forward(x, W, b, name)
        except ValueError:
            continue
        raise AssertionError(
            f"[ch01-NAME] 未知的激活函数名 {name!r} 应抛出 ValueError / the unknown activation {name!r} should raise ValueError"
        )


_check()
### BEGIN HIDDEN TESTS


@np.errstate(all="ignore")  # a warning is tolerated
def _check_hidden():
    from scipy.special import expit

    rng = np.random.default_rng(20102)
    for n, d, m in ((1, 1, 1), (6, 3, 5), (1, 4, 4), (9, 2, 3), (3, 3, 3)):
        x, W, b = rng.normal(size=(n, d)), rng.normal(size=(d, m)), 2.0 * rng.normal(size=m)
        z = np.einsum("nd,dm->nm", x, W) + b
        for size in (1.0, 60.0, 300.0):  # small sums, and sums that show a cap
            squeeze = 30.0 / max(30.0, size * np.abs(z).max())  # the sigmoid meets sums up to 30
            for name, scale, want in (
                ("relu", size, np.where(z > 0, size * z, 0.0)),
                ("sigmoid", size * squeeze, expit(size * squeeze * z)),
                (None, size, size * z),
            ):
                given = scale * x, W, scale * b
                kept = [a.copy() for a in given]
                y = dense_forward(*given, name)
                assert isinstance(y, np.ndarray) and y.shape == (n, m), (
                    "[ch01-SHAPE] 结果形状应为 (N, M) / the shape should be (N, M)"
                )
                assert np.allclose(y, want, rtol=1e-6, atol=1e-9), (
                    f"[ch01-ACTIVATION] activation={name!r}：先算 xW + b，再作用激活函数 / with activation={name!r}: first xW + b, then the activation"
                )
                assert np.allclose(y, want, rtol=1e-9, atol=1e-12 * size), (
                    f"[ch01-FLOAT64] activation={name!r}：输入为 float64，结果却只有 float32 的精度 / with activation={name!r}: the inputs are float64, the result is only as exact as float32"
                )
                assert all(np.array_equal(a, k) for a, k in zip(given, kept, strict=True)), (
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
    for name in (
        "tanh",
        "softmax",
        "linear-ish",
        "",
        "relu6",
        "leaky_relu",
        "hard_sigmoid",
        "log_sigmoid",
        "ReLU",
        " relu",
        "sigmoid ",
        "linear",
        "identity",
        False,
        0,
    ):
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
# **Pay-off: your layer reads digits.** The last two layers of section 1's network are dense layers. The cell lets Keras compute everything up to `Flatten` and hands the rest to *your* function. The output layer's softmax keeps the order of the scores (chapter 2), so the largest sum decides.

# %% [markdown] lang="zh"
# **派上用场：你写的层在认数字。** 第 1 节的网络，最后两层就是全连接层。下面让 Keras 算到 `Flatten` 为止，余下的交给**你的**函数。输出层的 softmax 不改变得分的次序（第 2 章），所以看最大的加权和就行。

# %% demo
with when_solved("dense_forward"):
    features = x[unseen]
    for layer in model.layers[:-2]:
        features = layer(features)
    (W1, b1), (W2, b2) = (layer.get_weights() for layer in model.layers[-2:])
    scores = dense_forward(dense_forward(np.array(features), W1, b1, "relu"), W2, b2)
    print(
        say(
            en="yours: {n} of 514 right",
            zh="你的函数：514 张认对 {n} 张",
            n=int((scores.argmax(1) == labels[unseen]).sum()),
        )
    )
    straight = dense_forward(dense_forward(np.array(features), W1, b1), W2, b2)
    single = dense_forward(np.array(features), W1 @ W2, b1 @ W2 + b2)
    print(
        say(
            en="without the bend, two layers differ from one by {d:.1g}",
            zh="不弯一下，两层与一层只差 {d:.1g}",
            d=np.abs(straight - single).max(),
        )
    )

# %% [markdown] lang="en"
# ## 4 · Where the parameters sit
#
# Parameters are what training may change: weights and biases. Article B's network is article A's with a third convolution, and 64 instead of 128 hidden units. Suppose you add only the third convolution to A. More parameters or fewer?

# %% [markdown] lang="zh"
# ## 4 · 参数都在哪里
#
# 参数就是训练时可以改变的量：权重和偏置。文章 B 的网络，就是文章 A 的网络加上第三个卷积层，隐藏单元由 128 个改为 64 个。如果只给 A 加上第三个卷积层，参数会变多还是变少？

# %%
from course.figures.layer_stack import fig_layer_stack

explore(
    fig_layer_stack,
    predict=Prediction(
        say(en="Article A's network gets a third convolution. Its parameters …", zh="给文章 A 的网络加上第三个卷积层，参数会……"),
        options=(say(en="grow", zh="变多"), say(en="stay the same", zh="不变"), say(en="shrink", zh="变少")),
        answer=2,
        because=(
            say(
                en="The convolution costs 36,928, but it shrinks the image from 5×5 to 3×3, and the dense layer behind loses 131,072.",
                zh="卷积层添了 36,928 个，却把图像从 5×5 缩到 3×3，后面的全连接层少了 131,072 个。",
            ),
            say(en="Both layers change: +36,928 and −131,072.", zh="有两层变了：+36,928 和 −131,072。"),
            say(
                en="The dense layer behind it sees a smaller image. Switch the third convolution on and read the shares.",
                zh="后面的全连接层收到的图像变小了。打开“第三个卷积层”开关，看看各层的占比。",
            ),
        ),
    ),
    alt=say(
        en="The layers of a network in a row, with the shape behind each. After the guess three strips, yours, "
        "article A's and article B's: the share of the parameters in each layer, and the total.",
        zh="网络的各层排成一行，标出每层之后的形状。猜过之后是三条色带，分别为你的网络、文章 A 和文章 B 的网络：各层参数"
        "所占的比例，以及总数。",
    ),
    third_conv=toggle(False, label=say(en="third convolution", zh="第三个卷积层")),
    second_pool=toggle(True, label=say(en="second pooling", zh="第二次池化")),
    width2=slider(8, 256, 64, step=8, label=say(en="filters of later convolutions", zh="后续卷积核数")),
    dense=slider(16, 1024, 128, step=16, label=say(en="hidden units", zh="隐藏单元数")),
)  # fmt: skip

# %% [markdown] lang="en"
# Counting needs no computer, only shapes. **Dense layer**, $n_{\mathrm{in}}$ inputs, $n_{\mathrm{out}}$ neurons: one weight per input and one bias for each neuron,
#
# $$P = (n_{\mathrm{in}} + 1)\, n_{\mathrm{out}} .$$
#
# **Convolution** (chapter 4 builds one): each of the $c_{\mathrm{out}}$ filters is a neuron that acts on a window of $k_h \times k_w$ pixels in all $c_{\mathrm{in}}$ channels. It slides over the image *with the same weights everywhere*, so the size of the image does not occur:
#
# $$P = (k_h k_w c_{\mathrm{in}} + 1)\, c_{\mathrm{out}} .$$
#
# **Pooling** and **flatten** have nothing to learn. Without biases, drop the $+1$.

# %% [markdown] lang="zh"
# 数参数不用计算机，只要看形状。**全连接层**，$n_{\mathrm{in}}$ 个输入，$n_{\mathrm{out}}$ 个神经元：每个神经元对每个输入有一个权重，另有一个偏置，
#
# $$P = (n_{\mathrm{in}} + 1)\, n_{\mathrm{out}} .$$
#
# **卷积层**（第 4 章亲手实现）：$c_{\mathrm{out}}$ 个卷积核各是一个神经元，作用于全部 $c_{\mathrm{in}}$ 个通道上 $k_h \times k_w$ 的窗口。它**带着同一组权重**滑过整幅图像，所以式中没有图像的大小：
#
# $$P = (k_h k_w c_{\mathrm{in}} + 1)\, c_{\mathrm{out}} .$$
#
# **池化**和**展平**没有要学的东西。不带偏置时，去掉 $+1$。

# %% [markdown] lang="en"
# ### Exercise 2 · `count_params` (4 points)
#
# ```python
# count_params(layers, use_bias=True) -> int
# ```
#
# Count the parameters of a stack of layers. Each item of the list `layers` is a tuple:
#
# - `("conv", k, c_in, c_out)`: `k` is an int (square window) or a tuple `(kh, kw)`;
# - `("dense", n_in, n_out)`;
# - `("pool", k)`, with `k` as above, and `("flatten",)`.
#
# `use_bias` says whether all convolutions and dense layers have biases, or none. The result is an `int` or a NumPy integer. The list stays as it is.
#
# One number: article A's first layer, `("conv", 3, 1, 32)`, has (3 · 3 · 1 + 1) · 32 = 320.
#
# <details><summary>What hidden tests also use</summary>Both articles' networks, with and without biases; windows that are not square; stacks with equal layers, also with others between them; stacks of some twenty layers; at most a million parameters; random stacks, compared with Keras.</details>
#
# <details><summary>Hint 1 · what to look at</summary>
#
# The first entry of a tuple tells the kind; the others are the sizes that the formula needs.
#
# <details><summary>Hint 2 · which step</summary>
#
# Go through the list and add what each layer contributes. Turn an int k into (k, k) first; then one formula does for all convolutions.
#
# <details><summary>Hint 3 · the step with a gap</summary>
#
# `total += (kh * kw * c_in + ___) * c_out`: in Python, True counts as 1.</details></details></details>

# %% [markdown] lang="zh"
# ### 练习 2 · `count_params`（4 分）
#
# ```python
# count_params(layers, use_bias=True) -> int
# ```
#
# 数出一串层的参数总数。列表 `layers` 的每一项是一个元组：
#
# - `("conv", k, c_in, c_out)`：`k` 是整数（方形窗口）或元组 `(kh, kw)`；
# - `("dense", n_in, n_out)`；
# - `("pool", k)`（`k` 同上）和 `("flatten",)`。
#
# `use_bias` 表示所有卷积层和全连接层都带偏置，还是都不带。返回 `int` 或 NumPy 整数。不得改动列表。
#
# 一个数：文章 A 的第一层 `("conv", 3, 1, 32)` 有 (3 · 3 · 1 + 1) · 32 = 320 个参数。
#
# <details><summary>隐藏测试还会用到</summary>两篇文章的网络，带偏置和不带偏置；非方形窗口；含有相同层的网络，相同的层也可能隔着别的层；二十来层的网络；参数不超过一百万个；随机生成的网络，与 Keras 对照。</details>
#
# <details><summary>提示 1 · 看哪里</summary>
#
# 元组的第一项说明层的种类，其余各项就是公式要用的大小。
#
# <details><summary>提示 2 · 哪一步</summary>
#
# 遍历列表，把每层的贡献加起来。先把整数 k 变成 (k, k)，卷积层就只有一个公式。
#
# <details><summary>提示 3 · 填空</summary>
#
# `total += (kh * kw * c_in + ___) * c_out`：在 Python 里，True 当 1 用。</details></details></details>


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
    for layer, biases, want in (
        (("conv", 3, 1, 32), True, 320),
        (("conv", 3, 1, 32), False, 288),
        (("conv", (2, 5), 3, 4), True, 124),
        (("conv", (2, 5), 3, 4), False, 120),
        (("dense", 7, 5), True, 40),
        (("dense", 7, 5), False, 35),
        (("pool", 2), True, 0),
        (("flatten",), True, 0),
    ):
        assert count_params([layer], biases) == want, (
            f"[ch01-LAYER] {layer}（use_bias={biases}）数错了：按公式用手算一遍 / {layer} with use_bias={biases} is miscounted: work the formula out by hand"
        )


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
    given = list(stack)
    assert count_params(given) == 40 + 370, (
        "[ch01-SUM] 网络的参数是各层参数之和 / a network has the parameters of all its layers"
    )
    assert given == stack, "[ch01-INPUT] count_params 改动了列表 layers / count_params modified the list layers"
    # A property: a stack has as many parameters as its two halves together, also if they are equal.
    twins = [("conv", 3, 4, 4), ("conv", 3, 4, 4), ("dense", 8, 8), ("dense", 8, 8)]
    assert count_params(twins) == count_params(twins[:1]) * 2 + count_params(twins[2:3]) * 2, (
        "[ch01-TWICE] 同样的层出现两次，应数两次 / a layer that occurs twice counts twice"
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

    rng = np.random.default_rng(20106)
    front = [  # layer, weights, biases
        (("conv", 3, 4, 4), 144, 4),
        (("conv", (2, 3), 4, 4), 96, 4),
        (("pool", 2), 0, 0),
        (("pool", (2, 3)), 0, 0),
    ]
    back = [(("flatten",), 0, 0), (("dense", 6, 6), 36, 6), (("dense", 6, 6), 36, 6)]
    for _ in range(3):  # long stacks, where every kind of layer comes again later
        chosen = [front[i] for i in rng.permutation(list(range(4)) * 3)] + back * 2
        for bias in (True, False):
            assert count_params([layer for layer, _, _ in chosen], bias) == sum(w + bias * b for _, w, b in chosen), (
                "[ch01-LONG] 一长串层数错了：后面的层、隔着别的层再次出现的层都数了吗？ / a long stack is miscounted: do later layers count, and layers that come again further on?"
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
# **Pay-off: the verdict on "large".** Both articles call their networks large models. Count them with your own function.

# %% [markdown] lang="zh"
# **派上用场：究竟大不大。** 两篇文章都把自己的网络叫作大模型。用你自己的函数数一数。

# %% demo
ARTICLES = {
    "A": [("conv", 3, 1, 32), ("pool", 2), ("conv", 3, 32, 64), ("pool", 2), ("flatten",),
          ("dense", 1600, 128), ("dense", 128, 10)],
    "B": [("conv", 3, 1, 32), ("pool", 2), ("conv", 3, 32, 64), ("pool", 2), ("conv", 3, 64, 64), ("flatten",),
          ("dense", 576, 64), ("dense", 64, 10)],
}  # fmt: skip
with when_solved("count_params"):
    for article, stack in ARTICLES.items():
        n = count_params(stack)
        print(
            say(
                en="article {a}: {n:,} parameters, 1/{f:,.0f} of the threshold",
                zh="文章 {a}：{n:,} 个参数，约为门槛的 1/{f:,.0f}",
                a=article,
                n=n,
                f=1e9 / n,
            )
        )
    print(say(en="Keras counts {n:,} in `model`", zh="Keras 数出 `model` 有 {n:,} 个", n=model.count_params()))

# %% [markdown] lang="en"
# ## 5 · What fits into memory
#
# You have a graphics card with 24 GB and want to work with Llama 2, whose smallest version has 6.74 billion parameters. What can the card do?

# %% [markdown] lang="zh"
# ## 5 · 内存放得下什么
#
# 你有一块 24 GB 的显卡，想用 Llama 2，它最小的版本有 67.4 亿个参数。这块显卡能做什么？

# %%
from course.figures.layer_stack import ITEM_SIZE, MODELS, fig_memory

explore(
    fig_memory,
    predict=Prediction(
        say(en="Llama 2 with 6.74 billion parameters on a 24 GB card. What fits?", zh="67.4 亿个参数的 Llama 2，24 GB 的显卡，放得下什么？"),
        options=(
            say(en="training with Adam in float32", zh="用 float32 和 Adam 训练"),
            say(en="answering in float32", zh="用 float32 推理"),
            say(en="answering in bfloat16, no training", zh="用 bfloat16 推理，不能训练"),
        ),
        answer=2,
        because=(
            say(en="That takes four numbers of 4 bytes per parameter: 108 GB.", zh="那要给每个参数存四个 4 字节的数：108 GB。"),
            say(en="The weights alone take 27 GB at 4 bytes each.", zh="每个权重 4 字节，光权重就要 27 GB。"),
            say(en="13.5 GB of weights; gradients would double that.", zh="权重 13.5 GB；再加梯度就翻倍了。"),
        ),
    ),
    alt=say(
        en="Memory in gigabytes, with dashed lines at what a card of 24 GB and one of 80 GB hold. After the guess a "
        "bar, divided into weights, gradients and the optimizer's states.",
        zh="内存（单位 GB），虚线标出 24 GB 和 80 GB 显卡的容量。猜过之后出现一根条形，分为权重、梯度和优化器状态几段。",
    ),
    model=choice(tuple(MODELS), "Llama 2 7B", label=say(en="model", zh="模型")),
    dtype=choice(tuple(ITEM_SIZE), "float32", label=say(en="type", zh="类型")),
    optimizer=choice(
        ((say(en="inference", zh="推理"), "none"), ("SGD", "sgd"), (say(en="momentum", zh="动量法"), "momentum"), ("Adam", "adam")),
        "none",
        label=say(en="use", zh="用途"),
    ),
    trained=slider(0.5, 100.0, 100.0, step=0.5, label=say(en="trained, %", zh="参与训练的 %")),
)  # fmt: skip

# %% [markdown] lang="en"
# A number takes $s$ bytes: `float64` 8, `float32` 4, `bfloat16` and `float16` 2, `int8` 1. While a network trains, memory holds
#
# 1. the **weights**: $s$ bytes for each of $P$ parameters;
# 2. the **gradients**, the slope of the loss along each parameter: another $s$ bytes;
# 3. the **optimizer states**, moving averages of earlier gradients: $k$ numbers of $s$ bytes. Plain gradient descent (SGD) keeps none, momentum one, Adam two (chapter 6).
#
# If you cannot afford this, train only $T$ of the $P$ parameters and *freeze* the others: a frozen parameter needs its weight, and no gradient and no state. Fine-tuning with small adapters (LoRA, chapter 10) does this, with $T$ near 1 % of $P$. In bytes, for training ($M$) and for inference ($M_0$):
#
# $$M = s\,P + (1 + k)\,s\,T, \qquad M_0 = s\,P .$$
#
# *Not counted*: activations, the intermediate results that back-propagation keeps. They grow with the batch and can exceed all of this. Mixed precision stores more than one type; with Adam it also comes to 16 bytes per parameter (Rajbhandari et al. 2020).

# %% [markdown] lang="zh"
# 一个数占 $s$ 字节：`float64` 8，`float32` 4，`bfloat16` 和 `float16` 2，`int8` 1。训练时，内存里有
#
# 1. **权重**：$P$ 个参数，每个 $s$ 字节；
# 2. **梯度**，即损失沿每个参数的斜率：每个再占 $s$ 字节；
# 3. **优化器状态**，即以往梯度的滑动平均：$k$ 个数，每个 $s$ 字节。普通梯度下降（SGD）一个也不存，动量法存一个，Adam 存两个（第 6 章）。
#
# 放不下怎么办？只训练 $P$ 个参数中的 $T$ 个，把其余的**冻结**：冻结的参数只占权重，没有梯度，也没有优化器状态。用小小的适配器微调（LoRA，第 10 章）就是这样，$T$ 只有 $P$ 的 1% 左右。单位为字节，训练记作 $M$，推理记作 $M_0$：
#
# $$M = s\,P + (1 + k)\,s\,T, \qquad M_0 = s\,P .$$
#
# **没有算进去的**：激活值，也就是反向传播要保留的中间结果。它随批量增长，有时比上面全部加起来还多。混合精度训练会同时存几种类型；配合 Adam，同样是每个参数 16 字节（Rajbhandari 等，2020）。

# %% [markdown] lang="en"
# ### Exercise 3 · `memory_bytes` (4 points)
#
# ```python
# memory_bytes(n_params, dtype="float32", optimizer="sgd", n_trained=None) -> int
# ```
#
# Return the bytes for weights, gradients and optimizer states, all stored in `dtype`.
#
# - `n_params` is an int from 0 to 10¹⁷; `dtype` is one of the five names of this section.
# - `optimizer` is `"sgd"`, `"momentum"` or `"adam"` for training, `"none"` for inference.
# - `n_trained`, from 0 to `n_params`, says how many parameters are trained; `None` means all of them. For inference it does not matter.
# - Another `dtype` or `optimizer` raises `ValueError`, even if NumPy knows the type.
# - The result is exact, an `int` or a NumPy integer: bytes, without rounding.
#
# One number: 1,000 parameters, float32, Adam, 10 of them trained: 4 · 1,000 + 3 · 4 · 10 = 4,120.
#
# <details><summary>What hidden tests also use</summary>
#
# All combinations; 0 parameters; 0 trained ones; more than 10¹² parameters, where rounding shows; names such as `"int16"`, `"Adam"`, `"adamw"`, `"float"`, the empty one and `None`, also for inference, with 0 parameters and with 0 trained ones.</details>
#
# <details><summary>Hint 1 · what to look at</summary>
#
# Which parts exist for every parameter, and which only for trained ones?
#
# <details><summary>Hint 2 · which step</summary>
#
# Two dictionaries: bytes per type, further copies per optimizer (inference has none). A missing key gives KeyError, which is not what the statement asks for.
#
# <details><summary>Hint 3 · the step with a gap</summary>
#
# `trained = n_params if n_trained is ___ else n_trained`, then `size * (n_params + copies * ___)`.</details></details></details>

# %% [markdown] lang="zh"
# ### 练习 3 · `memory_bytes`（4 分）
#
# ```python
# memory_bytes(n_params, dtype="float32", optimizer="sgd", n_trained=None) -> int
# ```
#
# 返回权重、梯度和优化器状态共占多少字节，它们都以 `dtype` 存放。
#
# - `n_params` 是 0 到 10¹⁷ 的整数；`dtype` 是本节五个名字之一。
# - `optimizer` 取 `"sgd"`、`"momentum"` 或 `"adam"` 表示训练，取 `"none"` 表示推理。
# - `n_trained` 在 0 到 `n_params` 之间，表示训练多少个参数；`None` 表示全部。推理时它不起作用。
# - 其他 `dtype` 或 `optimizer` 一律抛出 `ValueError`，即使 NumPy 认识那个类型。
# - 结果是精确的 `int` 或 NumPy 整数：单位是字节，不做舍入。
#
# 一个数：1,000 个 float32 参数，用 Adam 只训练其中 10 个：4 · 1,000 + 3 · 4 · 10 = 4,120。
#
# <details><summary>隐藏测试还会用到</summary>
#
# 所有组合；0 个参数；0 个参与训练；超过 10¹² 个参数（舍入会露馅）；`"int16"`、`"Adam"`、`"adamw"`、`"float"` 这样的名字，空字符串和 `None`，推理时、参数为 0 个或 0 个参与训练时也一样。</details>
#
# <details><summary>提示 1 · 看哪里</summary>
#
# 哪些部分每个参数都有，哪些只有参与训练的参数才有？
#
# <details><summary>提示 2 · 哪一步</summary>
#
# 用两个字典：每种类型几个字节，每种优化器另存几份（推理不另存）。键不存在时抛出的是 KeyError，不是题目要求的错误。
#
# <details><summary>提示 3 · 填空</summary>
#
# `trained = n_params if n_trained is ___ else n_trained`，然后 `size * (n_params + copies * ___)`。</details></details></details>


# %% solution="memory-bytes"
def memory_bytes(n_params: int, dtype: str = "float32", optimizer: str = "sgd", n_trained: int | None = None) -> int:
    """Return the bytes that weights, gradients and optimizer states take.

    Args:
        n_params: number of parameters.
        dtype: "float64", "float32", "bfloat16", "float16" or "int8".
        optimizer: "sgd", "momentum", "adam", or "none" for inference.
        n_trained: how many parameters are trained; None for all.

    Raises:
        ValueError: another dtype or optimizer.
    """
    ### BEGIN SOLUTION
    sizes = {"float64": 8, "float32": 4, "bfloat16": 2, "float16": 2, "int8": 1}
    copies = {"none": 0, "sgd": 1, "momentum": 2, "adam": 3}
    if dtype not in sizes:
        raise ValueError(f"dtype must be one of {', '.join(sizes)}, not {dtype!r}")
    if optimizer not in copies:
        raise ValueError(f"optimizer must be one of {', '.join(copies)}, not {optimizer!r}")
    trained = n_params if n_trained is None else n_trained
    return sizes[dtype] * (n_params + copies[optimizer] * trained)
    ### END SOLUTION


# %% test="memory-counts-every-copy" points=2
def _check():
    for optimizer, want in (("none", 4000), ("sgd", 8000), ("momentum", 12000), ("adam", 16000)):
        got = memory_bytes(1000, "float32", optimizer)
        assert isinstance(got, (int, np.integer)), (
            "[ch01-TYPE] memory_bytes 应返回整数 / memory_bytes should return an int"
        )
        assert got == want, (
            f"[ch01-COPIES] float32、{optimizer}：权重、梯度、优化器状态各存几份？ / float32 with {optimizer}: how many copies of weights, gradients and states?"
        )
    for dtype, want in (("float64", 16), ("bfloat16", 4), ("float16", 4), ("int8", 2)):
        assert memory_bytes(1, dtype) == want, (
            f"[ch01-SIZE] {dtype} 每个数占多少字节？不是位 / how many bytes does a {dtype} take? bytes, not bits"
        )
    assert memory_bytes(10**16 + 1, "int8", "none") == 10**16 + 1, (
        "[ch01-EXACT] 结果应精确：不要经过浮点数 / the result should be exact: no detour over floats"
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
                    f"[ch01-COPIES] dtype={dtype}, optimizer={optimizer}, n_params={n}：检查字节数、份数和舍入 / with dtype={dtype}, optimizer={optimizer}, n_params={n}: check bytes, copies and rounding"
                )


_check_hidden()
### END HIDDEN TESTS


# %% test="memory-of-frozen-parameters" points=1
def _check():
    for n_trained, want in ((10, 4120), (0, 4000), (1000, 16000), (None, 16000)):
        got = memory_bytes(1000, "float32", "adam", n_trained)
        assert isinstance(got, (int, np.integer)) and got == want, (
            f"[ch01-FROZEN] n_trained={n_trained}：冻结的参数只占权重 / n_trained={n_trained}: a frozen parameter needs its weight only"
        )
    assert memory_bytes(1000, "float16", "none", 10) == 2000, (
        "[ch01-INFERENCE] 推理时 n_trained 不起作用 / for inference n_trained does not matter"
    )


_check()
### BEGIN HIDDEN TESTS


def _check_hidden():
    parts = {"none": 0, "sgd": 1, "momentum": 2, "adam": 3}
    for n, trained in ((1, 0), (7, 3), (10**12 + 1, 10**10 + 3), (93322, 93322), (0, 0), (10**16 + 1, 1)):
        for dtype, size in (("float64", 8), ("float32", 4), ("bfloat16", 2), ("float16", 2), ("int8", 1)):
            for optimizer, copies in parts.items():
                got = memory_bytes(n, dtype, optimizer, n_trained=trained)
                assert isinstance(got, (int, np.integer)) and not isinstance(got, bool), (
                    "[ch01-TYPE] memory_bytes 应返回整数 / memory_bytes should return an int"
                )
                assert int(got) == sum([size * n] + [size * trained] * copies), (
                    f"[ch01-FROZEN] {optimizer}、n_params={n}、n_trained={trained}：核对公式 / {optimizer} with n_params={n}, n_trained={trained}: check the formula"
                )


_check_hidden()
### END HIDDEN TESTS


# %% test="memory-refuses-unknown-names" points=1
def _check():
    for arguments in ((10, "float7"), (10, "int16"), (10, "float32", "sgdd"), (10, "")):
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
    types = ("int16", "int32", "int64", "complex64", "float128", "bf16", "", "float", "bfloat", "Float32", "uint8", None)
    optimizers = ("rmsprop", "inference", "", "Adam", "adamw", "mom", "SGD", "None", None)
    calls = [(dtype, optimizer) for dtype in types for optimizer in ("none", "sgd", "momentum", "adam")]
    calls += [(dtype, optimizer) for dtype in ("float64", "bfloat16", "int8") for optimizer in optimizers]
    for arguments in [(n, *names, k) for names in calls for n, k in ((10, None), (10, 0), (0, None))]:
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
    assert isinstance(valid, (int, np.integer)) and valid == 6, "[ch01-NAME] bfloat16 是有效的名字 / bfloat16 is valid"


_check_hidden()
### END HIDDEN TESTS

# %% [markdown] lang="en"
# **Pay-off: your card.** Which published models can you run, and which can you fine-tune? Put your own card's memory into the first line. (An `int8` weight is enough for answering; training needs more precise gradients, so the last two columns use bfloat16.)

# %% [markdown] lang="zh"
# **派上用场：你的显卡。** 公开发布的模型里，哪些你能运行，哪些你能微调？把第一行换成自己显卡的内存。（推理时 `int8` 权重就够了；训练需要更精确的梯度，所以后两列用 bfloat16。）

# %% demo
CARD = 24e9
with when_solved("memory_bytes"):
    print(
        say(
            en="GB to answer (int8), to train 1 %, to train all (Adam)",
            zh="依次为：推理（int8）、训练 1%、全部训练（Adam）所需 GB",
        )
    )
    for name, n in MODELS.items():
        n = int(n)
        needs = (
            memory_bytes(n, "int8", "none"),
            memory_bytes(n, "bfloat16", "adam", n // 100),
            memory_bytes(n, "bfloat16", "adam"),
        )
        print(f"{name:14}", *(f"{need / 1e9:9,.1f} {'✓' if need <= CARD else '✗'}" for need in needs))

# %% [markdown] lang="en"
# ## 6 · From data to service
#
# Article B draws the life of a model as a chain: collect → process → train → evaluate → deploy. Each arrow hands on something definite, and most failures are failures of what is handed on; you saw two in section 1.
#
# The figure runs a real, tiny pipeline on scikit-learn's 8×8 digits. One number is *reported* by the evaluation. Another, the accuracy *in use*, nobody measures; we can, because it is our experiment. Five questions, one per stage. Guess, then turn the trouble up.

# %% [markdown] lang="zh"
# ## 6 · 从数据到服务
#
# 文章 B 把模型的一生画成一条链：采集 → 处理 → 训练 → 评估 → 部署。每个箭头都交付一样确定的东西，多数故障就出在交付上；第 1 节里你已经见过两次。
#
# 下图是一条真实而微小的流水线，用的是 scikit-learn 的 8×8 数字图像。评估环节**报告**一个准确率。另一个是**使用中**的准确率，平时没有人去量；这里是我们自己的实验，所以量得到。五个问题，每个环节一个。先猜，再把故障调大。

# %%
from course.figures.pipeline import fig_pipeline

MOVES = (
    say(en="only the reported one", zh="只有报告的"),
    say(en="only the one in use", zh="只有使用中的"),
    say(en="both", zh="两者都变"),
    say(en="hardly either", zh="两者几乎都不变"),
)
explore_in_turn(
    fig_pipeline,
    Round(
        Prediction(
            say(en="Collect: half of the training labels are wrong. Which accuracy moves?", zh="采集：训练标签错了一半。哪个准确率会变？"),
            options=MOVES,
            answer=2,
            because=(
                say(en="The weights are worse, so the users feel it too.", zh="权重变差了，用户也感觉得到。"),
                say(en="The evaluation labels are clean, so the report sees it.", zh="评估用的标签是干净的，报告看得出来。"),
                say(en="Worse weights, seen by a clean evaluation.", zh="权重变差，干净的评估看得出来。"),
                say(en="The errors do not cancel: turn it up.", zh="错误不会互相抵消：把故障调大看看。"),
            ),
        ),
        {"stage": "collect"},
    ),
    Round(
        Prediction(
            say(en="Process: the service forgets to invert some of the requests. Which accuracy moves?", zh="处理：服务端对一部分请求忘了反相。哪个准确率会变？"),
            options=MOVES,
            answer=1,
            because=(
                say(en="Training and evaluation still agree with each other.", zh="训练和评估仍然彼此一致。"),
                say(en="Only the users send something else. Processing is part of the model.", zh="只有用户送来的不一样。处理也是模型的一部分。"),
                say(en="The report never sees these requests.", zh="报告根本看不到这些请求。"),
                say(en="Remember the scanner of section 1.", zh="想想第 1 节的扫描仪。"),
            ),
        ),
        {"stage": "process"},
    ),
    Round(
        Prediction(
            say(en="Train: you save half of the steps. Which accuracy moves?", zh="训练：省掉一半步数。哪个准确率会变？"),
            options=MOVES,
            answer=3,
            because=(
                say(en="Both use the same weights.", zh="两者用的是同一组权重。"),
                say(en="Both use the same weights.", zh="两者用的是同一组权重。"),
                say(en="The loss still falls, but the largest score is in the right place long before.", zh="损失还在降，但得分最高的早已是正确的类。"),
                say(en="The loss still falls; the largest score is right long before. Loss is not accuracy.", zh="损失还在降，得分最高的却早已正确。损失不是准确率。"),
            ),
        ),
        {"stage": "train"},
    ),
    Round(
        Prediction(
            say(en="Evaluate: training rows slip into the evaluation. Which accuracy moves?", zh="评估：训练样本混进了评估数据。哪个准确率会变？"),
            options=MOVES,
            answer=0,
            because=(
                say(en="It rises: the model knows these rows. This is leakage (chapter 8).", zh="它会升高：这些样本模型都见过。这叫数据泄漏（第 8 章）。"),
                say(en="The model and its users are the same as before.", zh="模型和用户都没有变。"),
                say(en="The model is the same as before.", zh="模型没有变。"),
                say(en="The model knows these rows.", zh="这些样本模型都见过。"),
            ),
        ),
        {"stage": "evaluate"},
    ),
    Round(
        Prediction(
            say(en="Deploy: the users buy new, noisier cameras. Which accuracy moves?", zh="部署：用户换了噪声更大的新相机。哪个准确率会变？"),
            options=MOVES,
            answer=1,
            because=(
                say(en="The report was written before.", zh="报告是之前写好的。"),
                say(en="And nobody notices, unless you watch the inputs (chapter 16).", zh="而且没有人察觉，除非你监控输入（第 16 章）。"),
                say(en="The report was written before.", zh="报告是之前写好的。"),
                say(en="Turn the noise up.", zh="把噪声调大看看。"),
            ),
        ),
        {"stage": "deploy"},
    ),
    alt=say(
        en="The chain collect, process, train, evaluate, deploy, with one stage marked. Below it what this stage "
        "hands on, and the reported accuracy and the accuracy in use; after the guess as curves against the amount of "
        "the stage's trouble.",
        zh="“采集、处理、训练、评估、部署”五个环节的链条，标出其中一个。下方是这个环节交付的东西，以及报告的准确率和"
        "使用中的准确率；猜过之后画成随故障程度变化的曲线。",
    ),
    trouble=slider(0.0, 1.0, 0.5, step=0.05, label=say(en="trouble", zh="故障程度")),
)  # fmt: skip

# %% [markdown] lang="en"
# **Which stage is broken?** Now you see a pipeline from outside. Grey is the sound one. The loss in training, the two accuracies and the pixels that the service is sent are enough to tell.

# %% [markdown] lang="zh"
# **坏的是哪个环节？** 现在只能从外面看一条流水线。灰色是正常的情形。训练损失、两个准确率，再加上服务收到的像素，就足以判断。

# %%
from course.figures.pipeline import CASES, fig_symptoms, stages

WHY = {
    "collect": say(
        en="Trained to the end, yet the loss stays high and both accuracies are low: the labels contradict the images.",
        zh="训练到了头，损失仍然很高，两个准确率都低：标签与图像对不上。",
    ),
    "process": say(
        en="The report is fine; the service is sent light where training had dark: a processing step is missing there.",
        zh="报告正常；服务收到的像素深浅颠倒：那里漏了一个处理步骤。",
    ),
    "train": say(
        en="Two or three steps, then nothing: training was stopped.", zh="走了两三步就没有了：训练被中途叫停。"
    ),
    "evaluate": say(
        en="The report is better than it can be, and the users see no difference: rows have leaked.",
        zh="报告好得不像话，用户却没有感到变化：数据泄漏了。",
    ),
    "deploy": say(
        en="The report is fine; the pixels are smeared out, not inverted: noise came with new devices.",
        zh="报告正常；像素值不是颠倒，而是散开了：新设备带来了噪声。",
    ),
}
explore_in_turn(
    fig_symptoms,
    *(
        Round(
            Prediction(
                say(en="Which stage is broken?", zh="坏的是哪个环节？"),
                options=tuple(stages().values()),
                answer=list(stages()).index(stage),
                because=WHY[stage],
            ),
            {"case": number},
        )
        for number, (stage, _) in enumerate(CASES)
    ),
    alt=say(
        en="Three panels beside a sound pipeline in grey: the training loss, the reported accuracy and the accuracy "
        "in use as bars, and the distribution of the pixels that the service is sent. After the guess the broken stage "
        "is marked in the chain above.",
        zh="三个小图，灰色为正常的流水线：训练损失，报告的和使用中的准确率（条形），服务收到的像素的分布。猜过之后，上"
        "方链条中标出坏掉的环节。",
    ),
)

# %% [markdown] lang="en"
# ### Processing that nothing can break
#
# Section 1 had its processing in one line. As part of a service it becomes a function, and three details decide.
#
# - **Type.** Article B writes `x_train / 255.0`. NumPy answers in float64: 60,000 · 28 · 28 · 8 = 376,320,000 bytes for MNIST, twice what article A's `.astype("float32") / 255` takes, and Keras converts to float32 anyway. A's line is the better one.
# - **Constant.** The divisor belongs to the *format*. Divide by the largest value of the batch, and the same image has other values in another batch, and a black one divides by zero.
# - **Axis.** Keras's convolutions expect the channels last, `(N, H, W, C)`, unless told otherwise. A grey image has one.

# %% [markdown] lang="zh"
# ### 谁也弄不坏的预处理
#
# 第 1 节的处理只有一行。到了服务里，它要变成一个函数，写得好不好，要看三个细节。
#
# - **类型。** 文章 B 写的是 `x_train / 255.0`。NumPy 给出 float64：MNIST 要占 60,000 · 28 · 28 · 8 = 376,320,000 字节，是文章 A 的 `.astype("float32") / 255` 的两倍，而 Keras 反正要转换成 float32。这里 A 的写法更好。
# - **常数。** 除数取决于**数据格式**。若除以本批的最大值，同一张图在别的批量里就变成别的数，遇到全黑图还会除以零。
# - **轴。** Keras 的卷积层默认把通道放在末尾：`(N, H, W, C)`。灰度图只有一个通道。

# %% [markdown] lang="en"
# ### Exercise 4 · `preprocess` (2 points)
#
# ```python
# preprocess(images) -> array
# ```
#
# - `images`: uint8 array (N, H, W) or (N, H, W, 1). The number of axes decides, not their lengths. It stays as it is.
# - The result: float32 NumPy array (N, H, W, 1); grey value g becomes g / 255 (to 1e-6), whatever else is in the batch.
#
# One number: 51 becomes 0.2.
#
# <details><summary>What hidden tests also use</summary>All 256 grey values; black and very dark batches; N = 1; four axes; images that are not square, also one pixel wide or high.</details>
#
# <details><summary>Hint 1 · what to look at</summary>
#
# Which type does uint8 / 255 have? Which has float32 / 255?
#
# <details><summary>Hint 2 · which step</summary>
#
# Convert, divide, then give the result its shape: both inputs share their first three axes.
#
# <details><summary>Hint 3 · the step with a gap</summary>
#
# `.reshape(*images.shape[:___], 1)`</details></details></details>

# %% [markdown] lang="zh"
# ### 练习 4 · `preprocess`（2 分）
#
# ```python
# preprocess(images) -> array
# ```
#
# - `images`：uint8 数组 (N, H, W) 或 (N, H, W, 1)。看轴的个数，不看轴的长度。不得改动。
# - 返回 float32 NumPy 数组 (N, H, W, 1)；灰度 g 变成 g / 255（误差 1e-6 以内），与同批其他数据无关。
#
# 一个数：51 变成 0.2。
#
# <details><summary>隐藏测试还会用到</summary>全部 256 个灰度值；全黑和很暗的一批；N = 1；四个轴；非方形图像，包括只有一个像素宽或高的。</details>
#
# <details><summary>提示 1 · 看哪里</summary>
#
# uint8 / 255 是什么类型？float32 / 255 呢？
#
# <details><summary>提示 2 · 哪一步</summary>
#
# 转换，相除，再给出形状：两种输入的前三个轴相同。
#
# <details><summary>提示 3 · 填空</summary>
#
# `.reshape(*images.shape[:___], 1)`</details></details></details>


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
    images = np.arange(24, dtype=np.uint8).reshape(2, 3, 4)
    before = images.copy()
    ready = preprocess(images)
    assert isinstance(ready, np.ndarray), (
        "[ch01-TYPE] preprocess 应返回 NumPy 数组 / preprocess should return a NumPy array"
    )
    assert ready.shape == (2, 3, 4, 1), (
        "[ch01-CHANNEL] 通道轴应在末尾：(N, H, W, 1) / the channel axis comes last: (N, H, W, 1)"
    )
    assert ready.dtype == np.float32, "[ch01-FLOAT32] 结果应为 float32 / the result should be float32"
    assert np.array_equal(images, before), "[ch01-INPUT] preprocess 改动了 images / preprocess modified images"
    for shape in ((2, 3, 4, 1), (3, 5, 1), (1, 2, 3)):
        ready = preprocess(np.full(shape, 7, dtype=np.uint8))
        assert ready.shape == (*shape[:3], 1), (
            f"[ch01-CHANNEL] 输入形状 {shape}：结果应为 (N, H, W, 1) / for input of shape {shape} the result should be (N, H, W, 1)"
        )


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


# %% test="preprocess-scale-is-fixed" points=1
def _check():
    images = np.array([[[0, 51, 102]], [[255, 1, 128]]], dtype=np.uint8)  # (2, 1, 3)
    want = np.array([[0.0, 51, 102], [255, 1, 128]]) / 255
    ready = preprocess(images.copy())
    assert ready.size == 6 and np.allclose(np.asarray(ready, dtype=float).reshape(2, 3), want, rtol=0, atol=1e-6), (
        "[ch01-SCALE] 0 → 0、51 → 0.2、255 → 1：除数是多少？像素的次序变了吗？ / 0 → 0, 51 → 0.2, 255 → 1: what is your divisor? Did pixels move?"
    )
    # A property: a pixel keeps its value whatever else is in the batch, also in a dark or black batch.
    for grey in (51, 1, 0):
        alone = preprocess(np.full((1, 2, 2), grey, dtype=np.uint8))
        assert alone.size == 4 and np.allclose(alone, grey / 255, rtol=0, atol=1e-6), (
            "[ch01-BATCH] 暗图应保持暗，黑图应为 0：不要看最大值 / a dark image stays dark, a black one is 0: do not look at the maximum"
        )


_check()
### BEGIN HIDDEN TESTS


def _check_hidden():
    for shape in ((1, 16, 16), (2, 8, 16, 1), (1, 256, 1), (256, 1, 1, 1)):
        greys = np.arange(256, dtype=np.uint8).reshape(shape)
        ready = np.asarray(preprocess(greys), dtype=np.float64).ravel()
        assert np.all(np.isfinite(ready)) and ready.shape == (256,), (
            "[ch01-CHANNEL] 结果的元素个数不对 / wrong number of values"
        )
        assert np.allclose(ready, np.linspace(0, 1, 256), rtol=0, atol=1e-6), (
            "[ch01-SCALE] 灰度 0…255 应线性映射到 0…1：除数是多少？ / grey values 0…255 should map linearly to 0…1: what is your divisor?"
        )
        assert np.array_equal(greys.ravel(), np.arange(256)), (
            "[ch01-INPUT] preprocess 改动了 images / preprocess modified images"
        )
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
# **Pay-off: your processing in front of the network, and its mistakes.** Raw scans go through your `preprocess` into the model of section 1. Then look at the digits that it gets wrong. Which would you have got wrong, too?

# %% [markdown] lang="zh"
# **派上用场：你的预处理接上网络，再看它错在哪里。** 原始图像经过你的 `preprocess`，送进第 1 节的模型。然后看看它认错的那些数字。换作你，哪些也会认错？

# %% demo
from course.figures.mistakes import fig_mistakes

with when_solved("preprocess"):
    guessed = model.predict(preprocess(images[unseen]), verbose=0).argmax(axis=1)

    def mistakes(page=0):
        return fig_mistakes(images[unseen], labels[unseen], guessed, page)

    explore(
        mistakes,
        alt=say(
            en="Digits that the network gets wrong, twelve on a page, each with its answer and the truth.",
            zh="网络认错的数字，每页十二张，标出它的回答和正确答案。",
        ),
        page=slider(0, 1, 0, label=say(en="page", zh="页")),
    )

# %% [markdown] lang="en"
# ## 7 · A run that can be repeated
#
# Initial weights, the order of examples, dropout: training throws dice all the time. A *seed* is meant to make the dice fall the same way. Two runs have the same seed, but run 2 first draws one more number, perhaps for a new layer. What does the program see?

# %% [markdown] lang="zh"
# ## 7 · 让实验可以复现
#
# 权重初值、样本次序、dropout：训练一直在掷骰子。**种子**就是要让骰子每次都掷得一样。两次运行的种子相同，但第 2 次先多抽了一个数，比如给新加的一层用。程序看到的数会怎样？

# %%
from course.figures.streams import fig_streams

explore(
    fig_streams,
    predict=Prediction(
        say(en="Same seed, one extra draw at the start of run 2. What differs?", zh="种子相同，第 2 次运行开头多抽一个数。有什么不同？"),
        options=(say(en="nothing", zh="没有不同"), say(en="one number", zh="只有一个数"), say(en="almost every number", zh="几乎全部")),
        answer=2,
        because=(
            say(en="The stream is the same, but each purpose meets its neighbour.", zh="序列没变，但每处用途拿到的都是相邻的那个数。"),
            say(en="One number is missing, and everything behind it moves up.", zh="少了一个数，后面的全部往前挪。"),
            say(en="The stream is the same, only shifted; equal neighbours are chance.", zh="序列没变，只是整体错位；偶尔相同是巧合。"),
        ),
    ),
    alt=say(
        en="Two rows of digits in circles: what run 1 and run 2 draw, one below the other; run 2 is hidden before "
        "the guess. Lines join the same place of the stream.",
        zh="两行圆圈里的数字：第 1 次和第 2 次运行抽到的数，上下对齐；猜之前第 2 行是遮住的。连线连着序列中的同一个位置。",
    ),
    seed_1=slider(0, 20, 1, label=say(en="seed of run 1", zh="第 1 次的种子")),
    seed_2=slider(0, 20, 1, label=say(en="seed of run 2", zh="第 2 次的种子")),
    extra=slider(0, 5, 1, label=say(en="extra draws", zh="多抽几个")),
)  # fmt: skip

# %% [markdown] lang="en"
# A random generator is a deterministic machine with a state: each draw returns a number and moves the state on. The seed fixes the first state, hence the whole stream. It does *not* fix which draw serves which purpose.
#
# A notebook has four such machines: Python's `random`, NumPy's old global state, TensorFlow's, and every generator you make yourself. `keras.utils.set_random_seed(seed)` seeds the first three at once; section 1 used it. The best style is the fourth: `rng = np.random.default_rng(seed)`, handed to whoever needs it, because nobody else can disturb it. Neither article seeds anything.
#
# **What a seed does not fix.** Results repeat on the same machine with the same versions. Sums of floats depend on their order, and a GPU does not always add in the same one. And cells may have been run in another order than they stand: before you believe a result, restart the kernel and run all.
#
# Now suppose that a run repeats to the last digit. Is its number then *true*? For this course both articles' programs were run four times each, with nothing but the seed changed.

# %% [markdown] lang="zh"
# 随机数发生器是一台有状态的确定性机器：每抽一次，给出一个数，状态前进一步。种子确定最初的状态，从而确定整个序列。但它**不**决定哪一次抽取派什么用场。
#
# 一个笔记本里有四种这样的机器：Python 的 `random`、NumPy 旧的全局状态、TensorFlow 的，以及你自己创建的每一个发生器。`keras.utils.set_random_seed(seed)` 一次设好前三种，第 1 节用的就是它。最好的是第四种写法：`rng = np.random.default_rng(seed)`，谁要用就传给谁，别人干扰不了。两篇文章都没有设种子。
#
# **种子管不到的事。** 同一台机器、同样的版本，结果才会重复。浮点数求和与次序有关，而 GPU 每次相加的次序不一定相同。单元格也可能没按排列的次序运行：相信一个结果之前，先重启内核，从头运行。
#
# 假定结果已经重复到最后一位。那么这个数就**真实**了吗？为编写本课程，我们把两篇文章的程序各运行了四次，只换种子，别的都不变。

# %%
from course.figures.streams import RUNS, fig_runs

explore(
    fig_runs,
    predict=Prediction(
        say(
            en="The articles print 0.9900 and 0.9880. Changing only the seed moves one program by …",
            zh="两篇文章印出 0.9900 和 0.9880。只换种子，同一个程序会变化……",
        ),
        options=(
            say(en="less than this difference", zh="比这个差小"),
            say(en="more than this difference", zh="比这个差大"),
        ),
        answer=1,
        because=(
            say(en="Program A spans 0.0025, program B 0.0035.", zh="程序 A 的极差是 0.0025，程序 B 是 0.0035。"),
            say(en="One run each cannot say which program is better.", zh="各跑一次，分不出哪个程序更好。"),
        ),
    ),
    alt=say(
        en="Two rows, program A and program B, with the accuracy that the article printed as a dashed line; after "
        "the guess one point for each measured run and a bar over their range.",
        zh="两行，程序 A 和程序 B，虚线是文章里印出的准确率；猜过之后，每次运行一个点，浅色条形表示极差。",
    ),
    shown=play(1, 8, 8, label=say(en="runs", zh="运行次数"), interval=600),
)
# %%
for program in "AB":
    values = np.array([accuracy for name, _, accuracy in RUNS if name == program])
    print(
        say(
            en="program {p}: mean {m:.4f}, standard deviation {s:.4f}",
            zh="程序 {p}：平均 {m:.4f}，标准差 {s:.4f}",
            p=program,
            m=values.mean(),
            s=values.std(ddof=1),
        )
    )

# %% [markdown] lang="en"
# ### Exercise 5 · `audit_seeds` (3 points)
#
# ```python
# audit_seeds(run, seeds) -> dict
# ```
#
# `run(seed)` performs somebody's experiment and returns a finite float. Find out whether it deserves trust. `seeds` is a list of different ints, 0 or larger.
#
# 1. Call `run` with each seed **twice in a row**, in the order of the list. Then go through the list **once more**, one call per seed. That is three results for each seed.
# 2. Return a dict with exactly these keys:
#    - `"repeatable"`: whether for every seed the three results are exactly equal;
#    - `"seed_matters"`: whether the first results of at least two seeds differ, be they repeatable or not;
#    - `"mean"` and `"std"`: mean and standard deviation of the seeds' first results, floats; the standard deviation divides by n − 1.
# 3. Fewer than two seeds raise `ValueError`: one seed is one sample. `seeds` stays as it is.
#
# One number: first results 1.0 and 3.0 have the mean 2.0 and the standard deviation √2. The verdicts are `bool` (NumPy's is fine).
#
# <details><summary>What hidden tests also use</summary>Experiments that forget the seed, ignore it, repeat only at once or only later, fail for a single seed such as 0, or differ in the last digit; experiments of which one result grows while another falls; seeds of which two agree by chance; results near a million that differ by 1; two to seven seeds, also unsorted; empty lists.</details>
#
# <details><summary>Hint 1 · what to look at</summary>
#
# Why is calling twice in a row not enough? Think of an experiment that keeps its last result. And why is coming back later not enough? Think of one that seeds itself only when the seed is new.
#
# <details><summary>Hint 2 · which step</summary>
#
# Collect the three results of each seed in two loops. Only then judge. `all` and `any` say what the sentences say.
#
# <details><summary>Hint 3 · the step with a gap</summary>
#
# `pairs = [(run(s), run(s)) for s in seeds]`, `later = [___ for s in seeds]`, then `all(a == b == ___ for (a, b), c in zip(pairs, later))`.</details></details></details>

# %% [markdown] lang="zh"
# ### 练习 5 · `audit_seeds`（3 分）
#
# ```python
# audit_seeds(run, seeds) -> dict
# ```
#
# `run(seed)` 运行某人的实验，返回一个有限的浮点数。请查明它值不值得相信。`seeds` 是由互不相同的非负整数组成的列表。
#
# 1. 按列表的次序，每个种子**连续调用两次** `run`。然后把列表**再走一遍**，每个种子调用一次。这样每个种子有三个结果。
# 2. 返回一个 dict，键恰为：
#    - `"repeatable"`：是否每个种子的三个结果都完全相等；
#    - `"seed_matters"`：是否至少有两个种子的第一个结果不同，不论能否复现；
#    - `"mean"` 和 `"std"`：各种子第一个结果的平均值和标准差，浮点数；标准差除以 n − 1。
# 3. 少于两个种子时抛出 `ValueError`：一个种子只是一次抽样。不得改动 `seeds`。
#
# 一个数：第一个结果为 1.0 和 3.0 时，平均值是 2.0，标准差是 √2。两个判断为 `bool`（NumPy 的也可以）。
#
# <details><summary>隐藏测试还会用到</summary>忘了设种子的、无视种子的、只有紧接着才重复的、只有隔一会儿才重复的、只在某一个种子（如 0）上出错的、只差最后一位的实验；一个变大、一个变小的实验；有两个种子碰巧相同；一百万左右而只差 1 的结果；两到七个种子，不一定有序；空列表。</details>
#
# <details><summary>提示 1 · 看哪里</summary>
#
# 为什么连续调用两次还不够？想想一个会记住上一次结果的实验。为什么隔一会儿再来也不够？想想一个只在种子变了才重新设种子的实验。
#
# <details><summary>提示 2 · 哪一步</summary>
#
# 用两个循环收集每个种子的三个结果，收齐了再判断。`all` 和 `any` 正好对应题目里的“每个”和“至少”。
#
# <details><summary>提示 3 · 填空</summary>
#
# `pairs = [(run(s), run(s)) for s in seeds]`，`later = [___ for s in seeds]`，然后 `all(a == b == ___ for (a, b), c in zip(pairs, later))`。</details></details></details>


# %% solution="audit-seeds"
def audit_seeds(run, seeds: list[int]) -> dict:
    """Run an experiment three times for each seed and say whether it can be trusted.

    Args:
        run: the experiment, ``run(seed) -> float``.
        seeds: at least two different ints.

    Returns:
        "repeatable" and "seed_matters" (bool), "mean" and "std" (float) of the first results.

    Raises:
        ValueError: fewer than two seeds.
    """
    ### BEGIN SOLUTION
    if len(seeds) < 2:
        raise ValueError("one seed is one sample: give at least two")
    pairs = [(run(seed), run(seed)) for seed in seeds]
    later = [run(seed) for seed in seeds]
    first = np.array([pair[0] for pair in pairs])
    return {
        "repeatable": all(a == b == c for (a, b), c in zip(pairs, later, strict=True)),
        "seed_matters": len(set(first.tolist())) > 1,
        "mean": float(first.mean()),
        "std": float(first.std(ddof=1)),
    }
    ### END SOLUTION


# %% test="audit-finds-hidden-state" points=2
def _check():
    def honest(seed):
        return seed * 0.25

    def counting():
        calls = []
        return lambda seed: calls.append(seed) or float(len(calls))

    def keeps_the_last():  # repeats at once, not later
        memory = {"seed": None, "n": 0, "result": 0.0}

        def run(seed):
            if seed != memory["seed"]:
                memory.update(seed=seed, n=memory["n"] + 1, result=float(memory["n"]))
            return memory["result"]

        return run

    def seeds_itself_when_new():  # repeats later, not at once
        memory = {"seed": None, "state": 0.0}

        def run(seed):
            memory["state"] = float(seed) if seed != memory["seed"] else memory["state"] + 0.5
            memory["seed"] = seed
            return memory["state"]

        return run

    seeds = [3, 1, 2]
    verdict = audit_seeds(honest, seeds)
    assert isinstance(verdict, dict) and set(verdict) == {"repeatable", "seed_matters", "mean", "std"}, (
        "[ch01-KEYS] 应返回恰有四个键的 dict / the result should be a dict with exactly the four keys"
    )
    assert seeds == [3, 1, 2], "[ch01-INPUT] audit_seeds 改动了 seeds / audit_seeds modified seeds"
    assert isinstance(verdict["repeatable"], (bool, np.bool_)) and isinstance(
        verdict["seed_matters"], (bool, np.bool_)
    ), "[ch01-TYPE] 两个判断应为 bool / the two verdicts should be bool"
    assert all(isinstance(verdict[key], (float, np.floating)) for key in ("mean", "std")), (
        "[ch01-TYPE] mean 和 std 应为浮点数 / mean and std should be floats"
    )
    assert verdict["repeatable"] and verdict["seed_matters"], (
        "[ch01-HONEST] 这个实验可以复现，而且与种子有关 / this experiment repeats, and its seed matters"
    )
    for name, run in (
        ("counting", counting()),
        ("keeps_the_last", keeps_the_last()),
        ("seeds_itself_when_new", seeds_itself_when_new()),
    ):
        assert not audit_seeds(run, [3, 1, 2])["repeatable"], (
            f"[ch01-REPEAT] 实验 {name} 不能复现：连续两次和隔一会儿都要查 / the experiment {name} does not repeat: look at once and later"
        )
    zeros = []
    assert not audit_seeds(lambda seed: zeros.append(seed) or (float(len(zeros)) if seed == 0 else 1.0), [5, 0])[
        "repeatable"
    ], "[ch01-ZERO] 种子 0 不能复现：每个种子都要查 / seed 0 does not repeat: look at every seed"
    assert not audit_seeds(lambda seed: 0.1, [1, 2, 3])["seed_matters"], (
        "[ch01-IGNORED] 这个实验无视种子 / this experiment ignores its seed"
    )
    assert audit_seeds(lambda seed: float(seed == 9), [1, 2, 9])["seed_matters"], (
        "[ch01-MATTERS] 至少有两个种子不同，种子就起作用 / the seed matters if at least two results differ"
    )


_check()
### BEGIN HIDDEN TESTS


def _check_hidden():
    rng = np.random.default_rng(20107)

    def wobbling(bad, step, moment):
        """Repeats except for the seed ``bad``, whose result moves by ``step`` from call number ``moment`` on."""
        calls = {}

        def run(seed):
            calls[seed] = calls.get(seed, 0) + 1
            return 1.0 + seed + (step if seed == bad and calls[seed] >= moment else 0.0)

        return run

    for size in (2, 3, 6):
        seeds = [int(s) for s in rng.permutation(60)[:size]] + [0]
        for bad in seeds:
            for step in (1.0, 1e-13):
                for moment in (2, 3):
                    verdict = audit_seeds(wobbling(bad, step, moment), list(seeds))
                    assert isinstance(verdict, dict) and isinstance(verdict.get("repeatable"), (bool, np.bool_)), (
                        "[ch01-TYPE] repeatable 应为 bool / repeatable should be a bool"
                    )
                    assert not verdict["repeatable"], (
                        "[ch01-REPEAT] 有一个种子的三个结果不完全相等 / for one seed the three results are not exactly equal"
                    )
        verdict = audit_seeds(lambda seed: float(np.sin(seed)), list(seeds))
        assert verdict["repeatable"] and verdict["seed_matters"], (
            "[ch01-HONEST] 这个实验可以复现，而且与种子有关 / this experiment repeats, and its seed matters"
        )
        order = []
        audit_seeds(lambda seed, order=order: order.append(seed) or 0.0, list(seeds))
        assert order == [seed for seed in seeds for _ in range(2)] + seeds, (
            "[ch01-ORDER] 先每个种子连续两次，再按次序各一次 / first each seed twice in a row, then the list once more"
        )
        for k, odd in enumerate(seeds):
            step = (2.0, 1e-13)[k % 2]  # also in the last digit
            verdict = audit_seeds(lambda seed, odd=odd, step=step: 1.0 + step * (seed == odd), list(seeds))
            assert verdict["seed_matters"] and isinstance(verdict["seed_matters"], (bool, np.bool_)), (
                "[ch01-MATTERS] 至少有两个种子不同，种子就起作用 / the seed matters if at least two results differ"
            )
        for result in (-3.5, 0.1):
            same = audit_seeds(lambda seed, result=result: result, list(seeds))
            assert same["repeatable"] and not same["seed_matters"], (
                "[ch01-IGNORED] 无视种子的实验可以复现，但种子不起作用 / an experiment that ignores its seed repeats, and the seed does not matter"
            )
        for moment in (2, 3):  # opposite changes do not make up for each other
            calls = {}

            def opposite(seed, calls=calls, moment=moment, seeds=seeds):
                calls[seed] = calls.get(seed, 0) + 1
                return float(calls[seed] >= moment) * ((seed == seeds[0]) - (seed == seeds[-1]))

            verdict = audit_seeds(opposite, list(seeds))
            assert not verdict["repeatable"], (
                "[ch01-REPEAT] 两个种子的结果一个变大、一个变小，都不能复现 / one seed's result grows and another's falls: neither repeats"
            )
            assert not verdict["seed_matters"], (
                "[ch01-FIRST] 种子是否起作用，只看各种子的第一个结果 / whether the seed matters is a question of the first results only"
            )


_check_hidden()
### END HIDDEN TESTS


# %% test="audit-reports-the-spread" points=1
def _check():
    verdict = audit_seeds(lambda seed: float(seed), [1, 3])
    assert isinstance(verdict, dict) and all(
        isinstance(verdict.get(key), (float, np.floating)) for key in ("mean", "std")
    ), "[ch01-TYPE] mean 和 std 应为浮点数 / mean and std should be floats"
    assert np.isclose(verdict["mean"], 2.0), (
        "[ch01-MEAN] 取各种子第一个结果的平均 / average the first results of the seeds"
    )
    assert np.isclose(verdict["std"], 2.0**0.5), "[ch01-STD] 标准差除以 n − 1 / the standard deviation divides by n − 1"
    # Only first results count, even if later ones differ.
    calls = []
    moving = audit_seeds(lambda seed: calls.append(seed) or float(len(calls)), [5, 6])  # first results: 1 and 3
    assert np.isclose(moving["mean"], 2.0) and np.isclose(moving["std"], 2.0**0.5), (
        "[ch01-FIRST] 只取每个种子的第一个结果 / only the first result of each seed counts"
    )
    try:
        audit_seeds(lambda seed: 1.0, [7])
    except ValueError:
        pass
    else:
        raise AssertionError("[ch01-ONE] 只有一个种子时应抛出 ValueError / a single seed should raise ValueError")


_check()
### BEGIN HIDDEN TESTS


def _check_hidden():
    rng = np.random.default_rng(20108)
    for size in (2, 3, 6):
        seeds = [int(s) for s in rng.permutation(1000)[:size]]
        table = {seed: float(value) for seed, value in zip(seeds, rng.normal(5.0, 2.0, size), strict=True)}
        given = list(seeds)
        verdict = audit_seeds(lambda seed, table=table: table[seed], given)
        assert isinstance(verdict, dict) and all(
            isinstance(verdict.get(key), (float, np.floating)) for key in ("mean", "std")
        ), "[ch01-TYPE] mean 和 std 应为浮点数 / mean and std should be floats"
        values = list(table.values())
        mean = sum(values) / size
        std = (sum((value - mean) ** 2 for value in values) / (size - 1)) ** 0.5
        assert np.isclose(verdict["mean"], mean, rtol=1e-9), "[ch01-MEAN] 平均值不对 / wrong mean"
        assert np.isclose(verdict["std"], std, rtol=1e-9), (
            "[ch01-STD] 标准差不对：除以 n − 1 / wrong standard deviation: divide by n − 1"
        )
        assert given == seeds, "[ch01-INPUT] audit_seeds 改动了 seeds / audit_seeds modified seeds"
    for values in ([2.0, 7.0, 2.0], [1e6, 1e6 + 1.0, 1e6 + 3.0], [-1e6, 0.5 - 1e6]):
        verdict = audit_seeds(lambda seed, values=values: values[seed], list(range(len(values))))
        assert np.isclose(verdict["mean"], np.mean(values), rtol=1e-9), (
            "[ch01-MEAN] 平均值不对：相同的结果也各算一个 / wrong mean: results that agree count one each"
        )
        assert np.isclose(verdict["std"], np.std(values, ddof=1), rtol=1e-7), (
            "[ch01-STD] 结果很大而相差很小，或有两个相同时，标准差不对 / wrong standard deviation where results are large and close, or two agree"
        )
    for few in ([], [0]):
        try:
            audit_seeds(lambda seed: 1.0, few)
        except ValueError:
            continue
        except (IndexError, ZeroDivisionError) as error:
            raise AssertionError(
                "[ch01-ONE] 抛出的不是 ValueError / another error than ValueError was raised"
            ) from error
        raise AssertionError(
            "[ch01-ONE] 少于两个种子时应抛出 ValueError / fewer than two seeds should raise ValueError"
        )


_check_hidden()
### END HIDDEN TESTS

# %% [markdown] lang="en"
# **Pay-off: a hunt.** Four experiments that colleagues might hand you. Read them, write down which are repeatable, then let your audit convict them.

# %% [markdown] lang="zh"
# **派上用场：抓出问题。** 下面是同事可能交给你的四个实验。先读代码，写下哪些可以复现，再让你的函数来审。

# %% demo
shared = np.random.default_rng(0)


def with_its_own_generator(seed):
    rng = np.random.default_rng(seed)
    return float(rng.normal(size=100).mean())


def with_a_shared_generator(seed):
    return float(shared.normal(size=100).mean())


def seeds_the_wrong_machine(seed):
    random.seed(seed)
    return float(np.random.normal(size=100).mean())


def forgets_the_argument(seed):
    rng = np.random.default_rng(42)
    return float(rng.normal(size=100).mean())


with when_solved("audit_seeds"):
    for experiment in (with_its_own_generator, with_a_shared_generator, seeds_the_wrong_machine, forgets_the_argument):
        verdict = audit_seeds(experiment, [0, 1, 2])
        print(f"{experiment.__name__:26}", {key: bool(verdict[key]) for key in ("repeatable", "seed_matters")})

# %% [markdown] lang="en"
# Where a run does not repeat, `seed_matters` says nothing: its results differ anyway.
#
# ## 8 · Find and fix: an environment that cannot be installed
#
# Repeating a run needs the same code, data, seeds *and versions*. So an environment belongs to the experiment: one per project, named line by line. (**Jupyter** runs on your own machine in the environment that you give it; article B calls it an "online" environment. **Google Colab** is online: a rented machine, empty again when the session ends.)
#
# Both articles ask for “Python 3.8 or above”. Here is how they set up the rest, word for word, one command a line.
#
# ```bash
# # A                                      # B
# pip install python==3.8                  pip install tensorflow numpy matplotlib
# pip install notebook                     pip install notebook
# pip install tensorflow==2.7
# pip install tensorflow-gpu==2.7
# ```
#
# You sit at a Linux machine with Python 3.11. For each command: does it work?

# %% [markdown] lang="zh"
# 不能复现的实验，`seed_matters` 说明不了什么：它的结果本来就次次不同。
#
# ## 8 · 找错改正：装不上的环境
#
# 要重复一次运行，需要同样的代码、数据、种子，**还要同样的版本**。所以环境是实验的一部分：一个项目一个环境，一行一行写清楚。（**Jupyter** 在你自己的机器上运行，用的是你给它的环境；文章 B 却把它叫作“在线开发环境”。**Google Colab** 才是在线的：租来的机器，会话一结束就清空。）
#
# 两篇文章都要求“Python 3.8 或以上版本”。下面是它们的安装命令，一字未改，一行一条。
#
# ```bash
# # A                                      # B
# pip install python==3.8                  pip install tensorflow numpy matplotlib
# pip install notebook                     pip install notebook
# pip install tensorflow==2.7
# pip install tensorflow-gpu==2.7
# ```
#
# 你面前是一台装着 Python 3.11 的 Linux 机器。每条命令都能成功吗？

# %%
from course.figures.terminal import fig_terminal

WORKS = (say(en="it works", zh="能成功"), say(en="it fails", zh="会失败"))
explore_in_turn(
    fig_terminal,
    Round(
        Prediction(
            say(en="`pip install python==3.8` …", zh="`pip install python==3.8` ……"),
            options=WORKS,
            answer=1,
            because=say(
                en="pip puts packages into a Python that is there; it does not install Python. “From versions: none” says: no such package.",
                zh="pip 把包装进已有的 Python，并不安装 Python 本身。“from versions: none”的意思是：没有这个包。",
            ),
        ),
        {"command": "python"},
    ),
    Round(
        Prediction(
            say(en="`pip install notebook` …", zh="`pip install notebook` ……"),
            options=WORKS,
            answer=0,
            because=say(en="Without a version pip takes the newest one that suits your Python.", zh="不写版本时，pip 取适合你的 Python 的最新版。"),
        ),
        {"command": "notebook"},
    ),
    Round(
        Prediction(
            say(en="`pip install tensorflow==2.7` …", zh="`pip install tensorflow==2.7` ……"),
            options=WORKS,
            answer=1,
            because=say(
                en="The package exists, but 2.7 was built for Python 3.7 to 3.9. So “Python 3.8 or above” is wrong too: 3.10 and 3.11 are above. pip lists what it has for *your* Python.",
                zh="包是有的，但 2.7 只为 Python 3.7 至 3.9 构建过。所以“Python 3.8 或以上”也不对：3.10 和 3.11 都在以上。pip 列出的是适合**你的** Python 的版本。",
            ),
        ),
        {"command": "tensorflow"},
    ),
    Round(
        Prediction(
            say(en="`pip install tensorflow-gpu==2.7` …", zh="`pip install tensorflow-gpu==2.7` ……"),
            options=WORKS,
            answer=1,
            because=say(
                en="The package was given up; its last release, 2.12.0, only stops with an error. Since TensorFlow 2.1 `tensorflow` itself can use a GPU.",
                zh="这个包早已停用；最后一个版本 2.12.0 只会报错退出。从 TensorFlow 2.1 起，`tensorflow` 本身就能使用 GPU。",
            ),
        ),
        {"command": "gpu"},
    ),
    Round(
        Prediction(
            say(en="`pip install tensorflow numpy matplotlib` …", zh="`pip install tensorflow numpy matplotlib` ……"),
            options=WORKS,
            answer=0,
            because=say(
                en="Article B does it well: it names what its program imports, pins nothing, and installs Python separately.",
                zh="文章 B 这里做得好：程序导入什么就写什么，不写死版本，Python 另外安装。",
            ),
        ),
        {"command": "three"},
    ),
    alt=say(
        en="A terminal with one pip command; after the guess also what pip answered.",
        zh="终端里的一条 pip 命令；猜过之后还有 pip 的回答。",
    ),
)  # fmt: skip

# %% [markdown] lang="en"
# **Read the error.** All three failures end in `No matching distribution found`. The part in brackets tells them apart:
#
# - `from versions: none`: there is no such package, or nothing of it for your Python;
# - a list without your version: either that version never existed, or it exists for other Pythons.
#
# The *index* that pip consults knows which versions of a package were built for which Python. A pin such as `==2.7` therefore has an expiry date. It belongs into a lock file beside an experiment, tested with it and renewed with it; not into a tutorial.
#
# **A GPU needs more than a package.** It needs NVIDIA's driver in the operating system; pip cannot install it. On Linux `pip install "tensorflow[and-cuda]"` brings the other libraries along. On Windows TensorFlow has used no GPU since 2.11, except inside WSL2. Article A says none of this.

# %% [markdown] lang="zh"
# **读懂报错。** 三次失败的最后一句都是 `No matching distribution found`。区别在括号里：
#
# - `from versions: none`：没有这个包，或者它没有任何版本适合你的 Python；
# - 列出了一串版本，却没有你要的：要么那个版本从来没有过，要么它只适合别的 Python。
#
# pip 查询的**索引**知道每个包的哪个版本为哪些 Python 构建过。所以 `==2.7` 这样写死的版本是有保质期的。它应该放在实验旁边的锁定文件里，一起测试，一起更新，而不是写进教程。
#
# **用 GPU 不只是装个包。** 操作系统里要有 NVIDIA 的驱动，pip 装不了。在 Linux 上，`pip install "tensorflow[and-cuda]"` 会带上其余的库。在 Windows 上，从 2.11 起 TensorFlow 就不再使用 GPU，除非在 WSL2 里。这些文章 A 都没有说。

# %% [markdown] lang="en"
# ### Exercise 6 · `diagnose_install` (3 points)
#
# ```python
# diagnose_install(wanted, python, index) -> (diagnosis, repaired)
# ```
#
# Do what pip does, and say clearly what pip says badly.
#
# - `wanted`: dict from package to pinned version, or to `None` for "any version".
# - `python`: the Python that is there, such as `"3.11"`.
# - `index`: dict from package to its versions; each version maps to the list of Pythons it was built for. Versions stand **from oldest to newest**. All versions are strings.
#
# Return two dicts:
#
# - `diagnosis`: for every wanted package one of `"ok"`; `"no such package"`: not in the index, letter by letter; `"no such version"`: the pinned version is not in the index; `"not for this Python"`: the pinned version, or with `None` every version, was built for other Pythons only. (With `None`, that holds also for a package that has no version.)
# - `repaired`: package → version. What is `"ok"` and pinned keeps its version. Every other package that has a version for this Python gets the **newest** such version. A package without any is left out.
#
# The arguments stay as they are. The order of the dicts does not matter.
#
# One case: `tensorflow` pinned to `"2.7"`, built for `["3.8", "3.9"]`, with Python `"3.11"` is `"not for this Python"`.
#
# <details><summary>What hidden tests also use</summary>
#
# Random indexes with `"2.9"` before `"2.10"`, and `"2024.1"` before `"1.0"` where a project began to count anew; names that differ in case; Pythons such as `"3.1"` beside `"3.11"`; packages without any version, versions without any Python; nothing wanted; Pythons older and newer than everything.</details>
#
# <details><summary>Hint 1 · what to look at</summary>
#
# What does “newest” mean where strings sort `"2.10"` before `"2.9"`? The statement says where the newest stands.
#
# <details><summary>Hint 2 · which step</summary>
#
# For each package, list the versions that were built for this Python, in order. This list decides nearly everything.
#
# <details><summary>Hint 3 · the step with a gap</summary>
#
# `fitting = [version for version, pythons in index[name].items() if ___]`; the repair of what is not ok is `fitting[___]`, if there is one.</details></details></details>

# %% [markdown] lang="zh"
# ### 练习 6 · `diagnose_install`（3 分）
#
# ```python
# diagnose_install(wanted, python, index) -> (diagnosis, repaired)
# ```
#
# 做 pip 做的事，把 pip 没说清楚的话说清楚。
#
# - `wanted`：dict，从包名到指定的版本；`None` 表示“任何版本都行”。
# - `python`：机器上的 Python，如 `"3.11"`。
# - `index`：dict，从包名到它的各个版本；每个版本对应一个列表，列出为哪些 Python 构建过。版本**从旧到新**排列。版本都是字符串。
#
# 返回两个 dict：
#
# - `diagnosis`：每个想装的包对应下列之一：`"ok"`；`"no such package"`：索引里没有这个包（名字要逐字相同）；`"no such version"`：索引里没有指定的版本；`"not for this Python"`：指定的版本（若为 `None`，则所有版本）只为别的 Python 构建过。指定 `None` 而包没有任何版本，也算这一种。
# - `repaired`：包名 → 版本。`"ok"` 且指定了版本的，保持不变。其余的包，只要有适合这个 Python 的版本，就取其中**最新**的。一个也没有的，不列入。
#
# 不得改动参数。dict 的次序不限。
#
# 一个例子：`tensorflow` 指定 `"2.7"`，它为 `["3.8", "3.9"]` 构建过，Python 是 `"3.11"`，结论是 `"not for this Python"`。
#
# <details><summary>隐藏测试还会用到</summary>
#
# 随机的索引，其中 `"2.9"` 排在 `"2.10"` 之前，有的包改过编号方式，`"2024.1"` 排在 `"1.0"` 之前；只差大小写的包名；Python 既有 `"3.1"` 也有 `"3.11"`；没有任何版本的包，不适合任何 Python 的版本；什么都不想装；比所有版本都旧或都新的 Python。</details>
#
# <details><summary>提示 1 · 看哪里</summary>
#
# 按字符串排序，`"2.10"` 会排在 `"2.9"` 前面，那“最新”该怎么看？题目说了最新的在哪里。
#
# <details><summary>提示 2 · 哪一步</summary>
#
# 对每个包，按次序列出为这个 Python 构建过的版本。有了这个列表，几乎一切都定了。
#
# <details><summary>提示 3 · 填空</summary>
#
# `fitting = [version for version, pythons in index[name].items() if ___]`；要修的包取 `fitting[___]`，如果有的话。</details></details></details>


# %% solution="diagnose-install"
def diagnose_install(
    wanted: dict[str, str | None], python: str, index: dict[str, dict[str, list[str]]]
) -> tuple[dict[str, str], dict[str, str]]:
    """Say what is wrong with each wanted package, and which versions can be installed instead.

    Args:
        wanted: package -> pinned version, or None for any.
        python: the version of Python.
        index: package -> version -> Pythons it was built for; versions from oldest to newest.

    Returns:
        package -> "ok", "no such package", "no such version" or "not for this Python"; package -> version.
    """
    ### BEGIN SOLUTION
    diagnosis, repaired = {}, {}
    for name, pin in wanted.items():
        versions = index.get(name, {})
        fitting = [version for version, pythons in versions.items() if python in pythons]
        if name not in index:
            diagnosis[name] = "no such package"
        elif pin is not None and pin not in versions:
            diagnosis[name] = "no such version"
        elif (pin is None and not fitting) or (pin is not None and pin not in fitting):
            diagnosis[name] = "not for this Python"
        else:
            diagnosis[name] = "ok"
        if diagnosis[name] == "ok" and pin is not None:
            repaired[name] = pin
        elif fitting:
            repaired[name] = fitting[-1]
    return diagnosis, repaired
    ### END SOLUTION


# %% test="install-names-the-cause" points=2
def _check():
    index = {
        "tensorflow": {"2.7": ["3.7", "3.8", "3.9"], "2.9": ["3.8", "3.11"], "2.10": ["3.9", "3.11"], "2.21": ["3.12"]},
        "gone": {"1.0": ["3.1"]},
        "empty": {},
    }
    for wanted, want in (
        ({"python": "3.8"}, "no such package"),
        ({"python": None}, "no such package"),
        ({"tensorflow": "2.8"}, "no such version"),
        ({"tensorflow": "2.7"}, "not for this Python"),
        ({"tensorflow": "2.21"}, "not for this Python"),
        ({"tensorflow": "2.9"}, "ok"),
        ({"tensorflow": None}, "ok"),
        ({"gone": None}, "not for this Python"),
        ({"gone": "1.0"}, "not for this Python"),
        ({"empty": "1.0"}, "no such version"),
    ):
        answer = diagnose_install(dict(wanted), "3.11", index)
        assert isinstance(answer, tuple) and len(answer) == 2 and all(isinstance(part, dict) for part in answer), (
            "[ch01-TYPE] diagnose_install 应返回两个 dict / diagnose_install should return two dicts"
        )
        name = next(iter(wanted))
        assert answer[0] == {name: want}, (
            f"[ch01-CAUSE] Python 3.11，wanted={wanted}：原因是哪一种？ / Python 3.11, wanted={wanted}: which of the causes is it?"
        )
    assert diagnose_install({}, "3.11", index) == ({}, {}), (
        "[ch01-EMPTY] 什么都不想装时，两个 dict 都为空 / with nothing wanted both dicts are empty"
    )


_check()
### BEGIN HIDDEN TESTS


def _check_hidden():
    rng = np.random.default_rng(20109)
    pythons = ["3.1", "3.7", "3.8", "3.9", "3.10", "3.11", "3.12"]
    for _ in range(40):
        index = {}
        for name in ("alpha", "beta", "gamma", "delta"):
            versions = [f"2.{minor}" for minor in range(7, 7 + int(rng.integers(0, 6)))]
            index[name] = {v: [p for p in pythons if rng.random() < 0.35] for v in versions}
        python = str(rng.choice([*pythons, "3.13", "2.7"]))
        pins = [None, "2.7", "2.9", "2.10", "2.1", "9.0"]
        wanted = {
            name: pins[int(rng.integers(0, len(pins)))]
            for name in ("alpha", "beta", "gamma", "delta", "python", "lpha", "Beta")
        }
        kept = {name: {v: list(p) for v, p in known.items()} for name, known in index.items()}
        asked = dict(wanted)
        answer = diagnose_install(asked, python, index)
        assert isinstance(answer, tuple) and len(answer) == 2 and all(isinstance(part, dict) for part in answer), (
            "[ch01-TYPE] diagnose_install 应返回两个 dict / diagnose_install should return two dicts"
        )
        assert asked == wanted and index == kept, (
            "[ch01-INPUT] diagnose_install 改动了参数 / diagnose_install modified its arguments"
        )
        want = {}
        for name, pin in wanted.items():
            if name not in kept:
                want[name] = "no such package"
            elif pin is None:
                want[name] = "ok" if any(python in p for p in kept[name].values()) else "not for this Python"
            elif pin not in kept[name]:
                want[name] = "no such version"
            else:
                want[name] = "ok" if python in kept[name][pin] else "not for this Python"
        assert answer[0] == want, (
            f"[ch01-CAUSE] Python {python}：有一个包的原因不对 / Python {python}: the cause of one package is wrong"
        )


_check_hidden()
### END HIDDEN TESTS


# %% test="install-picks-the-newest-build" points=1
def _check():
    index = {
        "tensorflow": {"2.7": ["3.8"], "2.9": ["3.8", "3.11"], "2.10": ["3.11"], "2.21": ["3.12"]},
        "gone": {"1.0": ["3.1"]},
    }
    for wanted, want in (
        ({"tensorflow": None}, {"tensorflow": "2.10"}),
        ({"tensorflow": "2.7"}, {"tensorflow": "2.10"}),
        ({"tensorflow": "2.8"}, {"tensorflow": "2.10"}),
        ({"tensorflow": "2.9"}, {"tensorflow": "2.9"}),
        ({"gone": "1.0", "python": "3.8"}, {}),
    ):
        answer = diagnose_install(dict(wanted), "3.11", index)
        assert isinstance(answer, tuple) and len(answer) == 2 and isinstance(answer[1], dict), (
            "[ch01-TYPE] diagnose_install 应返回两个 dict / diagnose_install should return two dicts"
        )
        assert answer[1] == want, (
            f"[ch01-REPAIR] Python 3.11，wanted={wanted}：能装的留下，其余取适合的最新版 / Python 3.11, wanted={wanted}: keep what is ok, else take the newest version that fits"
        )


_check()
### BEGIN HIDDEN TESTS


def _check_hidden():
    rng = np.random.default_rng(20110)
    pythons = ["3.1", "3.7", "3.8", "3.9", "3.10", "3.11", "3.12"]
    for _ in range(40):
        index = {}
        for name in ("alpha", "beta", "gamma", "delta"):
            versions = [f"2.{minor}" for minor in range(7, 7 + int(rng.integers(0, 7)))]
            if name == "delta":  # a project that began to count anew
                versions = ["2024.1", "2024.10", "2025.2", "1.0rc1", "1.0", "1.1"]
            index[name] = {v: [p for p in pythons if rng.random() < 0.4] for v in versions}
        python = str(rng.choice([*pythons, "3.13"]))
        pins = [None, "2.7", "2.9", "2.10", "9.0"]
        wanted = {name: pins[int(rng.integers(0, len(pins)))] for name in ("alpha", "beta", "gamma", "delta", "pip")}
        answer = diagnose_install(dict(wanted), python, index)
        assert isinstance(answer, tuple) and len(answer) == 2 and isinstance(answer[1], dict), (
            "[ch01-TYPE] diagnose_install 应返回两个 dict / diagnose_install should return two dicts"
        )
        want = {}
        for name, pin in wanted.items():
            for version, built in index.get(name, {}).items():
                if python in built and (name not in want or want[name] != pin):
                    want[name] = version
        assert answer[1] == want, (
            f"[ch01-REPAIR] Python {python}：有一个包修得不对 / Python {python}: the repair of one package is wrong"
        )


_check_hidden()
### END HIDDEN TESTS

# %% [markdown] lang="en"
# **Pay-off: both articles on trial.** An excerpt of what the real index holds (December 2026; few of the versions). Try other Pythons: on which one would article A's third command have worked?

# %% [markdown] lang="zh"
# **派上用场：审一审两篇文章。** 下面节选自真实的索引（2026 年 12 月，只列了几个版本）。换几个 Python 试试：在哪个版本上，文章 A 的第三条命令能成功？

# %% demo
INDEX = {
    "notebook": {"7.6.5": ["3.10", "3.11", "3.12", "3.13"]},
    "tensorflow": {
        "2.7": ["3.7", "3.8", "3.9"],
        "2.12": ["3.8", "3.9", "3.10", "3.11"],
        "2.21": ["3.10", "3.11", "3.12", "3.13"],
    },
    "tensorflow-gpu": {"2.12": []},
    "numpy": {"1.26": ["3.9", "3.10", "3.11", "3.12"], "2.4": ["3.11", "3.12", "3.13"]},
    "matplotlib": {"3.9": ["3.9", "3.10", "3.11", "3.12"], "3.11": ["3.11", "3.12", "3.13"]},
}
A = {"python": "3.8", "notebook": None, "tensorflow": "2.7", "tensorflow-gpu": "2.7"}
B = {"tensorflow": None, "numpy": None, "matplotlib": None, "notebook": None}
PYTHON = "3.11"
CAUSES = {
    "ok": "✓",
    "no such package": say(en="there is no such package", zh="没有这个包"),
    "no such version": say(en="there is no such version", zh="没有这个版本"),
    "not for this Python": say(en="only for other Pythons", zh="只适合别的 Python"),
}
with when_solved("diagnose_install"):
    for name, wanted in (("A", A), ("B", B)):
        diagnosis, repaired = diagnose_install(wanted, PYTHON, INDEX)
        print(say(en="article {a}", zh="文章 {a}", a=name))
        for package, cause in diagnosis.items():
            print(f"  {package:15} {CAUSES[cause]}")
        print("  pip install " + " ".join(f"{package}=={version}" for package, version in repaired.items()))

# %% [markdown] lang="en"
# <details><summary>Optional · How pip reads a line</summary>
#
# A requirement (PEP 508) is a *name*, then *extras* in brackets, *version specifiers*, and after a semicolon *markers*: `tensorflow[and-cuda]>=2.16; sys_platform == "linux"`. In a name upper and lower case do not matter, and runs of `-`, `_` and `.` are the same: `Tensorflow_GPU` is `tensorflow-gpu`. Names are compared whole: `python-dateutil` has nothing to do with `python`. The library `packaging` reads such lines; nobody needs to write the parser again.</details>
#
# ## 9 · Check yourself
#
# Choose before you open; every option explains itself. Ungraded.
#
# **1. The training loss falls as always, the report says 0.97, and users complain. Which stage do you look at first?**
#
# <details><summary>A. Training</summary>No. The loss and the report say that training went well.</details>
# <details><summary>B. What the service is sent</summary>Right. Report and users disagree, so they see different data: compare their pixels.</details>
# <details><summary>C. The evaluation</summary>Possible if the report were too good; compare the inputs first, it costs a minute.</details>
#
# **2. `dense_forward(x, W, b)` returns (1, 10) for one image and (32, 10) for 32. Your colleague's returns (10,) for one. Why is that a fault?**
#
# <details><summary>A. It is slower</summary>No. The numbers are computed all the same.</details>
# <details><summary>B. The next layer reads the 10 as examples, or fails</summary>Right. The first axis counts the examples, also where there is only one.</details>
# <details><summary>C. It is not: there is only one example</summary>No. Code that works for 32 then fails for 1, usually in the service.</details>
#
# **3. A convolution is given images of 100×100 instead of 10×10 pixels. Its parameters …**
#
# <details><summary>A. grow a hundredfold</summary>No. The computation does. Parameters are shared by all places.</details>
# <details><summary>B. stay the same</summary>Right. The size of the image is not in the formula. A dense layer behind flatten would grow.</details>
# <details><summary>C. grow tenfold</summary>No. Neither height nor width is in the formula.</details>
#
# **4. A model needs 4 GB for inference in float32. You freeze 99 % of it and train the rest with Adam in float32. Without activations that takes …**
#
# <details><summary>A. 16 GB</summary>No. That is training all of it: four copies.</details>
# <details><summary>B. 4.12 GB</summary>Right. All the weights, and three more numbers for 1 % of them.</details>
# <details><summary>C. 0.16 GB</summary>No. The frozen weights take part in every answer and stay in memory.</details>
#
# **5. Your run repeats to the last digit: 0.9894. What do you know?**
#
# <details><summary>A. The program repeats on this machine with these versions</summary>Right, and that is worth a lot when you look for an error. It is all you know.</details>
# <details><summary>B. The accuracy is reliable to four digits</summary>No. Four seeds of program A span 0.0025. Report several seeds.</details>
# <details><summary>C. Any GPU gives the same number</summary>No. The order of sums, hardware and versions all matter.</details>
#
# **6. pip says:** `Could not find a version that satisfies the requirement torch==9.9 (from versions: 2.0.0, 2.1.0)` **You need …**
#
# <details><summary>A. another name: there is no such package</summary>No. It lists versions, so the package exists.</details>
# <details><summary>B. another version, or another Python</summary>Right. Which of the two, the index knows.</details>
# <details><summary>C. a GPU driver</summary>No. pip does not look at drivers.</details>

# %% [markdown] lang="zh"
# <details><summary>选读 · pip 怎样读一行需求</summary>
#
# 一条需求（PEP 508）先是**名字**，再是方括号里的**附加项**、**版本约束**，分号之后是**环境标记**：`tensorflow[and-cuda]>=2.16; sys_platform == "linux"`。名字不分大小写，连续的 `-`、`_`、`.` 视为相同：`Tensorflow_GPU` 就是 `tensorflow-gpu`。名字要整个比较：`python-dateutil` 与 `python` 毫无关系。`packaging` 这个库专门解析这样的行，不必自己再写一遍。</details>
#
# ## 9 · 自测
#
# 先选再点开；每个选项都有解释。不计分。
#
# **1. 训练损失照常下降，报告是 0.97，用户却在抱怨。先查哪里？**
#
# <details><summary>A. 训练</summary>不对。损失和报告都说训练没有问题。</details>
# <details><summary>B. 服务收到的数据</summary>对。报告和用户说法不一，说明他们看到的数据不同：比一比像素。</details>
# <details><summary>C. 评估</summary>如果报告好得过头，倒有可能；先比输入，一分钟就够。</details>
#
# **2. `dense_forward(x, W, b)` 对一张图像返回 (1, 10)，对 32 张返回 (32, 10)。同事的函数对一张图像返回 (10,)。为什么这是错？**
#
# <details><summary>A. 这样更慢</summary>不对。要算的数一样多。</details>
# <details><summary>B. 下一层会把 10 当成样本数，或者报错</summary>对。第一个轴总是数样本，哪怕只有一个。</details>
# <details><summary>C. 不算错：本来就只有一个样本</summary>不对。32 张时能用的代码，遇到 1 张就坏，往往坏在服务里。</details>
#
# **3. 卷积层的输入图像从 10×10 像素变成 100×100，它的参数……**
#
# <details><summary>A. 变成一百倍</summary>不对。变成一百倍的是计算量。参数由所有位置共享。</details>
# <details><summary>B. 不变</summary>对。公式里没有图像大小。展平之后的全连接层才会变大。</details>
# <details><summary>C. 变成十倍</summary>不对。公式里既没有高也没有宽。</details>
#
# **4. 某模型 float32 推理需要 4 GB。冻结其中 99%，其余用 Adam 以 float32 训练，不计激活值，需要……**
#
# <details><summary>A. 16 GB</summary>不对。那是全部训练：四份。</details>
# <details><summary>B. 4.12 GB</summary>对。全部权重，加上其中 1% 各多三个数。</details>
# <details><summary>C. 0.16 GB</summary>不对。冻结的权重每次回答都要用，必须留在内存里。</details>
#
# **5. 你的运行重复到最后一位：0.9894。你知道了什么？**
#
# <details><summary>A. 程序在这台机器、这些版本上可以重复</summary>对。查错的时候这很有价值，但你知道的也仅此而已。</details>
# <details><summary>B. 准确率可靠到四位</summary>不对。程序 A 换四个种子，极差就有 0.0025。请报告多个种子。</details>
# <details><summary>C. 在任何 GPU 上都是这个数</summary>不对。求和次序、硬件和版本都有影响。</details>
#
# **6. pip 说：** `Could not find a version that satisfies the requirement torch==9.9 (from versions: 2.0.0, 2.1.0)` **你需要……**
#
# <details><summary>A. 换个名字：没有这个包</summary>不对。既然列出了版本，包就是有的。</details>
# <details><summary>B. 换个版本，或者换个 Python</summary>对。究竟是哪一种，索引知道。</details>
# <details><summary>C. GPU 驱动</summary>不对。pip 不看驱动。</details>

# %% [markdown] lang="en"
# ## 10 · Key takeaways
#
# - Architecture forgives; data that do not fit together do not, and no error message comes.
# - AI, machine learning, deep learning and large models are nested sets. *Large* means $10^9$ parameters or more here; the articles' networks are about 1/4,400 and 1/10,700 of that.
# - A layer is $f(XW + b)$; without $f$, depth is worth nothing. The first axis counts the examples.
# - Parameters follow from shapes, memory from parameters: $sP$ bytes to answer, $(1 + k)\,sT$ more to train $T$ of them.
# - A report can be fine while the service is broken. Compare what is handed on.
# - A seed fixes a stream, not the truth. Audit it, and report several.
# - Installation instructions are code: they can be wrong, and they can be tested.
#
# Next: chapter 2 measures how wrong a prediction is.

# %% [markdown] lang="zh"
# ## 10 · 要点回顾
#
# - 网络结构很宽容；对不上号的数据毫不留情，而且没有报错。
# - 人工智能、机器学习、深度学习、大模型层层包含。本课程的“大”指参数不少于 $10^9$ 个；两篇文章的网络约为门槛的 1/4,400 和 1/10,700。
# - 一层就是 $f(XW + b)$；没有 $f$，再深也没用。第一个轴数样本。
# - 由形状算参数，由参数算内存：推理要 $sP$ 字节，训练其中 $T$ 个再加 $(1 + k)\,sT$。
# - 报告正常，服务也可能坏了。要比较各环节交付的东西。
# - 种子固定的是随机序列，不是真相。要检验，还要报告几个种子的结果。
# - 安装说明也是代码：它会出错，也可以测试。
#
# 下一步：第 2 章讲怎样衡量预测错得有多远。

# %% [markdown] lang="en"
# ## 11 · Forty years in one picture (optional)
#
# Article B writes (in translation): "The development of large AI models goes back to neural-network research in the 1980s … At the beginning of the 21st century, with the rise of big data and cloud computing, deep learning came into wide use, for example AlexNet, GoogleNet and ResNet."
#
# The picture has a line at $10^9$ parameters. In which year does the first network cross it?

# %% [markdown] lang="zh"
# ## 11 · 一张图看四十年（选读）
#
# 文章 B 写道：“AI大模型的发展可以追溯到20世纪80年代的神经网络研究。……在21世纪初，随着大数据和云计算的兴起，深度学习算法得以广泛应用，例如AlexNet、GoogleNet和ResNet等。”
#
# 图中有一条 $10^9$ 个参数的线。第一个越过它的网络，出现在哪一年？

# %%
from course.figures.history import fig_timeline

explore(
    fig_timeline,
    predict=Prediction(
        say(en="The first network here with 10⁹ parameters or more dates from …", zh="图中第一个达到 10⁹ 个参数的网络，出现在……"),
        options=("2012", "2017", "2019", "2020"),
        answer=0,
        because=(
            say(
                en="DistBelief, in the year of AlexNet, on a thousand machines. Famous is not large: neither BERT nor GPT nor ViT reached the line.",
                zh="DistBelief，与 AlexNet 同年，用了上千台机器。有名不等于大：BERT、GPT、ViT 都没有达到。",
            ),
            say(en="The sparse mixture of experts dates from 2017; DistBelief came five years earlier.", zh="稀疏混合专家模型在 2017 年；DistBelief 还要早五年。"),
            say(en="GPT-2 dates from 2019; two others came earlier.", zh="GPT-2 在 2019 年；之前已有两个。"),
            say(en="GPT-3 made the word popular, at 175 times the threshold. It was not the first.", zh="GPT-3 让“大模型”流行起来，是门槛的 175 倍。但它不是第一个。"),
        ),
    ),
    alt=say(
        en="After the guess: landmarks of the field as points, year of publication across, number of parameters "
        "upwards on a logarithmic scale, with a dashed line at a billion.",
        zh="猜过之后：以点表示的里程碑，横轴为发表年份，纵轴为参数个数（对数刻度），虚线为十亿。",
    ),
    year=play(1980, 2025, 2025, label=say(en="year", zh="年份")),
    neighbours=toggle(True, label=say(en="also what the articles leave out", zh="也显示文章没提到的")),
)  # fmt: skip

# %% [markdown] lang="en"
# <details><summary>Proofread: what is wrong in the quotation?</summary>AlexNet dates from 2012, GoogLeNet from 2014, ResNet from 2015: the second decade of the century, not its beginning. The spelling is GoogLeNet, a bow to LeNet-5. And the history begins with McCulloch and Pitts (1943) and the perceptron (1958).</details>
#
# Between back-propagation (1986) and AlexNet ideas kept coming: LSTM (1997), better initialisation (2010), rectified units and dropout came in these years. But what let them grow were **data and machines**: parallel processing of large data (MapReduce 2004), graphics cards that anyone could program (CUDA 2007), a million labelled photographs (ImageNet 2009). Here article B is right.
#
# ## 12 · The road ahead (optional)
#
# A model is a function with parameters. A loss measures how wrong it is, the gradient says which way each parameter should move, and an optimizer moves it, until answers on *unseen* data are good. A large model does nothing else. Three failures, three chapters: which one would help?

# %% [markdown] lang="zh"
# <details><summary>校对：这段引文错在哪里？</summary>AlexNet 是 2012 年，GoogLeNet 是 2014 年，ResNet 是 2015 年：那是本世纪的第二个十年，不是世纪初。正确的拼写是 GoogLeNet，意在向 LeNet-5 致敬。而历史要从 McCulloch 和 Pitts（1943）以及感知机（1958）讲起。</details>
#
# 从反向传播（1986）到 AlexNet，研究并没有停步：LSTM（1997）、更好的初始化（2010）、修正线性单元和 dropout 都出现在这些年。但真正让它们长大的是**数据与机器**：大规模数据的并行处理（MapReduce，2004）、人人可编程的显卡（CUDA，2007）、上百万张带标注的照片（ImageNet，2009）。这一点，文章 B 说对了。
#
# ## 12 · 前面的路（选读）
#
# 模型是带参数的函数。损失衡量它错得有多远，梯度告诉每个参数往哪边动，优化器负责移动，直到在**没见过的**数据上也答得好。大模型做的也不过如此。三种故障，三个章节：该找哪一章？

# %%
from course.figures.concepts import fig_course_map

explore_in_turn(
    fig_course_map,
    Round(
        Prediction(
            say(en="After three steps the loss is nan.", zh="三步之后，损失变成 nan。"),
            options=(
                say(en="ch03 gradient descent", zh="第 3 章 梯度下降"),
                say(en="ch09 regularisation", zh="第 9 章 正则化"),
                say(en="ch16 deployment", zh="第 16 章 部署"),
            ),
            answer=0,
            because=say(en="The steps are too long: a matter of the learning rate.", zh="步子太大：问题出在学习率上。"),
        ),
        {"chapter": "ch03"},
    ),
    Round(
        Prediction(
            say(en="100 % of the training images are right, 80 % of the unseen ones.", zh="训练图像全对，没见过的只对 80%。"),
            options=(
                say(en="ch04 a CNN on a GPU", zh="第 4 章 在 GPU 上训练 CNN"),
                say(en="ch06 optimizers", zh="第 6 章 优化器"),
                say(en="ch09 regularisation", zh="第 9 章 正则化"),
            ),
            answer=2,
            because=say(en="It has learned the training set by heart: over-fitting.", zh="它把训练集背下来了：这叫过拟合。"),
        ),
        {"chapter": "ch09"},
    ),
    Round(
        Prediction(
            say(en="Each month the service's answers get a little worse.", zh="服务的回答一个月比一个月差。"),
            options=(
                say(en="ch02 loss functions", zh="第 2 章 损失函数"),
                say(en="ch16 deployment", zh="第 16 章 部署"),
                say(en="ch13 GANs", zh="第 13 章 生成对抗网络"),
            ),
            answer=1,
            because=say(en="The world moves on: inputs must be watched.", zh="世界在变：输入需要监控。"),
        ),
        {"chapter": "ch16"},
    ),
    alt=say(
        en="A map of the course: chapter 1 leads into three strands, principles, mathematics and practice, each a "
        "box with its chapters; all three lead to chapter 18. After the guess one chapter is marked.",
        zh="课程地图：第 1 章分出原理、数学、实践三条线，每条线是一个列出各章的方框，三条线都通向第 18 章。猜过之后标"
        "出一章。",
    ),
)  # fmt: skip

# %% [markdown] lang="en"
# Which devices does TensorFlow see here? Nothing in this chapter needs more than a CPU, and no score depends on it.

# %% [markdown] lang="zh"
# TensorFlow 在这里看到哪些设备？本章只需要 CPU，分数也与此无关。

# %%
import tensorflow as tf

for device in tf.config.list_physical_devices():
    details = tf.config.experimental.get_device_details(device) if device.device_type == "GPU" else {}
    print(device.device_type, device.name, details.get("device_name", ""))

# %% [markdown] lang="en"
# ## References
#
# - Articles A and B: two Chinese articles on training and certification for applications of large AI models, both signed *Zen and the Art of Computer Programming*.
# - W. S. McCulloch, W. Pitts: *A logical calculus of the ideas immanent in nervous activity*. Bulletin of Mathematical Biophysics 5, 1943. F. Rosenblatt: *The perceptron*. Psychological Review 65, 1958.
# - E. H. Shortliffe: *Computer-Based Medical Consultations: MYCIN*. Elsevier, 1976.
# - J. J. Hopfield: *Neural networks and physical systems with emergent collective computational abilities*. PNAS 79, 1982.
# - D. E. Rumelhart, G. E. Hinton, R. J. Williams: *Learning representations by back-propagating errors*. Nature 323, 1986.
# - S. Hochreiter, J. Schmidhuber: *Long short-term memory*. Neural Computation 9, 1997.
# - Y. LeCun, L. Bottou, Y. Bengio, P. Haffner: *Gradient-based learning applied to document recognition*. Proceedings of the IEEE 86, 1998. (LeNet-5)
# - J. Dean, S. Ghemawat: *MapReduce*. OSDI 2004. J. Deng et al.: *ImageNet*. CVPR 2009. X. Glorot, Y. Bengio: *Understanding the difficulty of training deep feedforward neural networks*. AISTATS 2010.
# - A. Krizhevsky, I. Sutskever, G. E. Hinton: *ImageNet classification with deep convolutional neural networks*. NIPS 2012. (AlexNet) J. Dean et al.: *Large scale distributed deep networks*. NIPS 2012. (DistBelief)
# - C. Szegedy et al.: *Going deeper with convolutions*. CVPR 2015, arXiv:1409.4842. (GoogLeNet) I. Goodfellow et al.: *Generative adversarial networks*. 2014, arXiv:1406.2661. K. He et al.: *Deep residual learning for image recognition*. CVPR 2016, arXiv:1512.03385.
# - A. Vaswani et al.: *Attention is all you need*. NIPS 2017, arXiv:1706.03762. N. Shazeer et al.: *Outrageously large neural networks*. ICLR 2017, arXiv:1701.06538. (mixture of experts)
# - J. Devlin et al.: *BERT*. NAACL 2019, arXiv:1810.04805. A. Radford et al.: *GPT*, 2018, and *GPT-2*, 2019, reports of OpenAI. T. Brown et al.: *GPT-3*. NeurIPS 2020, arXiv:2005.14165. A. Dosovitskiy et al.: *An image is worth 16×16 words*. ICLR 2021, arXiv:2010.11929. (ViT)
# - S. Rajbhandari et al.: *ZeRO: memory optimizations toward training trillion parameter models*. SC 2020, arXiv:1910.02054. E. Hu et al.: *LoRA*. ICLR 2022, arXiv:2106.09685.
# - A. Chowdhery et al.: *PaLM*. 2022, arXiv:2204.02311. H. Touvron et al.: *Llama 2*. 2023, arXiv:2307.09288. DeepSeek-AI: *DeepSeek-V3 technical report*. 2024, arXiv:2412.19437.
# - How a requirement is written: [PEP 508](https://peps.python.org/pep-0508/). When two names are the same: [PEP 503](https://peps.python.org/pep-0503/).

# %% [markdown] lang="zh"
# ## 参考文献
#
# - 文章 A 和文章 B：两篇谈 AI 大模型应用的技术培训与认证的中文文章，署名均为“禅与计算机程序设计艺术”。
# - W. S. McCulloch, W. Pitts：*A Logical Calculus of the Ideas Immanent in Nervous Activity*。Bulletin of Mathematical Biophysics 5，1943。F. Rosenblatt：*The Perceptron*。Psychological Review 65，1958。
# - E. H. Shortliffe：*Computer-Based Medical Consultations: MYCIN*。Elsevier，1976。
# - J. J. Hopfield：*Neural Networks and Physical Systems with Emergent Collective Computational Abilities*。PNAS 79，1982。
# - D. E. Rumelhart, G. E. Hinton, R. J. Williams：*Learning Representations by Back-propagating Errors*。Nature 323，1986。
# - S. Hochreiter, J. Schmidhuber：*Long Short-term Memory*。Neural Computation 9，1997。
# - Y. LeCun, L. Bottou, Y. Bengio, P. Haffner：*Gradient-based Learning Applied to Document Recognition*。Proceedings of the IEEE 86，1998。（LeNet-5）
# - J. Dean, S. Ghemawat：*MapReduce*。OSDI 2004。J. Deng 等：*ImageNet*。CVPR 2009。X. Glorot, Y. Bengio：*Understanding the Difficulty of Training Deep Feedforward Neural Networks*。AISTATS 2010。
# - A. Krizhevsky, I. Sutskever, G. E. Hinton：*ImageNet Classification with Deep Convolutional Neural Networks*。NIPS 2012。（AlexNet）J. Dean 等：*Large Scale Distributed Deep Networks*。NIPS 2012。（DistBelief）
# - C. Szegedy 等：*Going Deeper with Convolutions*。CVPR 2015，arXiv:1409.4842。（GoogLeNet）I. Goodfellow 等：*Generative Adversarial Networks*。2014，arXiv:1406.2661。K. He 等：*Deep Residual Learning for Image Recognition*。CVPR 2016，arXiv:1512.03385。
# - A. Vaswani 等：*Attention is All You Need*。NIPS 2017，arXiv:1706.03762。N. Shazeer 等：*Outrageously Large Neural Networks*。ICLR 2017，arXiv:1701.06538。（混合专家模型）
# - J. Devlin 等：*BERT*。NAACL 2019，arXiv:1810.04805。A. Radford 等：*GPT*，2018；*GPT-2*，2019，均为 OpenAI 报告。T. Brown 等：*GPT-3*。NeurIPS 2020，arXiv:2005.14165。A. Dosovitskiy 等：*An Image is Worth 16×16 Words*。ICLR 2021，arXiv:2010.11929。（ViT）
# - S. Rajbhandari 等：*ZeRO: Memory Optimizations toward Training Trillion Parameter Models*。SC 2020，arXiv:1910.02054。E. Hu 等：*LoRA*。ICLR 2022，arXiv:2106.09685。
# - A. Chowdhery 等：*PaLM*。2022，arXiv:2204.02311。H. Touvron 等：*Llama 2*。2023，arXiv:2307.09288。DeepSeek-AI：*DeepSeek-V3 Technical Report*。2024，arXiv:2412.19437。
# - 一条需求怎样写：[PEP 508](https://peps.python.org/pep-0508/)。两个名字何时算同一个：[PEP 503](https://peps.python.org/pep-0503/)。
