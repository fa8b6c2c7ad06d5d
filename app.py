"""The frame (menu, language, levers), then the page. Everything else is in presentation."""

from presentation import controls

page = controls.draw()
if page is not None:
    page.run()
