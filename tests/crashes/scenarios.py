"""All scenarios, by name, in the order in which they are listed."""

from tests.crashes import api_scenarios, event_scenarios
from tests.crashes.cases import REGISTERED

MODULES = (api_scenarios, event_scenarios)
SCENARIOS = REGISTERED
