"""The JSON Schema of scenario files."""

import json

from semcom.scenario.scenario import Scenario


def schema_text() -> str:
    """The schema as indented JSON with a newline at its end."""
    return json.dumps(Scenario.model_json_schema(), indent=1, sort_keys=True) + "\n"
