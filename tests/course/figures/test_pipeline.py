"""The pipeline of chapter 1 and what trouble at each stage does."""

import io

import numpy as np
import pytest

from course.figures.pipeline import CASES, STAGES, fig_pipeline, fig_symptoms, run_pipeline, troubles


@pytest.fixture
def sound():
    return run_pipeline("collect", 0.0)


def lit(figure):
    return [patch for patch in figure.axes[-1].patches if patch.get_facecolor()[:3] != (1, 1, 1)]


def test_without_trouble_all_stages_give_the_same_pipeline(sound):
    assert 0.85 < sound.reported < 0.95
    for stage in STAGES:
        same = run_pipeline(stage, 0.0)
        assert (same.reported, same.in_use) == (sound.reported, sound.in_use)


def test_wrong_labels_lower_both_accuracies(sound):
    half = run_pipeline("collect", 0.5)
    assert half.reported < sound.reported - 0.2
    assert half.in_use < sound.in_use - 0.2


@pytest.mark.parametrize("stage", ["process", "deploy"])
def test_trouble_in_the_service_is_invisible_to_the_report(stage, sound):
    much = run_pipeline(stage, 1.0)
    assert much.reported == sound.reported
    assert much.in_use < sound.in_use - 0.2


def test_leaving_out_most_steps_hardly_changes_the_accuracy_but_all_of_them_do(sound):
    assert abs(run_pipeline("train", 0.6).in_use - sound.in_use) < 0.02
    assert len(run_pipeline("train", 0.6).losses) == 60
    assert run_pipeline("train", 1.0).in_use < 0.2


def test_leaked_rows_raise_the_report_only(sound):
    leaked = run_pipeline("evaluate", 1.0)
    assert leaked.reported > sound.reported + 0.05
    assert leaked.in_use == sound.in_use


def test_the_loss_falls_at_every_step(sound):
    assert (sound.losses[1:] < sound.losses[:-1]).all()


@pytest.mark.parametrize("trouble", [0.0, 1.0])
@pytest.mark.parametrize("stage", STAGES)
def test_the_figure_marks_the_stage_and_both_accuracies_on_the_whole_scale(stage, trouble):
    figure = fig_pipeline(stage, trouble)
    handed_on, outcome, chain = figure.axes
    assert [text.get_text() for text in chain.texts if text.get_text() in STAGES] == list(STAGES)
    here = run_pipeline(stage, trouble)
    texts = [text.get_text() for text in outcome.texts]
    assert texts == [f"■ reported {here.reported:.2f}", f"● in use {here.in_use:.2f}"]
    assert outcome.get_xlabel() == troubles()[stage]
    assert outcome.get_ylim()[0] < 0 < 1 < outcome.get_ylim()[1]
    assert handed_on.get_title(loc="left").startswith("hands on")
    figure.savefig(io.BytesIO(), format="png")  # nothing fails while it is drawn


@pytest.mark.parametrize("stage", STAGES)
def test_before_the_guess_the_pipeline_is_sound_and_shows_no_curve(stage, sound):
    outcome = fig_pipeline(stage, 0.8, answered=False).axes[1]
    assert [len(line.get_xdata()) for line in outcome.lines] == [1, 1]
    assert [text.get_text() for text in outcome.texts] == [
        f"■ reported {sound.reported:.2f}",
        f"● in use {sound.in_use:.2f}",
    ]


def test_each_broken_stage_has_symptoms_of_its_own(sound):
    """The rule that the chapter teaches finds the stage from the symptoms alone."""
    for stage, trouble in CASES:
        seen = run_pipeline(stage, trouble)
        spread, mean = float(seen.served.std()), float(seen.served.mean())
        if seen.reported > sound.reported + 0.05:
            verdict = "evaluate"
        elif seen.reported > sound.reported - 0.05:
            verdict = "process" if mean > sound.served.mean() + 0.1 else "deploy"
        else:
            verdict = "train" if len(seen.losses) < len(sound.losses) else "collect"
        assert verdict == stage
        assert spread > 0
    assert sorted(stage for stage, _ in CASES) == sorted(STAGES)


@pytest.mark.parametrize("case", range(len(CASES)))
def test_the_symptoms_do_not_name_the_stage_before_the_guess(case):
    before, after = fig_symptoms(case, answered=False), fig_symptoms(case)
    assert (len(lit(before)), len(lit(after))) == (0, 1)
    for ax_before, ax_after in zip(before.axes[:3], after.axes[:3], strict=True):
        assert ax_before.get_title(loc="left") == ax_after.get_title(loc="left")
        assert np.array_equal(ax_before.dataLim.bounds, ax_after.dataLim.bounds)
