"""Names for screen readers: descriptions of pictures and labels of controls.

ipywidgets gives pictures no alternative text and sliders no label, and has no setting for either.
So a figure's widgets come with a short script that sets both in the page, again whenever a widget
is redrawn.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from course.language import language, spoken

PLAYER = {
    "fa-play": {"en": "play", "zh": "播放"},
    "fa-pause": {"en": "pause", "zh": "暂停"},
    "fa-stop": {"en": "stop", "zh": "停止"},
    "fa-retweet": {"en": "repeat", "zh": "循环"},
}
"""Icon of a player's button → its label."""

SCRIPT = """<script>(() => {
  const box = document.currentScript.closest('.course-figure'), words = WORDS;
  const set = (part, name, value) => part.getAttribute(name) === value || part.setAttribute(name, value);
  const all = (place, classes) => place.querySelectorAll(classes);
  const name = () => {
    for (const picture of all(box, 'img')) { set(picture, 'alt', box.classList.contains('course-closed') ? words.closed : words.alt); words.lang && set(picture, 'lang', words.lang); }
    for (const slider of all(box, '.widget-slider')) {
      const label = slider.querySelector('.widget-label').textContent;
      for (const handle of all(slider, '[role=slider]')) {
        set(handle, 'aria-label', label);
        set(handle, 'aria-disabled', String(Boolean(handle.closest('[disabled]'))));
      }
      for (const number of all(slider, '.widget-readout')) { set(number, 'role', 'textbox'); set(number, 'aria-label', label); }
    }
    for (const icon of all(box, '.widget-play button > i'))
      for (const kind of icon.classList) kind in words.player && set(icon.parentElement, 'aria-label', words.player[kind]);
    for (const row of all(box, '.widget-toggle-buttons')) {
      set(row, 'role', 'group');
      set(row, 'aria-label', row.previousElementSibling?.textContent ?? '');
      for (const button of all(row, 'button')) set(button, 'aria-pressed', String(button.classList.contains('mod-active')));
    }
    for (const answer of all(box, '.course-answer')) set(answer, 'role', 'status');
  };
  new MutationObserver(name).observe(
    box, {childList: true, subtree: true, attributes: true, attributeFilter: ['class', 'disabled']});
  name();
})()</script>"""
"""It observes none of the attributes that it sets, so it does not trigger itself."""

CLOSED = "course-closed"
"""The class of a figure's box until the learner has answered its prediction."""

UNANSWERED = {
    "en": "The figure appears once you have chosen an answer.",
    "zh": "选好答案之后，图才会出现。",
}
"""Language → alternative text of a figure whose prediction is not answered: it cannot give the answer away."""

Alt = Mapping[str, str]
"""Language → alternative text of a picture."""


def named(rows: Sequence[Any], alt: Alt) -> Any:
    """Return a box of stacked widgets whose picture and controls have names.

    While the box has the class ``CLOSED``, its picture goes by ``UNANSWERED``.
    """
    import ipywidgets as widgets

    words = {
        "alt": spoken(alt),
        "closed": spoken(UNANSWERED),
        "lang": language(),
        "player": {icon: spoken(text) for icon, text in PLAYER.items()},
    }
    script = SCRIPT.replace("WORDS", json.dumps(words).replace("<", "\\u003c"))
    output = {"output_type": "display_data", "data": {"text/html": script}, "metadata": {}}
    box = widgets.VBox([*rows, widgets.Output(outputs=(output,), layout={"display": "none"})])
    box.add_class("course-figure")
    return box
