"""The nested fields and the course map of chapter 1."""

import pytest

from course.figures.concepts import EXAMPLES, FIELDS, LABELS, STRANDS, TESTS, fig_course_map, fig_fields


def words(figure):
    return [text.get_text() for ax in figure.axes for text in ax.texts]


def titles(figure):
    return [ax.get_title(loc="left") for ax in figure.axes]


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_stands_in_its_narrowest_field_and_the_questions_lead_there(example):
    figure = fig_fields(example)
    level = EXAMPLES[example]
    assert titles(figure)[0] == f"{example}: {FIELDS[level]}"
    texts = words(figure)
    assert texts.count("yes") == level
    assert texts.count("no") == (level < len(TESTS))
    assert texts.count("not asked") == max(0, len(TESTS) - level - 1)


@pytest.mark.parametrize("example", EXAMPLES)
def test_only_the_chosen_example_is_marked(example):
    axes = fig_fields(example).axes[0]
    marked = [text.get_text() for text in axes.texts if text.get_bbox_patch() is not None]
    assert marked == [LABELS[list(EXAMPLES).index(example)]]


def test_an_unknown_example_is_refused():
    with pytest.raises(KeyError):
        fig_fields("a toaster")


@pytest.mark.parametrize("strand", ["all", *STRANDS])
def test_the_map_names_all_eighteen_chapters_whatever_is_highlighted(strand):
    text = "\n".join(words(fig_course_map(strand)))
    assert all(f"ch{number:02d}" in text for number in range(1, 19))


def test_a_highlighted_strand_keeps_its_colour_and_the_others_fade():
    def colours(strand):
        return {text.get_text(): text.get_color() for text in fig_course_map(strand).axes[0].texts}

    everything, practice = colours("all"), colours("practice")
    assert everything["ch16 deployment"] == practice["ch16 deployment"]
    assert everything["ch02 loss functions"] != practice["ch02 loss functions"]


def test_the_prediction_of_the_chapter_holds_mathematics_has_the_fewest_chapters():
    assert min(STRANDS, key=lambda strand: len(STRANDS[strand])) == "mathematics"
    assert sum(len(chapters) for chapters in STRANDS.values()) == 16
