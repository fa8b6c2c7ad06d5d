"""Settings for every test."""

from hypothesis import settings

# machines are shared and slow at times: a law holds or not, however long it takes
settings.register_profile("shared_machine", deadline=None)
settings.load_profile("shared_machine")
