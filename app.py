"""The frame (menu, language, levers), then the page. Everything else is in presentation."""

from presentation import controls
from presentation.turns import PAGES

with PAGES.turn(), controls.log_trouble_said():
    page = controls.draw()
    if page is not None:
        page.run()
