"""The nested fields and the course map of chapter 1."""

import pytest

from course.figures.concepts import EXAMPLES, STRANDS, chapters, examples, fields, fig_course_map, fig_fields, questions


def words(figure):
    return [text.get_text() for ax in figure.axes for text in ax.texts]


def titles(figure):
    return [ax.get_title(loc="left") for ax in figure.axes]


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_stands_in_its_narrowest_field_and_the_questions_lead_there(example):
    figure = fig_fields(example)
    level = EXAMPLES[example]
    assert titles(figure)[0] == f"{examples()[example]}: {fields()[level]}".replace("\n", " ")
    texts = words(figure)
    assert texts.count("yes") == level
    assert texts.count("no") == (level < len(questions()))
    assert texts.count("not asked") == max(0, len(questions()) - level - 1)


@pytest.mark.parametrize("example", EXAMPLES)
def test_only_the_chosen_example_is_marked(example):
    axes = fig_fields(example).axes[0]
    marked = [text.get_text() for text in axes.texts if text.get_bbox_patch() is not None]
    assert marked == [examples()[example]]


@pytest.mark.parametrize("example", EXAMPLES)
def test_before_the_guess_nothing_is_placed_and_no_question_answered(example):
    figure = fig_fields(example, answered=False)
    texts = words(figure)
    assert not set(examples().values()) & set(texts)
    assert not {"yes", "no", "not asked", *questions()} & set(texts)
    assert titles(figure)[1] == ""
    assert not any(field in titles(figure)[0] for field in fields())
    widths = {patch.get_linewidth() for patch in figure.axes[0].patches}
    assert len(widths) == 1


def test_an_unknown_example_is_refused():
    with pytest.raises(KeyError):
        fig_fields("a toaster")


@pytest.mark.parametrize("chapter", ["", "ch02", "ch17"])
def test_the_map_names_all_eighteen_chapters_and_marks_one(chapter):
    figure = fig_course_map(chapter)
    text = "\n".join(words(figure))
    assert all(f"ch{number:02d}" in text for number in range(1, 19))
    marked = [text.get_text() for text in figure.axes[0].texts if text.get_bbox_patch() is not None]
    assert marked == ([f"{chapter} {chapters()[chapter]}"] if chapter else [])


def test_before_the_guess_no_chapter_is_marked():
    assert not [text for text in fig_course_map("ch09", answered=False).axes[0].texts if text.get_bbox_patch()]


def test_the_strands_hold_the_sixteen_chapters_between_this_one_and_the_examination():
    assert sorted(key for strand in STRANDS.values() for key in strand) == [f"ch{n:02d}" for n in range(2, 18)]
