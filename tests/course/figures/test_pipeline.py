"""The pipeline of chapter 1 and what trouble at each stage does."""

import io

import pytest

from course.figures.pipeline import STAGES, TROUBLES, fig_pipeline, run_pipeline


@pytest.fixture
def sound():
    return run_pipeline("collect", 0.0)


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
def test_the_figure_marks_the_stage_and_both_accuracies(stage, trouble):
    figure = fig_pipeline(stage, trouble)
    handed_on, outcome, chain = figure.axes
    assert [text.get_text() for text in chain.texts if text.get_text() in STAGES] == list(STAGES)
    here = run_pipeline(stage, trouble)
    texts = [text.get_text() for text in outcome.texts]
    assert texts == [f"■ reported {here.reported:.2f}", f"● in use {here.in_use:.2f}"]
    assert TROUBLES[stage] in outcome.get_xlabel()
    assert handed_on.get_title(loc="left").startswith("hands on")
    figure.savefig(io.BytesIO(), format="png")  # nothing fails while it is drawn
