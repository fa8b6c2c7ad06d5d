"""How is everybody doing at work?"""

from presentation import controls

view = controls.view()
controls.say_news()
controls.pulse_results(view)
controls.hold_pulse(view)
