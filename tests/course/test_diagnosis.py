"""Where is the GPU?"""

import subprocess

import pytest

import course.diagnosis as module
from course.diagnosis import diagnose
from course.language import Language, speak


@pytest.fixture
def program(monkeypatch):
    def answer(text):
        monkeypatch.setattr(module.shutil, "which", lambda name: "/usr/bin/nvidia-smi")
        monkeypatch.setattr(
            module.subprocess, "run", lambda command, **how: subprocess.CompletedProcess(command, 0, text, "")
        )

    return answer


def test_a_card_is_named_with_its_memory(program):
    pytest.importorskip("keras")
    program("Tesla T4, 15360 MiB, 3 MiB, 0 %\n")
    assert diagnose()[0] == "1 driver    Tesla T4, 15360 MiB, 3 MiB, 0 %"


@pytest.mark.parametrize(("lang", "words"), [("en", "no nvidia-smi"), ("zh", "没有 nvidia-smi")])
def test_without_a_driver_it_says_so_in_the_notebooks_language(monkeypatch, lang: Language, words):
    monkeypatch.setattr("course.language._known", {})
    monkeypatch.setattr(module.shutil, "which", lambda name: None)
    speak(lang)
    assert words in module._driver()


def test_native_windows_is_told_about_wsl2(monkeypatch):
    monkeypatch.setattr(module.platform, "system", lambda: "Windows")
    assert "WSL2" in module._system()
