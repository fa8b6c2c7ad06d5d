"""What do our people come up with, and what can go?"""

from presentation import controls

view = controls.view()
controls.say_news()
controls.heading(view, *controls.board_heading(view))
controls.project_groups(view)
controls.idea_cards(view)
controls.add_idea(view)
controls.controls_card(view)
