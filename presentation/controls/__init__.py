"""What people touch: levers, filters, cards with their tables, the frame around every page, the upload's steps."""

from presentation.controls.access import ACCESS_PARTS, access_headline, access_parts, trouble
from presentation.controls.acting import actions_page
from presentation.controls.boarding import add_idea, board_heading, controls_card, idea_cards
from presentation.controls.cards import card, heading, kpi_row, plain, table_card
from presentation.controls.changing import changing_page
from presentation.controls.comparing import bridge_card, choose_runs, effects, preset_cards
from presentation.controls.doing import say_news
from presentation.controls.explore import heat_card, row_opens, shortage_columns, split_choice
from presentation.controls.frame import draw, empty_state, finish, own_figures, quality_list, view
from presentation.controls.grouping import project_groups
from presentation.controls.growing import learn
from presentation.controls.hiring import beside_cards
from presentation.controls.keeping import copies_card
from presentation.controls.labour_market import market_card, said_taken
from presentation.controls.levers import missing, scenario_controls
from presentation.controls.meeting import meeting
from presentation.controls.owning import chance_cards, money_cards, own_tables
from presentation.controls.picking import exits_card, stairs_card
from presentation.controls.planning import plan_page
from presentation.controls.proof import proof_cards, room, truth_line, truth_title
from presentation.controls.pulsing import hold_pulse, pulse_results
from presentation.controls.questions import questions
from presentation.controls.role_outlook import role_page
from presentation.controls.routes import routes_page
from presentation.controls.saving import saved_card
from presentation.controls.scanning import scan
from presentation.controls.shield import log_trouble_said
from presentation.controls.skills import skills_page
from presentation.controls.steady import steady_card
from presentation.controls.stored import formation_card, snapshot_card
from presentation.controls.talking import conversations
from presentation.controls.uploading import upload_steps
from presentation.controls.wanting import willing
from presentation.controls.work import deaths_card, work_cards

__all__ = [
    "ACCESS_PARTS",
    "access_headline",
    "access_parts",
    "actions_page",
    "add_idea",
    "beside_cards",
    "board_heading",
    "bridge_card",
    "card",
    "chance_cards",
    "changing_page",
    "choose_runs",
    "controls_card",
    "conversations",
    "copies_card",
    "deaths_card",
    "draw",
    "effects",
    "empty_state",
    "exits_card",
    "finish",
    "formation_card",
    "heading",
    "heat_card",
    "hold_pulse",
    "idea_cards",
    "kpi_row",
    "learn",
    "log_trouble_said",
    "market_card",
    "meeting",
    "missing",
    "money_cards",
    "own_figures",
    "own_tables",
    "plain",
    "plan_page",
    "preset_cards",
    "project_groups",
    "proof_cards",
    "pulse_results",
    "quality_list",
    "questions",
    "role_page",
    "room",
    "routes_page",
    "row_opens",
    "said_taken",
    "saved_card",
    "say_news",
    "scan",
    "scenario_controls",
    "shortage_columns",
    "skills_page",
    "snapshot_card",
    "split_choice",
    "stairs_card",
    "steady_card",
    "table_card",
    "trouble",
    "truth_line",
    "truth_title",
    "upload_steps",
    "view",
    "willing",
    "work_cards",
]
