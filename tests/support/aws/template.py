"""The templates that the CDK app synthesises."""

import functools
import json
import pathlib
import subprocess
import tempfile

INFRA = pathlib.Path(__file__).parents[3] / "infra"


@functools.cache
def synthesis(environment):
    """The text of an environment's template, and the files of its layer by their paths in it."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([INFRA / "node", INFRA / "node_modules/.bin/cdk", "synth", "--quiet",
                        "-c", f"environment={environment}", "-c", "zips=optional", "-o", folder],
                       cwd=INFRA, check=True, capture_output=True)
        text = (pathlib.Path(folder) / f"SMSNotificationStack-{environment}.template.json"
                ).read_text()
        layer, = of_type(json.loads(text), "Lambda::LayerVersion").values()
        key = layer["Properties"]["Content"]["S3Key"]
        content = pathlib.Path(folder) / ("asset." + key.removesuffix(".zip"))
        return text, {str(file.relative_to(content)): file.read_bytes()
                      for file in content.rglob("*") if file.is_file()}


@functools.cache
def synthesised(environment):
    """The template of an environment; not to be changed by whoever gets it."""
    return json.loads(synthesis(environment)[0])


def of_type(template, kind):
    """The resources of a type such as "SQS::Queue", by their logical names."""
    return {name: r for name, r in template["Resources"].items() if r["Type"] == "AWS::" + kind}
