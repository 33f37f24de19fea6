"""Where is the GPU? The driver, the backend and the dtype policy, asked one after the other."""

import platform
import shutil
import subprocess
from pathlib import Path

from course.device import pick_device
from course.language import say


def diagnose() -> list[str]:
    """Return one line for each question on the way from the graphics card to Keras, with its answer on this machine."""
    device = pick_device()
    return [
        say(en="1 driver    {answer}", zh="1 驱动    {answer}", answer=_driver()),
        say(en="2 system    {answer}", zh="2 系统    {answer}", answer=_system()),
        say(en="3 Keras     {device}", zh="3 Keras   {device}", device=device),
        say(en="4 precision {policy}", zh="4 精度    {policy}", policy=device.policy),
    ]


def _driver() -> str:
    program = shutil.which("nvidia-smi")
    if program is None:
        return say(
            en="no nvidia-smi: there is no NVIDIA card here, or no driver",
            zh="没有 nvidia-smi：没有 NVIDIA 显卡，或没装驱动",
        )
    query = [program, "--query-gpu=name,memory.total,memory.used,utilization.gpu", "--format=csv,noheader"]
    try:
        run = subprocess.run(query, capture_output=True, text=True, timeout=20, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        return say(en="nvidia-smi does not answer ({error})", zh="nvidia-smi 没有响应（{error}）", error=error)
    return "; ".join(run.stdout.split("\n")).strip("; ") or run.stderr.strip()


def _system() -> str:
    if platform.system() == "Windows":
        return say(
            en="native Windows: TensorFlow sees no GPU here; use WSL2",
            zh="原生 Windows：TensorFlow 在这里看不到 GPU，请用 WSL2",
        )
    wsl = Path("/proc/version").is_file() and "microsoft" in Path("/proc/version").read_text(errors="replace").lower()
    return f"{platform.system()} (WSL2)" if wsl else platform.system()
