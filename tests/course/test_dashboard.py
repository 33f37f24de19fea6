"""The live dashboard: its figure and its callback."""

import numpy as np
import pytest

import course.dashboard as module
from course.dashboard import Progress, dashboard, fig_dashboard
from course.interact import png


def test_the_empty_dashboard_draws():
    figure = fig_dashboard(Progress(images=100, epochs=3, device="CPU (x)"))
    assert png(figure)[:4] == b"\x89PNG"
    assert "0.0 of 3 epochs, 100 images each, on CPU (x)" in figure.get_suptitle()


def test_the_dashboard_shows_what_is_known():
    progress = Progress(1000, 4, "GPU", [0.5, 1.0, 1.5], [2.0, 1.0, 0.5], [0.3, 0.6, 0.8], [0.9], [0.65], [1234.0])
    left, middle, right = fig_dashboard(progress).axes
    assert left.get_lines()[0].get_ydata().tolist() == [2.0, 1.0, 0.5]
    assert left.get_lines()[1].get_ydata().tolist() == [0.9]
    assert middle.get_lines()[0].get_xdata().tolist() == [0.5, 1.0, 1.5]
    assert middle.get_title(loc="left") + middle.get_title() == "Accuracy 0.8000"
    assert [bar.get_height() for bar in right.patches] == [1234.0]
    assert "1,234" in [text.get_text() for text in right.texts]


def test_validation_points_keep_the_axes_in_range():
    progress = Progress(10, 1, "", [1.0], [0.2], [0.95], [7.0], [0.1], [5.0])
    left, middle, _ = fig_dashboard(progress).axes
    assert left.get_ylim()[1] > 7
    assert middle.get_ylim()[0] < 0.1


@pytest.fixture
def keras_fit():
    keras = pytest.importorskip("keras")

    def fit(callback, validate):
        keras.utils.set_random_seed(0)
        model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3, activation="softmax")])
        model.compile(loss="sparse_categorical_crossentropy", metrics=["accuracy"], run_eagerly=True)
        x, y = np.random.default_rng(0).random((24, 4), dtype=np.float32), np.arange(24) % 3
        given = {"validation_data": (x, y)} if validate else {}
        return model.fit(x, y, epochs=2, batch_size=6, verbose=0, callbacks=[callback], **given).history

    return fit


def test_without_widgets_it_says_a_line_per_epoch(keras_fit):
    lines = []
    callback = dashboard(24, "CPU", tell=lines.append)
    history = keras_fit(callback, validate=True)
    assert [line.split("  ")[0] for line in lines] == ["epoch 1/2", "epoch 2/2"]
    assert "images/s" in lines[0]
    assert callback.progress.seen == [1, 2]
    assert callback.progress.loss == pytest.approx(history["loss"])
    assert callback.progress.val_accuracy == pytest.approx(history["val_accuracy"])
    assert len(callback.progress.speed) == 2


def test_without_validation_data_it_invents_none(keras_fit):
    callback = dashboard(24, tell=lambda line: None)
    keras_fit(callback, validate=False)
    assert callback.progress.val_loss == callback.progress.val_accuracy == []


def test_in_a_notebook_the_picture_follows_the_batches_and_stays(keras_fit, monkeypatch):
    class Picture:
        value = b""

    class Handle:
        def __init__(self):
            self.bundles = []

        def update(self, bundle, raw):
            assert raw
            self.bundles.append(bundle)

    picture, handle = Picture(), Handle()
    monkeypatch.setattr(module, "_show", lambda figure: (picture, handle))
    lines = []
    callback = dashboard(24, "CPU", every=0.0, tell=lines.append)
    keras_fit(callback, validate=True)
    assert picture.value[:4] == b"\x89PNG"
    assert lines == []
    assert len(callback.progress.seen) > 2
    assert callback.progress.seen == sorted(callback.progress.seen)
    assert handle.bundles[-1]["image/png"].startswith("iVBOR")
    assert handle.bundles[-1]["text/html"].startswith('<img alt="A training run')


def test_a_callback_can_be_used_twice(keras_fit):
    callback = dashboard(24, tell=lambda line: None)
    keras_fit(callback, validate=False)
    keras_fit(callback, validate=False)
    assert callback.progress.seen == [1, 2]
