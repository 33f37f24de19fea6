"""Choosing a device, its precision, and measuring speed."""

import os
import subprocess
import sys

import numpy as np
import pytest

from course.device import Device, pick_device, precision, quiet_start, throughput


def test_importing_the_module_loads_no_framework():
    code = "import sys, course.device; sys.exit(bool({'keras', 'tensorflow', 'torch', 'jax'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize(
    ("device", "policy"),
    [
        (Device("cpu", "x", "tensorflow"), "float32"),
        (Device("gpu", "K80", "tensorflow", 1, (3, 7)), "float32"),
        (Device("gpu", "T4", "tensorflow", 1, (7, 5)), "mixed_float16"),
        (Device("gpu", "A100", "jax", 2, (8, 0)), "mixed_bfloat16"),
        (Device("gpu", "Apple Metal", "torch"), "float32"),
        (Device("tpu", "v3", "jax", 8), "mixed_bfloat16"),
    ],
)
def test_the_policy_suits_the_device(device, policy):
    assert device.policy == policy
    assert device.accelerated == (device.kind != "cpu")
    assert device.name in str(device)


def test_several_devices_are_counted_in_the_description():
    assert str(Device("gpu", "A100", "jax", 2, (8, 0))) == "2 × GPU (A100), Keras on jax"


def test_the_picked_device_belongs_to_the_current_backend():
    keras = pytest.importorskip("keras")
    device = pick_device()
    assert device.backend == keras.backend.backend()
    assert device.kind in ("cpu", "gpu", "tpu")
    assert device.count >= 1


def test_a_backend_that_cannot_be_asked_counts_as_cpu(monkeypatch):
    keras = pytest.importorskip("keras")
    monkeypatch.setattr(keras.backend, "backend", lambda: "unheard-of")
    assert pick_device().kind == "cpu"


def test_precision_holds_inside_the_block_only():
    keras = pytest.importorskip("keras")
    before = keras.config.dtype_policy().name

    def build_then_fail():
        with precision("mixed_bfloat16"):
            assert keras.layers.Dense(2).compute_dtype == "bfloat16"
            raise KeyError

    with pytest.raises(KeyError):
        build_then_fail()
    assert keras.config.dtype_policy().name == before


def test_throughput_counts_the_images_of_every_epoch():
    keras = pytest.importorskip("keras")
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1)])
    model.compile(loss="mse", run_eagerly=True)
    x = np.ones((30, 4), dtype="float32")
    measured = throughput(30)
    model.fit(x, x[:, :1], epochs=3, batch_size=10, verbose=0, callbacks=[measured], validation_data=(x, x[:, :1]))
    assert len(measured.images_per_second) == 3
    assert min(measured.images_per_second) > 0
    assert measured.steady == pytest.approx(2 / sum(1 / speed for speed in measured.images_per_second[1:]))


def test_nothing_measured_yet_has_no_speed():
    pytest.importorskip("keras")
    assert np.isnan(throughput(1).steady)


def test_quiet_start_drops_native_messages_and_gives_the_descriptor_back(capfd):
    with quiet_start():
        os.write(2, b"a native note")
    os.write(2, b"afterwards")
    assert capfd.readouterr().err == "afterwards"


def test_quiet_start_lets_errors_through(capfd):
    with pytest.raises(ImportError), quiet_start():
        raise ImportError
    os.write(2, b"afterwards")
    assert capfd.readouterr().err == "afterwards"
