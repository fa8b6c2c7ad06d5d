"""(HR) A file from the HR system: look first, then save."""

from presentation import controls

view = controls.view()
controls.upload_steps(view)
controls.snapshot_card(view)
controls.formation_card(view)
controls.work_cards(view)
