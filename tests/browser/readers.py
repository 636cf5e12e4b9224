"""What readers get who use no mouse, or do not see: keys alone, names, and what axe-core finds."""

import math
import shlex

import ipywidgets

from lessonkit.site import npm

ROLES = {
    ipywidgets.Checkbox: "checkbox",
    ipywidgets.Dropdown: "combobox",
    ipywidgets.Text: "textbox",
}
MOST_TABS = 80  # through the explorer with the most controls


def serious_violations(page, *selectors):
    """Return what axe-core finds serious or critical in these parts of a page; none: in all."""
    if not page.evaluate("'axe' in self"):
        page.evaluate((npm.package("axe-core", "4.10.3") / "axe.min.js").read_text("utf-8"))
    found = page.evaluate(
        """parts => axe.run(parts.length ? { include: parts.map((part) => [part]) } : document,
        { resultTypes: ["violations"] }).then(({ violations }) => violations)""",
        list(selectors),
    )
    return [
        (v["id"], v["help"], [node["html"][:120] for node in v["nodes"]][:3])
        for v in found
        if v["impact"] in ("serious", "critical")
    ]


def accessibility_tree(page, element):
    """Return what Chromium tells a screen reader of an element and all in it, (role, name, …)."""
    session = page.context.new_cdp_session(page)
    page.evaluate("e => { self.told = e; }", element)
    held = session.send("Runtime.evaluate", {"expression": "told"})["result"]["objectId"]
    nodes = session.send("Accessibility.queryAXTree", {"objectId": held})["nodes"]
    session.detach()
    return [
        {
            "role": node["role"]["value"],
            "name": node.get("name", {}).get("value", ""),
            "value": node.get("value", {}).get("value"),
            **{p["name"]: p["value"].get("value") for p in node.get("properties", ())},
        }
        for node in nodes
        if not node["ignored"]
    ]


def move_by_keyboard(explorer, twin, code):
    """Bring an explorer of a page to a state with keys alone, as its twin is brought there.

    twin: the same explorer in this process, in the same state; it tells which keys, and what the
        page must say after each control.
    """
    for part in shlex.split(code):
        name, _, _ = part.partition("=")
        control = twin.controls[name]
        before = place_of(control)
        twin.set(shlex.quote(part))
        if place_of(control) != before:
            tab_to(explorer, element_of(explorer, twin, control))
            for key in keys_for(control, before):
                explorer.page.keyboard.press(key)
            if isinstance(control, ipywidgets.Text):
                explorer.page.keyboard.insert_text(control.value)
                explorer.page.keyboard.press("Enter")
            explorer.wait_for_caption(twin.caption, timeout=20_000)


def move_back_by_keyboard(explorer, twin, code):
    """Do the same for a whole state, whose controls are not all on the page."""
    for part in shlex.split(code):
        if twin.controls[part.partition("=")[0]].layout.display != "none":
            move_by_keyboard(explorer, twin, shlex.quote(part))


def place_of(control):
    """Return where a control stands, counted in steps, or what it says."""
    if isinstance(control, ipywidgets.Checkbox | ipywidgets.Text):
        return control.value
    if "index" in control.keys:
        return control.index
    value = math.log10(control.value) if hasattr(control, "base") else control.value
    return round((value - control.min) / control.step)


def keys_for(control, before):
    """Return the keys that bring a control with the focus from a place to where its twin is."""
    now = place_of(control)
    if isinstance(control, ipywidgets.Checkbox):
        return ["Space"]
    if isinstance(control, ipywidgets.Text):
        return ["Control+a"]
    on, back = (
        ("ArrowDown", "ArrowUp") if role_of(control) == "combobox" else ("ArrowRight", "ArrowLeft")
    )
    steps = [on if now > before else back] * abs(now - before)
    last = len(control.options) - 1 if "index" in control.keys else _last_place(control)
    ways = [steps, ["Home", *[on] * now], ["End", *[back] * (last - now)]]
    return min(ways, key=len)


def _last_place(slider):
    return round((slider.max - slider.min) / slider.step)


def role_of(control):
    return next((role for kind, role in ROLES.items() if isinstance(control, kind)), "slider")


def element_of(explorer, twin, control):
    """Return the element of a control, by its role and name; of those named alike, by its place."""
    alike = [
        other
        for other in twin.controls.values()
        if role_of(other) == role_of(control)
        and other.description == control.description
        and other.layout.display != "none"
    ]
    found = explorer.box.get_by_role(role_of(control), name=control.description, exact=True)
    return found.locator("visible=true").nth(alike.index(control))


def tab_to(explorer, element):
    """Press Tab from the explorer's first control on until an element has the focus."""
    explorer.box.evaluate(
        """e => e.querySelector("input:not([type=file]), select, [tabindex='0'][role=slider]")
        .focus()"""
    )
    for _ in range(MOST_TABS):
        if element.evaluate("e => e === document.activeElement"):
            return
        explorer.page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not lead to {element}")
