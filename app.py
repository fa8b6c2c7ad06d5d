"""The frame (menu, language, levers), then the page. Everything else is in presentation."""

from presentation import controls, settling
from presentation.turns import PAGES

try:
    with PAGES.turn(), controls.log_trouble_said():
        page = controls.draw(finishing=True)
        if page is not None:
            page.run()
            controls.finish()
finally:
    settling.settle()  # the page has gone to its visitor, who does not wait for this
