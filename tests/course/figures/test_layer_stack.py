"""Where parameters sit, and what memory training takes, in chapter 1."""

import pytest

from course.figures.layer_stack import (
    ARTICLE_A,
    ARTICLE_B,
    ITEM_SIZE,
    MODELS,
    build_stack,
    fig_layer_stack,
    fig_memory,
)


def total(setting):
    return sum(layer.params for layer in build_stack(*setting))


def texts(figure):
    return [text.get_text() for ax in figure.axes for text in ax.texts]


def test_the_articles_networks_have_their_numbers_of_parameters():
    assert total(ARTICLE_A) == 225_034
    assert total(ARTICLE_B) == 93_322


def test_the_prediction_of_the_chapter_holds_a_third_convolution_saves_parameters():
    with_third, without = build_stack(32, 64, True, True, 128), build_stack(32, 64, False, True, 128)
    assert next(layer for layer in with_third if layer.shape == (3, 3, 64)).params == 36_928
    assert sum(layer.params for layer in with_third) == sum(layer.params for layer in without) + 36_928 - 131_072


@pytest.mark.parametrize(("filters", "dense"), [(8, 16), (256, 4096)])
@pytest.mark.parametrize("third", [False, True])
@pytest.mark.parametrize("pool", [False, True])
def test_every_setting_agrees_with_shapes_followed_by_hand(filters, dense, third, pool):
    layers = build_stack(filters, 2 * filters, third, pool, dense)
    assert [layer.shape[0] for layer in layers[:4]] == [28, 26, 13, 11]
    side = (5 if pool else 11) - (2 if third else 0)
    assert (side * side * 2 * filters,) in [layer.shape for layer in layers]
    assert layers[-1].shape == (10,)


def test_the_strips_are_linear_shares_of_three_networks():
    figure = fig_layer_stack()
    shares = figure.axes[1]
    assert shares.get_xscale() == "linear"
    widths = [patch.get_width() for patch in shares.patches]
    assert sum(widths) == pytest.approx(300)
    assert max(widths[:4]) == pytest.approx(100 * 204_928 / 225_034)
    assert shares.get_title(loc="left").startswith("225,034 parameters; a large model has at least 4,444 times")
    assert {"225,034", "93,322"} <= set(texts(figure))


def test_before_the_guess_no_number_of_parameters_is_shown():
    figure = fig_layer_stack(third_conv=True, answered=False)
    assert not figure.axes[1].patches
    assert not any("," in text and not text.startswith("(") for text in texts(figure))
    assert texts(figure).count("conv 3×3") == 2  # article A's network, whatever the controls say


@pytest.mark.parametrize(("optimizer", "copies"), [("none", 1), ("sgd", 2), ("momentum", 3), ("adam", 4)])
@pytest.mark.parametrize("dtype", ITEM_SIZE)
@pytest.mark.parametrize("model", MODELS)
def test_memory_grows_by_one_copy_per_state_and_says_whether_it_fits(model, dtype, optimizer, copies):
    ax = fig_memory(model, dtype, optimizer).axes[0]
    need = MODELS[model] / 1e9 * ITEM_SIZE[dtype] * copies
    assert sum(patch.get_width() for patch in ax.patches) == pytest.approx(need)
    assert ax.get_xlim()[1] > need
    title = ax.get_title(loc="left")
    assert title.endswith("fits into 24 GB") == (need <= 24)
    assert title.endswith("more than 80 GB") == (need > 80)


def test_frozen_parameters_need_their_weights_only():
    ax = fig_memory("Llama 2 7B", "bfloat16", "adam", trained=1.0).axes[0]
    assert [patch.get_width() for patch in ax.patches] == pytest.approx([13.48, 0.1348, 0.1348, 0.1348])


def test_the_prediction_of_the_chapter_holds_for_a_card_of_24_gb():
    def fits(*setting):
        return fig_memory("Llama 2 7B", *setting).axes[0].get_title(loc="left").endswith("fits into 24 GB")

    assert fits("bfloat16", "none")
    assert not fits("float32", "none")
    assert not fits("bfloat16", "sgd")


def test_before_the_guess_only_the_cards_are_shown():
    ax = fig_memory(answered=False).axes[0]
    assert not ax.patches
    assert ax.get_title(loc="left") == ""
