"""What widgets take from a page: a learner's move, and no bounds, no wrong values, no odd forms."""

import comm
import ipywidgets
import pytest
from pages import Page, speck, unchanged

from lessonkit.live.pad import DrawingPad


def send(widget, data, *buffers):
    """Give a widget a page's message as a kernel does."""
    message = {"content": {"comm_id": widget.model_id, "data": data}, "buffers": buffers}
    comm.get_comm_manager().comm_msg(None, None, message)


def update(**state):
    return {"method": "update", "state": state}


@pytest.mark.parametrize(
    ("control", "state", "value"),
    [
        ((0, 9), {"value": 7}, 7),
        ((0, 9), {"value": 7, "max": 3, "step": 0, "description": "no"}, 7),
        ((0, 9), {"value": "7"}, 4),
        ((0, 9), {"value": 6.5}, 4),
        ((0.0, 9.0), {"value": 7}, 7),
        ((0.0, 9.0), {"value": float("nan")}, 4.5),
        ((0.0, 9.0), {"value": 10**400}, 4.5),
        (["a", "b"], {"index": 1}, "b"),
        (["a", "b"], {"index": 2}, "a"),
        (["a", "b"], {"index": True}, "a"),
        (False, {"value": True}, True),
        (False, {"value": 1}, False),
        ("text", {"value": "more"}, "more"),
        ("text", {"value": "\ud7ff\ue000"}, "\ud7ff\ue000"),
        ("text", {"value": "\ud800"}, "text"),
        ("text", {"value": "a\udfff"}, "text"),
        (ipywidgets.ColorPicker(value="#000000"), {"value": "nothing"}, "#000000"),
        (ipywidgets.SelectMultiple(options=["a", "b"]), {"index": [0, 1]}, ("a", "b")),
        (ipywidgets.SelectMultiple(options=["a", "b"]), {"index": [0, 2]}, ()),
        (ipywidgets.FloatRangeSlider(value=(1, 2)), {"value": [3, 2]}, (1, 2)),
    ],
)
def test_a_control_takes_what_a_learner_can_do_and_nothing_else(control, state, value, caplog):
    explorer, drawn = speck(x=control)
    widget = explorer.controls["x"]
    before = {name: getattr(widget, name) for name in ("description", "layout", "style")}
    send(widget, update(**state))
    assert widget.value == drawn[-1]["x"] == value
    assert {name: getattr(widget, name) for name in before} == before
    assert caplog.records == []


def test_a_refused_value_is_put_right_in_the_page(monkeypatch):
    explorer, _ = speck(x=(0, 9))
    said = []
    monkeypatch.setattr(explorer.controls["x"], "send_state", said.append)
    send(explorer.controls["x"], update(value="9"))
    assert said == ["value"]


def test_a_learners_own_callback_may_still_fail_and_say_so(caplog):
    explorer, drawn = speck(x=(0, 9))
    explorer.controls["x"].observe(lambda change: 1 / 0, "value")
    send(explorer.controls["x"], update(value=5))
    assert drawn[-1] == {"x": 5}
    assert "division by zero" in caplog.text


def test_what_is_put_into_an_explorer_later_is_guarded_too(caplog):
    explorer, _ = speck(x=(0, 9))
    button = ipywidgets.Button()
    explorer.children[0].children = [explorer.controls["x"], button]
    for data in ({}, 3, {"method": "custom", "content": 3}, update(layout="none")):
        send(button, data)
    assert caplog.records == []


def test_a_control_that_is_no_number_in_python_is_told_under_the_picture():
    explorer, drawn = speck(x=(0.0, 9.0))
    explorer.controls["x"].value = float("nan")
    assert str(drawn[-1]["x"]) == "nan"
    explorer.set("x=4")
    assert drawn[-1] == {"x": 4}
    with pytest.raises(ValueError, match=r"^x must be a number from 0 to 9 in steps of 0.1; got"):
        explorer.facts_at("x=1e3")


@pytest.mark.parametrize("value", [10**9, 3, None, "x" * 784, [0] * 784, b"", bytes(783)])
def test_a_pad_takes_a_picture_and_nothing_else(value, caplog):
    pad = DrawingPad()
    send(pad, update(value=value))
    send(pad, {"method": "update", "state": {}, "buffer_paths": [["value"]]}, value)
    assert pad.value == bytes(784)
    assert caplog.records == []


@pytest.mark.parametrize(("paths", "buffers"), [(2, 1), (1, 2), (1, 0)])
def test_a_message_that_has_lost_a_part_is_dropped(paths, buffers, caplog):
    pad = DrawingPad()
    data = {"method": "update", "state": {}, "buffer_paths": [["value"]] * paths}
    send(pad, data, *[bytes([255]) * 784] * buffers)
    assert pad.value == bytes(784)
    assert caplog.records == []


NO_REQUESTS = [{"density": float("nan")}, {"density": "2"}, {"values": [float("nan")]}]
NO_REQUESTS += [{"values": 3}, {"values": []}, {"values": [1], "pointer": [0, None]}, {"next": []}]
NO_REQUESTS += [{"values": [1], "turn": "2", "page": "a"}, {"values": [1], "turn": 1, "page": []}]


@pytest.mark.parametrize("message", NO_REQUESTS, ids=str)
def test_what_is_no_request_changes_nothing(message, caplog):
    explorer, drawn = speck(x=(0, 9), on_point=lambda x, y: {"x": 1})
    page = Page(explorer)
    with unchanged(explorer, drawn):
        send(explorer._page, {"method": "custom", "content": message})
    answers = [{"answer": True, "after": page.received[0]["number"]}]
    assert page.received[1:] in ([], answers), "the picture that the page has is the right one"
    assert caplog.records == []
    assert page.ask(7)["caption"] == "One pixel."


def test_a_page_that_opens_with_values_that_are_gone_gets_the_picture():
    explorer, _ = speck(item=["a", "b"])
    assert Page(explorer, values=[5]).received[0]["caption"] == "One pixel."


FILE = {"name": "a.png", "type": "image/png", "size": 2, "content": b"ab", "last_modified": 1e12}


@pytest.mark.parametrize(
    ("wrong", "kept"),
    [
        ({}, True),
        ({"size": 0, "content": b""}, True),
        ({"name": 3}, False),
        ({"name": "\ud800"}, False),
        ({"type": None}, False),
        ({"size": -1}, False),
        ({"size": 2.0}, False),
        ({"size": True}, False),
        ({"content": "ab"}, False),
        ({"last_modified": 1e300}, False),
        ({"last_modified": None}, False),
    ],
    ids=str,
)
def test_an_upload_takes_a_file_and_nothing_else(wrong, kept, caplog):
    explorer, drawn = speck(picture=ipywidgets.FileUpload())
    sent = dict(FILE | wrong)
    buffers = [sent.pop("content")] if isinstance(sent["content"], bytes) else []
    paths = [["value", 0, "content"]] * len(buffers)
    data = {"method": "update", "state": {"value": [sent], "accept": "*"}, "buffer_paths": paths}
    send(explorer.controls["picture"], data, *buffers)
    names = [file["name"] for file in drawn[-1]["picture"]]
    assert names == (["a.png"] if kept else [])
    assert explorer.controls["picture"].accept == ""
    assert caplog.records == []


def test_a_player_can_be_started_and_stopped_and_nothing_else():
    player = ipywidgets.Play(min=0, max=9)
    explorer, _ = speck(x=player)
    send(player, update(playing=True, repeat="yes", interval=0, max=3))
    assert (player.playing, player.repeat, player.interval, player.max) == (True, False, 100, 9)
    send(player, update(playing=1, repeat=True))
    assert (player.playing, player.repeat) == (False, True)
    send(player, update(value=4))
    assert explorer.code == "x=4"
