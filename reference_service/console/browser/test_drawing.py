"""How the list is drawn: what makes scrolling slow, in counts instead of times."""

from typing import Any

from playwright.sync_api import expect

from reference_service.console.browser.page_model import ConsolePage

_MOST_LAYERS = 12


def test_the_cards_share_a_layer(console: ConsolePage) -> None:
    """Whatever is painted above something sticky becomes a layer of its own, and each costs every frame."""
    console.open("?shown=200")
    expect(console.count).to_contain_text("200 of")
    session = console.page.context.new_cdp_session(console.page)
    trees: list[list[dict[str, Any]]] = []
    session.on(
        "LayerTree.layerTreeDidChange", lambda event: trees.extend(filter(None, [event.get("layers")]))
    )
    session.send("DOM.enable")
    session.send("LayerTree.enable")
    console.page.evaluate("window.scrollTo(0, 3000)")
    expect(console.page.locator("[aria-posinset='50']")).to_be_in_viewport()
    console.page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    drawn = [layer for layer in trees[-1] if layer["drawsContent"]]
    assert console.cards.count() > 10
    assert 0 < len(drawn) <= _MOST_LAYERS
