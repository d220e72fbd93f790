"""The templates that the CDK app synthesises."""

import functools
import json
import pathlib
import subprocess
import tempfile

INFRA = pathlib.Path(__file__).parents[3] / "infra"


@functools.cache
def synthesised(environment):
    """The template of an environment; not to be changed by whoever gets it."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([INFRA / "node", INFRA / "node_modules/.bin/cdk", "synth", "--quiet",
                        "-c", f"environment={environment}", "-c", "zips=optional", "-o", folder],
                       cwd=INFRA, check=True, capture_output=True)
        name = f"SMSNotificationStack-{environment}.template.json"
        return json.loads((pathlib.Path(folder) / name).read_text())


def of_type(template, kind):
    """The resources of a type such as "SQS::Queue", by their logical names."""
    return {name: r for name, r in template["Resources"].items() if r["Type"] == "AWS::" + kind}
