"""The eight things: where do we stand, and what is the next step?"""

from presentation import controls

view = controls.view()
controls.say_news()
controls.scan(view)
